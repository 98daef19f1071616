//! A RAM in memory: it takes time from the tests' clock, and goes wrong where it is told to.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::Timestamp;
use kms_store::KeyStatus;
use kms_testkit::MockClock;
use kms_types::{AccessKeyId, Clock, Secret};
use tokio::sync::Notify;

use crate::{KeyOwner, NewAccessKey, Ram, RamError, RamKey, RamUser};

/// What RAM is asked for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(in crate::rotation) enum Op {
    Keys,
    Create,
    SetStatus,
    Delete,
    LastUsed,
    Owner,
}

/// How a call goes wrong.
#[derive(Clone, Debug)]
pub(in crate::rotation) enum Fault {
    /// It does nothing and fails so.
    Fail(RamError),
    /// It does its work; the answer is lost.
    Lost,
    /// The answer is lost, and the work is done when the test says so.
    Late,
    /// It does its work twice.
    Twice,
    /// It never answers, before or after the work; the worker is dropped while it waits.
    Hang { is_done: bool, reached: Arc<Notify> },
}

#[derive(Clone)]
pub(in crate::rotation) struct FakeRam {
    inner: Arc<Mutex<Inner>>,
    clock: MockClock,
}

#[derive(Clone, Debug)]
pub(in crate::rotation) struct FakeKey {
    pub(in crate::rotation) id: String,
    pub(in crate::rotation) secret: String,
    pub(in crate::rotation) status: KeyStatus,
    pub(in crate::rotation) created: Timestamp,
    pub(in crate::rotation) used: Option<Timestamp>,
    /// Refuses so many signatures, as a key that is not known everywhere yet.
    pub(in crate::rotation) unripe: u32,
    pub(in crate::rotation) is_main: bool,
    /// Whose it is by STS, if that is another than RAM lists it for.
    pub(in crate::rotation) signs_as: Option<String>,
}

#[derive(Default)]
struct Inner {
    users: BTreeMap<String, Vec<FakeKey>>,
    faults: Vec<(Op, Fault)>,
    calls: Vec<Op>,
    /// Work that is done later.
    late: VecDeque<(Op, String, Option<String>, Option<KeyStatus>)>,
    made: u64,
    /// What new keys refuse.
    unripe: u32,
    denies_last_used: bool,
    deleted: Vec<String>,
    most_keys: usize,
    storm: Option<u64>,
    /// Users who were asked about since that was asked last.
    touched: BTreeSet<String>,
    accepted: BTreeSet<String>,
    /// How many keys the last list of the user's showed.
    seen: BTreeMap<String, usize>,
}

/// Numbers that a seed gives, the same ones each time.
pub(in crate::rotation) fn next_number(state: &mut u64) -> u64 {
    // SplitMix64.
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl FakeRam {
    pub(in crate::rotation) fn new(clock: MockClock) -> Self {
        Self {
            inner: Arc::default(),
            clock,
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap())
    }

    /// Makes a key for the user, who is made, too; its id and secret.
    pub(in crate::rotation) fn give(&self, user: &str) -> (String, String) {
        let now = self.clock.now();
        self.with(|inner| {
            inner.users.entry(user.to_owned()).or_default();
            let key = inner.make(user, now);
            (key.id.to_string(), key.secret.expose().clone())
        })
    }

    /// The next call of that kind goes wrong so.
    pub(in crate::rotation) fn next(&self, op: Op, fault: Fault) {
        self.with(|inner| inner.faults.push((op, fault)));
    }

    /// Does what was put off.
    pub(in crate::rotation) fn catch_up(&self) {
        let now = self.clock.now();
        self.with(|inner| {
            while let Some((op, user, id, status)) = inner.late.pop_front() {
                let _nobody_hears = inner.act(op, &user, id.as_deref(), status, now);
            }
        });
    }

    pub(in crate::rotation) fn calls(&self) -> Vec<Op> {
        self.with(|inner| std::mem::take(&mut inner.calls))
    }

    pub(in crate::rotation) fn forget_calls(&self) {
        drop(self.calls());
    }

    pub(in crate::rotation) fn listed(&self, user: &str) -> Vec<(String, KeyStatus)> {
        self.with(|inner| {
            let keys = inner.users.get(user).into_iter().flatten();
            keys.map(|key| (key.id.clone(), key.status)).collect()
        })
    }

    pub(in crate::rotation) fn change(&self, user: &str, work: impl FnOnce(&mut Vec<FakeKey>)) {
        self.with(|inner| work(inner.users.get_mut(user).unwrap()));
    }

    pub(in crate::rotation) fn remove_user(&self, user: &str) {
        self.with(|inner| inner.users.remove(user));
    }

    pub(in crate::rotation) fn set_unripe(&self, refusals: u32) {
        self.with(|inner| inner.unripe = refusals);
    }

    pub(in crate::rotation) fn deny_last_used(&self) {
        self.with(|inner| inner.denies_last_used = true);
    }

    /// From now on calls go wrong by chance; none does without a seed.
    pub(in crate::rotation) fn storm(&self, seed: Option<u64>) {
        self.with(|inner| inner.storm = seed);
    }

    /// Does some of what was put off, in some order.
    pub(in crate::rotation) fn catch_up_by_chance(&self, state: &mut u64) {
        let now = self.clock.now();
        self.with(|inner| {
            for _ in 0..inner.late.len() {
                let count = u64::try_from(inner.late.len()).unwrap();
                let at = next_number(state) % count;
                if next_number(state).is_multiple_of(3) {
                    let late = inner.late.remove(usize::try_from(at).unwrap());
                    let (op, user, id, status) = late.unwrap();
                    inner.touched.insert(user.clone());
                    let _nobody_hears = inner.act(op, &user, id.as_deref(), status, now);
                }
            }
        });
    }

    /// Users whose keys may have changed since the last time.
    pub(in crate::rotation) fn touched(&self) -> Vec<String> {
        self.with(|inner| std::mem::take(&mut inner.touched).into_iter().collect())
    }

    /// Whether a call that was signed with the key was accepted once.
    pub(in crate::rotation) fn was_accepted(&self, id: &str) -> bool {
        self.with(|inner| inner.accepted.contains(id))
    }

    /// Keys that a call took away, in order.
    pub(in crate::rotation) fn deleted(&self) -> Vec<String> {
        self.with(|inner| inner.deleted.clone())
    }

    /// The most keys that one user had.
    pub(in crate::rotation) fn most_keys(&self) -> usize {
        self.with(|inner| inner.most_keys)
    }

    async fn call(
        &self,
        op: Op,
        user: &str,
        id: Option<&str>,
        status: Option<KeyStatus>,
    ) -> Result<Answer, RamError> {
        let now = self.clock.now();
        let fault = self.with(|inner| {
            inner.calls.push(op);
            inner.touched.insert(user.to_owned());
            if op == Op::Create {
                // I2: RAM is not asked for a third key.
                let seen = inner.seen.get(user).copied().unwrap_or_default();
                assert!(seen < 2, "a third key is asked for");
            }
            if let Some(fault) = inner.chance(op) {
                return Some(fault);
            }
            let at = inner.faults.iter().position(|(of, _)| *of == op);
            at.map(|at| inner.faults.remove(at).1)
        });
        // A worker may be dropped here, before anything was done, and below, after it.
        tokio::task::yield_now().await;
        let act = || self.with(|inner| inner.act(op, user, id, status, now));
        match fault {
            None => {
                let done = act();
                tokio::task::yield_now().await;
                done
            }
            Some(Fault::Fail(error)) => Err(error),
            Some(Fault::Lost) => {
                let _lost = act();
                Err(RamError::Unreachable("the answer was lost"))
            }
            Some(Fault::Late) => {
                let later = (op, user.to_owned(), id.map(str::to_owned), status);
                self.with(|inner| inner.late.push_back(later));
                Err(RamError::Unreachable("the answer was lost"))
            }
            Some(Fault::Twice) => {
                let first = act();
                let _second = act();
                first
            }
            Some(Fault::Hang { is_done, reached }) => {
                if is_done {
                    let _lost = act();
                }
                reached.notify_one();
                std::future::pending().await
            }
        }
    }
}

enum Answer {
    Keys(Vec<RamKey>),
    Made(NewAccessKey),
    Used(Option<Timestamp>),
    Nothing,
}

impl Inner {
    /// What goes wrong in a storm.
    fn chance(&mut self, op: Op) -> Option<Fault> {
        let state = self.storm.as_mut()?;
        let away = Fault::Fail(RamError::Unreachable("storm"));
        match next_number(state) % 40 {
            0..=2 => Some(Fault::Lost),
            3..=4 if op != Op::Owner => Some(Fault::Late),
            5 => Some(Fault::Twice),
            6 => Some(Fault::Fail(RamError::Throttled)),
            7 => Some(Fault::Fail(RamError::Answer("storm"))),
            8 => Some(away),
            9 if op == Op::LastUsed => Some(Fault::Fail(RamError::Denied("storm".to_owned()))),
            10 if op == Op::Create => Some(Fault::Fail(RamError::KeyLimit)),
            11..=12 if op == Op::Owner => {
                Some(Fault::Fail(RamError::KeyRefused("storm".to_owned())))
            }
            _ => None,
        }
    }

    fn make(&mut self, user: &str, now: Timestamp) -> NewAccessKey {
        self.made += 1;
        let key = FakeKey {
            id: format!("LTAI5tFake{:014}", self.made),
            secret: format!("canary{:024}", self.made),
            status: KeyStatus::Active,
            created: now,
            used: None,
            unripe: self.unripe,
            is_main: false,
            signs_as: None,
        };
        let made = NewAccessKey {
            id: key.id.parse().unwrap(),
            secret: Secret::from(key.secret.as_str()),
        };
        let keys = self.users.get_mut(user).unwrap();
        keys.push(key);
        self.most_keys = self.most_keys.max(keys.len());
        made
    }

    fn act(
        &mut self,
        op: Op,
        user: &str,
        id: Option<&str>,
        status: Option<KeyStatus>,
        now: Timestamp,
    ) -> Result<Answer, RamError> {
        if op == Op::LastUsed && self.denies_last_used {
            return Err(RamError::Denied("NoPermission".to_owned()));
        }
        let keys = self.users.get_mut(user).ok_or(RamError::NoUser)?;
        let at = keys.iter().position(|key| Some(key.id.as_str()) == id);
        match op {
            Op::Keys => {
                self.seen.insert(user.to_owned(), keys.len());
                let listed = keys.iter().map(|key| RamKey {
                    id: key.id.parse().unwrap(),
                    status: key.status,
                    created: key.created,
                });
                Ok(Answer::Keys(listed.collect()))
            }
            Op::Create if keys.len() >= 2 => Err(RamError::KeyLimit),
            Op::Create => Ok(Answer::Made(self.make(user, now))),
            Op::SetStatus => {
                keys[at.ok_or(RamError::NoKey)?].status = status.unwrap();
                Ok(Answer::Nothing)
            }
            Op::Delete => {
                let gone = keys.remove(at.ok_or(RamError::NoKey)?);
                self.deleted.push(gone.id);
                let seen = self.seen.entry(user.to_owned()).or_default();
                *seen = seen.saturating_sub(1);
                Ok(Answer::Nothing)
            }
            Op::LastUsed => Ok(Answer::Used(keys[at.ok_or(RamError::NoKey)?].used)),
            Op::Owner => Ok(Answer::Nothing),
        }
    }

    fn owner(&mut self, account: &str, key: &NewAccessKey) -> Result<KeyOwner, RamError> {
        let refused = |code: &str| Err(RamError::KeyRefused(code.to_owned()));
        for (user, keys) in &mut self.users {
            let Some(found) = keys.iter_mut().find(|own| own.id == key.id.as_str()) else {
                continue;
            };
            if found.unripe > 0 {
                found.unripe -= 1;
                return refused("InvalidAccessKeyId.NotFound");
            }
            if found.secret != *key.secret.expose() {
                return refused("SignatureDoesNotMatch");
            }
            if found.status != KeyStatus::Active {
                return refused("InvalidAccessKeyId.Inactive");
            }
            self.accepted.insert(found.id.clone());
            let account = account.parse().unwrap();
            return Ok(if found.is_main {
                KeyOwner::Account(account)
            } else {
                KeyOwner::User(RamUser {
                    account,
                    name: found.signs_as.as_ref().unwrap_or(user).parse().unwrap(),
                })
            });
        }
        refused("InvalidAccessKeyId.NotFound")
    }
}

#[async_trait]
impl Ram for FakeRam {
    async fn users(
        &self,
        _account: &kms_types::AccountId,
        _after: Option<String>,
    ) -> Result<crate::UserPage, RamError> {
        Err(RamError::Denied("no rotation lists users".to_owned()))
    }

    async fn user_tags(
        &self,
        _account: &kms_types::AccountId,
        _ids: &[String],
    ) -> Result<Vec<crate::UserTag>, RamError> {
        Err(RamError::Denied("no rotation lists tags".to_owned()))
    }

    async fn keys(&self, user: &RamUser) -> Result<Vec<RamKey>, RamError> {
        match self.call(Op::Keys, user.name.as_str(), None, None).await? {
            Answer::Keys(keys) => Ok(keys),
            _ => unreachable!(),
        }
    }

    async fn create_key(&self, user: &RamUser) -> Result<NewAccessKey, RamError> {
        match self
            .call(Op::Create, user.name.as_str(), None, None)
            .await?
        {
            Answer::Made(key) => Ok(key),
            _ => unreachable!(),
        }
    }

    async fn set_status(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
        status: KeyStatus,
    ) -> Result<(), RamError> {
        let (user, id) = (user.name.as_str(), Some(id.as_str()));
        self.call(Op::SetStatus, user, id, Some(status))
            .await
            .map(|_answer| ())
    }

    async fn delete_key(&self, user: &RamUser, id: &AccessKeyId) -> Result<(), RamError> {
        let (user, id) = (user.name.as_str(), Some(id.as_str()));
        self.call(Op::Delete, user, id, None)
            .await
            .map(|_answer| ())
    }

    async fn last_used(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
    ) -> Result<Option<Timestamp>, RamError> {
        let (user, id) = (user.name.as_str(), Some(id.as_str()));
        match self.call(Op::LastUsed, user, id, None).await? {
            Answer::Used(last) => Ok(last),
            _ => unreachable!(),
        }
    }

    async fn owner(&self, key: &NewAccessKey) -> Result<KeyOwner, RamError> {
        let user = self.with(|inner| {
            let of = inner.users.iter();
            let mut of = of.filter(|(_, keys)| keys.iter().any(|own| own.id == key.id.as_str()));
            of.next().map(|(user, _)| user.clone())
        });
        self.call(Op::Owner, &user.unwrap_or_default(), None, None)
            .await
            .or_else(|error| match error {
                RamError::NoUser => Ok(Answer::Nothing),
                error => Err(error),
            })?;
        self.with(|inner| inner.owner(crate::stand::ACCOUNT, key))
    }
}

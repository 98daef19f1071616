//! Looks now and then whether RAM still takes the current AccessKeys. One that somebody deleted
//! or disabled by hand opens nothing any more, and whoever reads it finds that out at a call
//! that fails; so another one is made at once (reference accesskey §4.2).
//!
//! One server of those that share a store does it, and asks about one user after another, evenly
//! spread over the interval: RAM notices nothing of it.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use kms_store::{
    KeyStatus, Mode, RotationState, SecretId, SecretRecord, Store, StoreError, Tx, run_tx,
};
use kms_types::{AccountId, SecretType, VersionId, VersionStage};

use super::{Ram, RamError, RamUser, RotationEvent, RotationNews, Why, abort, check::Stored};
use crate::{
    KeyOwner, Service, SetupError,
    failure::Failure,
    rotation::{
        access_key::hosted_user,
        begin::begin,
        journal::{Engine, FAILED, Kind},
    },
    secrets::random_version,
};

/// What a server remembers between its looks.
pub struct HealthChecks {
    /// Servers that share a store are told apart by it.
    owner: String,
    /// Every hosted AccessKey once is a round.
    interval: SignedDuration,
    round: Option<Round>,
    /// When the lease was taken or prolonged last.
    held_since: Option<Duration>,
}

/// By the monotonic clock.
struct Round {
    began: Duration,
    all: u64,
    left: VecDeque<SecretId>,
    last: Option<SecretId>,
    /// Accounts whose RAM did not answer, and until when it is left alone.
    resting: Vec<(AccountId, Duration)>,
}

/// A secret whose key is looked at.
struct Hosted {
    secret: SecretRecord,
    user: RamUser,
    current: Stored,
}

/// How long the work stays with a server that says nothing.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// How often a server says that it is there; the longest that it waits for anything.
const RENEWAL: Duration = Duration::from_mins(1);
/// How long a RAM is left alone that did not answer.
const REST: Duration = Duration::from_mins(1);
/// The lease, and where the place is noted up to which the round has come.
const NAME: &str = "rotation/health";

impl Service {
    /// Looks at the AccessKeys whose turn it is, if it is this server that does so; how long
    /// there is nothing to do then.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn check_health(&self, checks: &mut HealthChecks) -> Result<Duration, SetupError> {
        if !self.holds_health(checks).await? {
            checks.round = None;
            return Ok(RENEWAL);
        }
        let interval = checks.interval.unsigned_abs();
        let is_over = checks.round.as_ref().is_none_or(|round| {
            round.left.is_empty() && self.monotonic().saturating_sub(round.began) >= interval
        });
        if is_over {
            checks.round = Some(self.health_round().await?);
        }
        let Some(round) = &mut checks.round else {
            return Ok(RENEWAL);
        };
        loop {
            let wait = round.wait(self.monotonic(), interval);
            if !wait.is_zero() {
                return Ok(wait.min(RENEWAL));
            }
            let Some(id) = round.left.pop_front() else {
                return Ok(Duration::ZERO);
            };
            round.last = Some(id);
            self.check_one(round, id).await?;
            if self.is_renewal_due(checks.held_since) {
                return Ok(Duration::ZERO);
            }
        }
    }

    fn is_renewal_due(&self, held_since: Option<Duration>) -> bool {
        held_since.is_none_or(|since| self.monotonic().saturating_sub(since) >= RENEWAL)
    }

    /// Takes or prolongs the lease; whether it is this server's.
    async fn holds_health(&self, checks: &mut HealthChecks) -> Result<bool, Failure> {
        if !self.is_renewal_due(checks.held_since) {
            return Ok(true);
        }
        let (now, monotonic) = (self.now(), self.monotonic());
        let last = checks.round.as_ref().and_then(|round| round.last);
        let owner = &checks.owner;
        let is_ours = self
            .tx(Mode::Record, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let fence = tx.leases().acquire(NAME, owner, now, LEASE).await?;
                    if let (Some(_), Some(last)) = (fence, last) {
                        tx.markers().put(NAME, &last.0.to_string()).await?;
                    }
                    Ok::<_, Failure>(fence.is_some())
                })
            })
            .await?;
        checks.held_since = is_ours.then_some(monotonic);
        Ok(is_ours)
    }

    /// All hosted keys, from where it was left off.
    async fn health_round(&self) -> Result<Round, Failure> {
        let (ids, last) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let hosted = tx.secrets().of_type(SecretType::RamCredentials).await?;
                    let ids = hosted.into_iter().map(|(id, _account)| id).collect();
                    Ok::<_, Failure>((ids, tx.markers().get(NAME).await?))
                })
            })
            .await?;
        let last = last.and_then(|last| last.parse().ok()).map(SecretId);
        Ok(Round::new(self.monotonic(), ids, last))
    }

    /// Looks at one key, unless there is a reason not to.
    async fn check_one(&self, round: &mut Round, id: SecretId) -> Result<(), Failure> {
        let hosted = match self.hosted_at_rest(id).await {
            Ok(Some(hosted)) => hosted,
            // Its reads fail, and say why.
            Ok(None) | Err(Failure::Refused(_)) => return Ok(()),
            Err(failure) => return Err(failure),
        };
        let now = self.monotonic();
        if round.rests(&hosted.user.account, now) {
            return Ok(());
        }
        let ram = self.ram(&hosted.user.account);
        match why_dead(ram.as_ref(), &hosted).await {
            Ok(None) => Ok(()),
            Ok(Some(why)) => self.replace_current_key(hosted, why).await,
            Err(error) => {
                tracing::warn!(
                    account = %hosted.user.account,
                    user = %hosted.user.name,
                    %error,
                    "cannot see whether a hosted AccessKey is good"
                );
                if error.is_transient() {
                    let until = now.saturating_add(REST);
                    round.resting.push((hosted.user.account, until));
                }
                Ok(())
            }
        }
    }

    /// The secret and its key, if it is to be looked at: not while a rotation does so, nor if
    /// people were told that there is something for them to do, nor soon after one failed.
    async fn hosted_at_rest(&self, id: SecretId) -> Result<Option<Hosted>, Failure> {
        let now = self.now();
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let Some(secret) = tx.secrets().find_by_id(id).await? else {
                    return Ok(None);
                };
                let newest = tx.rotations().of_secret(id, 1).await?;
                let is_busy = newest.first().is_some_and(|row| match row.finished {
                    None => true,
                    Some(end) => row.step == FAILED && now.duration_since(end) < abort::AGAIN,
                });
                let is_given_up = secret.rotation.state == RotationState::Invalid;
                if is_busy || is_given_up || secret.planned_delete.is_some() {
                    return Ok(None);
                }
                let current = self
                    .stored_at(tx, &secret, &VersionStage::current())
                    .await?;
                let current = current.ok_or(Failure::Document("secret"))?;
                let user = RamUser {
                    account: secret.account.clone(),
                    name: hosted_user(&secret)?,
                };
                Ok::<_, Failure>(Some(Hosted {
                    secret,
                    user,
                    current,
                }))
            })
        })
        .await
    }

    /// Says so, and begins a rotation, with a window as short as one may be: nobody needs the
    /// key that is replaced. Whether there is room for another one, the rotation finds out, and
    /// tells people if there is not.
    async fn replace_current_key(&self, hosted: Hosted, why: &str) -> Result<(), Failure> {
        let Hosted {
            secret, current, ..
        } = hosted;
        let now = self.now();
        let version = random_version()?;
        let begun = self
            .tx(Mode::Record, |mut tx| {
                let (id, serial, version) = (secret.id, current.version.serial, version.clone());
                Box::pin(async move {
                    let tx = &mut *tx;
                    let stage = VersionStage::current();
                    let newest = tx.versions().find_by_stage(id, &stage).await?;
                    let secret = tx.secrets().find_by_id(id).await?;
                    let secret = secret.filter(|secret| secret.planned_delete.is_none());
                    let (Some(secret), Some(newest)) = (secret, newest) else {
                        return Ok(false);
                    };
                    if newest.serial != serial {
                        return Ok(false);
                    }
                    self.begin_emergency(tx, &secret, version, now).await
                })
            })
            .await?;
        if !begun {
            return Ok(());
        }
        self.tell_all(&RotationNews {
            account: &secret.account,
            secret: &secret.name,
            version: &current.version.id,
            event: RotationEvent::KeyDead,
            old_key: Some(&current.key.id),
            new_key: None,
            old_key_used: None,
            reason: why,
        });
        self.tell(&secret, &version, RotationEvent::Begins);
        Ok(())
    }

    async fn begin_emergency(
        &self,
        tx: &mut dyn Tx,
        secret: &SecretRecord,
        version: VersionId,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let kind = Kind::new(Engine::AccessKey, true);
        let window = Some(self.rotation().windows.least);
        let plan = self.plan_of(secret, kind, Why::Emergency, window)?;
        match begin(tx, secret, plan, version, now).await {
            Ok(()) => Ok(true),
            // Somebody was faster.
            Err(Failure::Store(StoreError::Taken)) => Ok(false),
            Err(failure) => Err(failure),
        }
    }
}

/// Accounts that host AccessKeys.
///
/// # Errors
/// Those of the store.
pub async fn hosting_accounts(store: &dyn Store) -> Result<BTreeSet<AccountId>, SetupError> {
    run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move {
            let hosted = tx.secrets().of_type(SecretType::RamCredentials).await?;
            let accounts = hosted.into_iter().map(|(_id, account)| account);
            Ok::<_, SetupError>(accounts.collect())
        })
    })
    .await
}

/// Why the key opens nothing, if so. RAM's list alone does not say it: one that is new is not
/// seen everywhere at once.
async fn why_dead(ram: &dyn Ram, hosted: &Hosted) -> Result<Option<&'static str>, RamError> {
    let key = &hosted.current.key;
    let why = match ram.keys(&hosted.user).await {
        Ok(keys) => match keys.iter().find(|listed| listed.id == key.id) {
            Some(listed) if listed.status == KeyStatus::Active => return Ok(None),
            Some(_) => "the current AccessKey was disabled at RAM",
            None => "the current AccessKey was deleted at RAM",
        },
        Err(RamError::NoUser) => "the RAM user was deleted",
        Err(error) => return Err(error),
    };
    match ram.owner(key).await {
        Err(RamError::KeyRefused(_)) => Ok(Some(why)),
        Ok(KeyOwner::User(_) | KeyOwner::Account(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

// === impl HealthChecks ===

impl HealthChecks {
    /// Each key once in the interval. `owner` names the server: two that share a store must
    /// not have the same name.
    pub fn new(owner: String, interval: SignedDuration) -> Self {
        Self {
            owner,
            interval,
            round: None,
            held_since: None,
        }
    }
}

// === impl Round ===

impl Round {
    /// Of these, ascending, those after the last one first.
    fn new(now: Duration, mut ids: Vec<SecretId>, last: Option<SecretId>) -> Self {
        let seen = ids.partition_point(|id| last.is_some_and(|last| id.0 <= last.0));
        ids.rotate_left(seen);
        Self {
            began: now,
            all: u64::try_from(ids.len()).unwrap_or(u64::MAX),
            left: ids.into(),
            last: None,
            resting: Vec::new(),
        }
    }

    /// How long until the turn of the next one, or the next round.
    fn wait(&self, now: Duration, interval: Duration) -> Duration {
        let left = u64::try_from(self.left.len()).unwrap_or(u64::MAX);
        let done = self.all.saturating_sub(left);
        let due = if left == 0 {
            interval
        } else {
            let part = u128::from(done) * interval.as_millis() / u128::from(self.all.max(1));
            Duration::from_millis(u64::try_from(part).unwrap_or(u64::MAX))
        };
        self.began.saturating_add(due).saturating_sub(now)
    }

    fn rests(&mut self, account: &AccountId, now: Duration) -> bool {
        self.resting.retain(|(_, until)| now < *until);
        self.resting.iter().any(|(resting, _)| resting == account)
    }
}

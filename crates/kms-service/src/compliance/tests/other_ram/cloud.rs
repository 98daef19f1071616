//! A RAM that is not this server's own: it lists, and does nothing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::Timestamp;
use kms_store::KeyStatus;
use kms_types::{AccessKeyId, AccountId};

use crate::{
    KeyOwner, ListedUser, NewAccessKey, Pace, Ram, RamError, RamKey, RamUser, Rams, Rotation,
    UserPage, UserTag,
    stand::{ACCOUNT, Stand},
};

/// One account's; all clones are one.
#[derive(Clone, Default)]
pub(super) struct Cloud(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By name.
    users: BTreeMap<String, User>,
    /// How many users to a page; all if 0.
    page: usize,
    /// What a call is answered with, by its name, so often.
    errors: BTreeMap<&'static str, (RamError, usize)>,
    /// Whether the list never ends.
    is_endless: bool,
    calls: Vec<String>,
}

#[derive(Clone, Default)]
struct User {
    keys: Vec<RamKey>,
    used: BTreeMap<String, Timestamp>,
    tags: BTreeMap<String, String>,
}

struct Only(Cloud);

// === impl Cloud ===

impl Cloud {
    /// A stand whose account has such a RAM besides.
    pub(super) async fn beside() -> (Stand, Self) {
        let (stand, cloud) = (Stand::new().await, Self::default());
        stand.service.set_rotation(Rotation {
            rams: Arc::new(Only(cloud.clone())),
            ..Rotation::default()
        });
        (stand, cloud)
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap())
    }

    pub(super) fn user(&self, name: &str) {
        self.with(|state| {
            state.users.entry(name.to_owned()).or_default();
        });
    }

    /// An active key of the user.
    pub(super) fn key(&self, name: &str, id: &str, created: Timestamp) {
        self.with(|state| {
            let user = state.users.entry(name.to_owned()).or_default();
            user.keys.push(RamKey {
                id: id.parse().unwrap(),
                status: KeyStatus::Active,
                created,
            });
        });
    }

    pub(super) fn drop_key(&self, name: &str, id: &str) {
        self.with(|state| {
            let user = state.users.get_mut(name).unwrap();
            user.keys.retain(|key| key.id.as_str() != id);
        });
    }

    pub(super) fn used(&self, name: &str, id: &str, at: Timestamp) {
        self.with(|state| {
            let user = state.users.get_mut(name).unwrap();
            user.used.insert(id.to_owned(), at);
        });
    }

    pub(super) fn tag(&self, name: &str, key: &str, value: &str) {
        self.with(|state| {
            let user = state.users.get_mut(name).unwrap();
            user.tags.insert(key.to_owned(), value.to_owned());
        });
    }

    pub(super) fn pages_of(&self, size: usize) {
        self.with(|state| state.page = size);
    }

    pub(super) fn never_ends(&self) {
        self.with(|state| state.is_endless = true);
    }

    /// The next so many calls of that name are answered so.
    pub(super) fn fails(&self, call: &'static str, error: RamError, times: usize) {
        self.with(|state| state.errors.insert(call, (error, times)));
    }

    pub(super) fn works_again(&self) {
        self.with(|state| state.errors.clear());
    }

    /// The calls since this was asked last.
    pub(super) fn calls(&self) -> Vec<String> {
        self.with(|state| std::mem::take(&mut state.calls))
    }

    /// Notes the call, which may be one that fails.
    fn note(&self, call: &'static str, about: &str) -> Result<(), RamError> {
        self.with(|state| {
            state.calls.push(format!("{call} {about}"));
            match state.errors.get_mut(call) {
                Some((error, times)) if *times > 0 => {
                    *times -= 1;
                    Err(error.clone())
                }
                _ => Ok(()),
            }
        })
    }
}

/// At once, and a few times if it is too much.
pub(super) fn fast() -> Pace {
    Pace {
        between: std::time::Duration::ZERO,
        throttled: vec![std::time::Duration::ZERO; 3],
    }
}

fn id(name: &str) -> String {
    format!("29{name}")
}

#[async_trait]
impl Ram for Cloud {
    async fn users(
        &self,
        account: &AccountId,
        after: Option<String>,
    ) -> Result<UserPage, RamError> {
        assert_eq!(account.as_str(), ACCOUNT);
        self.note("users", after.as_deref().unwrap_or("-"))?;
        self.with(|state| {
            let names = state.users.keys();
            let mut names: Vec<_> = names.filter(|name| Some(*name) > after.as_ref()).collect();
            let size = if state.page == 0 { 100 } else { state.page };
            let is_cut = names.len() > size;
            names.truncate(size);
            let next = names.last().filter(|_last| is_cut).map(ToString::to_string);
            Ok(UserPage {
                users: names
                    .iter()
                    .map(|name| ListedUser {
                        id: id(name),
                        name: name.parse().unwrap(),
                    })
                    .collect(),
                next: if state.is_endless {
                    Some("again".to_owned())
                } else {
                    next
                },
            })
        })
    }

    async fn user_tags(
        &self,
        _account: &AccountId,
        ids: &[String],
    ) -> Result<Vec<UserTag>, RamError> {
        assert!(ids.len() <= 50);
        self.note("tags", &ids.len().to_string())?;
        self.with(|state| {
            let named = state
                .users
                .iter()
                .filter(|(name, _)| ids.contains(&id(name)));
            let tags = named.flat_map(|(name, user)| {
                user.tags.iter().map(|(key, value)| UserTag {
                    user_id: id(name),
                    key: key.clone(),
                    value: value.clone(),
                })
            });
            Ok(tags.collect())
        })
    }

    async fn keys(&self, user: &RamUser) -> Result<Vec<RamKey>, RamError> {
        self.note("keys", user.name.as_str())?;
        let found = self.with(|state| state.users.get(user.name.as_str()).cloned());
        Ok(found.ok_or(RamError::NoUser)?.keys)
    }

    async fn last_used(
        &self,
        user: &RamUser,
        id: &AccessKeyId,
    ) -> Result<Option<Timestamp>, RamError> {
        self.note("used", id.as_str())?;
        let found = self.with(|state| state.users.get(user.name.as_str()).cloned());
        let found = found.ok_or(RamError::NoUser)?;
        Ok(found.used.get(id.as_str()).copied())
    }

    async fn create_key(&self, _user: &RamUser) -> Result<NewAccessKey, RamError> {
        unreachable!("nobody rotates here")
    }

    async fn set_status(
        &self,
        _user: &RamUser,
        _id: &AccessKeyId,
        _status: KeyStatus,
    ) -> Result<(), RamError> {
        unreachable!("nobody rotates here")
    }

    async fn delete_key(&self, _user: &RamUser, _id: &AccessKeyId) -> Result<(), RamError> {
        unreachable!("nobody rotates here")
    }

    async fn owner(&self, _key: &NewAccessKey) -> Result<KeyOwner, RamError> {
        unreachable!("nobody rotates here")
    }
}

impl Rams for Only {
    fn of(&self, account: &AccountId) -> Option<Arc<dyn Ram>> {
        if account.as_str() == ACCOUNT {
            Some(Arc::new(self.0.clone()))
        } else {
            None
        }
    }
}

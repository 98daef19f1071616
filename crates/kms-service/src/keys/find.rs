//! The key that a call is about, for those who may do to it what they ask for. Nobody else
//! learns whether there is one: what is decided comes before what is found.

use jiff::Timestamp;
use kms_store::{KeyRecord, Tagged, Tx};
use kms_types::{AccountId, ErrorCode, KeyId, KeyName, KeyRef, KeyVersionId};
use kms_wire::{Action, ApiError};

use super::{
    refusal::{alias_not_found, key_not_found},
    state::{is_gone, is_visible},
};
use crate::{
    Caller, Service,
    authorise::{Found, Resource},
    failure::Failure,
};

/// An id that no key has, all of which are random.
const NO_KEY: &str = "00000000-0000-0000-0000-000000000000";

/// What somebody wants to do to a key, and when.
#[derive(Clone, Copy)]
pub(crate) struct KeyWish<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) action: Action,
    pub(crate) key: &'a KeyRef,
    pub(crate) now: Timestamp,
}

impl Service {
    /// The key, in whatever state it is.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`, `Forbidden.KeyNotFound`, `Forbidden.AliasNotFound`.
    pub(crate) async fn key(
        &self,
        tx: &mut dyn Tx,
        wish: KeyWish<'_>,
    ) -> Result<KeyRecord, Failure> {
        self.key_for_tags(tx, wish, &[]).await
    }

    /// The same for a call that gives the key these tags.
    ///
    /// # Errors
    /// As [`Service::key`].
    pub(crate) async fn key_for_tags(
        &self,
        tx: &mut dyn Tx,
        wish: KeyWish<'_>,
        tags: &[(String, String)],
    ) -> Result<KeyRecord, Failure> {
        let KeyWish {
            caller,
            action,
            key,
            now,
        } = wish;
        let own = own_account(caller)?;
        let (account, is_here) = match key.owner() {
            Some((region, account)) => (account, region == self.region()),
            None => (own, true),
        };
        let id = match key.name() {
            KeyName::Id(id) => id.clone(),
            KeyName::Alias(name) => {
                let found = if is_here {
                    tx.aliases().find(account, name).await?
                } else {
                    None
                };
                let Some(alias) = found else {
                    let resource = Resource::Alias { account, name };
                    self.decide_on(tx, caller, action, resource, None, tags)
                        .await?;
                    return Err(alias_not_found().into());
                };
                alias.key
            }
        };
        let found = if is_here {
            tx.keys().find(account, &id).await?
        } else {
            None
        };
        let found = found.filter(|key| !is_gone(key, now));
        self.decide_on_key(tx, (caller, action), (account, &id), found.as_ref(), tags)
            .await?;
        found
            .filter(|key| is_visible(key, &caller.gateway))
            .ok_or_else(|| key_not_found().into())
    }

    /// The key that made a ciphertext, by the version that the ciphertext names. For those
    /// without rights, one of another account and none at all look alike.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`, `Forbidden.KeyNotFound`.
    pub(super) async fn key_of_version(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        action: Action,
        version: &KeyVersionId,
        now: Timestamp,
    ) -> Result<KeyRecord, Failure> {
        let own = own_account(caller)?;
        // To which key a version belongs never changes.
        let id = match self.handles().key_of(version) {
            Some(id) => Some(id),
            None => tx
                .key_versions()
                .find(version)
                .await?
                .map(|found| found.key),
        };
        let found = match &id {
            Some(id) => tx.keys().find_any(id).await?,
            None => None,
        };
        if let Some(key) =
            found.filter(|key| !is_gone(key, now) && is_visible(key, &caller.gateway))
        {
            let decided = self
                .decide_on_key(
                    tx,
                    (caller, action),
                    (&key.account, &key.id),
                    Some(&key),
                    &[],
                )
                .await;
            match decided {
                Ok(()) => return Ok(key),
                // Another account's key looks like none.
                Err(Failure::Refused(_)) if key.account != *own => {}
                Err(failure) => return Err(failure),
            }
        }
        self.authorise_on_none(caller, action)?;
        Err(key_not_found().into())
    }

    /// For a ciphertext that no key is found for: who may do it with all of their own keys is
    /// told, everybody else is refused.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`.
    pub(super) fn authorise_on_none(&self, caller: &Caller, action: Action) -> Result<(), Failure> {
        let account = own_account(caller)?;
        let id: KeyId = NO_KEY.parse().map_err(|_not_a_key_id| key_not_found())?;
        let resource = Resource::Key { account, id: &id };
        Ok(self.authorise(caller, action, resource)?)
    }

    /// Whether the caller may, given what is known of the key.
    async fn decide_on_key(
        &self,
        tx: &mut dyn Tx,
        (caller, action): (&Caller, Action),
        (account, id): (&AccountId, &KeyId),
        found: Option<&KeyRecord>,
        tags: &[(String, String)],
    ) -> Result<(), Failure> {
        let resource = Resource::Key { account, id };
        let known = found.map(|key| Found {
            policy: &key.policy,
            tagged: Tagged::Key(key.id.clone()),
        });
        self.decide_on(tx, caller, action, resource, known, tags)
            .await
    }

    /// As [`Service::key`], in a transaction of its own.
    ///
    /// # Errors
    /// As [`Service::key`].
    pub(super) async fn read_key(
        &self,
        caller: &Caller,
        action: Action,
        key: &KeyRef,
    ) -> Result<KeyRecord, Failure> {
        let wish = self.wish(caller, action, key);
        self.read(caller.moment.as_ref(), |mut tx| {
            Box::pin(async move { self.key(&mut *tx, wish).await })
        })
        .await
    }

    /// The wish, now.
    pub(crate) fn wish<'a>(
        &self,
        caller: &'a Caller,
        action: Action,
        key: &'a KeyRef,
    ) -> KeyWish<'a> {
        KeyWish {
            caller,
            action,
            key,
            now: self.now(),
        }
    }
}

/// Nobody without an account has a key.
pub(crate) fn own_account(caller: &Caller) -> Result<&AccountId, ApiError> {
    caller.principal.account().ok_or_else(|| {
        ApiError::new(
            ErrorCode::NoPermission,
            "This operation is forbidden by permission system.",
        )
    })
}

//! The secret that a call is about, for those who may do to it what they ask for. Nobody
//! else learns whether there is one: what is decided comes before what is found.

use jiff::Timestamp;
use kms_store::{SecretRecord, Tx};
use kms_types::{ErrorCode, SecretType};
use kms_wire::{Action, ApiError};

use super::in_delete_window;
use crate::{
    Caller, Service,
    authorise::{Found, Resource, Target},
    failure::Failure,
    instances,
};

/// What somebody wants to do to a secret, and when.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) action: Action,
    pub(crate) target: &'a Target,
    pub(crate) now: Timestamp,
}

impl Service {
    /// The secret, if there is one, planned for deletion or not.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`.
    pub(super) async fn permitted(
        &self,
        tx: &mut dyn Tx,
        wish: Wish<'_>,
    ) -> Result<Option<SecretRecord>, Failure> {
        self.permitted_tags(tx, wish, &[]).await
    }

    /// The same for a call that gives the secret these tags.
    ///
    /// # Errors
    /// As [`Service::permitted`].
    pub(crate) async fn permitted_tags(
        &self,
        tx: &mut dyn Tx,
        wish: Wish<'_>,
        tags: &[(String, String)],
    ) -> Result<Option<SecretRecord>, Failure> {
        let Wish { target, .. } = wish;
        let found = find(tx, target, wish.now).await?;
        let resource = Resource::Secret {
            account: &target.account,
            name: &target.name,
        };
        let known = found.as_ref().map(|secret| Found {
            policy: &secret.policy,
            tagged: secret.id.into(),
        });
        self.decide_on(tx, wish.caller, wish.action, resource, known, tags)
            .await?;
        Ok(found)
    }

    /// The secret, planned for deletion or not.
    ///
    /// # Errors
    /// `Forbidden.NoPermission`, `Forbidden.ResourceNotFound`.
    pub(crate) async fn existing(
        &self,
        tx: &mut dyn Tx,
        wish: Wish<'_>,
    ) -> Result<SecretRecord, Failure> {
        let found = self.permitted(tx, wish).await?;
        found.ok_or_else(|| ApiError::not_found().into())
    }

    /// The secret, which must not be planned for deletion.
    ///
    /// # Errors
    /// As [`Service::existing`], and `Rejected.ResourceInDeleteWindow`.
    pub(crate) async fn usable(
        &self,
        tx: &mut dyn Tx,
        wish: Wish<'_>,
    ) -> Result<SecretRecord, Failure> {
        let secret = self.existing(tx, wish).await?;
        if secret.planned_delete.is_some() {
            return Err(in_delete_window().into());
        }
        Ok(secret)
    }

    /// The secret, which must be usable and whose versions are its owner's to put and label.
    ///
    /// # Errors
    /// As [`Service::usable`], `UnsupportedOperation`, `Forbidden.DKMSInstanceStateInvalid`.
    pub(super) async fn usable_generic(
        &self,
        tx: &mut dyn Tx,
        wish: Wish<'_>,
    ) -> Result<SecretRecord, Failure> {
        let secret = self.usable(tx, wish).await?;
        if secret.secret_type != SecretType::Generic.as_str() {
            return Err(ApiError::new(
                ErrorCode::UnsupportedOperation,
                "This action is not supported for this type of secret.",
            )
            .into());
        }
        instances::check_live(tx, &secret.instance_id, wish.now).await?;
        Ok(secret)
    }
}

/// The secret, unless it does not exist or its time has come.
pub(super) async fn find(
    tx: &mut dyn Tx,
    target: &Target,
    now: Timestamp,
) -> Result<Option<SecretRecord>, Failure> {
    if !target.is_here {
        return Ok(None);
    }
    let found = tx.secrets().find(&target.account, &target.name).await?;
    Ok(found.filter(|secret| !is_due(secret, now)))
}

fn is_due(secret: &SecretRecord, now: Timestamp) -> bool {
    secret.planned_delete.is_some_and(|planned| planned <= now)
}

//! How values lie in the store: sealed by the server's keyring.

use kms_crypto::Place;
use kms_store::{NewVersion, SecretRecord, VersionRecord};
use kms_types::{DataType, Secret, VersionId};

use crate::{Service, authorise::Target, failure::Failure};

/// A version that is about to be.
#[derive(Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub(crate) target: &'a Target,
    pub(crate) id: &'a VersionId,
    pub(crate) data_type: DataType,
    pub(crate) value: &'a Secret<String>,
}

impl Service {
    /// Seals a value for the version that it belongs to.
    ///
    /// # Errors
    /// [`Failure::Seal`].
    pub(crate) fn seal_value(&self, draft: Draft<'_>) -> Result<NewVersion, Failure> {
        let place = Place::SecretValue {
            account: &draft.target.account,
            secret: &draft.target.name,
            version: draft.id,
            data_type: draft.data_type,
        };
        // EXPOSE: into the sealed record.
        let value = draft.value.expose().as_bytes();
        Ok(NewVersion {
            id: draft.id.clone(),
            data_type: draft.data_type,
            sealed: self.keyring().seal(&place, value)?,
            created: self.now(),
        })
    }

    /// Opens a version's value.
    ///
    /// # Errors
    /// [`Failure::Open`].
    pub(crate) fn open_value(
        &self,
        secret: &SecretRecord,
        version: &VersionRecord,
    ) -> Result<Secret<String>, Failure> {
        let place = Place::SecretValue {
            account: &secret.account,
            secret: &secret.name,
            version: &version.id,
            data_type: version.data_type,
        };
        crate::authenticate::text(&self.keyring().open(&place, &version.sealed)?)
    }
}

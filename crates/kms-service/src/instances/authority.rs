//! Who vouches for the gateways of the instances that are bought: one authority, in the store, so
//! that all servers have the same and clients need one certificate.

use kms_crypto::Place;
use kms_store::{AuthorityRecord, Mode, StoreError, Tx};
use kms_types::{AccountId, InstanceId, Secret};

use super::{Instance, Status};
use crate::{Service, SetupError, documents, failure::Failure};

/// A certificate authority.
#[derive(Clone, Debug)]
pub struct InstanceAuthority {
    /// What its clients trust, PEM.
    pub certificate: String,
    /// What it signs with, PEM.
    pub key: Secret<String>,
}

/// There is one.
const NAME: &str = "instances";

impl Service {
    /// The authority, if somebody has made it.
    ///
    /// # Errors
    /// `Store`, `Cipher`.
    pub async fn instance_authority(&self) -> Result<Option<InstanceAuthority>, SetupError> {
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let found = (*tx).authorities().find(NAME).await?;
                    found.map(|own| self.opened(&own)).transpose()
                })
            })
            .await;
        found.map_err(SetupError::from)
    }

    /// Keeps this one, unless another was there first; that which is kept.
    ///
    /// # Errors
    /// `Store`, `Cipher`.
    pub async fn keep_instance_authority(
        &self,
        fresh: &InstanceAuthority,
    ) -> Result<InstanceAuthority, SetupError> {
        let now = self.now();
        let kept = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if let Some(own) = tx.authorities().find(NAME).await? {
                        return self.opened(&own);
                    }
                    // EXPOSE: to be sealed.
                    let key = fresh.key.expose().as_bytes();
                    let own = AuthorityRecord {
                        name: NAME.to_owned(),
                        certificate: fresh.certificate.clone(),
                        sealed: self.keyring().seal(&place(), key)?,
                        created: now,
                    };
                    match tx.authorities().insert(&own).await {
                        // Since the look a moment ago: looked at anew.
                        Err(StoreError::Taken) => Err(StoreError::Conflict.into()),
                        done => Ok(done.map(|()| fresh.clone())?),
                    }
                })
            })
            .await;
        kept.map_err(SetupError::from)
    }

    /// The instances that were bought and are connected, whoever owns them: those whose gateways
    /// this server has to open besides the configuration's.
    ///
    /// # Errors
    /// `Store`, `Document`.
    pub async fn connected_instances(&self) -> Result<Vec<InstanceId>, SetupError> {
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::everywhere::<Instance>(&mut *tx, None).await })
            })
            .await?;
        let is_open = |own: &Instance| own.purchase.is_some() && own.status == Status::Connected;
        let open = all
            .into_iter()
            .filter(|(_owner, own): &(AccountId, _)| is_open(&own.body));
        Ok(open
            .filter_map(|(_owner, own)| own.name.parse().ok())
            .collect())
    }

    fn opened(&self, own: &AuthorityRecord) -> Result<InstanceAuthority, Failure> {
        let key = self.keyring().open(&place(), &own.sealed)?;
        // EXPOSE: from bytes to the text that they are.
        let key = std::str::from_utf8(key.expose()).map_err(|_bytes| Failure::NotText)?;
        Ok(InstanceAuthority {
            certificate: own.certificate.clone(),
            key: Secret::from(key),
        })
    }
}

/// What clients of the instances that are bought trust, PEM; empty before anybody has made it.
pub(super) async fn certificate(tx: &mut dyn Tx) -> Result<String, Failure> {
    let found = tx.authorities().find(NAME).await?;
    Ok(found.map(|own| own.certificate).unwrap_or_default())
}

fn place() -> Place<'static> {
    Place::AuthorityKey { name: NAME }
}

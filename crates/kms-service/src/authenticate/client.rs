//! Callers that sign with a ClientKey, on either gateway.

use std::sync::Arc;

use jiff::Timestamp;
use kms_store::{ClientKeyRecord, Moment};
use kms_types::{AccessKeyId, ErrorCode, ResourceName};
use kms_wire::{ApiError, instance, sign::Claim};

use super::{Callers, WINDOW, recognise::Recognised, skew, unknown_key};
use crate::{Principal, Service, access::Grants, failure::Failure, remembered::Remembered};

/// A ClientKey with what its access point allows, from one moment of the store.
pub(super) struct Known {
    key: ClientKeyRecord,
    access_point: ResourceName,
    grants: Arc<Grants>,
}

impl Service {
    /// Who made a call in the protocol of the instance gateway, and the store at that time:
    /// ClientKey known and within its dates, signature right, signed within 15 minutes of now.
    ///
    /// The protocol has no nonce, and the same signature comes twice where a client sends
    /// the same bytes again: within the window a call can be repeated by whoever saw it,
    /// which is why the gateway speaks TLS only.
    ///
    /// # Errors
    /// `InvalidAccessKeyId.NotFound` and `.Inactive` (before or after its dates),
    /// `SignatureNotMatch`, `RequestTimeTooSkewed`.
    pub async fn authenticate_instance(
        &self,
        claim: &instance::Claim,
    ) -> Result<(Principal, Option<Moment>), ApiError> {
        self.verify_instance(claim)
            .await
            .map_err(Failure::into_api_error)
    }

    async fn verify_instance(
        &self,
        claim: &instance::Claim,
    ) -> Result<(Principal, Option<Moment>), Failure> {
        let now = self.now();
        if skew(claim.timestamp, now) > WINDOW {
            return Err(ApiError::new(
                ErrorCode::RequestTimeTooSkewed,
                "The request's time differs from the server's by more than 15 minutes.",
            )
            .into());
        }
        let moment = self.moment().await?;
        let last = self.callers().clients.at(&claim.key_id, moment.as_ref());
        let known = match last {
            Some(known) => known,
            None => self.look_up(&claim.key_id, moment.as_ref()).await?,
        };
        claim.verify(&known.key.public_key)?;
        check_dates(&known.key, now)?;
        self.note_client_use(&known.key, now).await;
        Ok((known.principal(), moment))
    }

    /// As [`Service::authenticate`], for a call that a ClientKey signed and whose time
    /// was looked at.
    pub(super) async fn verify_client(
        &self,
        claim: &Claim,
        id: &AccessKeyId,
        now: Timestamp,
    ) -> Result<(Principal, Option<Moment>), Failure> {
        if claim.security_token.is_some() {
            return Err(malformed_token().into());
        }
        let (known, moment) = self.recognise::<Known>(id, claim, now).await?;
        self.note_client_use(&known.key, now).await;
        Ok((known.principal(), moment))
    }

    async fn note_client_use(&self, key: &ClientKeyRecord, now: Timestamp) {
        let id = &key.id;
        self.note_last_use(id, key.last_used, now, |mut tx| {
            Box::pin(async move { Ok(tx.client_keys().touch(id, now).await?) })
        })
        .await;
    }
}

impl Recognised for Known {
    fn remembered(callers: &Callers) -> &Remembered<AccessKeyId, Self> {
        &callers.clients
    }

    fn admit(&self, claim: &Claim, now: Timestamp) -> Result<(), ApiError> {
        claim.verify_rsa(&self.key.public_key)?;
        check_dates(&self.key, now)
    }

    async fn find(
        service: &Service,
        id: &AccessKeyId,
        moment: Option<&Moment>,
    ) -> Result<Self, Failure> {
        service
            .read(moment, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let key = tx.client_keys().find(id).await?.ok_or_else(unknown_key)?;
                    let access_point: ResourceName = key
                        .access_point
                        .parse()
                        .map_err(|_not_a_name| Failure::Document("client-key"))?;
                    let grants = Grants::load(tx, &key.account, &access_point)
                        .await?
                        .ok_or_else(unknown_key)?;
                    Ok::<_, Failure>(Self {
                        key,
                        access_point,
                        grants: Arc::new(grants),
                    })
                })
            })
            .await
    }
}

impl Known {
    fn principal(&self) -> Principal {
        Principal::Client {
            account: self.key.account.clone(),
            access_point: self.access_point.clone(),
            key_id: self.key.id.clone(),
            grants: Arc::clone(&self.grants),
        }
    }
}

/// A ClientKey comes without a token.
fn malformed_token() -> ApiError {
    ApiError::new(
        ErrorCode::SecurityTokenMalformed,
        "Specified SecurityToken is malformed.",
    )
}

/// First and last moment of its dates are good. Looked at after the signature: that a
/// key exists but is no good is for its holder to know.
fn check_dates(key: &ClientKeyRecord, now: Timestamp) -> Result<(), ApiError> {
    let why = if now < key.not_before {
        "is not valid yet"
    } else if now > key.not_after {
        "has expired"
    } else {
        return Ok(());
    };
    Err(ApiError::new(
        ErrorCode::AccessKeyInactive,
        format!("Specified client key {why}."),
    ))
}

#[cfg(test)]
mod tests;

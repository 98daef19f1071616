use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kms_crypto::Place;
use kms_store::{AccessKeyRecord, KeyStatus, Mode, UserRecord};
use kms_types::{AccessKeyId, ErrorCode, Secret};
use kms_wire::{
    ApiError,
    sign::{Claim, Scheme},
};

use crate::{Principal, Rights, Service, failure::Failure};

mod client;
mod nonces;
mod session;

pub(crate) use nonces::Nonces;
pub use nonces::{NonceHistory, NonceJournal, UsedNonce};

/// How far a call's timestamp may be from now, either way (reference kms-api §1.6).
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// How much younger than the last noted use a use must be to be noted: noting costs a
/// commit.
const LAST_USED_GRAIN: SignedDuration = SignedDuration::from_mins(10);

/// A key with whose it is and what that one may do, from one moment of the store.
struct Known {
    key: AccessKeyRecord,
    user: UserRecord,
    rights: Rights,
}

impl Service {
    /// Who made the call: AccessKey known and active, signature right, signed within
    /// 15 minutes of now, nonce not seen before. Only a call whose signature is right
    /// makes its nonce remembered.
    ///
    /// # Errors
    /// `InvalidAccessKeyId.NotFound` and `.Inactive`, `SignatureDoesNotMatch`,
    /// `InvalidTimeStamp.Expired`, `SignatureNonceUsed`, `Rejected.Throttling` (no room
    /// to remember another nonce), `InvalidSecurityToken.…`, `MissingSecurityToken`.
    pub async fn authenticate(&self, claim: &Claim) -> Result<Principal, ApiError> {
        self.verify(claim).await.map_err(Failure::into_api_error)
    }

    async fn verify(&self, claim: &Claim) -> Result<Principal, Failure> {
        let now = self.now();
        check_window(claim.timestamp, now)?;
        let Some(id) = &claim.access_key_id else {
            return Ok(Principal::Anonymous);
        };
        if claim.scheme() == Scheme::ClientKey {
            return self.verify_client(claim, id, now).await;
        }
        if let Some(token) = &claim.security_token {
            return self.verify_session(claim, id, token, now).await;
        }
        session::check_needs_no_token(id)?;
        let known = self.known(id).await?.ok_or_else(unknown_key)?;
        let key = known.key;
        claim.verify(&self.open_key(&key)?)?;
        if key.status == KeyStatus::Inactive {
            return Err(ApiError::new(
                ErrorCode::AccessKeyInactive,
                "Specified access key is disabled.",
            )
            .into());
        }
        self.remember(id, &claim.nonce, claim.timestamp, now - WINDOW)
            .await?;
        self.note_use(&key, now).await;
        Ok(Principal::User {
            account: key.account,
            user_id: known.user.id,
            user_name: known.user.name,
            access_key_id: key.id,
            rights: Arc::new(known.rights),
        })
    }

    /// Nothing of the rights is kept between calls, so that whatever is detached ends access
    /// at once.
    async fn known(&self, id: &AccessKeyId) -> Result<Option<Known>, Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let Some(key) = tx.access_keys().find(id).await? else {
                    return Ok(None);
                };
                let Some(user) = tx.users().find(&key.user_id).await? else {
                    return Ok(None);
                };
                let rights = Rights::of_user(tx, self.policies(), &user).await?;
                Ok(Some(Known { key, user, rights }))
            })
        })
        .await
    }

    fn open_key(&self, key: &AccessKeyRecord) -> Result<Secret<String>, Failure> {
        let place = Place::AccessKeySecret {
            account: &key.account,
            id: &key.id,
        };
        text(&self.keyring().open(&place, &key.sealed_secret)?)
    }

    /// Best effort: a full disk must not keep anybody from reading.
    async fn note_use(&self, key: &AccessKeyRecord, now: Timestamp) {
        if key
            .last_used
            .is_some_and(|last| now.duration_since(last) < LAST_USED_GRAIN)
        {
            return;
        }
        let noted: Result<(), Failure> = self
            .tx(Mode::Write, |mut tx| {
                let id = &key.id;
                Box::pin(async move { Ok(tx.access_keys().touch(id, now).await?) })
            })
            .await;
        if let Err(failure) = noted {
            tracing::warn!(access_key_id = %key.id, error = %failure, "last use not noted");
        }
    }
}

/// The text that was sealed.
pub(crate) fn text(opened: &Secret<Vec<u8>>) -> Result<Secret<String>, Failure> {
    // EXPOSE: into the same value as text.
    let text = std::str::from_utf8(opened.expose()).map_err(|_reason| Failure::NotText)?;
    Ok(Secret::from(text))
}

/// How far apart the two are.
fn skew(timestamp: Timestamp, now: Timestamp) -> SignedDuration {
    // Timestamps travel in whole seconds: what was signed within this second counts as
    // signed now.
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    timestamp.duration_since(now).abs()
}

fn check_window(timestamp: Timestamp, now: Timestamp) -> Result<(), ApiError> {
    if skew(timestamp, now) > WINDOW {
        return Err(ApiError::new(
            ErrorCode::TimestampExpired,
            "Specified time stamp or date value is expired.",
        ));
    }
    Ok(())
}

fn unknown_key() -> ApiError {
    ApiError::new(
        ErrorCode::AccessKeyNotFound,
        "Specified access key is not found.",
    )
}

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kms_crypto::Place;
use kms_store::{AccessKeyRecord, Area, KeyStatus, Mode, Moment, Scope, UserRecord, Work};
use kms_types::{AccessKeyId, ErrorCode, Secret};
use kms_wire::{
    ApiError,
    sign::{Claim, Scheme},
};

use crate::{
    Principal, Rights, Service,
    failure::{Failure, MayMissTerm as _},
    remembered::Remembered,
};

mod client;
mod nonces;
mod recognise;
mod session;

pub(crate) use nonces::Nonces;
pub use nonces::{NonceHistory, NonceJournal, UsedNonce};
use recognise::Recognised;

/// How far a call's timestamp may be from now, either way (reference kms-api §1.6).
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// How much younger than the last noted use a use must be to be noted: noting costs a
/// commit.
const LAST_USED_GRAIN: SignedDuration = SignedDuration::from_mins(10);

/// Callers that are remembered of a kind. With their rights they take a kilobyte or two each;
/// what policies say they share.
const CALLERS: usize = 4_096;

/// Who called before, as long as nothing about anybody changes.
pub(crate) struct Callers {
    keys: Remembered<AccessKeyId, Known>,
    clients: Remembered<AccessKeyId, client::Known>,
    roles: Remembered<session::Of, session::Known>,
}

/// A key with whose it is and what that one may do, from one moment of the store.
struct Known {
    key: AccessKeyRecord,
    /// What it signs with.
    secret: Secret<String>,
    user: UserRecord,
    rights: Arc<Rights>,
}

impl Default for Callers {
    fn default() -> Self {
        Self {
            keys: Remembered::new(Area::Identity, CALLERS),
            clients: Remembered::new(Area::Identity, CALLERS),
            roles: Remembered::new(Area::Identity, CALLERS),
        }
    }
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
        let (principal, _moment) = self.identify(claim).await?;
        Ok(principal)
    }

    /// As [`Service::authenticate`], and the store at that time, for [`crate::Caller::moment`].
    ///
    /// # Errors
    /// As there.
    pub async fn identify(&self, claim: &Claim) -> Result<(Principal, Option<Moment>), ApiError> {
        self.verify(claim).await.map_err(Failure::into_api_error)
    }

    async fn verify(&self, claim: &Claim) -> Result<(Principal, Option<Moment>), Failure> {
        let now = self.now();
        check_window(claim.timestamp, now)?;
        let Some(id) = &claim.access_key_id else {
            return Ok((Principal::Anonymous, None));
        };
        if claim.scheme() == Scheme::ClientKey {
            return self.verify_client(claim, id, now).await;
        }
        if let Some(token) = &claim.security_token {
            return self.verify_session(claim, id, token, now).await;
        }
        session::check_needs_no_token(id)?;
        let (known, moment) = self.recognise::<Known>(id, claim, now).await?;
        self.note_use(&known.key, now).await;
        Ok((known.principal(), moment))
    }

    pub(crate) fn open_key(&self, key: &AccessKeyRecord) -> Result<Secret<String>, Failure> {
        let place = Place::AccessKeySecret {
            account: &key.account,
            id: &key.id,
        };
        text(&self.keyring().open(&place, &key.sealed_secret)?)
    }

    async fn note_use(&self, key: &AccessKeyRecord, now: Timestamp) {
        let id = &key.id;
        let noted = self
            .note_last_use(id, key.last_used, now, |mut tx| {
                Box::pin(async move { Ok(tx.access_keys().touch(id, now).await?) })
            })
            .await;
        // That it is used at all is news to rules about idle keys.
        if noted && key.last_used.is_none() {
            self.resources_changed(&key.account).await;
        }
    }

    /// Notes a use, if the last one that was noted is long ago; whether it did. Best effort: a
    /// full disk must not keep anybody from reading.
    async fn note_last_use<'env, F>(
        &self,
        id: &AccessKeyId,
        last: Option<Timestamp>,
        now: Timestamp,
        touch: F,
    ) -> bool
    where
        F: for<'t> Fn(Scope<'t, 'env>) -> Work<'t, (), Failure> + Send + Sync,
    {
        if last.is_some_and(|last| now.duration_since(last) < LAST_USED_GRAIN) {
            return false;
        }
        match self.tx(Mode::Write, touch).await {
            Ok(()) => true,
            Err(failure) => {
                tracing::warn!(access_key_id = %id, error = %failure, "last use not noted");
                false
            }
        }
    }
}

/// An AccessKey of a RAM user.
impl Recognised for Known {
    fn remembered(callers: &Callers) -> &Remembered<AccessKeyId, Self> {
        &callers.keys
    }

    fn admit(&self, claim: &Claim, _now: Timestamp) -> Result<(), ApiError> {
        claim.verify(&self.secret)?;
        if self.key.status == KeyStatus::Inactive {
            return Err(ApiError::new(
                ErrorCode::AccessKeyInactive,
                "Specified access key is disabled.",
            ));
        }
        Ok(())
    }

    async fn find(
        service: &Service,
        id: &AccessKeyId,
        moment: Option<&Moment>,
    ) -> Result<Self, Failure> {
        let found = service
            .read(moment, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let Some(key) = tx.access_keys().find(id).await? else {
                        return Ok(None);
                    };
                    let Some(user) = tx.users().find(&key.user_id).await? else {
                        return Ok(None);
                    };
                    let rights = Rights::of_user(tx, service.policies(), &user).await?;
                    Ok::<_, Failure>(Some((key, user, rights)))
                })
            })
            .await?;
        let (key, user, rights) = found.ok_or_else(unknown_key)?;
        let mut secret = service.open_key(&key);
        let is_unknown = matches!(&secret, Err(failure) if failure.is_unknown_term());
        if is_unknown && service.learns_terms().await {
            secret = service.open_key(&key);
        }
        Ok(Self {
            secret: secret?,
            key,
            user,
            rights: Arc::new(rights),
        })
    }
}

impl Known {
    fn principal(&self) -> Principal {
        Principal::User {
            account: self.key.account.clone(),
            user_id: self.user.id.clone(),
            user_name: self.user.name.clone(),
            access_key_id: self.key.id.clone(),
            rights: Arc::clone(&self.rights),
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

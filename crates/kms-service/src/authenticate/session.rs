//! Callers that sign with temporary credentials.

use jiff::Timestamp;
use kms_store::Mode;
use kms_types::{AccessKeyId, ErrorCode, Secret};
use kms_wire::{ApiError, sign::Claim};

use super::WINDOW;
use crate::{
    Principal, Rights, Service,
    failure::Failure,
    roles::Role,
    sts::{Session, is_session_key},
};

impl Service {
    /// As [`Service::authenticate`], for a call that comes with a token and whose time was
    /// looked at.
    ///
    /// The signature is checked before anything is said about the session: a token alone
    /// tells its finder nothing. A session whose role was deleted is over, like one whose
    /// time is: both are told to get a new one, and learn the reason there.
    pub(super) async fn verify_session(
        &self,
        claim: &Claim,
        id: &AccessKeyId,
        token: &Secret<String>,
        now: Timestamp,
    ) -> Result<Principal, Failure> {
        let session = Session::open(self.keyring(), token).ok_or_else(malformed)?;
        if session.access_key_id != *id {
            return Err(mismatch().into());
        }
        claim.verify(&session.secret)?;
        if now.as_second() >= session.expires.as_second() {
            return Err(expired().into());
        }
        let rights = self.rights_in(&session).await?.ok_or_else(expired)?;
        self.remember(id, &claim.nonce, claim.timestamp, now - WINDOW)
            .await?;
        session.into_principal(rights)
    }

    /// The role's rights as they are now, if it is still the one that the session was opened
    /// of.
    async fn rights_in(&self, session: &Session) -> Result<Option<Rights>, Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let account = &session.account;
                let role = Role::look_up(tx, account, &session.role_name).await?;
                let Some(role) = role.filter(|role| role.body.id == session.role_id) else {
                    return Ok(None);
                };
                let rights = Rights::of_role(tx, self.policies(), account, &role.body).await?;
                Ok(Some(rights))
            })
        })
        .await
    }
}

/// Refuses a temporary AccessKey that comes without its token.
pub(super) fn check_needs_no_token(id: &AccessKeyId) -> Result<(), ApiError> {
    if is_session_key(id) {
        return Err(ApiError::new(
            ErrorCode::SecurityTokenMissing,
            "SecurityToken is mandatory for this action.",
        ));
    }
    Ok(())
}

fn malformed() -> ApiError {
    ApiError::new(
        ErrorCode::SecurityTokenMalformed,
        "Specified SecurityToken is malformed.",
    )
}

fn mismatch() -> ApiError {
    ApiError::new(
        ErrorCode::SecurityTokenMismatch,
        "Specified SecurityToken mismatch with the AccessKey.",
    )
}

fn expired() -> ApiError {
    ApiError::new(
        ErrorCode::SecurityTokenExpired,
        "Specified SecurityToken is expired.",
    )
}

#[cfg(test)]
mod tests;

//! Callers that sign with temporary credentials.

use jiff::Timestamp;
use kms_store::Mode;
use kms_types::{AccessKeyId, ErrorCode, Secret};
use kms_wire::{ApiError, sign::Claim};

use super::WINDOW;
use crate::{
    Principal, Service,
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
        let is_over = now.as_second() >= session.expires.as_second();
        if is_over || !self.is_role_there(&session).await? {
            return Err(expired().into());
        }
        self.nonces()
            .remember(id, &claim.nonce, claim.timestamp, now - WINDOW)?;
        session.into_principal()
    }

    /// Whether the role is still the one that the session was opened of.
    async fn is_role_there(&self, session: &Session) -> Result<bool, Failure> {
        let role = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    Role::look_up(&mut *tx, &session.account, &session.role_name).await
                })
            })
            .await?;
        Ok(role.is_some_and(|role| role.body.id == session.role_id))
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

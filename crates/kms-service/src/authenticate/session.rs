//! Callers that sign with temporary credentials.

use std::sync::Arc;

use jiff::Timestamp;
use kms_store::Moment;
use kms_types::{AccessKeyId, AccountId, ErrorCode, RoleName, Secret};
use kms_wire::{ApiError, sign::Claim};

use super::WINDOW;
use crate::{
    Principal, Rights, Service,
    failure::Failure,
    roles::Role,
    sts::{Session, is_session_key},
};

/// A role's account and name.
pub(super) type Of = (AccountId, RoleName);

/// A role's id and what it may do, if there is one.
pub(super) type Known = Option<(String, Arc<Rights>)>;

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
    ) -> Result<(Principal, Option<Moment>), Failure> {
        self.look_for_term(Session::term_of(token)).await;
        let session = Session::open(&self.keyring(), token).ok_or_else(malformed)?;
        if session.access_key_id != *id {
            return Err(mismatch().into());
        }
        claim.verify(&session.secret)?;
        if now.as_second() >= session.expires.as_second() {
            return Err(expired().into());
        }
        let moment = self.remember(id, claim, now - WINDOW).await?;
        let rights = self.rights_in(&session, moment.as_ref()).await?;
        let principal = session.into_principal(rights.ok_or_else(expired)?)?;
        Ok((principal, moment))
    }

    /// The role's rights as they are at that moment or later, if it is still the one that the
    /// session was opened of.
    async fn rights_in(
        &self,
        session: &Session,
        moment: Option<&Moment>,
    ) -> Result<Option<Arc<Rights>>, Failure> {
        let name = (session.account.clone(), session.role_name.clone());
        let roles = &self.callers().roles;
        let known = if let Some(known) = roles.at(&name, moment) {
            known
        } else {
            let known = self.role_rights(&name, moment).await?;
            let known = Arc::new(known);
            roles.put(name, moment, &known);
            known
        };
        Ok(match &*known {
            Some((id, rights)) if *id == session.role_id => Some(Arc::clone(rights)),
            _ => None,
        })
    }

    async fn role_rights(
        &self,
        (account, name): &Of,
        moment: Option<&Moment>,
    ) -> Result<Known, Failure> {
        self.read(moment, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let Some(role) = Role::look_up(tx, account, name).await? else {
                    return Ok(None);
                };
                let rights = Rights::of_role(tx, self.policies(), account, &role.body).await?;
                Ok(Some((role.body.id, Arc::new(rights))))
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

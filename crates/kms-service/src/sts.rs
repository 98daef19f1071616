//! STS: who may become a role, and what a session of it signs with (reference kms-api
//! §6.4).

use jiff::SignedDuration;
use kms_store::Mode;
use kms_types::{ErrorCode, RoleArn, Secret};
use kms_wire::{
    Action, ApiError,
    request::{AssumeRole, RoleSession},
    response, write_timestamp,
};

use crate::{
    Caller, Principal, Service,
    authorise::Resource,
    documents::Named,
    failure::Failure,
    policy::{self, Asker, Effect},
    random,
    roles::{self, Role},
};

mod oidc;
mod session;

pub(crate) use session::{Session, access_key_id, is_session_key};

/// How long a session lasts unless asked otherwise, and how long one may last that was
/// opened from another session, in seconds.
const USUAL_SECONDS: u32 = 3_600;

/// What STS evaluates a trust policy for, whichever way a role is asked for.
pub(crate) const ASSUME_ROLE: &str = "sts:AssumeRole";

/// A session just opened.
pub(crate) struct Opened {
    user: response::AssumedRoleUser,
    credentials: response::Credentials,
}

impl Service {
    /// AssumeRole, for users and for sessions of other roles.
    ///
    /// Whoever asks for a role of another account learns nothing about which roles there
    /// are: one that is not there and one that does not trust the caller are refused alike.
    pub(crate) async fn assume_role(
        &self,
        caller: &Caller,
        call: AssumeRole,
    ) -> Result<response::AssumeRole, Failure> {
        let arn = role_arn(&call.session)?;
        self.authorise(caller, Action::AssumeRole, Resource::Role(&arn))
            .map_err(|_no_right| forbidden())?;
        let role = match self.role(&arn).await? {
            Some(role) => role,
            None if caller.principal.account() == Some(&arn.account) => {
                return Err(roles::unknown().into());
            }
            None => return Err(forbidden().into()),
        };
        let mut context = caller.context();
        if let Some(id) = &call.external_id {
            context.insert("sts:ExternalId".into(), vec![id.clone()]);
        }
        let question = policy::Call {
            action: ASSUME_ROLE,
            resource: "",
            asker: Asker::Ram(&caller.principal.arn()),
            context,
            now: self.now(),
        };
        if !trusts(&role, &question)? {
            return Err(forbidden().into());
        }
        let limit = match &caller.principal {
            Principal::Role { .. } => role.body.max_session.min(USUAL_SECONDS),
            _ => role.body.max_session,
        };
        let opened = self.open_session(&arn, &role, call.session, limit)?;
        Ok(response::AssumeRole {
            assumed_role_user: opened.user,
            credentials: opened.credentials,
        })
    }

    async fn role(&self, arn: &RoleArn) -> Result<Option<Named<Role>>, Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move { Role::look_up(&mut *tx, &arn.account, &arn.name).await })
        })
        .await
    }

    /// Makes credentials for one who may have them.
    ///
    /// # Errors
    /// `InvalidParameter.DurationSeconds` beyond the limit, `InvalidParameter.PolicyGrammar`.
    fn open_session(
        &self,
        arn: &RoleArn,
        role: &Named<Role>,
        wish: RoleSession,
        limit: u32,
    ) -> Result<Opened, Failure> {
        let seconds = wish.duration_seconds.unwrap_or(USUAL_SECONDS);
        if seconds > limit {
            return Err(ApiError::new(
                ErrorCode::SessionDuration,
                format!("The parameter \"DurationSeconds\" may be at most {limit} here."),
            )
            .into());
        }
        if let Some(text) = &wish.policy {
            policy::Document::parse(text, policy::Kind::Session)
                .map_err(|why| ApiError::new(ErrorCode::PolicyGrammar, why.to_string()))?;
        }
        let expires = self
            .now()
            .checked_add(SignedDuration::from_secs(i64::from(seconds)))
            .map_err(|_end_of_time| ApiError::internal())?;
        let session = Session {
            account: arn.account.clone(),
            role_id: role.body.id.clone(),
            role_name: arn.name.clone(),
            name: wish.name,
            access_key_id: access_key_id()?,
            secret: Secret::new(std::mem::take(&mut *random::alphanumeric(44)?)),
            expires,
            policy: wish.policy,
        };
        Ok(Opened {
            user: response::AssumedRoleUser {
                arn: format!("{arn}/{}", session.name),
                assumed_role_id: format!("{}:{}", session.role_id, session.name),
            },
            credentials: response::Credentials {
                access_key_id: session.access_key_id.to_string(),
                access_key_secret: session.secret.clone(),
                security_token: session.seal(&self.keyring())?,
                expiration: write_timestamp(session.expires),
            },
        })
    }
}

fn role_arn(session: &RoleSession) -> Result<RoleArn, ApiError> {
    session.role_arn.parse().map_err(|reason| {
        ApiError::new(
            ErrorCode::RoleArnInvalid,
            format!("The specified parameter \"RoleArn\" is {reason}."),
        )
    })
}

/// What the role's own policy says. It was checked when it was written.
fn trusts(role: &Named<Role>, question: &policy::Call<'_>) -> Result<bool, Failure> {
    let trust = policy::Document::parse(&role.body.trust, policy::Kind::Trust)
        .map_err(|_no_longer_valid| Failure::Document("role"))?;
    Ok(trust.evaluate(question) == Effect::Allow)
}

/// One answer to all who may not, whyever.
fn forbidden() -> ApiError {
    ApiError::new(
        ErrorCode::RamForbidden,
        "You are not authorized to assume this role: it needs your own permission for \
         sts:AssumeRole, and the trust policy of the role.",
    )
}

#[cfg(test)]
mod tests;

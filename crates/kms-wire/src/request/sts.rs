use kms_types::Secret;

use super::{Action, Operation, fields::Fields};
use crate::{ApiError, Params, response};

/// Asks who one is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct GetCallerIdentity {}

/// Asks for a role, as one who may assume it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AssumeRole {
    /// Which role and for how long.
    pub session: RoleSession,
    /// What the role's owner agreed with the caller's.
    pub external_id: Option<String>,
}

/// Asks for a role with the token of an identity provider. Travels unsigned.
#[derive(Clone, Debug)]
pub struct AssumeRoleWithOIDC {
    /// Which role and for how long.
    pub session: RoleSession,
    /// `acs:ram::<account>:oidc-provider/<name>`.
    pub oidc_provider_arn: String,
    /// The provider's token as it is, 4 to 20,000 characters.
    pub oidc_token: Secret<String>,
}

/// A session of a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleSession {
    /// `acs:ram::<account>:role/<name>`.
    pub role_arn: String,
    /// What the audit trail calls it: 2 to 64 letters, digits and `.@-_`.
    pub name: String,
    /// 900 to 43,200; 3,600 unless given. The role may allow less.
    pub duration_seconds: Option<u32>,
    /// Narrows the role's rights: JSON, at most 2,048 characters.
    pub policy: Option<String>,
}

impl Operation for GetCallerIdentity {
    type Response = response::GetCallerIdentity;

    const ACTION: Action = Action::GetCallerIdentity;

    fn to_params(&self) -> Params {
        Params::default()
    }

    fn from_params(_params: &Params) -> Result<Self, ApiError> {
        Ok(Self {})
    }
}

impl Operation for AssumeRole {
    type Response = response::AssumeRole;

    const ACTION: Action = Action::AssumeRole;

    fn to_params(&self) -> Params {
        let mut params = self.session.to_params();
        params.push_some("ExternalId", self.external_id.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            session: RoleSession::from_fields(fields)?,
            external_id: fields.bounded("ExternalId", 2, 1224)?.map(str::to_owned),
        })
    }
}

impl Operation for AssumeRoleWithOIDC {
    type Response = response::AssumeRoleWithOidc;

    const ACTION: Action = Action::AssumeRoleWithOIDC;

    fn to_params(&self) -> Params {
        let mut params = self.session.to_params();
        params.push("OIDCProviderArn", self.oidc_provider_arn.as_str());
        // EXPOSE: into the request, of which it is the proof; `Params` wipes it.
        params.push("OIDCToken", self.oidc_token.expose().as_str());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let token = fields
            .bounded("OIDCToken", 4, 20_000)?
            .ok_or_else(|| ApiError::missing_parameter("OIDCToken"))?;
        Ok(Self {
            session: RoleSession::from_fields(fields)?,
            oidc_provider_arn: fields.required_text("OIDCProviderArn")?.to_owned(),
            oidc_token: Secret::from(token),
        })
    }
}

// === impl RoleSession ===

impl RoleSession {
    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("RoleArn", self.role_arn.as_str());
        params.push("RoleSessionName", self.name.as_str());
        let seconds = self.duration_seconds.map(|seconds| seconds.to_string());
        params.push_some("DurationSeconds", seconds);
        params.push_some("Policy", self.policy.as_deref());
        params
    }

    fn from_fields(fields: Fields<'_>) -> Result<Self, ApiError> {
        const NAME: &str = "RoleSessionName";
        let name = fields
            .bounded(NAME, 2, 64)?
            .ok_or_else(|| ApiError::missing_parameter(NAME))?;
        if !name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'@' | b'-' | b'_'))
        {
            return Err(ApiError::invalid_parameter(
                NAME,
                "may only hold letters, digits and .@-_",
            ));
        }
        Ok(Self {
            role_arn: fields.required_text("RoleArn")?.to_owned(),
            name: name.to_owned(),
            duration_seconds: fields.number("DurationSeconds", 900..=43_200)?,
            policy: fields.bounded("Policy", 1, 2048)?.map(str::to_owned),
        })
    }
}

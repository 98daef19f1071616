//! As whom the agent asks KMS. Nothing secret is written into the pod: a role and where its token lies, or
//! the name of a Secret.

use kms_types::{OidcProviderArn, ParseIdError, RoleArn, RoleName};

use super::{
    InjectError, PREFIX, Settings,
    asked::{Annotations, malformed},
    values::ObjectName,
};

/// Who it is.
#[derive(Debug)]
pub(super) enum Identity {
    /// Nobody that is said here: the machine's own role, as a rule.
    Machine,
    /// A RAM role that trusts the pod's ServiceAccount (RRSA).
    Role {
        role: RoleArn,
        provider: OidcProviderArn,
    },
    /// The AccessKey in a Secret of the pod's namespace.
    AccessKey(ObjectName),
    /// The ClientKey in a Secret of the pod's namespace.
    ClientKey(ObjectName),
}

/// What ACK's own webhook for RRSA reads, of the pod. It reads ServiceAccounts as well, which nobody shows
/// to this one.
const ACK_ROLE_NAME: &str = "pod-identity.alibabacloud.com/role-name";

/// The variables by which the default credential chain finds a role, also those that ACK's webhook writes.
pub(super) const ROLE: &str = "ALIBABA_CLOUD_ROLE_ARN";
pub(super) const PROVIDER: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
pub(super) const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

// === impl Identity ===

impl Identity {
    pub(super) fn read(
        annotations: &Annotations<'_>,
        settings: &Settings,
    ) -> Result<Self, InjectError> {
        let said = annotations.one_of(&[
            "role-arn",
            "role-name",
            "credentials-secret",
            "client-key-secret",
        ])?;
        let ack = annotations.0.foreign(ACK_ROLE_NAME);
        let is_role =
            matches!(said, Some("role-arn" | "role-name")) || said.is_none() && ack.is_some();
        if annotations.text("oidc-provider-arn").is_some() && !is_role {
            let reason =
                format!("it is said for no role; add {PREFIX}/role-arn or {PREFIX}/role-name");
            return Err(malformed("oidc-provider-arn", reason));
        }
        let role = match said {
            Some(name @ "credentials-secret") => {
                return secret(annotations, name).map(Self::AccessKey);
            }
            Some(name @ "client-key-secret") => {
                return secret(annotations, name).map(Self::ClientKey);
            }
            Some(name @ "role-name") => {
                let name = annotations.parsed(name)?;
                name.map(|name| of_the_account(name, settings))
                    .transpose()?
            }
            Some(_) => annotations.parsed("role-arn")?,
            None => match ack {
                Some(name) => Some(of_the_account(ack_role(name)?, settings)?),
                None => return Ok(given(annotations).unwrap_or(Self::Machine)),
            },
        };
        let Some(role) = role else {
            return Ok(Self::Machine);
        };
        let provider = provider(annotations, settings, &role)?;
        Ok(Self::Role { role, provider })
    }
}

fn secret(annotations: &Annotations<'_>, name: &'static str) -> Result<ObjectName, InjectError> {
    let secret = annotations.parsed(name)?;
    secret.ok_or_else(|| malformed(name, "name a Secret"))
}

fn ack_role(name: &str) -> Result<RoleName, InjectError> {
    name.parse()
        .map_err(|error: ParseIdError| InjectError::ForeignMalformed {
            name: ACK_ROLE_NAME,
            reason: error.to_string(),
        })
}

fn of_the_account(name: RoleName, settings: &Settings) -> Result<RoleArn, InjectError> {
    let account = settings.uid.clone().ok_or(InjectError::Unsaid {
        what: "it is not said whose role it is",
        annotation: "role-arn",
        flag: "--uid",
    })?;
    Ok(RoleArn { account, name })
}

/// A provider of the role's own account: only those can a role trust.
fn provider(
    annotations: &Annotations<'_>,
    settings: &Settings,
    role: &RoleArn,
) -> Result<OidcProviderArn, InjectError> {
    let said = annotations.parsed("oidc-provider-arn")?;
    if let Some(provider) = said.or_else(|| settings.oidc_provider.clone()) {
        return Ok(provider);
    }
    let unsaid = InjectError::Unsaid {
        what: "it is not said which OIDC provider the role trusts",
        annotation: "oidc-provider-arn",
        flag: "--cluster-id",
    };
    let cluster = settings.cluster_id.as_ref().ok_or_else(|| unsaid.clone())?;
    Ok(OidcProviderArn {
        account: role.account.clone(),
        name: format!("ack-rrsa-{cluster}")
            .parse()
            .map_err(|_invalid| unsaid)?,
    })
}

/// The role that another webhook gave to the application, before this one was asked.
fn given(annotations: &Annotations<'_>) -> Option<Identity> {
    annotations.0.containers().find_map(|container| {
        Some(Identity::Role {
            role: container.variable(ROLE)?.parse().ok()?,
            provider: container.variable(PROVIDER)?.parse().ok()?,
        })
    })
}

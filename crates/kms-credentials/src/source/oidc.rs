//! A role for a token of an identity provider: RRSA on ACK.

use std::path::PathBuf;

use kms_types::Env;

use super::{Recipe, Role, SourceError, file, sts};
use crate::{Credentials, Surroundings};

/// A role that STS gives for the token in a file.
#[derive(Clone, Debug)]
pub struct OidcRole {
    /// Which role, and for how long.
    pub role: Role,
    /// `acs:ram::<account>:oidc-provider/<name>`.
    pub provider_arn: String,
    /// Written anew by the kubelet all the time, so read anew each time.
    pub token_file: PathBuf,
}

const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";
const PROVIDER: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const ROLE: &str = "ALIBABA_CLOUD_ROLE_ARN";

/// By the variables that ACK's webhook sets, all three of them.
pub(crate) fn find(env: &Env) -> Result<Recipe, SourceError> {
    let (Some(token_file), Some(provider_arn), Some(arn)) =
        (env.get(TOKEN_FILE), env.get(PROVIDER), env.get(ROLE))
    else {
        let missing: Vec<&str> = [TOKEN_FILE, PROVIDER, ROLE]
            .into_iter()
            .filter(|name| env.get(name).is_none())
            .collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        return Err(SourceError::Absent(format!(
            "{} {verb} not set",
            missing.join(" and ")
        )));
    };
    Ok(Recipe::Oidc(OidcRole {
        role: Role {
            arn: arn.to_owned(),
            ..Role::default()
        },
        provider_arn: provider_arn.to_owned(),
        token_file: PathBuf::from(token_file),
    }))
}

// === impl OidcRole ===

impl OidcRole {
    pub(super) async fn load(&self, around: &Surroundings) -> Result<Credentials, SourceError> {
        let token = file::text(&self.token_file, around)
            .await
            .map_err(|(_, why)| SourceError::Broken(format!("the OIDC token: {why}")))?;
        // EXPOSE: into the body of the call that trades it for credentials.
        let token = token.expose().trim();
        if token.is_empty() || !token.bytes().all(is_token_byte) {
            return Err(SourceError::Broken(format!(
                "{} holds no token",
                self.token_file.display()
            )));
        }
        let mut params = self.role.params(around)?;
        params.push("OIDCProviderArn", &*self.provider_arn);
        params.push("OIDCToken", token);
        sts::assume_role_with_token(&params, &self.role, around).await
    }
}

/// A JWT is base64url in three parts (RFC 7519).
fn is_token_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'=')
}

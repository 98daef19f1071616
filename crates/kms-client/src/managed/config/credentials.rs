//! `credentials_type` and what belongs to it; passwords of ClientKeys.

use std::path::PathBuf;

use kms_types::Secret;
use kms_wire::sign::SigningKey;

use super::{Caller, KeyText, ManagedConfigError, Password, missing, required, wrong};
use crate::{OidcRole, OidcToken, Role, Source, managed::Properties};

const TYPES: &str = "is none of client_key, ecs_ram_role, ak, ram_role, sts and oidc_role_arn";

/// Who calls on the shared gateway.
pub(super) fn caller(properties: &Properties) -> Result<Caller, ManagedConfigError> {
    let kind = required(properties, "credentials_type", "who reads the secrets")?;
    Ok(Caller::Source(match kind {
        "client_key" => {
            let path = required(properties, KEY_FILE, "the file of the ClientKey")?;
            return Ok(Caller::ClientKey {
                key: KeyText::File(PathBuf::from(path)),
                password: password(properties),
            });
        }
        "ecs_ram_role" => {
            Source::EcsRole(properties.get("credentials_role_name").map(str::to_owned))
        }
        "ak" => access_key(properties)?,
        "ram_role" | "sts" => Source::Role {
            source: Box::new(access_key(properties)?),
            role: role(properties)?,
        },
        "oidc_role_arn" => {
            let hint = "for credentials_type=oidc_role_arn";
            Source::OidcRole(OidcRole {
                role: role(properties)?,
                provider_arn: required(properties, "credentials_oidc_provider_arn", hint)?
                    .to_owned(),
                token: OidcToken::File(
                    required(properties, "credentials_oidc_token_file_path", hint)?.into(),
                ),
            })
        }
        "token" => {
            return Err(wrong(
                "credentials_type",
                "token is a bearer token, which KMS takes from no other client; use ecs_ram_role or client_key",
            ));
        }
        _ => return Err(wrong("credentials_type", TYPES)),
    }))
}

pub(super) const KEY_FILE: &str = "client_key_private_key_path";

/// The password that stands for all ClientKeys of the file.
pub(super) fn password(properties: &Properties) -> Password {
    if let Some(variable) = properties.get("client_key_password_from_env_variable") {
        return Password::Variable(variable.to_owned());
    }
    if let Some(path) = properties.get("client_key_password_from_file_path") {
        return Password::File(PathBuf::from(path));
    }
    if let Some(password) = properties.get("client_key_password") {
        return Password::Value(Secret::from(password));
    }
    Password::Variable("client_key_password".to_owned())
}

fn access_key(properties: &Properties) -> Result<Source, ManagedConfigError> {
    let hint = "for this credentials_type";
    let id = required(properties, "credentials_access_key_id", hint)?;
    let secret = required(properties, "credentials_access_secret", hint)?;
    let access_key_id = id
        .parse()
        .map_err(|why| wrong("credentials_access_key_id", format!("is {why}")))?;
    if secret.contains(char::is_control) {
        return Err(wrong(
            "credentials_access_secret",
            "holds a line feed or another control character",
        ));
    }
    Ok(Source::AccessKey(SigningKey {
        access_key_id,
        access_key_secret: Secret::from(secret),
        security_token: None,
    }))
}

fn role(properties: &Properties) -> Result<Role, ManagedConfigError> {
    let text = |key| properties.get(key).map(str::to_owned);
    let sts = properties.get("credentials_sts_endpoint");
    let sts = sts.map(|text| super::gateways::endpoint("credentials_sts_endpoint", text));
    let seconds = properties.get("credentials_duration_seconds");
    let seconds = seconds.map(str::parse).transpose();
    Ok(Role {
        arn: text("credentials_role_arn")
            .ok_or_else(|| missing("credentials_role_arn", "which role is assumed"))?,
        session_name: text("credentials_role_session_name"),
        seconds: seconds
            .map_err(|_invalid| wrong("credentials_duration_seconds", "is no number"))?,
        policy: text("credentials_policy"),
        external_id: None,
        sts_region: None,
        sts_vpc: false,
        sts_endpoint: sts.transpose()?,
    })
}

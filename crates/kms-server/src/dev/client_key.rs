//! The ClientKey of `dev`: two policies, one access point, one key, and the files that
//! the cloud's console would hand out.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use kms_credentials::{ClientKey, ClientKeyPassword};
use kms_service::{Caller, Service};
use kms_types::Secret;
use kms_wire::{Action, ApiError, Response};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::files::write_private;

use super::{
    ask::{ask, ask_unless_there},
    error::KmsError,
    home::Home,
    names::INSTANCE,
};

/// The file of a ClientKey, as the console writes it (reference kms-api §5.0).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyFile<'a> {
    key_id: &'a str,
    private_key_data: &'a str,
}

/// Name of the access point and stem of its policies' names.
const NAME: &str = "dev";

/// A key is good for five years; one with less than this left is replaced at a start.
const LEAST_LEFT: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Makes what is missing. The key of the run before is kept unless one of its files is
/// lost, the server does not know it any more, or its end is near.
///
/// # Errors
/// [`KmsError`].
pub(super) async fn ensure(
    home: &Home,
    service: &Service,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), KmsError> {
    ensure_access_point(service, caller)
        .await
        .map_err(KmsError::ClientKey)?;
    let kept = ClientKey::read(
        &home.client_key(),
        &ClientKeyPassword::File(home.client_key_password()),
    )
    .ok();
    if let Some(kept) = &kept
        && kept.expires().duration_since(now) >= LEAST_LEFT
        && is_known(service, caller, kept)
            .await
            .map_err(KmsError::ClientKey)?
    {
        return Ok(());
    }
    make(home, service, caller).await?;
    if let Some(replaced) = kept {
        forget(service, caller, &replaced)
            .await
            .map_err(KmsError::ClientKey)?;
    }
    Ok(())
}

/// Everything, on both gateways.
async fn ensure_access_point(service: &Service, caller: &Caller) -> Result<(), ApiError> {
    for (name, instance) in [("dev-shared", "shared"), ("dev-instance", INSTANCE)] {
        let params = [
            ("Name", name),
            ("KmsInstance", instance),
            (
                "Permissions",
                r#"["RbacPermission/Template/CryptoServiceKeyUser","RbacPermission/Template/CryptoServiceSecretUser"]"#,
            ),
            ("Resources", r#"["secret/*","key/*"]"#),
        ];
        ask_unless_there(service, caller, Action::CreatePolicy, &params).await?;
    }
    let point = [
        ("Name", NAME),
        ("AuthenticationMethod", "ClientKey"),
        ("Policies", r#"["dev-shared","dev-instance"]"#),
    ];
    ask_unless_there(
        service,
        caller,
        Action::CreateApplicationAccessPoint,
        &point,
    )
    .await
}

async fn is_known(service: &Service, caller: &Caller, key: &ClientKey) -> Result<bool, ApiError> {
    let id = [("ClientKeyId", key.key().key_id().as_str())];
    match ask(service, caller, Action::GetClientKey, &id).await {
        Ok(_known) => Ok(true),
        Err(reason) if reason.code.status() == 404 => Ok(false),
        Err(reason) => Err(reason),
    }
}

async fn forget(service: &Service, caller: &Caller, key: &ClientKey) -> Result<(), ApiError> {
    let id = [("ClientKeyId", key.key().key_id().as_str())];
    match ask(service, caller, Action::DeleteClientKey, &id).await {
        Err(reason) if reason.code.status() != 404 => Err(reason),
        _ => Ok(()),
    }
}

/// Killed between its two files, it leaves a pair that does not open, which the next run
/// replaces.
async fn make(home: &Home, service: &Service, caller: &Caller) -> Result<(), KmsError> {
    let password = password(service, caller)
        .await
        .map_err(KmsError::ClientKey)?;
    let params = [
        ("AapName", NAME),
        // EXPOSE: into the request that locks the key with it.
        ("Password", password.expose()),
    ];
    let Response::CreateClientKey(key) = ask(service, caller, Action::CreateClientKey, &params)
        .await
        .map_err(KmsError::ClientKey)?
    else {
        return Err(KmsError::ClientKey(ApiError::internal()));
    };
    let file = KeyFile {
        key_id: &key.client_key_id,
        // EXPOSE: into a file of mode 0600, which is what it is for.
        private_key_data: key.private_key_data.expose(),
    };
    let file = serde_json::to_string(&file)
        .map(Zeroizing::new)
        .map_err(|_never| KmsError::ClientKey(ApiError::internal()))?;
    write(&home.client_key(), &file)?;
    // EXPOSE: into its file, mode 0600.
    write(&home.client_key_password(), password.expose())
}

fn write(path: &Path, content: &str) -> Result<(), KmsError> {
    write_private(path, content.as_bytes())
        .map_err(|source| KmsError::File(path.display().to_string(), source))
}

/// Letters and digits, which every place that a password is put into lets pass.
async fn password(service: &Service, caller: &Caller) -> Result<Secret<String>, ApiError> {
    let params = [("PasswordLength", "48"), ("ExcludePunctuation", "true")];
    match ask(service, caller, Action::GetRandomPassword, &params).await? {
        Response::GetRandomPassword(answer) => Ok(answer.random_password),
        _ => Err(ApiError::internal()),
    }
}

#[cfg(test)]
mod tests;

//! The hosted AccessKey of `dev`: a RAM user whose key rotates every few minutes, so that one
//! can watch it.

use jiff::{SignedDuration, Timestamp};
use kms_service::{Caller, delegation};
use kms_store::{Mode, RotationState, Store, StoreError, run_tx};
use kms_types::{AccountId, ErrorCode, SecretName};
use kms_wire::{Action, ApiError, Response};
use serde_json::json;
use zeroize::Zeroizing;

use super::{ask::ask, error::KmsError, names::INSTANCE};
use crate::backend::Backend;

/// The user, who may read its own secret and nothing else.
const USER: &str = "app-demo";

/// What `$Auto` makes of that.
pub(super) const SECRET: &str = "acs/ram/user/app-demo";

/// What the user may do.
const POLICY: (&str, &str) = (
    "app-demo",
    r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:GetSecretValue","Resource":"acs:kms:*:*:secret/acs/ram/user/app-demo"}]}"#,
);

/// How often it rotates. No call may ask for less than six hours unless `--min-rotation` says
/// so; this one does not wait for that.
const INTERVAL: SignedDuration = SignedDuration::from_mins(5);

/// Makes it in the first run. What was done to it since stays: a user that has a key is left
/// alone, with or without the secret.
///
/// # Errors
/// [`KmsError`].
pub(super) async fn ensure(
    backend: &Backend,
    caller: &Caller,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), KmsError> {
    if is_there(backend, caller).await.map_err(KmsError::Hosted)? {
        return Ok(());
    }
    ensure_user(backend, caller)
        .await
        .map_err(KmsError::Hosted)?;
    let made = make(backend, caller).await.map_err(KmsError::Hosted)?;
    if made {
        let store = backend.database.store();
        shorten(store.as_ref(), account, &SECRET.parse()?, now)
            .await
            .map_err(KmsError::HostedStore)?;
    }
    Ok(())
}

async fn is_there(backend: &Backend, caller: &Caller) -> Result<bool, ApiError> {
    let look = [("SecretName", SECRET)];
    match ask(&backend.service, caller, Action::DescribeSecret, &look).await {
        Ok(_there) => Ok(true),
        Err(reason) if reason.code == ErrorCode::ResourceNotFound => Ok(false),
        Err(reason) => Err(reason),
    }
}

/// The user with its right, and the role by which KMS makes its keys.
async fn ensure_user(backend: &Backend, caller: &Caller) -> Result<(), ApiError> {
    let (policy, document) = POLICY;
    for (action, params) in [
        (Action::CreateUser, &[("UserName", USER)][..]),
        (
            Action::RamCreatePolicy,
            &[("PolicyName", policy), ("PolicyDocument", document)],
        ),
        (
            Action::AttachPolicyToUser,
            &[
                ("PolicyType", "Custom"),
                ("PolicyName", policy),
                ("UserName", USER),
            ],
        ),
        (
            Action::RamCreatePolicy,
            &[
                ("PolicyName", delegation::POLICY),
                ("PolicyDocument", delegation::POLICY_DOCUMENT),
            ],
        ),
        (
            Action::CreateRole,
            &[
                ("RoleName", delegation::ROLE),
                ("AssumeRolePolicyDocument", delegation::TRUST_DOCUMENT),
            ],
        ),
        (
            Action::AttachPolicyToRole,
            &[
                ("PolicyType", "Custom"),
                ("PolicyName", delegation::POLICY),
                ("RoleName", delegation::ROLE),
            ],
        ),
    ] {
        match ask(&backend.service, caller, action, params).await {
            Err(reason) if !reason.code.as_str().starts_with("EntityAlreadyExists") => {
                return Err(reason);
            }
            _ => {}
        }
    }
    Ok(())
}

/// A key, and the secret that hosts it; false if the user has keys, whose secret halves are
/// not known here.
async fn make(backend: &Backend, caller: &Caller) -> Result<bool, ApiError> {
    let service = &backend.service;
    let user = [("UserName", USER)];
    let Response::ListAccessKeys(listed) =
        ask(service, caller, Action::ListAccessKeys, &user).await?
    else {
        return Err(ApiError::internal());
    };
    if !listed.access_keys.access_key.is_empty() {
        tracing::warn!(
            user = USER,
            "the secret of the demo user is gone, and the user has AccessKeys: delete them, and \
             the next start makes both anew"
        );
        return Ok(false);
    }
    let Response::CreateAccessKey(made) =
        ask(service, caller, Action::CreateAccessKey, &user).await?
    else {
        return Err(ApiError::internal());
    };
    let key = made.access_key;
    // EXPOSE: into the secret that hosts it; both halves are letters and digits.
    let secret = key.access_key_secret.expose().as_str();
    let data = Zeroizing::new(
        [
            r#"{"AccessKeys":[{"AccessKeyId":""#,
            &key.access_key_id,
            r#"","AccessKeySecret":""#,
            secret,
            r#""}]}"#,
        ]
        .concat(),
    );
    let config = json!({"SecretSubType": "RamUserAccessKey", "UserName": USER, "CustomData": {}});
    let params = [
        ("SecretName", "$Auto"),
        ("SecretType", "RAMCredentials"),
        ("VersionId", "v1"),
        ("DKMSInstanceId", INSTANCE),
        ("ExtendedConfig", &config.to_string()),
        ("SecretData", data.as_str()),
        ("Description", "rotates every five minutes, to be watched"),
    ];
    ask(service, caller, Action::CreateSecret, &params).await?;
    Ok(true)
}

/// Lets it rotate more often than a call may ask for.
async fn shorten(
    store: &dyn Store,
    account: &AccountId,
    name: &SecretName,
    now: Timestamp,
) -> Result<(), StoreError> {
    run_tx(store, Mode::Write, |mut tx| {
        Box::pin(async move {
            let tx = &mut *tx;
            if let Some(mut secret) = tx.secrets().find(account, name).await? {
                secret.rotation.state = RotationState::Enabled;
                secret.rotation.interval_seconds = Some(INTERVAL.as_secs());
                secret.rotation.next = now.checked_add(INTERVAL).ok();
                tx.secrets().update(&secret).await?;
            }
            Ok::<_, StoreError>(())
        })
    })
    .await
}

#[cfg(test)]
mod tests;

//! Every action there is, by those who have no business with most of them. An action that
//! is added later is asked for here without anybody's doing.

use std::fs;

use kms_types::RequestId;
use kms_wire::{Params, Request};
use serde_json::Value;

use super::*;
use crate::stand::Stand;

mod delegation;
mod matrix;
mod request_tags;
mod rights;
mod shared;
mod under_a_key;

const KST: &str = "kst-here";

/// A request as clients send it: the first of the action's cases of kms-wire.
fn request(action: Action) -> Request {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../kms-wire/tests/request");
    let case = fs::read_to_string(format!("{folder}/{}.json", action.type_name())).unwrap();
    let case: Value = serde_json::from_str(&case).unwrap();
    let mut params = Params::default();
    for (name, value) in case["reads"][0]["params"].as_object().unwrap() {
        params.push(name, value.as_str().unwrap());
    }
    Request::parse(action, &params).unwrap()
}

/// Somebody without rights, a client with all that a policy can give on both gateways, and
/// a user.
async fn callers(stand: &Stand) -> [Caller; 3] {
    stand.instance(KST).await;
    let everything = r#"["RbacPermission/Template/SecretUser","RbacPermission/Template/CryptoServiceSecretUser","RbacPermission/Template/CryptoServiceKeyUser"]"#;
    for (name, scope) in [("shared", "shared"), ("inside", KST)] {
        let policy = [
            ("Name", name),
            ("KmsInstance", scope),
            ("Permissions", everything),
            ("Resources", r#"["secret/*","key/*"]"#),
        ];
        stand.call("CreatePolicy", &policy).await.unwrap();
    }
    let point = [("Name", "app"), ("Policies", r#"["shared","inside"]"#)];
    stand
        .call("CreateApplicationAccessPoint", &point)
        .await
        .unwrap();
    let key = stand.client_key("app").await;
    let nobody = Caller {
        principal: Principal::Anonymous,
        request_id: RequestId::random(),
        ..stand.caller.clone()
    };
    let client = stand.client(&key, &Gateway::Shared).await.unwrap();
    [nobody, client, stand.caller.clone()]
}

async fn code(stand: &Stand, caller: &Caller, action: Action) -> Option<ErrorCode> {
    let done = stand.service.call(caller, request(action)).await;
    done.err().map(|error| error.code)
}

/// What kms-wire learns before this crate does is denied to all alike.
fn is_denial(code: Option<ErrorCode>) -> bool {
    matches!(
        code,
        Some(ErrorCode::NoPermission | ErrorCode::RamForbidden | ErrorCode::UnsupportedOperation)
    )
}

#[tokio::test]
async fn nobody_and_clients_may_do_what_is_written_here_and_nothing_else() {
    let stand = Stand::new().await;
    let [nobody, client, _] = callers(&stand).await;
    let mut allowed = Vec::new();
    for (who, caller) in [("nobody", nobody), ("a client", client)] {
        for action in Action::ALL {
            if !is_denial(code(&stand, &caller, *action).await) {
                allowed.push((who, action.as_str()));
            }
        }
    }
    assert_eq!(
        allowed,
        [
            // Its token is the proof, whoever sends it.
            ("nobody", "AssumeRoleWithOIDC"),
            ("a client", "AsymmetricDecrypt"),
            ("a client", "AsymmetricEncrypt"),
            ("a client", "AsymmetricSign"),
            ("a client", "AsymmetricVerify"),
            // Each of them as GetSecretValue reads it.
            ("a client", "BatchGetSecretValue"),
            ("a client", "Decrypt"),
            ("a client", "Encrypt"),
            ("a client", "ExportDataKey"),
            ("a client", "GenerateAndExportDataKey"),
            ("a client", "GenerateDataKey"),
            ("a client", "GenerateDataKeyWithoutPlaintext"),
            ("a client", "GenerateMac"),
            ("a client", "GetPublicKey"),
            ("a client", "GetSecretValue"),
            ("a client", "VerifyMac"),
            ("a client", "AssumeRoleWithOIDC"),
        ]
    );
}

#[tokio::test]
async fn the_gateway_of_an_instance_has_the_data_and_nothing_else() {
    let stand = Stand::new().await;
    let mut there = Vec::new();
    for (who, caller) in ["nobody", "a client", "a user"]
        .into_iter()
        .zip(callers(&stand).await)
    {
        let caller = Caller {
            gateway: Gateway::Instance(KST.parse().unwrap()),
            ..caller
        };
        for action in Action::ALL {
            let code = code(&stand, &caller, *action).await;
            if code != Some(ErrorCode::UnsupportedOperation) {
                there.push((who, action.as_str(), code));
            }
        }
    }
    let mut expected = Vec::new();
    for who in ["nobody", "a client", "a user"] {
        for (action, code) in [
            ("AsymmetricDecrypt", ErrorCode::KeyNotFound),
            ("AsymmetricEncrypt", ErrorCode::KeyNotFound),
            ("AsymmetricSign", ErrorCode::KeyNotFound),
            ("AsymmetricVerify", ErrorCode::KeyNotFound),
            // Their ciphertexts are none.
            ("Decrypt", ErrorCode::InvalidParameter),
            ("Encrypt", ErrorCode::KeyNotFound),
            ("ExportDataKey", ErrorCode::InvalidParameter),
            ("GenerateAndExportDataKey", ErrorCode::KeyNotFound),
            ("GenerateDataKey", ErrorCode::KeyNotFound),
            ("GenerateDataKeyWithoutPlaintext", ErrorCode::KeyNotFound),
            ("GenerateMac", ErrorCode::KeyNotFound),
            ("GetPublicKey", ErrorCode::KeyNotFound),
            ("GetSecretValue", ErrorCode::ResourceNotFound),
            ("VerifyMac", ErrorCode::KeyNotFound),
        ] {
            let code = if who == "nobody" {
                ErrorCode::NoPermission
            } else {
                code
            };
            expected.push((who, action, Some(code)));
        }
    }
    assert_eq!(there, expected);
}

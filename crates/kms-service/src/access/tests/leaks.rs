use std::fs;

use base64::{Engine, prelude::BASE64_STANDARD};
use kms_testkit::LeakCheck;
use kms_types::RequestId;
use kms_wire::{Action, Params, Request, Response};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};

use super::*;
use crate::stand::Log;

/// Text that occurs nowhere by chance.
const PASSWORD: &str = "canary-4e1d77a0b93c5f62-pw";

fn request(access_point: &str) -> Request {
    let mut params = Params::default();
    params.push("AapName", access_point);
    params.push("Password", PASSWORD);
    Request::parse(Action::CreateClientKey, &params).unwrap()
}

/// A piece of the private exponent: what follows the public one, 65537, in DER.
fn private_piece(pkcs8: &[u8]) -> &[u8] {
    let exponent = [0x02, 0x03, 0x01, 0x00, 0x01];
    let at = pkcs8
        .windows(exponent.len())
        .rposition(|window| window == exponent)
        .unwrap();
    &pkcs8[at + 16..at + 80]
}

#[tokio::test]
async fn the_private_half_and_its_password_are_in_the_answer_and_nowhere_else() {
    let (log, _guard) = Log::start();
    let stand = world().await;
    let policy: Policy = ("shared", &[SECRET], &["secret/*"], &[]);
    create_policy(&stand, "app", policy).await;
    let point = [("Name", "app"), ("Policies", r#"["app"]"#)];
    stand
        .call("CreateApplicationAccessPoint", &point)
        .await
        .unwrap();

    let made = stand.service.call(&stand.caller, request("app")).await;
    let made = made.unwrap();
    let Response::CreateClientKey(key) = &made else {
        panic!("a client key");
    };
    let file = BASE64_STANDARD
        .decode(key.private_key_data.expose())
        .unwrap();
    let store = KeyStore::from_pkcs12(&file, PASSWORD, Pkcs12ImportPolicy::Strict).unwrap();
    let (_, chain) = store.private_key_chain().unwrap();
    let private = chain.key().as_der().to_vec();
    let check = LeakCheck::default()
        .with("the password", PASSWORD.as_bytes())
        .with("the private key", private_piece(&private))
        .with(
            "the locked file",
            &file[file.len() / 2..file.len() / 2 + 64],
        );
    assert!(!check.find(&private).is_empty(), "the search works");

    // Everything that somebody might print.
    let mut seen = vec![format!("{:?} {made:?}", request("app"))];
    for (caller, access_point) in [
        (stand.caller.clone(), "gone"),
        (
            crate::Caller {
                gateway: Gateway::Instance(HERE.parse().unwrap()),
                request_id: RequestId::random(),
                ..stand.caller.clone()
            },
            "app",
        ),
    ] {
        let refused = stand.service.call(&caller, request(access_point)).await;
        let error = refused.unwrap_err();
        seen.push(format!("{error} {error:?}"));
    }
    let id = [("ClientKeyId", key.client_key_id.as_str())];
    let told = stand.call("GetClientKey", &id).await.unwrap();
    seen.push(told.to_string());
    let listed = stand.call("ListClientKeys", &[]).await.unwrap();
    seen.push(listed.to_string());
    let unlocked =
        crate::stand::clients::open(&key.client_key_id, key.private_key_data.expose(), PASSWORD);
    let caller = stand.client(&unlocked, &Gateway::Shared).await.unwrap();
    seen.push(format!("{caller:?} {unlocked:?}"));
    check.assert_clean("what is printed", seen.concat().as_bytes());

    check.assert_clean("the log", &log.read());

    let mut has_id = false;
    for entry in fs::read_dir(stand.dir.path().join("data")).unwrap() {
        let entry = entry.unwrap();
        let content = fs::read(entry.path()).unwrap();
        check.assert_clean(&format!("{:?}", entry.file_name()), &content);
        let id = key.client_key_id.as_bytes();
        has_id |= content.windows(id.len()).any(|window| window == id);
    }
    assert!(has_id, "the search looks where keys are kept");
}

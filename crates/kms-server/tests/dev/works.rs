//! From the first line to the last, twice.

use std::fs;

use kms_testkit::LeakCheck;
use serde_json::{Value, json};

use crate::program::{Dev, scratch};

const CANARY: &str = "canary-value-密-7f3a9e41c2d8b605";

#[test]
fn everything_works_and_is_kept_and_nothing_leaks() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    assert!(dev.summary.contains("source "), "{}", dev.summary);

    // Both routes of seed 000, with seed 002's demo secret.
    for target in ["/secretsmanager/get?secretId=agent-test", "/v1/agent-test"] {
        let answer = dev.read(target);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
        for made_up in ["CreateTime", "RequestId"] {
            assert!(
                body.as_object_mut()
                    .unwrap()
                    .remove(made_up)
                    .unwrap()
                    .is_string()
            );
        }
        assert_eq!(
            body,
            json!({
                "SecretData": "{\"k3\":\"v3\"}",
                "SecretDataType": "text",
                "SecretName": "agent-test",
                "SecretType": "Generic",
                "VersionId": "v2",
                "VersionStages": {"VersionStage": ["ACSCurrent"]},
            })
        );
    }
    assert_eq!(dev.get("/v1/agent-test", "").status, 403);

    let params = [
        ("SecretName", "mine"),
        ("SecretData", CANARY),
        ("VersionId", "1"),
    ];
    let created = dev.call("CreateSecret", &params);
    assert_eq!(created["SecretName"], "mine", "{created}");
    assert!(dev.read("/v1/mine").text().contains(CANARY));
    // A refusal repeats parameters to the caller, and to nobody else.
    let refused = dev.call("CreateSecret", &params);
    assert_eq!(refused["Code"], "Rejected.ResourceExist");

    let env = dev.env.clone();
    let token = fs::read(dir.join("kmstoken")).unwrap();
    let ca = fs::read(dir.join("ca.pem")).unwrap();
    let (mut printed, first) = (dev.summary.clone().into_bytes(), dev.stop());
    printed.extend(first);

    let dev = Dev::start(&dir);
    assert!(dev.read("/v1/mine").text().contains(CANARY));
    for kept in [
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ] {
        assert_eq!(dev.env[kept], env[kept], "{kept}");
    }
    assert_eq!(fs::read(dir.join("kmstoken")).unwrap(), token);
    assert_eq!(fs::read(dir.join("ca.pem")).unwrap(), ca);
    printed.extend(dev.stop());

    let values = LeakCheck::default().with("the value", CANARY.as_bytes());
    let client_key: Value =
        serde_json::from_slice(&fs::read(dir.join("clientKey.json")).unwrap()).unwrap();
    let all = values
        .clone()
        .with("the token", &token)
        .with(
            "the AccessKey",
            env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"].as_bytes(),
        )
        .with(
            "the ClientKey",
            client_key["PrivateKeyData"].as_str().unwrap().as_bytes(),
        )
        .with(
            "the ClientKey's password",
            &fs::read(dir.join("clientKey_Password.txt")).unwrap(),
        );
    all.assert_clean("what it printed", &printed);
    assert!(all.assert_clean_folder(&dir.join("logs")) >= 2);
    values.assert_clean_folder(&dir);
    // Sealed as well: these two have files of their own, at the top.
    all.assert_clean_folder(&dir.join("store"));
}

#[test]
fn a_call_cannot_be_played_again_after_a_restart() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let call = dev.sign("GetRandomPassword", &[]);
    assert!(dev.send(&call)["RandomPassword"].is_string());
    assert_eq!(dev.send(&call)["Code"], "SignatureNonceUsed");
    // Killed.
    drop(dev);
    let dev = Dev::start(&dir);
    assert_eq!(dev.send(&call)["Code"], "SignatureNonceUsed");
    // And ended as it should be.
    dev.stop();
    let dev = Dev::start(&dir);
    assert_eq!(dev.send(&call)["Code"], "SignatureNonceUsed");
}

//! The gateway of the instance and the ClientKey, over TLS that DIR/ca.pem vouches for.

use std::fs;

use jiff::SignedDuration;
use kms_client::{
    CallError, Client, ClientKey, ClientKeyPassword, Connection, Identity, request::GetSecretValue,
};

use crate::program::{Dev, now, scratch};

/// The two gateways that speak TLS.
const ENDPOINTS: [&str; 2] = ["KMS_TLS_ENDPOINT", "KMS_INSTANCE_ENDPOINT"];

/// To the endpoint in this line of DIR/env, with the AccessKey there.
fn connection(dev: &Dev, endpoint: &str) -> Connection {
    Connection::new(
        dev.env.clone().into_iter().collect(),
        "cn-hangzhou".parse().unwrap(),
    )
    .endpoint(dev.env[endpoint].parse().unwrap())
    .ca_file(&dev.env["KMS_CA_FILE"])
}

fn client_key(dev: &Dev) -> ClientKey {
    ClientKey::read(
        dev.env["KMS_CLIENT_KEY_FILE"].as_ref(),
        &ClientKeyPassword::File(dev.env["KMS_CLIENT_KEY_PASSWORD_FILE"].clone().into()),
    )
    .unwrap()
}

/// The same with the ClientKey.
fn with_client_key(dev: &Dev, endpoint: &str) -> Client {
    connection(dev, endpoint)
        .identity(Identity::from(client_key(dev)))
        .open()
        .unwrap()
}

fn get(name: &str) -> GetSecretValue {
    GetSecretValue::new(name.parse().unwrap())
}

async fn assert_reads_demo(client: &Client) {
    let value = client.call(&get("agent-test")).await.unwrap();
    assert_eq!(value.secret_data.expose(), r#"{"k3":"v3"}"#);
}

async fn assert_not_found(client: &Client, name: &str) {
    match client.call(&get(name)).await {
        Err(CallError::Service { status, code, .. }) => {
            assert_eq!((status, code.as_str()), (404, "Forbidden.ResourceNotFound"));
        }
        Err(other) => panic!("{other}"),
        Ok(_value) => panic!("{name} is there"),
    }
}

#[tokio::test]
async fn an_instance_shows_what_lives_in_it_to_both_identities() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let params = [
        ("SecretName", "outside"),
        ("SecretData", "o"),
        ("VersionId", "1"),
    ];
    dev.call("CreateSecret", &params);
    let params = [
        ("SecretName", "inside"),
        ("SecretData", "密码"),
        ("VersionId", "1"),
        ("DKMSInstanceId", &dev.env["KMS_INSTANCE_ID"]),
    ];
    dev.call("CreateSecret", &params);

    for endpoint in ENDPOINTS {
        let with_access_key = connection(&dev, endpoint).open().unwrap();
        for client in [with_access_key, with_client_key(&dev, endpoint)] {
            assert_reads_demo(&client).await;
            let inside = client.call(&get("inside")).await.unwrap();
            assert_eq!(inside.secret_data.expose(), "密码");
            if endpoint == "KMS_INSTANCE_ENDPOINT" {
                assert_not_found(&client, "outside").await;
            } else {
                client.call(&get("outside")).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn the_client_key_is_kept_and_half_of_it_is_replaced() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let file = fs::read(dir.join("clientKey.json")).unwrap();
    let replaced = client_key(&dev).key().key_id().to_string();
    // Five years, as the console gives them.
    let year = SignedDuration::from_hours(24 * 365);
    let left = client_key(&dev).expires().duration_since(now());
    assert!(left > year * 5 - SignedDuration::from_hours(1) && left < year * 6);
    dev.stop();

    let dev = Dev::start(&dir);
    assert_eq!(fs::read(dir.join("clientKey.json")).unwrap(), file);
    for endpoint in ENDPOINTS {
        assert_reads_demo(&with_client_key(&dev, endpoint)).await;
    }
    dev.stop();

    fs::remove_file(dir.join("clientKey_Password.txt")).unwrap();
    let dev = Dev::start(&dir);
    assert_ne!(client_key(&dev).key().key_id().as_str(), replaced);
    for endpoint in ENDPOINTS {
        assert_reads_demo(&with_client_key(&dev, endpoint)).await;
    }
    // What somebody deleted on purpose is made anew.
    let current = client_key(&dev).key().key_id().to_string();
    let gone = dev.call("DeleteClientKey", &[("ClientKeyId", &current)]);
    assert!(gone["Code"].is_null(), "{gone}");
    dev.stop();
    let dev = Dev::start(&dir);
    assert_reads_demo(&with_client_key(&dev, "KMS_INSTANCE_ENDPOINT")).await;
    assert_ne!(client_key(&dev).key().key_id().as_str(), current);
}

#[tokio::test]
async fn the_instance_tells_the_ca_that_vouches_for_it() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let id = [("KmsInstanceId", dev.env["KMS_INSTANCE_ID"].as_str())];
    let told = dev.call("GetKmsInstance", &id);
    let ca = fs::read_to_string(&dev.env["KMS_CA_FILE"]).unwrap();
    assert_eq!(told["KmsInstance"]["CaCertificateChainPem"], ca);
}

//! Keys, by ClientKey in the instance's own protocol and by AccessKey in the OpenAPI's.

use kms_wire::instance::{Api, message};
use prost::Message;

use super::{PASSWORD, assert_refused, signed};
use crate::world::{INSTANCE, KMS, Way, World};
use kms_credentials::ClientKey;
use kms_types::Secret;

/// A world with a key in the instance, and a ClientKey that may use it; the key's id.
async fn with_crypto() -> (World, ClientKey, String) {
    let mut world = World::new().await;
    let made = world
        .kms("CreateKey", &[("DKMSInstanceId", INSTANCE)])
        .await
        .ok();
    let id = made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let resources = format!(r#"["key/{id}"]"#);
    let policy = [
        ("Name", "crypto"),
        ("KmsInstance", INSTANCE),
        (
            "Permissions",
            r#"["RbacPermission/Template/CryptoServiceKeyUser"]"#,
        ),
        ("Resources", resources.as_str()),
    ];
    world.kms("CreatePolicy", &policy).await.ok();
    let point = [("Name", "app"), ("Policies", r#"["crypto"]"#)];
    world.kms("CreateApplicationAccessPoint", &point).await.ok();
    let key = [("AapName", "app"), ("Password", PASSWORD)];
    let created = world.kms("CreateClientKey", &key).await;
    created.ok();
    let content = Secret::new(created.body.into_bytes());
    let key = ClientKey::parse(&content, &Secret::from(PASSWORD)).unwrap();
    (world, key, id)
}

fn encrypt(key: &str) -> Vec<u8> {
    message::EncryptRequest {
        key_id: key.to_owned(),
        plaintext: b"hello".to_vec(),
        algorithm: "AES_GCM".to_owned(),
        aad: b"aad".to_vec(),
        iv: Vec::new(),
        padding_mode: String::new(),
    }
    .encode_to_vec()
}

#[tokio::test]
async fn a_client_key_encrypts_and_decrypts_over_the_wire() {
    let (world, client, id) = with_crypto().await;
    let request = signed(&world, &client, Api::Encrypt, &encrypt(&id));
    let answer = world.send_to_instance(request).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.content_type, "application/x-protobuf");
    let made = message::EncryptResponse::decode(answer.body.as_slice()).unwrap();
    assert_eq!(made.key_id, id);
    assert_eq!(made.request_id, answer.request_id);
    let asked = message::DecryptRequest {
        ciphertext_blob: made.ciphertext_blob.clone(),
        key_id: id.clone(),
        algorithm: made.algorithm.clone(),
        aad: b"aad".to_vec(),
        iv: made.iv.clone(),
        padding_mode: made.padding_mode.clone(),
    };
    let request = signed(&world, &client, Api::Decrypt, &asked.encode_to_vec());
    let answer = world.send_to_instance(request).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let opened = message::DecryptResponse::decode(answer.body.as_slice()).unwrap();
    assert_eq!(opened.plaintext, b"hello");
    assert_eq!(opened.request_id, answer.request_id);

    let request = signed(&world, &client, Api::Encrypt, &encrypt("another"));
    let answer = world.send_to_instance(request).await;
    assert_refused(&answer, 403, "Forbidden.NoPermission", "another key");
}

#[tokio::test]
async fn an_access_key_encrypts_on_either_gateway() {
    let (mut world, _, id) = with_crypto().await;
    let params = [("KeyId", id.as_str()), ("Plaintext", "SGVsbG8=")];
    let request = world.sign(Way::V3, KMS, "Encrypt", &params);
    let inside = world.send_to_instance(request).await.text().ok();
    let params = [("CiphertextBlob", inside["CiphertextBlob"].as_str().unwrap())];
    let opened = world.kms("Decrypt", &params).await.ok();
    assert_eq!(opened["Plaintext"], "SGVsbG8=");
    let request = world.sign(Way::V1Form, KMS, "ReEncrypt", &params);
    let refused = world.send_to_instance(request).await.text();
    assert_eq!(refused.status, 400);
}

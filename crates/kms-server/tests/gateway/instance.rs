//! The gateway of an instance: its own protocol, and the products with RAM credentials on
//! the same port (reference kms-api §5.2, §5.3).

use axum::body::Body;
use http::Request;
use kms_credentials::ClientKey;
use kms_types::{Clock, Secret};
use kms_wire::instance::{Api, Unsigned, message, sign};
use prost::Message;

use crate::world::{Answer, HOST, INSTANCE, World};

mod client_key;
mod hostile;
mod keys;
mod openapi;

const PASSWORD: &str = "A1~long-enough";

const VALUE: &str = "密码-7f3a9e41c2d8b605";

/// A world with two secrets in the instance and one outside.
async fn with_secrets() -> World {
    let mut world = World::new().await;
    for (name, instance) in [("app/db", INSTANCE), ("other", INSTANCE), ("outside", "")] {
        let params = [
            ("SecretName", name),
            ("SecretData", VALUE),
            ("VersionId", "v1"),
            ("DKMSInstanceId", instance),
        ];
        world.kms("CreateSecret", &params).await.ok();
    }
    world
}

/// The same, with an access point that may read `app/*` in the instance, and its key.
async fn with_key() -> (World, ClientKey) {
    let mut world = with_secrets().await;
    let policy = [
        ("Name", "reads"),
        ("KmsInstance", INSTANCE),
        (
            "Permissions",
            r#"["RbacPermission/Template/CryptoServiceSecretUser"]"#,
        ),
        ("Resources", r#"["secret/app/*"]"#),
    ];
    world.kms("CreatePolicy", &policy).await.ok();
    let point = [
        ("Name", "app"),
        ("AuthenticationMethod", "ClientKey"),
        ("Policies", r#"["reads"]"#),
    ];
    world.kms("CreateApplicationAccessPoint", &point).await.ok();
    let key = [("AapName", "app"), ("Password", PASSWORD)];
    let created = world.kms("CreateClientKey", &key).await;
    created.ok();
    let content = Secret::new(created.body.into_bytes());
    let key = ClientKey::parse(&content, &Secret::from(PASSWORD)).unwrap();
    (world, key)
}

/// The body of a GetSecretValue.
fn asks(name: &str) -> Vec<u8> {
    message::GetSecretValueRequest {
        secret_name: name.to_owned(),
        ..Default::default()
    }
    .encode_to_vec()
}

/// With the project's own signer, whose vectors kms-wire's tests hold.
fn signed(world: &World, key: &ClientKey, api: Api, body: &[u8]) -> Request<Body> {
    let call = Unsigned {
        api,
        host: HOST,
        user_agent: "test",
        now: world.clock.now(),
        body,
    };
    let signed = sign(&call, key.key()).unwrap();
    let mut request = Request::builder().method(signed.method).uri(signed.target);
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    request.body(Body::from(signed.body)).unwrap()
}

/// Status and code of a refusal, which say the same in HTTP and in the message.
#[track_caller]
fn refusal(answer: &Answer<Vec<u8>>) -> (u16, String) {
    assert_eq!(answer.content_type, "application/x-protobuf");
    let error = message::Error::decode(answer.body.as_slice()).unwrap();
    assert_eq!(error.status_code, i32::from(answer.status));
    assert_eq!(error.request_id, answer.request_id);
    assert!(!error.error_message.is_empty());
    for secret in [VALUE, PASSWORD] {
        assert!(!error.error_message.contains(secret));
    }
    (answer.status, error.error_code)
}

/// Sends it and expects this refusal.
#[track_caller]
fn assert_refused(answer: &Answer<Vec<u8>>, status: u16, code: &str, what: &str) {
    assert_eq!(refusal(answer), (status, code.to_owned()), "{what}");
}

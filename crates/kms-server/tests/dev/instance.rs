//! The gateway of the instance, over TLS that DIR/ca.pem vouches for.

use kms_client::{CallError, Client, Connection, request};

use crate::program::{Dev, scratch};

/// A client of the endpoint in this line of DIR/env, with the AccessKey there.
fn client(dev: &Dev, endpoint: &str) -> Client {
    Connection::new(
        dev.env.clone().into_iter().collect(),
        "cn-hangzhou".parse().unwrap(),
    )
    .endpoint(dev.env[endpoint].parse().unwrap())
    .ca_file(&dev.env["KMS_CA_FILE"])
    .open()
    .unwrap()
}

fn code<T>(answer: Result<T, CallError>) -> (u16, String) {
    match answer {
        Err(CallError::Service { status, code, .. }) => (status, code),
        Err(other) => panic!("{other}"),
        Ok(_answer) => panic!("not refused"),
    }
}

#[tokio::test]
async fn ram_credentials_read_what_lives_in_the_instance() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let params = [
        ("SecretName", "outside"),
        ("SecretData", "o"),
        ("VersionId", "1"),
    ];
    dev.call("CreateSecret", &params);
    let demo = request::GetSecretValue::new("agent-test".parse().unwrap());
    let outside = request::GetSecretValue::new("outside".parse().unwrap());

    let instance = client(&dev, "KMS_INSTANCE_ENDPOINT");
    let value = instance.call(&demo).await.unwrap();
    assert_eq!(value.secret_data.expose(), r#"{"k3":"v3"}"#);
    assert_eq!(
        code(instance.call(&outside).await),
        (404, "Forbidden.ResourceNotFound".to_owned())
    );

    let shared = client(&dev, "KMS_TLS_ENDPOINT");
    for name in [&demo, &outside] {
        shared.call(name).await.unwrap();
    }
}

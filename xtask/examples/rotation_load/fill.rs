//! Users, their AccessKeys, and the secrets that host them, made by calls like everybody's.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use kms_client::{
    Client, Connection, Env, Secret,
    request::{CreateAccessKey, CreateSecret, CreateUser},
};
use kms_types::SecretType;
use serde_json::{Value, json};

/// Six hours, the shortest that KMS takes.
const INTERVAL: &str = "21600s";

/// Makes them in all accounts at once.
pub(crate) async fn fill(
    address: &str,
    access_keys: &[PathBuf],
    users: u32,
    connections: usize,
) -> Value {
    let each = (connections / access_keys.len().max(1)).max(1);
    let mut tasks = Vec::new();
    for file in access_keys {
        let client = connect(address, &fs::read_to_string(file).expect("an AccessKey"));
        let next = Arc::new(AtomicU32::new(0));
        for _connection in 0..each {
            let (client, next) = (client.clone(), Arc::clone(&next));
            tasks.push(tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= users {
                        return;
                    }
                    host(&client, &format!("app-{number:05}")).await;
                }
            }));
        }
    }
    for task in tasks {
        task.await.expect("a connection's task");
    }
    json!({})
}

/// A client of whoever these lines name.
pub(crate) fn connect(address: &str, lines: &str) -> Client {
    let env: Env = lines
        .lines()
        .filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let region = "cn-hangzhou".parse().expect("a region");
    Connection::new(env, region)
        .endpoint(format!("http://{address}").parse().expect("an endpoint"))
        .open()
        .expect("a client")
}

async fn host(client: &Client, user: &str) {
    let user_name: kms_types::UserName = user.parse().expect("a user's name");
    let made = CreateUser {
        user_name: user_name.clone(),
        display_name: None,
        mobile_phone: None,
        email: None,
        comments: None,
    };
    client.call(&made).await.expect("a user");
    let made = CreateAccessKey {
        user_name: Some(user_name),
    };
    let key = client.call(&made).await.expect("an AccessKey").access_key;
    // EXPOSE: into the secret that hosts it.
    let secret = key.access_key_secret.expose();
    let keys = json!({"AccessKeys": [
        {"AccessKeyId": key.access_key_id, "AccessKeySecret": secret}
    ]});
    let config = json!({"SecretSubType": "RamUserAccessKey", "UserName": user, "CustomData": {}});
    let hosted = CreateSecret {
        secret_type: SecretType::RamCredentials,
        extended_config: Some(config.to_string()),
        rotation_interval: Some(INTERVAL.parse().expect("an interval")),
        ..CreateSecret::new(
            format!("acs/ram/user/{user}").parse().expect("a name"),
            Secret::new(keys.to_string()),
            "v1".parse().expect("a version"),
        )
    };
    client.call(&hosted).await.expect("a hosted AccessKey");
}

use std::fs;

use kms_store::Mode;

use super::*;
use crate::stand::account;

/// Text that occurs nowhere by chance.
const CANARY: &str = "canary-7f3a9c51e2d84b06-value";

#[tokio::test]
async fn no_file_holds_a_value_or_a_key() {
    let stand = Stand::new().await;
    stand.create("app/db", CANARY).await;
    stand
        .put("app/db", "v2", &format!("{CANARY}-2"))
        .await
        .unwrap();
    stand
        .call("GetSecretValue", &[("SecretName", "app/db")])
        .await
        .unwrap();
    let access_key = stand.key.access_key_secret.expose().clone();
    let root = fs::read_to_string(stand.dir.path().join("root.key")).unwrap();
    let root = hex(&root);

    let mut looked_at = Vec::new();
    for entry in fs::read_dir(stand.dir.path().join("data")).unwrap() {
        let entry = entry.unwrap();
        let content = fs::read(entry.path()).unwrap();
        for (what, secret) in [
            ("value", CANARY.as_bytes()),
            ("AccessKey secret", access_key.as_bytes()),
            ("root key", &root),
        ] {
            let found = content.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "a {what} lies in {:?}", entry.file_name());
        }
        // That names are found shows that the search works.
        if content.windows(6).any(|window| window == b"app/db") {
            looked_at.push(entry.file_name());
        }
    }
    assert!(!looked_at.is_empty());
}

#[tokio::test]
async fn values_put_in_each_others_place_do_not_open() {
    let stand = Stand::new().await;
    stand.create("app/one", "first").await;
    stand.create("app/two", "second").await;
    let mut tx = stand.parts.store.begin(Mode::Write).await.unwrap();
    let mut found = Vec::new();
    for name in ["app/one", "app/two"] {
        let secret = tx
            .secrets()
            .find(&account(), &name.parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        let version = tx.versions().of(secret.id).await.unwrap().remove(0);
        found.push((secret.id, version));
    }
    let stage = "ACSCurrent".parse().unwrap();
    for (to, from) in [(0, 1), (1, 0)] {
        let (secret, _) = found[to];
        let (_, version) = &found[from];
        tx.versions().remove_stage(secret, &stage).await.unwrap();
        tx.versions()
            .remove(secret, found[to].1.serial)
            .await
            .unwrap();
        let swapped = kms_store::NewVersion {
            id: version.id.clone(),
            data_type: version.data_type,
            sealed: version.sealed.clone(),
            created: version.created,
        };
        let serial = tx.versions().insert(secret, &swapped).await.unwrap();
        tx.versions()
            .put_stage(secret, &stage, serial)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    for name in ["app/one", "app/two"] {
        let read = stand.read(name, "ACSCurrent").await;
        assert_eq!(read, Err(ErrorCode::InternalFailure), "{name}");
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text
        .trim()
        .chars()
        .map(|c| c.to_digit(16).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}

//! What the golden databases of all released schemas hold.

use kms_store::{AccountRecord, Mode, Store};
use kms_types::{AccountId, VersionStage};

pub(crate) async fn is_read(store: &dyn Store) {
    let mut tx = store.begin(Mode::Read).await.unwrap();

    let account: AccountId = "1234567890123456".parse().unwrap();
    let created = "2025-01-03T07:59:17.123Z".parse().unwrap();
    assert_eq!(
        tx.accounts().list().await.unwrap(),
        [AccountRecord {
            id: account.clone(),
            created
        }]
    );
    let user = tx
        .users()
        .find_by_name(&account, "dev")
        .await
        .unwrap()
        .unwrap();
    let keys = tx.access_keys().of_user(&user.id).await.unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].sealed_secret, b"\x01sealed");
    assert_eq!(keys[0].last_used, Some(created));
    let secret = tx
        .secrets()
        .find(&account, &"agent-test".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(secret.description, "demo");
    assert_eq!(secret.planned_delete, None);
    let versions = tx.versions().of(secret.id).await.unwrap();
    let seen: Vec<(&str, &str, Vec<&str>)> = versions
        .iter()
        .map(|version| {
            let stages = version.stages.iter().map(VersionStage::as_str).collect();
            (version.id.as_str(), version.data_type.as_str(), stages)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("v1", "binary", vec!["ACSPrevious"]),
            ("v2", "text", vec!["ACSCurrent", "blue"])
        ]
    );
    assert_eq!(tx.tags().of(&secret.id.into()).await.unwrap().len(), 1);
    assert_eq!(
        tx.keyrings().load().await.unwrap().unwrap().wrapped,
        b"\x01keyring"
    );
}

//! What the golden databases of all released schemas hold.

use kms_store::{AccountRecord, DocumentKind, Mode, RotationState, Store, Tagged};
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

/// What has been there since schema 2.
pub(crate) async fn has_documents(store: &dyn Store) {
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let account: AccountId = "1234567890123456".parse().unwrap();
    let rule = tx
        .documents()
        .find(&account, DocumentKind::NetworkRule, "office")
        .await
        .unwrap()
        .unwrap();
    assert!(rule.body.starts_with(r#"{"kind":"Private""#));
    let id = "KAAP.dev".parse().unwrap();
    let client = tx.client_keys().find(&id).await.unwrap().unwrap();
    assert_eq!(client.access_point, "app");
    assert_eq!(client.public_key, [0x30, 0x82]);
}

/// What has been there since schema 3.
pub(crate) async fn has_keys(store: &dyn Store) {
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let account: AccountId = "1234567890123456".parse().unwrap();
    let name = "alias/golden".parse().unwrap();
    let alias = tx.aliases().find(&account, &name).await.unwrap().unwrap();
    let key = tx.keys().find(&account, &alias.key).await.unwrap().unwrap();
    assert_eq!(key.description, "demo");
    let version = tx.key_versions().find(&key.primary_version).await.unwrap();
    assert_eq!(version.unwrap().sealed.unwrap(), [3]);
    let tags = tx.tags().of(&Tagged::Key(key.id)).await.unwrap();
    assert_eq!(tags[0].value, "blue");

    let name = "agent-test".parse().unwrap();
    let secret = tx.secrets().find(&account, &name).await.unwrap().unwrap();
    assert_eq!(secret.rotation.state, RotationState::Enabled);
    assert_eq!(secret.rotation.interval_seconds, Some(604_800));
    let rotation = tx.rotations().find("r1").await.unwrap().unwrap();
    assert_eq!((rotation.fence, rotation.secret), (2, secret.id));
    let marker = tx.markers().get("rekey").await.unwrap();
    assert_eq!(marker.as_deref(), Some("half"));
}

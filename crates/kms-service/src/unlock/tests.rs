use kms_store::{AccountRecord, SqliteStore};

use super::*;
use crate::stand::{NOW, Stand, account};

#[tokio::test]
async fn the_same_root_key_opens_the_store_again_and_no_other_does() {
    let stand = Stand::new().await;
    let store = stand.parts.store.as_ref();
    let root = RootKey::load(&stand.dir.path().join("root.key")).unwrap();
    let keyring = unlock(store, &root, &stand.clock).await.unwrap();
    assert_eq!(keyring.installation(), stand.parts.keyring.installation());

    let other = RootKey::random().unwrap();
    let refused = unlock(store, &other, &stand.clock).await;
    assert!(matches!(
        refused,
        Err(UnlockError::Keyring(KeyringError::OtherRootKey { .. }))
    ));
    unlock(store, &root, &stand.clock).await.unwrap();
}

#[tokio::test]
async fn a_store_restored_in_part_gets_no_new_keyring() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("kms.db")).await.unwrap();
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let record = AccountRecord {
        id: account(),
        created: NOW.parse().unwrap(),
    };
    tx.accounts().insert(&record).await.unwrap();
    tx.commit().await.unwrap();
    let clock = kms_testkit::MockClock::at(NOW.parse().unwrap());
    let unlocked = unlock(&store, &RootKey::random().unwrap(), &clock).await;
    assert!(matches!(unlocked, Err(UnlockError::NoKeyring)));
    let mut tx = store.begin(Mode::Read).await.unwrap();
    assert_eq!(tx.keyrings().load().await.unwrap(), None);
}

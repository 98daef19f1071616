use std::sync::Arc;

use kms_store::{KeyringRecord, Mode, Store, StoreError};

pub(crate) async fn is_written_in_revisions(store: Arc<dyn Store>) {
    let record = |revision, wrapped: &[u8]| KeyringRecord {
        revision,
        wrapped: wrapped.to_vec(),
    };
    let mut tx = store.begin(Mode::Write).await.unwrap();
    assert_eq!(tx.keyrings().load().await.unwrap(), None);
    tx.keyrings().save(&record(1, b"one")).await.unwrap();
    for revision in [1, 3] {
        let saved = tx.keyrings().save(&record(revision, b"else")).await;
        assert!(matches!(saved, Err(StoreError::Conflict)), "{revision}");
    }
    tx.keyrings().save(&record(2, b"two")).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin(Mode::Read).await.unwrap();
    let loaded = tx.keyrings().load().await.unwrap();
    assert_eq!(loaded, Some(record(2, b"two")));
}

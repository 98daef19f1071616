use std::sync::Arc;

use kms_store::{AccountRecord, Mode, Store, StoreError, run_tx};

use super::{account, add_account, add_secret, at, furnished};

pub(crate) async fn a_dropped_one_never_happened(store: Arc<dyn Store>) {
    for _ in 0..3 {
        let mut tx = store.begin(Mode::Write).await.unwrap();
        add_account(tx.as_mut()).await;
        drop(tx);
    }
    let mut tx = store.begin(Mode::Read).await.unwrap();
    assert_eq!(tx.accounts().list().await.unwrap(), []);
}

pub(crate) async fn work_that_fails_never_happened(store: Arc<dyn Store>) {
    let id = account();
    let done: Result<(), StoreError> = run_tx(store.as_ref(), Mode::Write, |mut tx| {
        let id = &id;
        Box::pin(async move {
            let record = AccountRecord {
                id: id.clone(),
                created: at(0),
            };
            tx.accounts().insert(&record).await?;
            tx.accounts().insert(&record).await
        })
    })
    .await;
    assert!(matches!(done, Err(StoreError::Taken)));
    let found = run_tx::<_, StoreError, _>(store.as_ref(), Mode::Read, |mut tx| {
        let id = &id;
        Box::pin(async move { tx.accounts().find(id).await })
    })
    .await;
    assert_eq!(found.unwrap(), None);
}

pub(crate) async fn a_reader_sees_one_moment(store: Arc<dyn Store>) {
    let id = furnished(store.as_ref()).await;
    let mut reader = store.begin(Mode::Read).await.unwrap();
    assert_eq!(reader.versions().of(id).await.unwrap().len(), 1);

    let mut writer = store.begin(Mode::Write).await.unwrap();
    add_secret(writer.as_mut(), "another").await;
    writer.secrets().remove(id).await.unwrap();
    writer.commit().await.unwrap();

    assert_eq!(reader.versions().of(id).await.unwrap().len(), 1);
    let another = reader
        .secrets()
        .find(&account(), &"another".parse().unwrap())
        .await;
    assert_eq!(another.unwrap(), None);
    reader.commit().await.unwrap();
    let mut reader = store.begin(Mode::Read).await.unwrap();
    assert_eq!(reader.versions().of(id).await.unwrap(), []);
}

pub(crate) async fn a_reader_cannot_write(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let inserted = tx
        .accounts()
        .insert(&AccountRecord {
            id: account(),
            created: at(0),
        })
        .await;
    assert!(inserted.is_err());
}

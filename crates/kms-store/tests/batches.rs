//! Group commit on SQLite: what is synced together, and who sees what when.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use jiff::Timestamp;
use kms_store::{AccountRecord, Area, Mode, SqliteStore, Store, StoreError, Tx};
use tempfile::TempDir;
use tokio::task::{JoinHandle, yield_now};

async fn open() -> (TempDir, Arc<SqliteStore>) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("kms.db")).await.unwrap();
    (dir, Arc::new(store))
}

async fn add(tx: &mut dyn Tx, id: u32) -> Result<(), StoreError> {
    let account = AccountRecord {
        id: format!("{id}").parse().unwrap(),
        created: Timestamp::UNIX_EPOCH,
    };
    tx.accounts().insert(&account).await
}

/// A transaction that waits for its turn, then adds an account.
async fn queued(store: &Arc<SqliteStore>, id: u32) -> JoinHandle<Result<(), StoreError>> {
    let task = tokio::spawn({
        let store = Arc::clone(store);
        async move {
            let mut tx = store.begin(Mode::Write).await?;
            add(tx.as_mut(), id).await?;
            tx.commit().await
        }
    });
    // One thread: after this it stands in the queue.
    yield_now().await;
    task
}

/// Grows by one with each commit of the database that adds accounts.
async fn revision(store: &SqliteStore) -> u64 {
    let moment = store.moment().await.unwrap().unwrap();
    moment.number(Area::Identity)
}

async fn accounts(store: &SqliteStore) -> Vec<String> {
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let all = tx.accounts().list().await.unwrap();
    all.into_iter()
        .map(|account| account.id.to_string())
        .collect()
}

#[tokio::test]
async fn those_who_wait_are_synced_together() {
    let (_dir, store) = open().await;
    let before = revision(&store).await;
    let mut first = store.begin(Mode::Write).await.unwrap();
    let second = queued(&store, 2).await;
    let third = queued(&store, 3).await;
    add(first.as_mut(), 1).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(accounts(&store).await, ["1", "2", "3"]);
    second.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
    assert_eq!(
        revision(&store).await,
        before + 1,
        "one commit for all three"
    );
}

#[tokio::test]
async fn nobody_sees_or_hears_of_a_commit_before_it_is_synced() {
    let (_dir, store) = open().await;
    let before = revision(&store).await;
    let mut first = store.begin(Mode::Write).await.unwrap();
    add(first.as_mut(), 1).await.unwrap();
    let second = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.begin(Mode::Write).await }
    });
    yield_now().await;
    let first = tokio::spawn(first.commit());
    // The first has ended its part, the second has the turn.
    let mut second = second.await.unwrap().unwrap();
    assert_eq!(accounts(&store).await, [""; 0]);
    assert_eq!(revision(&store).await, before);
    assert!(!first.is_finished());
    assert!(matches!(
        add(second.as_mut(), 1).await,
        Err(StoreError::Taken)
    ));
    add(second.as_mut(), 2).await.unwrap();
    second.commit().await.unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(accounts(&store).await, ["1", "2"]);
}

#[tokio::test]
async fn who_goes_without_a_word_takes_nobody_along() {
    let (_dir, store) = open().await;
    let mut first = store.begin(Mode::Write).await.unwrap();
    add(first.as_mut(), 1).await.unwrap();
    let deserter = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            let mut tx = store.begin(Mode::Write).await.unwrap();
            add(tx.as_mut(), 2).await.unwrap();
        }
    });
    yield_now().await;
    let third = queued(&store, 3).await;
    first.commit().await.unwrap();
    deserter.await.unwrap();
    third.await.unwrap().unwrap();
    assert_eq!(accounts(&store).await, ["1", "3"]);

    // Alone in its batch, and nobody comes after it.
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add(tx.as_mut(), 4).await.unwrap();
    drop(tx);
    assert_eq!(accounts(&store).await, ["1", "3"]);
    queued(&store, 4).await.await.unwrap().unwrap();
    assert_eq!(accounts(&store).await, ["1", "3", "4"]);
}

#[tokio::test]
async fn whoever_has_to_be_alone_is_in_no_batch_of_others() {
    let (_dir, store) = open().await;
    let before = revision(&store).await;
    let mut first = store.begin(Mode::Write).await.unwrap();
    add(first.as_mut(), 1).await.unwrap();
    let alone = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            let mut tx = store.begin(Mode::Alone).await.unwrap();
            add(tx.as_mut(), 2).await.unwrap();
            (revision(&store).await, tx)
        }
    });
    yield_now().await;
    first.commit().await.unwrap();
    let (seen, alone) = alone.await.unwrap();
    assert_eq!(seen, before + 1, "the others' is over when it begins");
    alone.commit().await.unwrap();
    assert_eq!(revision(&store).await, before + 2);
}

#[tokio::test]
async fn the_revision_grows_with_what_is_written_alone() {
    let (_dir, store) = open().await;
    let before = revision(&store).await;
    store
        .begin(Mode::Read)
        .await
        .unwrap()
        .commit()
        .await
        .unwrap();
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add(tx.as_mut(), 1).await.unwrap();
    drop(tx);
    assert_eq!(accounts(&store).await, [""; 0]);
    assert_eq!(revision(&store).await, before);
    queued(&store, 1).await.await.unwrap().unwrap();
    assert_eq!(revision(&store).await, before + 1);
}

/// Whoever goes at any moment of a transaction stops nobody else's.
#[tokio::test]
async fn one_that_is_dropped_anywhere_stops_nobody() {
    let (_dir, store) = open().await;
    for life in 0..60 {
        let mut left = life;
        let mut whole = Box::pin(async {
            let mut tx = store.begin(Mode::Write).await.unwrap();
            add(tx.as_mut(), 1_000 + life).await.unwrap();
            tx.commit().await.unwrap();
        });
        // Looked at so often, each time that there may be something new.
        std::future::poll_fn(|context| {
            if left == 0 {
                return std::task::Poll::Ready(());
            }
            left -= 1;
            whole.as_mut().poll(context)
        })
        .await;
        drop(whole);
        let mut tx = store.begin(Mode::Write).await.unwrap();
        add(tx.as_mut(), life).await.unwrap();
        tx.commit().await.unwrap();
    }
}

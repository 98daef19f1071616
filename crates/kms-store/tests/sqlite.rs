//! The contract over SQLite, and what is SQLite's alone: files, crashes, old schemas.
#![cfg(feature = "sqlite")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod contract;

use std::{fs, path::Path, sync::Arc};

use contract::{contract_tests, furnished, version};
use kms_store::{Mode, SqliteStore, Store, StoreError};
use tempfile::TempDir;

async fn open() -> (TempDir, Arc<dyn Store>) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("kms.db")).await.unwrap();
    (dir, Arc::new(store))
}

contract_tests!(open());

/// The files as a killed process leaves them: no lock, no tidy close.
fn copy_of(dir: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        // The shared-memory index is rebuilt from the log; a power cut loses it.
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    copy
}

async fn reopened(copy: &TempDir) -> SqliteStore {
    SqliteStore::open(&copy.path().join("kms.db"))
        .await
        .unwrap()
}

#[tokio::test]
async fn what_was_committed_outlives_a_crash_and_what_was_not_never_happened() {
    let (dir, store) = open().await;
    let secret = furnished(store.as_ref()).await;
    let after_commit = copy_of(dir.path());

    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    let within_a_transaction = copy_of(dir.path());
    tx.commit().await.unwrap();
    let after_removal = copy_of(dir.path());

    for (copy, is_there) in [
        (after_commit, true),
        (within_a_transaction, true),
        (after_removal, false),
    ] {
        let store = reopened(&copy).await;
        let current = version(&store, secret, "ACSCurrent").await.unwrap();
        assert_eq!(current.is_some(), is_there);
    }
}

#[tokio::test]
async fn a_torn_log_loses_at_most_what_was_torn() {
    let (dir, store) = open().await;
    let secret = furnished(store.as_ref()).await;
    let whole = copy_of(dir.path());
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    tx.commit().await.unwrap();

    let before = fs::metadata(whole.path().join("kms.db-wal")).unwrap().len();
    let after = fs::metadata(dir.path().join("kms.db-wal")).unwrap().len();
    assert!(after > before);
    for len in (before..after).step_by(97) {
        let copy = copy_of(dir.path());
        let log = fs::OpenOptions::new()
            .write(true)
            .open(copy.path().join("kms.db-wal"))
            .unwrap();
        log.set_len(len).unwrap();
        let store = reopened(&copy).await;
        let current = version(&store, secret, "ACSCurrent").await.unwrap();
        assert!(
            current.is_some(),
            "cut to {len}: the removal is torn, the rest is whole"
        );
    }
}

#[tokio::test]
async fn a_store_dropped_without_closing_opens_again() {
    let (dir, store) = open().await;
    let secret = furnished(store.as_ref()).await;
    // A transaction that nobody ends.
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    drop(tx);
    drop(store);
    // The last connection closes in a thread of its own.
    let store = until_free(&dir.path().join("kms.db")).await;
    assert!(
        version(&store, secret, "ACSCurrent")
            .await
            .unwrap()
            .is_some()
    );
}

async fn until_free(path: &Path) -> SqliteStore {
    loop {
        match SqliteStore::open(path).await {
            Err(StoreError::InUse { .. }) => tokio::task::yield_now().await,
            opened => return opened.unwrap(),
        }
    }
}

#[tokio::test]
async fn one_process_at_a_time() {
    let (dir, store) = open().await;
    let path = dir.path().join("kms.db");
    let second = SqliteStore::open(&path).await;
    assert!(matches!(second, Err(StoreError::InUse { .. })));
    drop(second);
    let mut tx = store.begin(Mode::Read).await.unwrap();
    assert_eq!(tx.accounts().list().await.unwrap(), [], "the first goes on");
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("state/kms");
    let store = SqliteStore::open(&folder.join("kms.db")).await.unwrap();
    furnished(&store).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            assert_eq!(mode(&entry.path()), 0o600, "{:?}", entry.file_name());
            entry.file_name().into_string().unwrap()
        })
        .collect();
    names.sort();
    assert_eq!(names, ["kms.db", "kms.db-shm", "kms.db-wal", "kms.db.lock"]);
}

#[tokio::test]
async fn refuses_files_of_others_and_leaves_them_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kms.db");
    let text = "this is no database, and it is longer than a header of one hundred bytes, \
                which is how SQLite knows its own";
    fs::write(&path, text).unwrap();
    assert!(matches!(
        SqliteStore::open(&path).await,
        Err(StoreError::Foreign { .. })
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    let path = dir.path().join("other.db");
    run(&path, "CREATE TABLE somebody_elses (x)").await;
    assert!(matches!(
        SqliteStore::open(&path).await,
        Err(StoreError::Foreign { .. })
    ));
}

#[tokio::test]
async fn refuses_a_schema_from_the_future() {
    let (dir, store) = open().await;
    drop(store);
    let path = dir.path().join("kms.db");
    until_free(&path).await.close().await;
    run(&path, "PRAGMA user_version = 1000").await;
    let opened = loop {
        match SqliteStore::open(&path).await {
            Err(StoreError::InUse { .. }) => tokio::task::yield_now().await,
            opened => break opened,
        }
    };
    assert!(matches!(
        opened,
        Err(StoreError::SchemaTooNew { found: 1000, .. })
    ));
}

/// A database as schema 1 left it; each released schema gets such a file.
#[tokio::test]
async fn opens_a_database_of_schema_1() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kms.db");
    run(&path, include_str!("golden/schema-1.sql")).await;
    contract::golden::is_read(&SqliteStore::open(&path).await.unwrap()).await;
}

#[tokio::test]
async fn opens_a_database_of_schema_2() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kms.db");
    run(&path, include_str!("golden/schema-2.sql")).await;
    let store = SqliteStore::open(&path).await.unwrap();
    contract::golden::is_read(&store).await;
    contract::golden::has_documents(&store).await;
}

#[tokio::test]
async fn opens_a_database_of_schema_3() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kms.db");
    run(&path, include_str!("golden/schema-3.sql")).await;
    let store = SqliteStore::open(&path).await.unwrap();
    contract::golden::is_read(&store).await;
    contract::golden::has_documents(&store).await;
    contract::golden::has_keys(&store).await;
}

#[tokio::test]
async fn opens_a_database_of_schema_4() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kms.db");
    run(&path, include_str!("golden/schema-4.sql")).await;
    let store = SqliteStore::open(&path).await.unwrap();
    contract::golden::is_read(&store).await;
    contract::golden::has_documents(&store).await;
    contract::golden::has_keys(&store).await;
}

async fn run(path: &Path, sql: &'static str) {
    use sqlx::ConnectOptions;
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    sqlx::Connection::close(connection).await.unwrap();
}

#[tokio::test]
async fn what_is_remembered_needs_no_transaction() {
    let (_dir, store) = open().await;
    let secret = furnished(store.as_ref()).await;
    let moment = store.moment().await.unwrap().unwrap();
    let mut tx = store.begin_at(&moment).await.unwrap();
    tx.secrets().find_by_id(secret).await.unwrap().unwrap();
    tx.commit().await.unwrap();

    // All there are; whoever needs another waits ten seconds, and is told so.
    let mut taken = Vec::new();
    for _reader in 0..4 {
        taken.push(store.begin(Mode::Read).await.unwrap());
    }
    let moment = store.moment().await.unwrap().unwrap();
    let mut tx = store.begin_at(&moment).await.unwrap();
    tx.secrets().find_by_id(secret).await.unwrap().unwrap();
    tx.commit().await.unwrap();
}

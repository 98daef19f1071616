use std::{
    fs::File,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Mode, Store, StoreError, Tx, sql::SqlTx};

mod connection;
mod failure;
mod files;
mod schema;

use connection::SqliteTx;
use failure::failed;

/// Readers at once; more wait.
const READERS: u32 = 4;
/// How long a transaction waits for its turn.
const TURN: Duration = Duration::from_secs(10);

/// One SQLite file, held by one process: write-ahead log, every commit synced, one
/// writer at a time beside readers that see the last commit. Cheap to clone.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    writer: SqlitePool,
    readers: SqlitePool,
    /// A commit failed to reach the disk. What the disk holds is then unknown until the
    /// file is opened anew, and syncing again would lie (reference security §6.3 rule 4).
    is_failed: AtomicBool,
    /// Locked as long as the store is open.
    _lock: File,
}

impl SqliteStore {
    /// Opens the file, making it (mode 0600, its folder 0700) if there is none, and
    /// brings its schema up to date.
    ///
    /// # Errors
    /// `File`, `InUse` (another process has it), `Foreign` (no store of ours),
    /// `SchemaTooNew`, `Corrupt`, `Database`.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = files::prepare(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(TURN)
            .synchronous(SqliteSynchronous::Full)
            .pragma("fullfsync", "1")
            .pragma("checkpoint_fullfsync", "1")
            .pragma("trusted_schema", "0")
            .pragma("cell_size_check", "1");
        let writer = pool(1)
            .connect_with(
                options
                    .clone()
                    .journal_mode(SqliteJournalMode::Wal)
                    // What is deleted is overwritten, not only unlinked.
                    .pragma("secure_delete", "1"),
            )
            .await
            .map_err(|error| failure::at_open(error, path))?;
        schema::bring_up(&writer, path).await?;
        let readers = pool(READERS)
            .connect_with(options.read_only(true))
            .await
            .map_err(failed)?;
        Ok(Self(Arc::new(Inner {
            writer,
            readers,
            is_failed: AtomicBool::new(false),
            _lock: lock,
        })))
    }

    /// Waits for transactions to end and closes the file; transactions after that fail.
    pub async fn close(&self) {
        self.0.readers.close().await;
        self.0.writer.close().await;
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, StoreError> {
        let inner = match mode {
            Mode::Read => self.0.readers.begin_with("BEGIN").await,
            Mode::Write | Mode::Alone if self.0.is_failed.load(Ordering::Acquire) => {
                return Err(StoreError::Unavailable(
                    "a commit did not reach the disk; restart the server",
                ));
            }
            Mode::Write | Mode::Alone => self.0.writer.begin_with("BEGIN IMMEDIATE").await,
        };
        Ok(Box::new(SqlTx::new(SqliteTx {
            inner: inner.map_err(failed)?,
            store: Arc::clone(&self.0),
        })))
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(connections)
        .acquire_timeout(TURN)
        // A local file does not hang up.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

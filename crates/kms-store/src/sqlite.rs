use std::{
    fs::File,
    path::Path,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Mutex;

use crate::{Mode, Store, StoreError, Tx, snapshot::RESTORING, sql::SqlTx};

mod connection;
mod failure;
mod files;
mod schema;
mod writer;

use connection::{Reading, Writing};
use failure::failed;
pub(crate) use schema::NEWEST_SCHEMA;
use writer::{Batch, Turn};

/// Readers at once; more wait.
const READERS: u32 = 4;
/// How long a transaction waits for its turn.
const TURN: Duration = Duration::from_secs(10);

/// One SQLite file, held by one process: write-ahead log, every commit synced, one
/// writer at a time beside readers that see the last commit. Cheap to clone.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    turn: Arc<Mutex<Batch>>,
    readers: SqlitePool,
    /// Grows with each commit.
    revision: AtomicU64,
    /// A commit failed to reach the disk. What the disk holds is then unknown until the
    /// file is opened anew, and syncing again would lie (reference security §6.3 rule 4).
    is_failed: AtomicBool,
    /// Locked as long as the store is open.
    lock: std::sync::Mutex<Option<File>>,
}

impl SqliteStore {
    /// Opens the file, making it (mode 0600, its folder 0700) if there is none, and
    /// brings its schema up to date.
    ///
    /// # Errors
    /// `File`, `InUse` (another process has it), `Foreign` (no store of ours),
    /// `SchemaTooNew`, `HalfRestored`, `Corrupt`, `Database`.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_as(path, true).await?.if_whole().await
    }

    /// Opens a file that is a store of this program's schema, and changes neither.
    ///
    /// # Errors
    /// As [`SqliteStore::open`], `Absent` and `SchemaTooOld`.
    pub async fn open_existing(path: &Path) -> Result<Self, StoreError> {
        Self::open_as(path, false).await?.if_whole().await
    }

    /// Opens a file for [`crate::import`] alone, half restored as it may be.
    ///
    /// # Errors
    /// As [`SqliteStore::open`], less `HalfRestored`.
    pub async fn open_for_import(path: &Path) -> Result<Self, StoreError> {
        Self::open_as(path, true).await
    }

    /// The schemas that the file has and that this program knows; the file may be in use.
    ///
    /// # Errors
    /// `Foreign` and `Database`.
    pub async fn schema(path: &Path) -> Result<(i64, i64), StoreError> {
        Ok((schema::found(path).await?, NEWEST_SCHEMA))
    }

    async fn if_whole(self) -> Result<Self, StoreError> {
        let mut tx = self.begin(Mode::Read).await?;
        let is_half = tx.markers().get(RESTORING).await?.is_some();
        tx.commit().await?;
        if is_half {
            self.close().await;
            return Err(StoreError::HalfRestored);
        }
        Ok(self)
    }

    async fn open_as(path: &Path, may_make: bool) -> Result<Self, StoreError> {
        let lock = files::prepare(path, may_make)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(TURN)
            // More than there are different ones.
            .statement_cache_capacity(512)
            .synchronous(SqliteSynchronous::Full)
            .pragma("fullfsync", "1")
            .pragma("checkpoint_fullfsync", "1")
            .pragma("trusted_schema", "0")
            .pragma("cell_size_check", "1");
        let mut writer = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            // What is deleted is overwritten, not only unlinked.
            .pragma("secure_delete", "1")
            .connect()
            .await
            .map_err(|error| failure::at_open(error, path))?;
        schema::bring_up(&mut writer, path, may_make).await?;
        let readers = pool(READERS)
            .connect_with(options.read_only(true))
            .await
            .map_err(failed)?;
        Ok(Self(Arc::new(Inner {
            turn: Arc::new(Mutex::new(Batch::new(writer))),
            readers,
            revision: AtomicU64::new(0),
            is_failed: AtomicBool::new(false),
            lock: std::sync::Mutex::new(Some(lock)),
        })))
    }

    /// Waits for transactions to end and closes the file; transactions after that fail.
    pub async fn close(&self) {
        self.0.readers.close().await;
        writer::close(&self.0).await;
        let mut lock = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        drop(lock.take());
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, StoreError> {
        let is_alone = match mode {
            Mode::Read => {
                let tx = self.0.readers.begin_with("BEGIN").await.map_err(failed)?;
                return Ok(Box::new(SqlTx::new(Reading(tx))));
            }
            Mode::Write => false,
            Mode::Alone => true,
        };
        let turn = Turn::begin(&self.0, is_alone).await?;
        Ok(Box::new(SqlTx::new(Writing(turn))))
    }

    fn revision(&self) -> Option<u64> {
        Some(self.0.revision.load(Ordering::Acquire))
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

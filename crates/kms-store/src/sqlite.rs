use std::{
    fs::File,
    path::Path,
    sync::{Arc, PoisonError, atomic::AtomicBool},
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Mutex;

use crate::{
    Connections, Mode, Moment, Store, StoreError, Tx,
    snapshot::RESTORING,
    sql::{Dialect, Memory, SqlTx},
};

mod connection;
mod failure;
mod files;
mod revision;
mod schema;
mod writer;

use connection::{Readers, Reading, Writing};
use failure::failed;
use revision::Revision;
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
    /// Says what commits have changed.
    revision: Revision,
    /// What readers found.
    memory: Arc<Memory>,
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
            revision: Revision::default(),
            memory: Arc::new(Memory::new()),
            is_failed: AtomicBool::new(false),
            lock: std::sync::Mutex::new(Some(lock)),
        })))
    }

    /// Waits for transactions to end and closes the file; transactions after that fail.
    pub async fn close(&self) {
        self.0.readers.close().await;
        self.0.memory.clear();
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
                return Ok(Box::new(SqlTx::new(Reading::begin(&self.0).await?)));
            }
            Mode::Write | Mode::Record => false,
            Mode::Alone => true,
        };
        let turn = Turn::begin(&self.0, is_alone).await?;
        Ok(Box::new(SqlTx::new(Writing(turn))))
    }

    fn connections(&self) -> Connections {
        Connections {
            open: self.0.readers.size(),
            idle: u32::try_from(self.0.readers.num_idle()).unwrap_or(u32::MAX),
        }
    }

    async fn moment(&self) -> Result<Option<Moment>, StoreError> {
        Ok(Some(self.0.revision.moment()))
    }

    async fn begin_at(&self, moment: &Moment) -> Result<Box<dyn Tx>, StoreError> {
        if self.0.readers.is_closed() {
            return Err(failed(sqlx::Error::PoolClosed));
        }
        let readers = Readers(Arc::clone(&self.0));
        let memory = Arc::clone(&self.0.memory);
        let moment = moment.clone();
        Ok(Box::new(SqlTx::recalling(
            Dialect::Sqlite,
            readers,
            memory,
            moment,
        )))
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

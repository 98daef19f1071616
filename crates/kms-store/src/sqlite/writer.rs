//! Group commit: transactions that write come one after another, each in a savepoint of one
//! transaction of the database, which is committed, and so synced, when all who waited for
//! their turn have had it. Nobody is told of a commit before that, and nobody but those in the
//! same batch sees what it wrote.

use std::sync::{Arc, atomic::Ordering};

use sqlx::{Connection as _, SqliteConnection, error::ErrorKind};
use tokio::{
    runtime::Handle,
    sync::{OwnedMutexGuard, oneshot},
    time::timeout,
};

use super::{Inner, TURN, failed, failure};
use crate::{StoreError, moment::Areas};

/// Transactions that will be committed together, and the one connection that writes.
pub(super) struct Batch {
    /// None when the store is closed.
    connection: Option<SqliteConnection>,
    /// Whether the database has a transaction open.
    state: State,
    /// Somebody went without ending his savepoint.
    is_littered: bool,
    /// A statement failed in such a way that SQLite may have undone more than that one.
    is_broken: bool,
    /// What its transactions wrote.
    areas: Areas,
    /// Who waits for the disk.
    waiting: Vec<oneshot::Sender<Result<(), StoreError>>>,
}

/// Of the database's transaction.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Open,
    Ended,
    /// Somebody went while it was begun: there may be one.
    Unknown,
}

/// A transaction that writes, whose turn it is.
pub(super) struct Turn {
    batch: OwnedMutexGuard<Batch>,
    store: Arc<Inner>,
    /// What it wrote, or tried to.
    areas: Areas,
}

const CLOSED: StoreError = StoreError::Unavailable("it is closed");
const NOT_ON_DISK: StoreError =
    StoreError::Unavailable("a commit did not reach the disk; restart the server");

// === impl Turn ===

impl Turn {
    /// Waits for its turn. Whoever has to be alone is in a batch of his own: what fails only
    /// at the end fails nobody else.
    pub(super) async fn begin(store: &Arc<Inner>, is_alone: bool) -> Result<Self, StoreError> {
        let waiting = Arc::clone(&store.turn).lock_owned();
        let mut batch = timeout(TURN, waiting)
            .await
            .map_err(|_elapsed| StoreError::Unavailable("too many transactions at once"))?;
        if is_alone {
            // In a task of its own: a commit that has begun is waited for even if this caller
            // goes.
            let store = Arc::clone(store);
            let settled = tokio::spawn(async move {
                let done = batch.settle(true, &store).await;
                (batch, done)
            });
            let (settled, done) = settled.await.map_err(|_broke_off| NOT_ON_DISK)?;
            batch = settled;
            done?;
        } else {
            batch.settle(false, store).await?;
        }
        batch.open().await?;
        Ok(Self {
            batch,
            store: Arc::clone(store),
            areas: Areas::NONE,
        })
    }

    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.batch.connection.as_mut().ok_or(CLOSED)
    }

    /// A statement that changes something in these areas is about to run.
    pub(super) fn changes(&mut self, areas: Areas) {
        self.areas = self.areas | areas;
    }

    /// Looks at what a statement ended with.
    pub(super) fn noted<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        done.map_err(|error| {
            // A broken rule undoes its own statement. Of a full disk and the like nobody
            // knows: https://www.sqlite.org/lang_transaction.html §3.1.
            self.batch.is_broken |= !is_rule(&error);
            failed(error)
        })
    }

    /// Waits until it is on disk.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        if self.batch.is_broken {
            return Err(StoreError::Unavailable(
                "a statement of the transaction failed",
            ));
        }
        self.batch.run("RELEASE work").await?;
        self.batch.is_littered = false;
        self.batch.areas = self.batch.areas | self.areas;
        let (tell, told) = oneshot::channel();
        self.batch.waiting.push(tell);
        if self.batch.waiting.len() == 1 {
            // In a task of its own: others count on it even if this caller goes.
            tokio::spawn(end(Arc::clone(&self.store)));
        }
        drop(self);
        told.await.unwrap_or(Err(NOT_ON_DISK))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Whoever comes next undoes what was left; if nobody waits to be told, somebody has
        // to come.
        if self.batch.is_littered
            && self.batch.waiting.is_empty()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(end(Arc::clone(&self.store)));
        }
    }
}

/// Ends the batch when all who waited before have had their turn.
async fn end(store: Arc<Inner>) {
    let mut batch = Arc::clone(&store.turn).lock_owned().await;
    // Whoever waits was told why; whoever comes next sees for himself.
    let _ = batch.settle(true, &store).await;
}

/// Closes the connection when all is settled.
pub(super) async fn close(store: &Arc<Inner>) {
    let mut batch = Arc::clone(&store.turn).lock_owned().await;
    let _ = batch.settle(true, store).await;
    if let Some(connection) = batch.connection.take() {
        // What was acknowledged is on disk; the next to open tidies up what is left.
        let _ = connection.close().await;
    }
}

// === impl Batch ===

impl Batch {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self {
            connection: Some(connection),
            state: State::Ended,
            is_littered: false,
            is_broken: false,
            areas: Areas::NONE,
            waiting: Vec::new(),
        }
    }

    /// Undoes what somebody left behind; ends the batch, if that is wanted or cannot be helped.
    async fn settle(&mut self, is_end: bool, store: &Inner) -> Result<(), StoreError> {
        if self.is_littered && !self.is_broken {
            // A batch of which no savepoint can be undone is undone.
            self.is_broken = self.run("ROLLBACK TO work").await.is_err()
                || self.run("RELEASE work").await.is_err();
            self.is_littered = false;
        }
        if self.is_broken {
            self.undo(|| StoreError::Conflict).await;
        } else if is_end && self.state == State::Open && self.waiting.is_empty() {
            self.undo(|| StoreError::Conflict).await;
        } else if is_end && self.state == State::Open {
            self.commit(store).await;
        }
        if store.is_failed.load(Ordering::Acquire) {
            return Err(NOT_ON_DISK);
        }
        Ok(())
    }

    async fn open(&mut self) -> Result<(), StoreError> {
        if self.state == State::Unknown {
            // It says no if there is none.
            let _ = self.run("ROLLBACK").await;
        }
        if self.state != State::Open {
            self.state = State::Unknown;
            self.run("BEGIN IMMEDIATE").await?;
            self.state = State::Open;
        }
        // Even if this caller goes before it hears that the savepoint is there.
        self.is_littered = true;
        self.run("SAVEPOINT work").await
    }

    async fn commit(&mut self, store: &Inner) {
        let Some(connection) = &mut self.connection else {
            return;
        };
        store.revision.begin(self.areas);
        match sqlx::query("COMMIT").execute(connection).await {
            Ok(_done) => {
                store.revision.end();
                self.areas = Areas::NONE;
                self.state = State::Ended;
                self.tell(|| Ok(()));
            }
            Err(error) if failure::is_io(&error) => {
                store.is_failed.store(true, Ordering::Release);
                self.undo(|| NOT_ON_DISK).await;
                store.revision.end();
            }
            // One of several broke a rule that is looked at in the end: each tries again.
            Err(error) if is_rule(&error) && self.waiting.len() > 1 => {
                self.undo(|| StoreError::Conflict).await;
                store.revision.withdraw();
            }
            Err(error) => {
                match failed(error) {
                    StoreError::Full => self.undo(|| StoreError::Full).await,
                    StoreError::Gone { table } => self.undo(|| StoreError::Gone { table }).await,
                    _ => self.undo(|| StoreError::Conflict).await,
                }
                store.revision.withdraw();
            }
        }
    }

    async fn undo(&mut self, why: impl Fn() -> StoreError) {
        // It may be undone already.
        let _ = self.run("ROLLBACK").await;
        self.state = State::Ended;
        self.is_littered = false;
        self.is_broken = false;
        self.areas = Areas::NONE;
        self.tell(|| Err(why()));
    }

    fn tell(&mut self, done: impl Fn() -> Result<(), StoreError>) {
        for waiting in self.waiting.drain(..) {
            // Whoever does not listen any more has gone.
            let _ = waiting.send(done());
        }
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let connection = self.connection.as_mut().ok_or(CLOSED)?;
        let done = sqlx::query(sql).execute(connection).await;
        done.map(|_done| ()).map_err(failed)
    }
}

/// Whether a statement was refused by a rule of a table.
fn is_rule(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::UniqueViolation
                | ErrorKind::ForeignKeyViolation
                | ErrorKind::NotNullViolation
                | ErrorKind::CheckViolation
        )
    })
}

use async_trait::async_trait;
use sqlx::{Postgres, pool::PoolConnection};
use tokio::runtime::Handle;

use super::{PostgresStore, failed, pulse, session};
use crate::{
    Mode, Moment, StoreError,
    moment::Areas,
    sql::{Connection, Dialect, Opener, Row, Statement, bound},
};

/// One transaction on one connection.
pub(super) struct PgTx {
    /// None when it has ended.
    connection: Option<PoolConnection<Postgres>>,
    state: State,
    /// What it has written, or tried to.
    areas: Areas,
}

/// Where transactions that read begin.
pub(super) struct Readers(pub(super) PostgresStore);

/// PostgreSQL answers COMMIT of a transaction with a failed statement by rolling back, and
/// calls that no error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Whole,
    Conflicted,
    Failed,
}

const OVER: StoreError = StoreError::Unavailable("the transaction is over");

// === impl PgTx ===

impl PgTx {
    /// Begins a transaction; what begins it, and the first lock, in one message.
    pub(super) async fn begin(
        connection: PoolConnection<Postgres>,
        mode: Mode,
    ) -> Result<Self, sqlx::Error> {
        // Dropped, it ends, even if this goes wrong or the caller goes.
        let mut tx = Self {
            connection: None,
            state: State::Whole,
            areas: Areas::NONE,
        };
        let connection = tx.connection.insert(connection);
        sqlx::raw_sql(session::begin(mode))
            .execute(&mut **connection)
            .await?;
        Ok(tx)
    }

    fn connection(&mut self) -> Result<&mut PoolConnection<Postgres>, StoreError> {
        self.connection.as_mut().ok_or(OVER)
    }

    /// Remembers whether a statement failed.
    fn noted<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        done.map_err(|error| {
            let error = failed(error);
            self.state = match error {
                StoreError::Conflict => State::Conflicted,
                _ => State::Failed,
            };
            error
        })
    }
}

/// Whoever has not committed has changed nothing.
impl Drop for PgTx {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        match Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    let done = sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await;
                    if done.is_err() {
                        connection.close_on_drop();
                    }
                });
            }
            Err(_no_runtime) => connection.close_on_drop(),
        }
    }
}

#[async_trait]
impl Connection for PgTx {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        self.areas = self.areas | Areas::written_by(statement.text());
        let done = bound!(statement).execute(&mut **self.connection()?).await;
        self.noted(done).map(|done| done.rows_affected())
    }

    async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError> {
        self.areas = self.areas | Areas::written_by(statement.text());
        let rows = bound!(statement).fetch_all(&mut **self.connection()?).await;
        self.noted(rows)
            .map(|rows| rows.into_iter().map(Row::Postgres).collect())
    }

    async fn unchanged_since(&mut self, moment: &Moment) -> Result<Areas, StoreError> {
        let query = sqlx::query(pulse::CHANGED_SINCE).bind(moment.snapshot());
        let row = query.fetch_one(&mut **self.connection()?).await;
        let row = self.noted(row)?;
        Ok(pulse::changed(&row).map_err(failed)?.complement())
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        match self.state {
            State::Whole => {}
            State::Conflicted => return Err(StoreError::Conflict),
            State::Failed => {
                return Err(StoreError::Unavailable(
                    "a statement of the transaction failed",
                ));
            }
        }
        let commit = session::commit(self.areas);
        let connection = self.connection()?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(commit))
            .execute(&mut **connection)
            .await
            .map_err(failed)?;
        // There is nothing to undo any more.
        drop(self.connection.take());
        Ok(())
    }
}

#[async_trait]
impl Opener for Readers {
    async fn open(&self) -> Result<Box<dyn Connection>, StoreError> {
        Ok(Box::new(self.0.begin_on_any(Mode::Read).await?))
    }
}

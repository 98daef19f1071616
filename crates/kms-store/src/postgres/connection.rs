use async_trait::async_trait;
use sqlx::{Postgres, Transaction};

use super::failed;
use crate::{
    StoreError,
    sql::{Connection, Dialect, Row, Statement, bound},
};

/// One transaction on one connection.
pub(super) struct PgTx {
    inner: Transaction<'static, Postgres>,
    state: State,
}

/// PostgreSQL answers COMMIT of a transaction with a failed statement by rolling back, and
/// calls that no error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Whole,
    Conflicted,
    Failed,
}

// === impl PgTx ===

impl PgTx {
    pub(super) fn new(inner: Transaction<'static, Postgres>) -> Self {
        Self {
            inner,
            state: State::Whole,
        }
    }

    /// Runs a statement without values.
    pub(super) async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let done = sqlx::raw_sql(sql).execute(&mut *self.inner).await;
        self.noted(done).map(|_done| ())
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

#[async_trait]
impl Connection for PgTx {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        let done = bound!(statement).execute(&mut *self.inner).await;
        self.noted(done).map(|done| done.rows_affected())
    }

    async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError> {
        let rows = bound!(statement).fetch_all(&mut *self.inner).await;
        self.noted(rows)
            .map(|rows| rows.into_iter().map(Row::Postgres).collect())
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        match self.state {
            State::Whole => self.inner.commit().await.map_err(failed),
            State::Conflicted => Err(StoreError::Conflict),
            State::Failed => Err(StoreError::Unavailable(
                "a statement of the transaction failed",
            )),
        }
    }
}

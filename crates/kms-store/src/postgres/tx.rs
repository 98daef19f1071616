use async_trait::async_trait;
use sqlx::{
    PgConnection, Postgres, Transaction,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use super::failed;
use crate::{
    AccessKeys, Accounts, ClientKeys, Documents, Keyrings, Secrets, StoreError, Tags, Tx, Users,
    Versions,
};

/// One transaction on one connection; every repository is this same object.
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

    /// For queries that are built piece by piece; what they end with goes to
    /// [`Self::noted`].
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// Remembers whether a statement failed.
    pub(super) fn noted<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        done.map_err(|error| {
            let error = failed(error);
            self.state = match error {
                StoreError::Conflict => State::Conflicted,
                _ => State::Failed,
            };
            error
        })
    }

    /// Runs a statement; how many rows it touched.
    pub(super) async fn execute(
        &mut self,
        query: Query<'_, Postgres, PgArguments>,
    ) -> Result<u64, StoreError> {
        let done = query.execute(&mut *self.inner).await;
        self.noted(done).map(|done| done.rows_affected())
    }

    /// Runs a statement that must touch one row of that table.
    pub(super) async fn execute_on_one(
        &mut self,
        table: &'static str,
        query: Query<'_, Postgres, PgArguments>,
    ) -> Result<(), StoreError> {
        match self.execute(query).await? {
            1 => Ok(()),
            0 => Err(StoreError::Gone { table }),
            _ => Err(StoreError::Corrupt { table }),
        }
    }

    /// Runs an `INSERT … ON CONFLICT DO NOTHING`: an error for a record that is there would
    /// end the transaction.
    pub(super) async fn insert(
        &mut self,
        query: Query<'_, Postgres, PgArguments>,
    ) -> Result<(), StoreError> {
        match self.execute(query).await? {
            0 => Err(StoreError::Taken),
            _ => Ok(()),
        }
    }

    pub(super) async fn row(
        &mut self,
        query: Query<'_, Postgres, PgArguments>,
    ) -> Result<Option<PgRow>, StoreError> {
        let found = query.fetch_optional(&mut *self.inner).await;
        self.noted(found)
    }

    pub(super) async fn rows(
        &mut self,
        query: Query<'_, Postgres, PgArguments>,
    ) -> Result<Vec<PgRow>, StoreError> {
        let found = query.fetch_all(&mut *self.inner).await;
        self.noted(found)
    }
}

#[async_trait]
impl Tx for PgTx {
    fn accounts(&mut self) -> &mut dyn Accounts {
        self
    }

    fn users(&mut self) -> &mut dyn Users {
        self
    }

    fn access_keys(&mut self) -> &mut dyn AccessKeys {
        self
    }

    fn secrets(&mut self) -> &mut dyn Secrets {
        self
    }

    fn versions(&mut self) -> &mut dyn Versions {
        self
    }

    fn tags(&mut self) -> &mut dyn Tags {
        self
    }

    fn client_keys(&mut self) -> &mut dyn ClientKeys {
        self
    }

    fn documents(&mut self) -> &mut dyn Documents {
        self
    }

    fn keyrings(&mut self) -> &mut dyn Keyrings {
        self
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

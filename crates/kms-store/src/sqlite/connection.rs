use async_trait::async_trait;
use sqlx::{Sqlite, Transaction};

use super::{failed, writer::Turn};
use crate::{
    StoreError,
    sql::{Connection, Dialect, Row, Statement, bound},
};

/// A transaction that reads.
pub(super) struct Reading(pub(super) Transaction<'static, Sqlite>);

/// A transaction that writes.
pub(super) struct Writing(pub(super) Turn);

#[async_trait]
impl Connection for Reading {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        let done = bound!(statement).execute(&mut *self.0).await;
        done.map(|done| done.rows_affected()).map_err(failed)
    }

    async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError> {
        let rows = bound!(statement).fetch_all(&mut *self.0).await;
        rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            .map_err(failed)
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.0.commit().await.map_err(failed)
    }
}

#[async_trait]
impl Connection for Writing {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        let done = bound!(statement).execute(self.0.connection()?).await;
        self.0.noted(done).map(|done| done.rows_affected())
    }

    async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError> {
        let rows = bound!(statement).fetch_all(self.0.connection()?).await;
        self.0
            .noted(rows)
            .map(|rows| rows.into_iter().map(Row::Sqlite).collect())
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

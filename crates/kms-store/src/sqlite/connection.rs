use std::sync::Arc;

use async_trait::async_trait;
use sqlx::{Sqlite, Transaction};

use super::{Inner, failed, writer::Turn};
use crate::{
    Moment, StoreError,
    moment::Areas,
    sql::{Connection, Dialect, Opener, Row, Statement, bound},
};

/// A transaction that reads.
pub(super) struct Reading {
    tx: Transaction<'static, Sqlite>,
    store: Arc<Inner>,
}

/// Where transactions that read begin.
pub(super) struct Readers(pub(super) Arc<Inner>);

/// A transaction that writes.
pub(super) struct Writing(pub(super) Turn);

// === impl Reading ===

impl Reading {
    pub(super) async fn begin(store: &Arc<Inner>) -> Result<Self, StoreError> {
        Ok(Self {
            tx: store.readers.begin_with("BEGIN").await.map_err(failed)?,
            store: Arc::clone(store),
        })
    }
}

#[async_trait]
impl Connection for Reading {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        let done = bound!(statement).execute(&mut *self.tx).await;
        done.map(|done| done.rows_affected()).map_err(failed)
    }

    async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError> {
        let rows = bound!(statement).fetch_all(&mut *self.tx).await;
        rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            .map_err(failed)
    }

    async fn unchanged_since(&mut self, moment: &Moment) -> Result<Areas, StoreError> {
        Ok(self.store.revision.unchanged_since(moment))
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.tx.commit().await.map_err(failed)
    }
}

#[async_trait]
impl Opener for Readers {
    async fn open(&self) -> Result<Box<dyn Connection>, StoreError> {
        Ok(Box::new(Reading::begin(&self.0).await?))
    }
}

#[async_trait]
impl Connection for Writing {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        self.0.changes(Areas::written_by(statement.text()));
        let done = bound!(statement).execute(self.0.connection()?).await;
        self.0.noted(done).map(|done| done.rows_affected())
    }

    async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError> {
        self.0.changes(Areas::written_by(statement.text()));
        let rows = bound!(statement).fetch_all(self.0.connection()?).await;
        self.0
            .noted(rows)
            .map(|rows| rows.into_iter().map(Row::Sqlite).collect())
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

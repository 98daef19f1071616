use std::sync::{Arc, atomic::Ordering};

use async_trait::async_trait;
use sqlx::{Sqlite, Transaction};

use super::{Inner, failed, failure};
use crate::{
    StoreError,
    sql::{Connection, Dialect, Row, Statement, bound},
};

/// One transaction on one connection.
pub(super) struct SqliteTx {
    pub(super) inner: Transaction<'static, Sqlite>,
    pub(super) store: Arc<Inner>,
}

#[async_trait]
impl Connection for SqliteTx {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        bound!(statement)
            .execute(&mut *self.inner)
            .await
            .map(|done| done.rows_affected())
            .map_err(failed)
    }

    async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError> {
        let rows = bound!(statement).fetch_all(&mut *self.inner).await;
        rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            .map_err(failed)
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let store = self.store;
        self.inner.commit().await.map_err(|error| {
            if failure::is_io(&error) {
                store.is_failed.store(true, Ordering::Release);
            }
            failed(error)
        })
    }
}

use std::sync::{Arc, atomic::Ordering};

use async_trait::async_trait;
use sqlx::{
    Sqlite, SqliteConnection, Transaction,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::{Inner, failed, failure};
use crate::{
    AccessKeys, Accounts, ClientKeys, Documents, Keyrings, Secrets, StoreError, Tags, Tx, Users,
    Versions,
};

/// One transaction on one connection; every repository is this same object.
pub(super) struct SqliteTx {
    inner: Transaction<'static, Sqlite>,
    store: Arc<Inner>,
}

impl SqliteTx {
    pub(super) fn new(inner: Transaction<'static, Sqlite>, store: Arc<Inner>) -> Self {
        Self { inner, store }
    }

    /// For queries that are built piece by piece.
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.inner
    }

    /// Runs a statement; how many rows it touched.
    pub(super) async fn execute(
        &mut self,
        query: Query<'_, Sqlite, SqliteArguments>,
    ) -> Result<u64, StoreError> {
        query
            .execute(&mut *self.inner)
            .await
            .map(|done| done.rows_affected())
            .map_err(failed)
    }

    /// Runs a statement that must touch one row of that table.
    pub(super) async fn execute_on_one(
        &mut self,
        table: &'static str,
        query: Query<'_, Sqlite, SqliteArguments>,
    ) -> Result<(), StoreError> {
        match self.execute(query).await? {
            1 => Ok(()),
            0 => Err(StoreError::Gone { table }),
            _ => Err(StoreError::Corrupt { table }),
        }
    }

    pub(super) async fn row(
        &mut self,
        query: Query<'_, Sqlite, SqliteArguments>,
    ) -> Result<Option<SqliteRow>, StoreError> {
        query.fetch_optional(&mut *self.inner).await.map_err(failed)
    }

    pub(super) async fn rows(
        &mut self,
        query: Query<'_, Sqlite, SqliteArguments>,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        query.fetch_all(&mut *self.inner).await.map_err(failed)
    }
}

#[async_trait]
impl Tx for SqliteTx {
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
        let store = self.store;
        self.inner.commit().await.map_err(|error| {
            if failure::is_io(&error) {
                store.is_failed.store(true, Ordering::Release);
            }
            failed(error)
        })
    }
}

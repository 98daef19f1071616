use async_trait::async_trait;

use super::{
    Statement,
    row::{Columns, Row},
};
use crate::{
    AccessKeys, Accounts, Aliases, ClientKeys, Documents, KeyVersions, Keyrings, Keys, Leases,
    Markers, Rotations, Sealed, Secrets, Snapshots, StoreError, Tags, Tx, Users, Versions,
};

/// A transaction on one of the databases.
#[async_trait]
pub(crate) trait Connection: Send {
    /// Which database it is.
    fn dialect(&self) -> Dialect;

    /// Runs a statement; how many rows it touched.
    async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError>;

    /// Runs a statement that answers rows.
    async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError>;

    /// Ends the transaction, as [`Tx::commit`] says.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Where the databases' languages part.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dialect {
    #[cfg(feature = "sqlite")]
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

/// One transaction; every repository is this same object.
pub(crate) struct SqlTx(Box<dyn Connection>);

// === impl SqlTx ===

impl SqlTx {
    pub(crate) fn new(connection: impl Connection + 'static) -> Self {
        Self(Box::new(connection))
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.0.dialect()
    }

    /// Runs a statement; how many rows it touched.
    pub(super) async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        self.0.execute(statement).await
    }

    /// Runs a statement that must touch one row of that table.
    pub(super) async fn execute_on_one(
        &mut self,
        table: &'static str,
        statement: Statement<'_>,
    ) -> Result<(), StoreError> {
        match self.execute(statement).await? {
            1 => Ok(()),
            0 => Err(StoreError::Gone { table }),
            _ => Err(StoreError::Corrupt { table }),
        }
    }

    /// Runs an `INSERT … ON CONFLICT DO NOTHING`: in PostgreSQL an error for a record that
    /// is there would end the transaction.
    pub(super) async fn insert(&mut self, statement: Statement<'_>) -> Result<(), StoreError> {
        match self.execute(statement).await? {
            0 => Err(StoreError::Taken),
            _ => Ok(()),
        }
    }

    pub(super) async fn row(
        &mut self,
        statement: Statement<'_>,
    ) -> Result<Option<Row>, StoreError> {
        self.rows(statement)
            .await
            .map(|rows| rows.into_iter().next())
    }

    pub(super) async fn rows(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, StoreError> {
        self.0.rows(statement).await
    }

    /// Runs a statement that answers one number, named `number`.
    pub(super) async fn number(
        &mut self,
        table: &'static str,
        statement: Statement<'_>,
    ) -> Result<i64, StoreError> {
        let row = self.row(statement).await?;
        let row = row.ok_or(StoreError::Corrupt { table })?;
        Columns { row: &row, table }.plain("number")
    }

    /// Runs a statement that counts rows, as `number`.
    pub(super) async fn count(
        &mut self,
        table: &'static str,
        statement: Statement<'_>,
    ) -> Result<u64, StoreError> {
        let number = self.number(table, statement).await?;
        u64::try_from(number).map_err(|_negative| StoreError::Corrupt { table })
    }
}

#[async_trait]
impl Tx for SqlTx {
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

    fn keys(&mut self) -> &mut dyn Keys {
        self
    }

    fn key_versions(&mut self) -> &mut dyn KeyVersions {
        self
    }

    fn aliases(&mut self) -> &mut dyn Aliases {
        self
    }

    fn rotations(&mut self) -> &mut dyn Rotations {
        self
    }

    fn leases(&mut self) -> &mut dyn Leases {
        self
    }

    fn markers(&mut self) -> &mut dyn Markers {
        self
    }

    fn sealed(&mut self) -> &mut dyn Sealed {
        self
    }

    fn snapshots(&mut self) -> &mut dyn Snapshots {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Memory, Statement,
    memory::{Ask, Weight},
    row::{Columns, Row},
};
use crate::{
    AccessKeys, Accounts, Aliases, Area, Authorities, ClientKeys, Documents, KeyVersions, Keyrings,
    Keys, Leases, Markers, Moment, Rotations, Sealed, Secrets, Snapshots, StoreError, Tags, Tx,
    Users, Versions, moment::Areas,
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

    /// The areas in which nothing has changed between that moment and the one that the
    /// transaction sees. Asked after its first statement, for that says which it sees.
    async fn unchanged_since(&mut self, moment: &Moment) -> Result<Areas, StoreError> {
        let _nobody_asks = moment;
        Ok(Areas::NONE)
    }

    /// Ends the transaction, as [`Tx::commit`] says.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Begins a transaction that reads, if it comes to that.
#[async_trait]
pub(crate) trait Opener: Send + Sync {
    /// Begins it.
    async fn open(&self) -> Result<Box<dyn Connection>, StoreError>;
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
pub(crate) struct SqlTx {
    dialect: Dialect,
    /// None as long as memory has answered everything.
    connection: Option<Box<dyn Connection>>,
    recall: Option<Recall>,
}

/// What a transaction needs that answers from memory what it can.
struct Recall {
    opener: Box<dyn Opener>,
    memory: Arc<Memory>,
    moment: Moment,
    /// Where memory has answered.
    used: Areas,
    /// Where what the transaction of the database sees is as it was at the moment; nothing is
    /// known as long as there is none.
    exact: Option<Areas>,
}

// === impl SqlTx ===

impl SqlTx {
    pub(crate) fn new(connection: impl Connection + 'static) -> Self {
        Self {
            dialect: connection.dialect(),
            connection: Some(Box::new(connection)),
            recall: None,
        }
    }

    /// Reads at a moment, and from memory as far as that goes.
    pub(crate) fn recalling(
        dialect: Dialect,
        opener: impl Opener + 'static,
        memory: Arc<Memory>,
        moment: Moment,
    ) -> Self {
        Self {
            dialect,
            connection: None,
            recall: Some(Recall {
                opener: Box::new(opener),
                memory,
                moment,
                used: Areas::NONE,
                exact: None,
            }),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    async fn connection(&mut self) -> Result<&mut Box<dyn Connection>, StoreError> {
        let opened = match (self.connection.take(), &self.recall) {
            (Some(connection), _) => connection,
            (None, Some(recall)) => recall.opener.open().await?,
            (None, None) => return Err(StoreError::Unavailable("the transaction is over")),
        };
        Ok(self.connection.insert(opened))
    }

    /// What the rows of a statement come to; they are all of the table's area.
    pub(super) async fn recalled<T>(
        &mut self,
        table: &'static str,
        statement: Statement<'_>,
        read: impl FnOnce(&[Row]) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError>
    where
        T: Clone + Weight + Send + Sync + 'static,
    {
        let (Some(area), Some(ask), true) = (
            Area::of_table(table),
            Ask::of(&statement),
            self.recall.is_some(),
        ) else {
            return read(&self.rows(statement).await?);
        };
        if let Some(found) = self
            .recall
            .as_mut()
            .and_then(|recall| recall.get(&ask, area))
        {
            return Ok(found);
        }
        let found = read(&self.rows(statement).await?)?;
        if let Some(recall) = &self.recall
            && recall.exact.is_some_and(|exact| exact.contains(area))
        {
            recall.memory.put(ask, area, &recall.moment, found.clone());
        }
        Ok(found)
    }

    /// What was noted under a statement that is never run, if it is so in what this
    /// transaction sees.
    pub(super) fn noted<T>(&mut self, table: &'static str, key: &Statement<'_>) -> Option<T>
    where
        T: Clone + 'static,
    {
        let (area, ask) = (Area::of_table(table)?, Ask::of(key)?);
        self.recall.as_mut()?.get(&ask, area)
    }

    /// Notes something that was made of rows of the table's area alone, unless this transaction
    /// sees another moment than its memory is of.
    pub(super) fn note<T>(&self, table: &'static str, key: &Statement<'_>, made: T)
    where
        T: Weight + Send + Sync + 'static,
    {
        if let (Some(area), Some(ask), Some(recall)) =
            (Area::of_table(table), Ask::of(key), &self.recall)
            && recall.exact.is_some_and(|exact| exact.contains(area))
        {
            recall.memory.put(ask, area, &recall.moment, made);
        }
    }

    /// Runs a statement; how many rows it touched.
    pub(super) async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        self.connection().await?.execute(statement).await
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
        let rows = self.connection().await?.rows(statement).await?;
        if let (Some(connection), Some(recall)) = (&mut self.connection, &mut self.recall)
            && recall.exact.is_none()
        {
            let exact = connection.unchanged_since(&recall.moment).await?;
            recall.exact = Some(exact);
            if !exact.contains(recall.used) {
                // Memory has told of a moment that is not this one.
                return Err(StoreError::Conflict);
            }
        }
        Ok(rows)
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

    /// As [`SqlTx::count`], for rows of the table's area alone.
    pub(super) async fn recalled_count(
        &mut self,
        table: &'static str,
        statement: Statement<'_>,
    ) -> Result<u64, StoreError> {
        self.recalled(table, statement, |rows| {
            let damage = StoreError::Corrupt { table };
            let row = rows.first().ok_or(damage)?;
            let number: i64 = Columns { row, table }.plain("number")?;
            u64::try_from(number).map_err(|_negative| StoreError::Corrupt { table })
        })
        .await
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

impl Recall {
    /// What memory has of the moment, unless a transaction sees another one.
    fn get<T: Clone + 'static>(&mut self, ask: &Ask, area: Area) -> Option<T> {
        if self.exact.is_some_and(|exact| !exact.contains(area)) {
            return None;
        }
        let found = self.memory.get(ask, area, &self.moment)?;
        self.used = self.used | area.into();
        Some(found)
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

    fn authorities(&mut self) -> &mut dyn Authorities {
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
        match self.connection {
            Some(connection) => connection.commit().await,
            None => Ok(()),
        }
    }
}

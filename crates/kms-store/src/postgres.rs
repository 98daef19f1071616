use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::Secret;
use sqlx::{PgPool, postgres::PgPoolOptions};

use crate::{
    Connections, Mode, Moment, SharedNonces, Store, StoreError, Tx,
    snapshot::RESTORING,
    sql::{Dialect, Memory, SqlTx},
};

mod address;
mod connection;
mod failure;
mod nonces;
mod pulse;
mod schema;
mod session;

use connection::{PgTx, Readers};
use failure::failed;
use pulse::Pulse;
pub(crate) use schema::NEWEST_SCHEMA;

/// How long a transaction waits for a connection, or for the locks of others.
const TURN: Duration = Duration::from_secs(10);

/// How a PostgreSQL database is used.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// `postgres://user:password@host:port/database`, with any of the parameters `host` (a
    /// folder: the Unix socket in it), `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `options`.
    /// A host that is not this machine is verified in full unless `sslmode` says otherwise.
    pub url: Secret<String>,
    /// Connections at most; more transactions than that wait. One more asks what has changed.
    pub connections: u32,
    /// How long a statement may take.
    pub statement_timeout: Duration,
}

/// A PostgreSQL database, shared by as many servers as connect. Transactions that write are
/// serializable, those that read see one moment; commits are on disk when they return. Cheap
/// to clone.
///
/// A transaction of which a statement failed in the database does not commit. Two refusals
/// leave it whole, as in SQLite: `Taken`, and the `Gone` of an update or removal.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
    connections: u32,
    /// Says what has changed.
    pulse: Arc<Pulse>,
    /// What readers found.
    memory: Arc<Memory>,
}

// === impl PostgresSettings ===

impl PostgresSettings {
    /// 16 connections, 30 seconds for a statement.
    pub fn new(url: Secret<String>) -> Self {
        Self {
            url,
            connections: 16,
            statement_timeout: Duration::from_secs(30),
        }
    }
}

// === impl PostgresStore ===

impl PostgresStore {
    /// Connects and brings the schema up to date; servers that start at once take turns.
    ///
    /// # Errors
    /// `Address` (the URL says nothing usable), `Unavailable`, `NotOurs` (the database holds
    /// tables of others), `SchemaTooNew`, `HalfRestored`, `Database`. None of them quotes the URL.
    pub async fn open(settings: &PostgresSettings) -> Result<Self, StoreError> {
        let store = Self::connect(settings)?;
        schema::bring_up(&store.pool, true).await?;
        store.if_whole().await
    }

    /// Connects to a store of this program's schema, and changes nothing.
    ///
    /// # Errors
    /// As [`PostgresStore::open`], `Absent` and `SchemaTooOld`.
    pub async fn open_existing(settings: &PostgresSettings) -> Result<Self, StoreError> {
        let store = Self::connect(settings)?;
        schema::bring_up(&store.pool, false).await?;
        store.if_whole().await
    }

    /// Connects for [`crate::import`] alone, half restored as the store may be.
    ///
    /// # Errors
    /// As [`PostgresStore::open`], less `HalfRestored`.
    pub async fn open_for_import(settings: &PostgresSettings) -> Result<Self, StoreError> {
        let store = Self::connect(settings)?;
        schema::bring_up(&store.pool, true).await?;
        Ok(store)
    }

    /// The schemas that the database has (0 for none) and that this program knows.
    ///
    /// # Errors
    /// `Address`, `Unavailable`, `Database`.
    pub async fn schema(settings: &PostgresSettings) -> Result<(i64, i64), StoreError> {
        let store = Self::connect(settings)?;
        let found = schema::found(&store.pool).await?;
        store.close().await;
        Ok((found, NEWEST_SCHEMA))
    }

    async fn if_whole(self) -> Result<Self, StoreError> {
        let mut tx = self.begin(Mode::Read).await?;
        let is_half = tx.markers().get(RESTORING).await?.is_some();
        tx.commit().await?;
        if is_half {
            self.close().await;
            return Err(StoreError::HalfRestored);
        }
        Ok(self)
    }

    fn connect(settings: &PostgresSettings) -> Result<Self, StoreError> {
        let options = address::options(&settings.url)?;
        let set_up = session::set_up(settings.statement_timeout);
        let pulse = Pulse::new(options.clone(), set_up.clone());
        let pool = PgPoolOptions::new()
            .max_connections(settings.connections.max(1))
            .acquire_timeout(TURN)
            // A dead connection is found when a transaction begins on it, and replaced.
            .test_before_acquire(false)
            .after_connect(move |connection, _about| {
                let set_up = set_up.clone();
                Box::pin(async move {
                    sqlx::raw_sql(sqlx::AssertSqlSafe(set_up))
                        .execute(connection)
                        .await
                        .map(|_done| ())
                })
            })
            .connect_lazy_with(options);
        Ok(Self {
            pool,
            connections: settings.connections,
            pulse: Arc::new(pulse),
            memory: Arc::new(Memory::new()),
        })
    }

    /// Waits for transactions to end and hangs up; transactions after that fail.
    pub async fn close(&self) {
        self.pulse.close().await;
        self.pool.close().await;
        self.memory.clear();
    }

    /// Nothing has happened yet when a connection turns out dead here, so the next one is
    /// tried; after a restart of the database all that lay idle are.
    async fn begin_on_any(&self, mode: Mode) -> Result<PgTx, StoreError> {
        let mut idle = self.connections;
        loop {
            let connection = self.pool.acquire().await.map_err(failed)?;
            match PgTx::begin(connection, mode).await {
                Err(error) if idle > 0 && failure::is_hung_up(&error) => idle -= 1,
                done => return done.map_err(failed),
            }
        }
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, StoreError> {
        let tx = self.begin_on_any(mode).await?;
        Ok(Box::new(SqlTx::new(tx)))
    }

    async fn moment(&self) -> Result<Option<Moment>, StoreError> {
        let (_no_nonce, moment) = self.pulse.ask(None).await?;
        Ok(Some(moment))
    }

    async fn begin_at(&self, moment: &Moment) -> Result<Box<dyn Tx>, StoreError> {
        if self.pool.is_closed() {
            return Err(failed(sqlx::Error::PoolClosed));
        }
        let readers = Readers(self.clone());
        let memory = Arc::clone(&self.memory);
        let moment = moment.clone();
        Ok(Box::new(SqlTx::recalling(
            Dialect::Postgres,
            readers,
            memory,
            moment,
        )))
    }

    async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        let now: i64 = sqlx::query_scalar(
            "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
        )
        .fetch_one(&self.pool)
        .await
        .map_err(failed)?;
        Ok(Timestamp::from_millisecond(now).ok())
    }

    fn connections(&self) -> Connections {
        Connections {
            open: self.pool.size(),
            idle: u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX),
        }
    }

    fn nonces(&self) -> Option<&dyn SharedNonces> {
        Some(self)
    }
}

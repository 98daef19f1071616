use std::time::Duration;

use async_trait::async_trait;
use kms_types::Secret;
use sqlx::{PgPool, Postgres, Transaction, postgres::PgPoolOptions};

use crate::{Mode, Store, StoreError, Tx, sql::SqlTx};

mod address;
mod connection;
mod failure;
mod schema;
mod session;

use connection::PgTx;
use failure::failed;

/// How long a transaction waits for a connection, or for the locks of others.
const TURN: Duration = Duration::from_secs(10);

/// How a PostgreSQL database is used.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// `postgres://user:password@host:port/database`, with any of the parameters `host` (a
    /// folder: the Unix socket in it), `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `options`.
    /// A host that is not this machine is verified in full unless `sslmode` says otherwise.
    pub url: Secret<String>,
    /// Connections at most; more transactions than that wait.
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
    /// tables of others), `SchemaTooNew`, `Database`. None of them quotes the URL.
    pub async fn open(settings: &PostgresSettings) -> Result<Self, StoreError> {
        let options = address::options(&settings.url)?;
        let set_up = session::set_up(settings.statement_timeout);
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
        schema::bring_up(&pool).await?;
        Ok(Self {
            pool,
            connections: settings.connections,
        })
    }

    /// Waits for transactions to end and hangs up; transactions after that fail.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Nothing has happened yet when a connection turns out dead here, so the next one is
    /// tried; after a restart of the database all that lay idle are.
    async fn begin_on_any(
        &self,
        begin: &'static str,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut idle = self.connections;
        loop {
            match self.pool.begin_with(begin).await {
                Err(error) if idle > 0 && failure::is_hung_up(&error) => idle -= 1,
                done => return done.map_err(failed),
            }
        }
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self, mode: Mode) -> Result<Box<dyn Tx>, StoreError> {
        let tx = self.begin_on_any(session::begin(mode)).await?;
        let mut tx = PgTx::new(tx);
        if let Some(lock) = session::turn(mode) {
            tx.run(lock).await?;
        }
        Ok(Box::new(SqlTx::new(tx)))
    }
}

//! The store of a server, whichever database it is.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use kms_store::{PostgresSettings, PostgresStore, SqliteStore, Store, StoreError};
use kms_telemetry::Exit;
use kms_types::Secret;
use thiserror::Error;

/// Where records lie.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A database, by its URL.
    Postgres {
        /// See [`PostgresSettings::url`].
        url: Secret<String>,
        /// At most.
        connections: u32,
        /// For one statement.
        statement_timeout: Duration,
    },
    /// The same, whose URL is the one line of a file.
    PostgresOfFile {
        /// The file.
        file: PathBuf,
        /// At most.
        connections: u32,
        /// For one statement.
        statement_timeout: Duration,
    },
}

/// An open store. Cheap to clone.
#[derive(Clone)]
pub enum Database {
    /// A file, held by this process alone.
    Sqlite(SqliteStore),
    /// Shared with other servers.
    Postgres(PostgresStore),
}

/// Why no store is open.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// Nobody made it.
    #[error("there is no store ({0}): make one with kms-server init, or correct [store]")]
    Absent(String),
    /// An older program made it.
    #[error(
        "the store has schema {found}, this program {known}: make a backup with the older \
         program, then run kms-server migrate"
    )]
    TooOld {
        /// The store's.
        found: i64,
        /// This program's.
        known: i64,
    },
    /// The file of the URL.
    #[error("cannot read [store] url_file {}", path.display())]
    UrlFile {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The store's own reason.
    #[error("cannot open the store")]
    Store(#[from] StoreError),
}

// === impl Place ===

impl Place {
    /// Opens the store, making one if there is none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open_or_create(&self) -> Result<Database, DatabaseError> {
        match self.postgres()? {
            Some(settings) => Ok(Database::Postgres(PostgresStore::open(&settings).await?)),
            None => Ok(Database::Sqlite(SqliteStore::open(self.file()).await?)),
        }
    }

    /// Opens a store that is there and has this program's schema.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open(&self) -> Result<Database, DatabaseError> {
        let opened = match self.postgres()? {
            Some(settings) => PostgresStore::open_existing(&settings)
                .await
                .map(Database::Postgres),
            None => SqliteStore::open_existing(self.file())
                .await
                .map(Database::Sqlite),
        };
        opened.map_err(|reason| self.failed(reason))
    }

    /// Opens a store that is there, once its schema is this program's.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open_and_migrate(&self) -> Result<Database, DatabaseError> {
        self.schema().await?;
        self.open_or_create().await
    }

    /// Opens a store to be filled, made if there is none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open_for_import(&self) -> Result<Database, DatabaseError> {
        let opened = match self.postgres()? {
            Some(settings) => PostgresStore::open_for_import(&settings)
                .await
                .map(Database::Postgres),
            None => SqliteStore::open_for_import(self.file())
                .await
                .map(Database::Sqlite),
        };
        opened.map_err(|reason| self.failed(reason))
    }

    /// The store's schema, and this program's.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn schema(&self) -> Result<(i64, i64), DatabaseError> {
        let schemas = match self.postgres()? {
            Some(settings) => PostgresStore::schema(&settings).await,
            None => SqliteStore::schema(self.file()).await,
        };
        schemas.map_err(|reason| self.failed(reason))
    }

    fn failed(&self, reason: StoreError) -> DatabaseError {
        match reason {
            StoreError::Absent => DatabaseError::Absent(self.shown()),
            StoreError::SchemaTooOld { found, known } => DatabaseError::TooOld { found, known },
            reason => DatabaseError::Store(reason),
        }
    }

    /// For people: never the URL, which may hold a password.
    pub fn shown(&self) -> String {
        match self {
            Self::Sqlite(file) => format!("SQLite, {}", file.display()),
            Self::Postgres { .. } => "PostgreSQL, by [store] url".to_owned(),
            Self::PostgresOfFile { file, .. } => {
                format!("PostgreSQL, by {}", file.display())
            }
        }
    }

    fn file(&self) -> &std::path::Path {
        match self {
            Self::Sqlite(file) => file,
            Self::Postgres { .. } | Self::PostgresOfFile { .. } => std::path::Path::new(""),
        }
    }

    fn postgres(&self) -> Result<Option<PostgresSettings>, DatabaseError> {
        let (url, connections, statement_timeout) = match self {
            Self::Sqlite(_) => return Ok(None),
            Self::Postgres {
                url,
                connections,
                statement_timeout,
            } => (url.clone(), *connections, *statement_timeout),
            Self::PostgresOfFile {
                file,
                connections,
                statement_timeout,
            } => {
                let text =
                    std::fs::read_to_string(file).map_err(|source| DatabaseError::UrlFile {
                        path: file.clone(),
                        source,
                    })?;
                (Secret::from(text.trim()), *connections, *statement_timeout)
            }
        };
        Ok(Some(PostgresSettings {
            connections,
            statement_timeout,
            ..PostgresSettings::new(url)
        }))
    }
}

// === impl Database ===

impl Database {
    /// As the use cases see it.
    pub fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    /// Waits for transactions to end; those after that fail.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

// === impl DatabaseError ===

impl DatabaseError {
    /// How a program should end after this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Absent(_)
            | Self::TooOld { .. }
            | Self::UrlFile { .. }
            | Self::Store(StoreError::Address(_)) => Exit::Usage,
            Self::Store(StoreError::Unavailable(_)) => Exit::Unavailable,
            Self::Store(_) => Exit::Failure,
        }
    }
}

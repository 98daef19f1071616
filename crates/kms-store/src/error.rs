use std::path::PathBuf;

use thiserror::Error;

/// What went wrong in the store. Names tables and files, never what is in them.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Two transactions got in each other's way; the loser may try again.
    #[error("another transaction was faster")]
    Conflict,
    /// Somebody else holds the lease by now: what this one was about to write, it must not.
    #[error("the lease is another's by now")]
    Deposed,
    /// A record of that name or id is there already.
    #[error("a record of that name or id exists")]
    Taken,
    /// A record that had to be there is gone.
    #[error("no such record in {table}")]
    Gone {
        /// Where it was expected.
        table: &'static str,
    },
    /// A record does not make sense: written by something else, or damaged.
    #[error("a record in {table} is damaged")]
    Corrupt {
        /// Where it lies.
        table: &'static str,
    },
    /// The file is damaged, or no database of this program's.
    #[error("{} is no store of this program, or is damaged", path.display())]
    Foreign {
        /// Which file.
        path: PathBuf,
    },
    /// The database holds something else, or is not fit for a store.
    #[error("the database is no store of this program: {0}")]
    NotOurs(&'static str),
    /// The database's URL says nothing usable.
    #[error("the database's URL is unfit: {0}")]
    Address(&'static str),
    /// Written by a later version of this program.
    #[error("the store has schema {found}; this program knows schemas up to {known}")]
    SchemaTooNew {
        /// What the store says.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// Written by a former version of this program, and not to be changed by opening it.
    #[error("the store has schema {found}, this program {known}; it has to be migrated")]
    SchemaTooOld {
        /// What the store says.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// There is no store, and opening was not to make one.
    #[error("there is no store; it has to be made first")]
    Absent,
    /// A restoration did not come to its end.
    #[error("the store is half restored; restore it again")]
    HalfRestored,
    /// Only an empty store is filled from a snapshot.
    #[error("the store is not empty")]
    NotEmpty,
    /// A file is no whole snapshot.
    #[error("the snapshot is unfit: {0}")]
    Snapshot(&'static str),
    /// A snapshot of another schema's store.
    #[error(
        "the snapshot has schema {found}, this program {known}: restore it with the version \
             that made it, and migrate then"
    )]
    SnapshotSchema {
        /// What the snapshot says.
        found: i64,
        /// What this program writes and reads.
        known: i64,
    },
    /// A snapshot cannot be written or read.
    #[error("reading or writing the snapshot failed")]
    Io(#[source] std::io::Error),
    /// Another process holds the store.
    #[error("another process uses {}", path.display())]
    InUse {
        /// Which file.
        path: PathBuf,
    },
    /// No room on the disk: reads go on, writes do not.
    #[error("the disk is full")]
    Full,
    /// The store cannot be reached, or refuses writes since one of them failed.
    #[error("the store is unavailable: {0}")]
    Unavailable(&'static str),
    /// A file of the store cannot be made or read.
    #[error("cannot open {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Anything else that the database reports.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

//! Repositories over SQLite and PostgreSQL. Sees ciphertext only: whatever is secret
//! arrives sealed and leaves sealed; names, labels and times are in the clear.
//!
//! [`run_tx`] is the door: it opens a [`Tx`], hands it to the work, commits. A [`Tx`] is
//! a set of small repositories, one trait per noun. Rules that all of them keep:
//! - a look-up answers `Option`, for absence is no error;
//! - a write that touches another number of rows than it must is an error;
//! - ids and times are arguments, made by the caller;
//! - the contract suite in `tests/` says what every backend does.

mod error;
mod moment;
#[cfg(feature = "postgres")]
mod postgres;
mod record;
mod repository;
mod run;
mod snapshot;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;

pub use error::StoreError;
pub use moment::{Area, Moment};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresSettings, PostgresStore};
pub use record::{
    AccessKeyRecord, AccountRecord, AliasRecord, AuthorityRecord, ClientKeyRecord, Condition,
    DocumentKind, DocumentRecord, KeyCondition, KeyField, KeyRecord, KeyStatus, KeyVersionRecord,
    KeyringRecord, Lead, ListedTag, NewRotation, NewSecret, NewVersion, Page, RotationRecord,
    RotationState, SealedKind, SealedPlace, SealedRecord, SecretField, SecretId, SecretRecord,
    SecretRotation, TagCondition, TagQuery, TagRecord, Tagged, TaggedKind, UserRecord,
    VersionRecord,
};
pub use repository::{
    AccessKeys, Accounts, Aliases, Authorities, ClientKeys, Documents, KeyVersions, Keyrings, Keys,
    Leases, Markers, Rotations, Sealed, Secrets, Snapshots, Tags, Users, Versions,
};
pub use run::{Scope, TxError, Work, run_read, run_tx};
pub use snapshot::{SnapshotHeader, export, import, snapshot_header};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Connections, Mode, SharedNonces, Store, Tx};

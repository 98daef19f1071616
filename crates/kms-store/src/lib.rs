//! Repositories over SQLite and PostgreSQL. Sees ciphertext only.

mod error;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;

pub use error::StoreError;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Mode, Store, Tx};

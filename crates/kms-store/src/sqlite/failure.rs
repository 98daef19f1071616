//! What SQLite's result codes mean here.

use std::path::Path;

use sqlx::error::ErrorKind;

use crate::StoreError;

const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const IO: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const NOT_A_DATABASE: i32 = 26;

/// For statements and transactions.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(database) = &error {
        match database.kind() {
            ErrorKind::UniqueViolation => return StoreError::Taken,
            ErrorKind::ForeignKeyViolation => return StoreError::Gone { table: "secrets" },
            _ => {}
        }
    }
    match primary_code(&error) {
        Some(BUSY | LOCKED) => return StoreError::Conflict,
        Some(FULL) => return StoreError::Full,
        Some(CORRUPT | NOT_A_DATABASE) => return StoreError::Corrupt { table: "any table" },
        _ => {}
    }
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Unavailable("too many transactions at once"),
        sqlx::Error::PoolClosed => StoreError::Unavailable("it is closed"),
        error => StoreError::Database(Box::new(error)),
    }
}

/// For the first statements on a file that may be anything.
pub(super) fn at_open(error: sqlx::Error, path: &Path) -> StoreError {
    match primary_code(&error) {
        Some(CORRUPT | NOT_A_DATABASE) => StoreError::Foreign {
            path: path.to_owned(),
        },
        _ => failed(error),
    }
}

/// Whether the disk failed, as opposed to being full or busy.
pub(super) fn is_io(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(IO)
}

/// The low byte of SQLite's extended result code.
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

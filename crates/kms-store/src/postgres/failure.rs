//! What PostgreSQL's SQLSTATE codes mean here. Its messages and details quote values, so
//! nothing of them goes on but the code.

use thiserror::Error;

use crate::StoreError;

/// What the database said, less what it said it about.
#[derive(Debug, Error)]
#[error("SQLSTATE {code}")]
struct State {
    code: String,
}

/// What the driver said of anything else.
#[derive(Debug, Error)]
#[error("the driver failed: {0}")]
struct Driver(&'static str);

/// For statements and transactions.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    if let Some(code) = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
    {
        return by_state(&code);
    }
    match error {
        sqlx::Error::PoolTimedOut => {
            StoreError::Unavailable("the database gave no connection in time")
        }
        sqlx::Error::PoolClosed => StoreError::Unavailable("it is closed"),
        sqlx::Error::Tls(_) => StoreError::Unavailable(
            "TLS with the database failed: see its certificate, and sslmode and sslrootcert",
        ),
        error if is_hung_up(&error) => {
            StoreError::Unavailable("the connection to the database was lost")
        }
        sqlx::Error::Configuration(_) => StoreError::Address("a file that it names is unfit"),
        sqlx::Error::BeginFailed => StoreError::Database(Box::new(Driver("BEGIN"))),
        sqlx::Error::RowNotFound => StoreError::Database(Box::new(Driver("no row"))),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            StoreError::Database(Box::new(Driver("a column of another type")))
        }
        _ => StoreError::Database(Box::new(Driver("for a reason of its own"))),
    }
}

/// Whether the connection is no more.
pub(super) fn is_hung_up(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| matches!(&*code, "57P01" | "57P02" | "57P05" | "25P03")),
        _ => false,
    }
}

/// Codes: PostgreSQL's manual, appendix A.
fn by_state(code: &str) -> StoreError {
    match code {
        // Serialization, deadlock.
        "40001" | "40P01" => StoreError::Conflict,
        "23505" => StoreError::Taken,
        "23503" => StoreError::Gone { table: "secrets" },
        "53100" => StoreError::Full,
        "53300" => StoreError::Unavailable("the database has too many connections"),
        "55P03" => StoreError::Unavailable("others held the database for too long"),
        "57014" => StoreError::Unavailable("a statement took too long"),
        "25006" => StoreError::Unavailable("the database takes no writes"),
        "3D000" => StoreError::Unavailable("there is no database of that name"),
        "42501" => StoreError::Unavailable("the database grants this user too little"),
        "XX001" | "XX002" => StoreError::Corrupt { table: "any table" },
        code if code.starts_with("28") => {
            StoreError::Unavailable("the database refuses this user or password")
        }
        // Shut down, crashed, starting up, gone silent; and whatever else ended a connection.
        code if code.starts_with("57P") || code.starts_with("08") || code == "25P03" => {
            StoreError::Unavailable("the connection to the database was lost")
        }
        code => StoreError::Database(Box::new(State {
            code: code.to_owned(),
        })),
    }
}

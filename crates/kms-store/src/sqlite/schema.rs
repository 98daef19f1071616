//! One file of SQL per schema; `user_version` says how many a database has seen.

use std::path::Path;

use sqlx::{
    ConnectOptions as _, Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions,
};

use super::{failed, failure};
use crate::StoreError;

/// How many there are.
pub(crate) const NEWEST_SCHEMA: i64 = 8;

/// In order; never edited once released, only added to.
const MIGRATIONS: [&str; 8] = [
    include_str!("../../migrations/sqlite/0001.sql"),
    include_str!("../../migrations/sqlite/0002.sql"),
    include_str!("../../migrations/sqlite/0003.sql"),
    include_str!("../../migrations/sqlite/0004.sql"),
    include_str!("../../migrations/sqlite/0005.sql"),
    include_str!("../../migrations/sqlite/0006.sql"),
    include_str!("../../migrations/sqlite/0007.sql"),
    include_str!("../../migrations/sqlite/0008.sql"),
];

/// `KMS1`, in the header of every database of ours.
const APPLICATION_ID: i64 = 0x4b4d_5331;

/// Brings a database, empty or of an older schema, up to the newest. Each step is one
/// transaction: a crash leaves a whole schema behind.
///
/// Whoever may not migrate gets `Absent` and `SchemaTooOld` instead.
pub(super) async fn bring_up(
    writer: &mut SqliteConnection,
    path: &Path,
    may_migrate: bool,
) -> Result<(), StoreError> {
    loop {
        let mut tx = writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(|error| failure::at_open(error, path))?;
        let found = number(&mut tx, "PRAGMA user_version", path).await?;
        let application = number(&mut tx, "PRAGMA application_id", path).await?;
        let tables = number(&mut tx, "SELECT count(*) FROM sqlite_schema", path).await?;
        let is_empty = found == 0 && application == 0 && tables == 0;
        if !is_empty && application != APPLICATION_ID {
            return Err(StoreError::Foreign {
                path: path.to_owned(),
            });
        }
        if found > NEWEST_SCHEMA {
            return Err(StoreError::SchemaTooNew {
                found,
                known: NEWEST_SCHEMA,
            });
        }
        let step = usize::try_from(found)
            .ok()
            .and_then(|at| MIGRATIONS.get(at));
        let Some(step) = step else {
            return Ok(());
        };
        if !may_migrate {
            return Err(match found {
                0 => StoreError::Absent,
                found => StoreError::SchemaTooOld {
                    found,
                    known: NEWEST_SCHEMA,
                },
            });
        }
        sqlx::raw_sql(*step)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        // Neither pragma takes bound values; both are numbers of ours.
        let mark = format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}",
            found + 1
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(mark))
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        tx.commit().await.map_err(failed)?;
    }
}

/// The schema of a file, which may be in use; 0 if nothing is in it.
pub(super) async fn found(path: &Path) -> Result<i64, StoreError> {
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(true)
        .connect()
        .await
        .map_err(|error| failure::at_open(error, path))?;
    let found = number(&mut connection, "PRAGMA user_version", path).await?;
    connection.close().await.map_err(failed)?;
    Ok(found)
}

async fn number(
    tx: &mut SqliteConnection,
    sql: &'static str,
    path: &Path,
) -> Result<i64, StoreError> {
    sqlx::query(sql)
        .fetch_one(tx)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|error| failure::at_open(error, path))
}

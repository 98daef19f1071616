//! One file of SQL per schema; `user_version` says how many a database has seen.

use std::path::Path;

use sqlx::{Row, SqlitePool};

use super::{failed, failure};
use crate::StoreError;

/// In order; never edited once released, only added to.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001.sql"),
    include_str!("../../migrations/sqlite/0002.sql"),
    include_str!("../../migrations/sqlite/0003.sql"),
];

/// `KMS1`, in the header of every database of ours.
const APPLICATION_ID: i64 = 0x4b4d_5331;

/// Brings a database, empty or of an older schema, up to the newest. Each step is one
/// transaction: a crash leaves a whole schema behind.
pub(super) async fn bring_up(writer: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    let newest = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
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
        if found > newest {
            return Err(StoreError::SchemaTooNew {
                found,
                known: newest,
            });
        }
        let step = usize::try_from(found)
            .ok()
            .and_then(|at| MIGRATIONS.get(at));
        let Some(step) = step else {
            return Ok(());
        };
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

async fn number(
    tx: &mut sqlx::SqliteConnection,
    sql: &'static str,
    path: &Path,
) -> Result<i64, StoreError> {
    sqlx::query(sql)
        .fetch_one(tx)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|error| failure::at_open(error, path))
}

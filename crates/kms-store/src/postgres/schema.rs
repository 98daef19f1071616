//! One file of SQL per schema; the row of `kms_schema` says how many a database has seen.

use sqlx::{PgConnection, PgPool, Row as _};

use super::failed;
use crate::StoreError;

/// How many there are.
pub(crate) const NEWEST_SCHEMA: i64 = 8;

/// In order; never edited once released, only added to. Numbered as SQLite's are.
const MIGRATIONS: [&str; 8] = [
    include_str!("../../migrations/postgres/0001.sql"),
    include_str!("../../migrations/postgres/0002.sql"),
    include_str!("../../migrations/postgres/0003.sql"),
    include_str!("../../migrations/postgres/0004.sql"),
    include_str!("../../migrations/postgres/0005.sql"),
    include_str!("../../migrations/postgres/0006.sql"),
    include_str!("../../migrations/postgres/0007.sql"),
    include_str!("../../migrations/postgres/0008.sql"),
];

/// No migration waits for a time: a large table takes what it takes. The number, `KMS1`, is
/// the lock that servers starting at once take turns by.
const TAKE_TURN: &str = "SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = 0;
    SELECT pg_advisory_xact_lock(1263358769)";

const IS_NEW: &str = "SELECT to_regclass(quote_ident(current_schema()) || '.kms_schema') IS NULL";

const TABLES: &str = "SELECT count(*) FROM pg_catalog.pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')";

const MARK_NEW: &str = "CREATE TABLE kms_schema (
        id SMALLINT PRIMARY KEY CHECK (id = 1),
        version BIGINT NOT NULL
    );
    INSERT INTO kms_schema VALUES (1, 0)";

/// Brings a database, empty or of an older schema, up to the newest. Each step is one
/// transaction: a crash leaves a whole schema behind.
///
/// Whoever may not migrate gets `Absent` and `SchemaTooOld` instead.
pub(super) async fn bring_up(pool: &PgPool, may_migrate: bool) -> Result<(), StoreError> {
    loop {
        // Committed by others while this one waited is seen: each statement looks anew.
        let mut tx = pool
            .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED")
            .await
            .map_err(failed)?;
        run(&mut tx, TAKE_TURN).await?;
        if is_true(&mut tx, IS_NEW).await? {
            if !may_migrate {
                return Err(StoreError::Absent);
            }
            check_empty(&mut tx).await?;
            run(&mut tx, MARK_NEW).await?;
        }
        let found = number(&mut tx, "SELECT version FROM kms_schema WHERE id = 1").await?;
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
            // At once: dropped, it would keep the others waiting until the connection is
            // looked after.
            return tx.rollback().await.map_err(failed);
        };
        if !may_migrate {
            return Err(StoreError::SchemaTooOld {
                found,
                known: NEWEST_SCHEMA,
            });
        }
        run(&mut tx, step).await?;
        run(&mut tx, "UPDATE kms_schema SET version = version + 1").await?;
        tx.commit().await.map_err(failed)?;
    }
}

/// The schema of the database; 0 if it has none.
pub(super) async fn found(pool: &PgPool) -> Result<i64, StoreError> {
    let mut connection = pool.acquire().await.map_err(failed)?;
    if is_true(&mut connection, IS_NEW).await? {
        return Ok(0);
    }
    number(
        &mut connection,
        "SELECT version FROM kms_schema WHERE id = 1",
    )
    .await
}

async fn check_empty(tx: &mut PgConnection) -> Result<(), StoreError> {
    if !is_true(tx, "SELECT current_setting('server_encoding') = 'UTF8'").await? {
        return Err(StoreError::NotOurs("its encoding is not UTF8"));
    }
    if is_true(tx, "SELECT current_schema() IS NULL").await? {
        return Err(StoreError::NotOurs("the user's search_path has no schema"));
    }
    match number(tx, TABLES).await? {
        0 => Ok(()),
        _ => Err(StoreError::NotOurs("its schema has tables of others")),
    }
}

async fn run(tx: &mut PgConnection, sql: &'static str) -> Result<(), StoreError> {
    sqlx::raw_sql(sql)
        .execute(tx)
        .await
        .map(|_done| ())
        .map_err(failed)
}

async fn number(tx: &mut PgConnection, sql: &'static str) -> Result<i64, StoreError> {
    sqlx::query(sql)
        .fetch_one(tx)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(failed)
}

async fn is_true(tx: &mut PgConnection, sql: &'static str) -> Result<bool, StoreError> {
    sqlx::query(sql)
        .fetch_one(tx)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(failed)
}

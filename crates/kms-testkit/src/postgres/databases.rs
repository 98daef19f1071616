//! Databases of a server, and SQL by its owner.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection as _, PgConnection};

use super::Postgres;

/// Names that no database has yet.
static NEXT: AtomicU32 = AtomicU32::new(0);

// === impl Postgres ===

impl Postgres {
    /// Makes an empty database; its URL.
    ///
    /// # Panics
    /// If the server refuses.
    pub async fn database(&self) -> String {
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.administer(&format!("CREATE DATABASE {name}")).await;
        self.url(&name)
    }

    /// Runs SQL as the owner of everything, in a database that is no test's.
    ///
    /// # Panics
    /// If it fails.
    pub async fn administer(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.url("postgres"))
            .await
            .expect("a connection");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .expect("the statement runs");
        connection.close().await.expect("a farewell");
    }
}

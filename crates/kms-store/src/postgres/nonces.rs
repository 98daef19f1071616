use async_trait::async_trait;

use super::{PostgresStore, failed};
use crate::{SharedNonces, StoreError};

/// A nonce is on disk within a second or so, not at once: a crash of the database, not one of
/// a server, may forget the last ones. The setting holds for this statement alone.
const NOTE: &str = "INSERT INTO nonces (hash, bucket)
    SELECT $1, $2 FROM set_config('synchronous_commit', 'off', true)
    ON CONFLICT DO NOTHING";

#[async_trait]
impl SharedNonces for PostgresStore {
    async fn key(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        sqlx::query("INSERT INTO nonce_key (id, key) VALUES (1, $1) ON CONFLICT DO NOTHING")
            .bind(fresh.as_slice())
            .execute(&self.pool)
            .await
            .map_err(failed)?;
        let key: Vec<u8> = sqlx::query_scalar("SELECT key FROM nonce_key WHERE id = 1")
            .fetch_one(&self.pool)
            .await
            .map_err(failed)?;
        key.try_into()
            .map_err(|_length| StoreError::Corrupt { table: "nonce_key" })
    }

    async fn note(&self, bucket: i64, hash: u64) -> Result<bool, StoreError> {
        let done = sqlx::query(NOTE)
            .bind(i64::from_be_bytes(hash.to_be_bytes()))
            .bind(bucket)
            .execute(&self.pool)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() == 1)
    }

    async fn forget(&self, before: i64) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM nonces WHERE bucket < $1")
            .bind(before)
            .execute(&self.pool)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected())
    }
}

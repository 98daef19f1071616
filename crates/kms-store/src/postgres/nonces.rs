use async_trait::async_trait;

use super::{PostgresStore, failed, pulse::Nonce};
use crate::{Moment, SharedNonces, StoreError};

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

    async fn note(&self, bucket: i64, hash: u64) -> Result<(bool, Option<Moment>), StoreError> {
        let hash = i64::from_be_bytes(hash.to_be_bytes());
        let (is_first, moment) = self.pulse.ask(Some(Nonce { hash, bucket })).await?;
        Ok((is_first, Some(moment)))
    }

    async fn forget(&self, before: i64) -> Result<u64, StoreError> {
        self.pulse.prune().await?;
        let done = sqlx::query("DELETE FROM nonces WHERE bucket < $1")
            .bind(before)
            .execute(&self.pool)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected())
    }
}

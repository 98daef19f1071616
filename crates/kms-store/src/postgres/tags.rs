use async_trait::async_trait;
use sqlx::query;

use super::{column::Columns, tx::PgTx};
use crate::{SecretId, StoreError, TagRecord, Tags};

#[async_trait]
impl Tags for PgTx {
    async fn of(&mut self, secret: SecretId) -> Result<Vec<TagRecord>, StoreError> {
        let all =
            query("SELECT key, value FROM tags WHERE secret = $1 ORDER BY key").bind(secret.0);
        let rows = self.rows(all).await?;
        rows.iter()
            .map(|row| {
                let columns = Columns { row, table: "tags" };
                Ok(TagRecord {
                    key: columns.plain("key")?,
                    value: columns.plain("value")?,
                })
            })
            .collect()
    }

    async fn put(&mut self, secret: SecretId, tag: &TagRecord) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO tags (secret, key, value) VALUES ($1, $2, $3)
             ON CONFLICT (secret, key) DO UPDATE SET value = excluded.value",
        )
        .bind(secret.0)
        .bind(&tag.key)
        .bind(&tag.value);
        self.execute(put).await.map(|_one| ())
    }

    async fn remove(&mut self, secret: SecretId, key: &str) -> Result<(), StoreError> {
        let delete = query("DELETE FROM tags WHERE secret = $1 AND key = $2")
            .bind(secret.0)
            .bind(key);
        self.execute(delete).await.map(|_at_most_one| ())
    }
}

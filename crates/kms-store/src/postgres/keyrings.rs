use async_trait::async_trait;
use sqlx::query;

use super::{column::Columns, tx::PgTx};
use crate::{KeyringRecord, Keyrings, StoreError};

#[async_trait]
impl Keyrings for PgTx {
    async fn load(&mut self) -> Result<Option<KeyringRecord>, StoreError> {
        let row = self
            .row(query("SELECT revision, wrapped FROM keyring WHERE id = 1"))
            .await?;
        row.map(|row| {
            let columns = Columns {
                row: &row,
                table: "keyring",
            };
            Ok(KeyringRecord {
                revision: columns.plain("revision")?,
                wrapped: columns.plain("wrapped")?,
            })
        })
        .transpose()
    }

    async fn save(&mut self, keyring: &KeyringRecord) -> Result<(), StoreError> {
        let previous = keyring.revision - 1;
        let save = if previous == 0 {
            query(
                "INSERT INTO keyring (id, revision, wrapped) VALUES (1, $1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(keyring.revision)
            .bind(&keyring.wrapped)
        } else {
            query("UPDATE keyring SET revision = $1, wrapped = $2 WHERE id = 1 AND revision = $3")
                .bind(keyring.revision)
                .bind(&keyring.wrapped)
                .bind(previous)
        };
        match self.execute(save).await? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict),
        }
    }
}

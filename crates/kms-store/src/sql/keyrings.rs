use async_trait::async_trait;

use super::{SqlTx, row::Columns, sql};
use crate::{KeyringRecord, Keyrings, StoreError};

#[async_trait]
impl Keyrings for SqlTx {
    async fn load(&mut self) -> Result<Option<KeyringRecord>, StoreError> {
        let row = self
            .row(sql("SELECT revision, wrapped FROM keyring WHERE id = 1"))
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
            sql(
                "INSERT INTO keyring (id, revision, wrapped) VALUES (1, $1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(keyring.revision)
            .bind(&keyring.wrapped)
        } else {
            sql("UPDATE keyring SET revision = $1, wrapped = $2 WHERE id = 1 AND revision = $3")
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

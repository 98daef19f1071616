use async_trait::async_trait;
use kms_types::{KeyId, KeyVersionId};

use super::{
    SqlTx,
    keys::key,
    row::{Columns, Row},
    sql,
};
use crate::{KeyRecord, KeyVersionRecord, KeyVersions, StoreError};

const TABLE: &str = "key_versions";

#[async_trait]
impl KeyVersions for SqlTx {
    async fn find(&mut self, id: &KeyVersionId) -> Result<Option<KeyVersionRecord>, StoreError> {
        let found = sql("SELECT * FROM key_versions WHERE id = $1").bind(id.as_str());
        self.recalled(TABLE, found, |rows| rows.first().map(version).transpose())
            .await
    }

    async fn find_with_key(
        &mut self,
        id: &KeyVersionId,
    ) -> Result<Option<(KeyRecord, KeyVersionRecord)>, StoreError> {
        let found = sql(
            "SELECT k.*, v.key AS version_key, v.id AS version_id, v.sealed AS version_sealed,
                    v.created AS version_created
             FROM key_versions v JOIN keys k ON k.id = v.key WHERE v.id = $1",
        );
        let row = self.row(found.bind(id.as_str())).await?;
        row.map(|row| {
            let columns = Columns {
                row: &row,
                table: TABLE,
            };
            let version = KeyVersionRecord {
                key: columns.parsed("version_key")?,
                id: columns.parsed("version_id")?,
                sealed: columns.plain("version_sealed")?,
                created: columns.time("version_created")?,
            };
            Ok((key(&row)?, version))
        })
        .transpose()
    }

    async fn of(&mut self, key: &KeyId) -> Result<Vec<KeyVersionRecord>, StoreError> {
        let all = sql("SELECT * FROM key_versions WHERE key = $1 ORDER BY created, id");
        let rows = self.rows(all.bind(key.as_str())).await?;
        rows.iter().map(version).collect()
    }

    async fn insert(&mut self, version: &KeyVersionRecord) -> Result<(), StoreError> {
        let insert = sql(
            "INSERT INTO key_versions (id, key, sealed, created) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(version.id.as_str())
        .bind(version.key.as_str())
        .bind(version.sealed.as_ref())
        .bind(version.created);
        SqlTx::insert(self, insert).await
    }

    async fn set_material(
        &mut self,
        id: &KeyVersionId,
        sealed: Option<&Vec<u8>>,
    ) -> Result<(), StoreError> {
        let update = sql("UPDATE key_versions SET sealed = $1 WHERE id = $2")
            .bind(sealed)
            .bind(id.as_str());
        self.execute_on_one(TABLE, update).await
    }
}

fn version(row: &Row) -> Result<KeyVersionRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(KeyVersionRecord {
        key: columns.parsed("key")?,
        id: columns.parsed("id")?,
        sealed: columns.plain("sealed")?,
        created: columns.time("created")?,
    })
}

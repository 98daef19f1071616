use async_trait::async_trait;
use kms_types::{VersionId, VersionStage};

use super::{
    SqlTx,
    row::{Columns, Row},
    sql,
};
use crate::{NewVersion, SecretId, StoreError, VersionRecord, Versions};

const TABLE: &str = "versions";

/// A version with its labels; no label holds a comma.
macro_rules! select_versions {
    ($rest:literal) => {
        concat!(
            "SELECT v.serial, v.id, v.data_type, v.sealed, v.created,
                    (SELECT string_agg(s.label, ',') FROM stages s
                     WHERE s.secret = v.secret AND s.serial = v.serial) AS labels
             FROM versions v ",
            $rest
        )
    };
}

#[async_trait]
impl Versions for SqlTx {
    async fn of(&mut self, secret: SecretId) -> Result<Vec<VersionRecord>, StoreError> {
        let all = sql(select_versions!("WHERE v.secret = $1 ORDER BY v.serial")).bind(secret.0);
        let rows = self.rows(all).await?;
        rows.iter().map(version).collect()
    }

    async fn find(
        &mut self,
        secret: SecretId,
        id: &VersionId,
    ) -> Result<Option<VersionRecord>, StoreError> {
        let one = sql(select_versions!("WHERE v.secret = $1 AND v.id = $2"))
            .bind(secret.0)
            .bind(id.as_str());
        self.recalled(TABLE, one, |rows| rows.first().map(version).transpose())
            .await
    }

    async fn find_by_stage(
        &mut self,
        secret: SecretId,
        stage: &VersionStage,
    ) -> Result<Option<VersionRecord>, StoreError> {
        let one = sql(select_versions!(
            "JOIN stages st ON st.secret = v.secret AND st.serial = v.serial
             WHERE st.secret = $1 AND st.label = $2"
        ))
        .bind(secret.0)
        .bind(stage.as_str());
        self.recalled(TABLE, one, |rows| rows.first().map(version).transpose())
            .await
    }

    async fn insert(&mut self, secret: SecretId, version: &NewVersion) -> Result<i64, StoreError> {
        let next = sql(
            "UPDATE secrets SET last_serial = last_serial + 1 WHERE id = $1 RETURNING last_serial",
        )
        .bind(secret.0);
        let row = self
            .row(next)
            .await?
            .ok_or(StoreError::Gone { table: "secrets" })?;
        let serial: i64 = Columns {
            row: &row,
            table: "secrets",
        }
        .plain("last_serial")?;
        let insert = sql(
            "INSERT INTO versions (secret, serial, id, data_type, sealed, created)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT DO NOTHING",
        )
        .bind(secret.0)
        .bind(serial)
        .bind(version.id.as_str())
        .bind(version.data_type.as_str())
        .bind(&version.sealed)
        .bind(version.created);
        self.insert(insert).await?;
        Ok(serial)
    }

    async fn remove(&mut self, secret: SecretId, serial: i64) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM versions WHERE secret = $1 AND serial = $2
             AND NOT EXISTS (SELECT 1 FROM stages WHERE secret = $1 AND serial = $2)")
        .bind(secret.0)
        .bind(serial);
        self.execute_on_one(TABLE, delete).await
    }

    async fn put_stage(
        &mut self,
        secret: SecretId,
        stage: &VersionStage,
        serial: i64,
    ) -> Result<(), StoreError> {
        let put = sql("INSERT INTO stages (secret, label, serial)
             SELECT CAST($1 AS bigint), CAST($2 AS text), CAST($3 AS bigint) WHERE EXISTS
                (SELECT 1 FROM versions WHERE secret = $1 AND serial = $3)
             ON CONFLICT (secret, label) DO UPDATE SET serial = excluded.serial")
        .bind(secret.0)
        .bind(stage.as_str())
        .bind(serial);
        self.execute_on_one(TABLE, put).await
    }

    async fn remove_stage(
        &mut self,
        secret: SecretId,
        stage: &VersionStage,
    ) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM stages WHERE secret = $1 AND label = $2")
            .bind(secret.0)
            .bind(stage.as_str());
        self.execute_on_one("stages", delete).await
    }
}

fn version(row: &Row) -> Result<VersionRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    let labels = columns
        .plain::<Option<String>>("labels")?
        .unwrap_or_default();
    let mut stages = labels
        .split(',')
        .filter(|label| !label.is_empty())
        .map(|label| label.parse().map_err(|_reason| columns.damage()))
        .collect::<Result<Vec<VersionStage>, _>>()?;
    stages.sort();
    Ok(VersionRecord {
        serial: columns.plain("serial")?,
        id: columns.parsed("id")?,
        data_type: columns.parsed("data_type")?,
        sealed: columns.plain("sealed")?,
        created: columns.time("created")?,
        stages,
    })
}

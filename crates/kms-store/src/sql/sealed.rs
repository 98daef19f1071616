use async_trait::async_trait;

use super::{
    SqlTx, Statement,
    row::{Columns, Row},
    sql,
};
use crate::{Sealed, SealedKind, SealedPlace, SealedRecord, SecretId, StoreError};

#[async_trait]
impl Sealed for SqlTx {
    async fn next(
        &mut self,
        kind: SealedKind,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<SealedRecord>, StoreError> {
        let after = after.unwrap_or_default();
        let next = match kind {
            SealedKind::AccessKey => sql(
                "SELECT id, account, sealed_secret AS sealed FROM access_keys
                 WHERE id > $1 ORDER BY id LIMIT $2",
            )
            .bind(after),
            SealedKind::Authority => sql("SELECT name, sealed FROM authorities
                 WHERE name > $1 ORDER BY name LIMIT $2")
            .bind(after),
            SealedKind::KeyVersion => sql("SELECT v.id, v.key, v.sealed, k.account
                 FROM key_versions v JOIN keys k ON k.id = v.key
                 WHERE v.id > $1 AND v.sealed IS NOT NULL ORDER BY v.id LIMIT $2")
            .bind(after),
            SealedKind::Rotation => sql("SELECT r.id, r.account, r.version_id, r.sealed, s.name
                 FROM rotations r LEFT JOIN secrets s ON s.id = r.secret
                 WHERE r.id > $1 AND r.sealed IS NOT NULL ORDER BY r.id LIMIT $2")
            .bind(after),
            SealedKind::SecretVersion => {
                let (secret, serial) = after.split_once('/').unwrap_or(("0", "0"));
                let number = |text: &str| text.parse::<i64>().unwrap_or_default();
                sql(
                    "SELECT v.secret, v.serial, v.id, v.data_type, v.sealed, s.account, s.name
                     FROM versions v JOIN secrets s ON s.id = v.secret
                     WHERE (v.secret, v.serial) > ($1, $2)
                     ORDER BY v.secret, v.serial LIMIT $3",
                )
                .bind(number(secret))
                .bind(number(serial))
            }
        };
        let rows = self.rows(next.bind(limit)).await?;
        rows.iter().map(|row| record(kind, row)).collect()
    }

    async fn replace(
        &mut self,
        place: &SealedPlace,
        former: &[u8],
        sealed: &[u8],
    ) -> Result<bool, StoreError> {
        let replace = |text: &'static str| -> Statement<'_> { sql(text).bind(sealed).bind(former) };
        let replace = match place {
            SealedPlace::AccessKey { id, .. } => replace(
                "UPDATE access_keys SET sealed_secret = $1 WHERE sealed_secret = $2 AND id = $3",
            )
            .bind(id.as_str()),
            SealedPlace::Authority { name } => {
                replace("UPDATE authorities SET sealed = $1 WHERE sealed = $2 AND name = $3")
                    .bind(name)
            }
            SealedPlace::KeyVersion { version, .. } => {
                replace("UPDATE key_versions SET sealed = $1 WHERE sealed = $2 AND id = $3")
                    .bind(version.as_str())
            }
            SealedPlace::Rotation { id, .. } => {
                replace("UPDATE rotations SET sealed = $1 WHERE sealed = $2 AND id = $3").bind(id)
            }
            SealedPlace::SecretVersion { id, serial, .. } => replace(
                "UPDATE versions SET sealed = $1
                 WHERE sealed = $2 AND secret = $3 AND serial = $4",
            )
            .bind(id.0)
            .bind(*serial),
        };
        self.execute(replace).await.map(|touched| touched == 1)
    }
}

fn record(kind: SealedKind, row: &Row) -> Result<SealedRecord, StoreError> {
    let table = match kind {
        SealedKind::AccessKey => "access_keys",
        SealedKind::Authority => "authorities",
        SealedKind::KeyVersion => "key_versions",
        SealedKind::Rotation => "rotations",
        SealedKind::SecretVersion => "versions",
    };
    let columns = Columns { row, table };
    let account = || columns.parsed("account");
    let place = match kind {
        SealedKind::AccessKey => SealedPlace::AccessKey {
            account: account()?,
            id: columns.parsed("id")?,
        },
        SealedKind::Authority => SealedPlace::Authority {
            name: columns.plain("name")?,
        },
        SealedKind::KeyVersion => SealedPlace::KeyVersion {
            account: account()?,
            key: columns.parsed("key")?,
            version: columns.parsed("id")?,
        },
        SealedKind::Rotation => SealedPlace::Rotation {
            id: columns.plain("id")?,
            account: account()?,
            secret: columns
                .plain::<Option<String>>("name")?
                .map(|name| name.parse().map_err(|_reason| columns.damage()))
                .transpose()?,
            version: columns.parsed("version_id")?,
        },
        SealedKind::SecretVersion => SealedPlace::SecretVersion {
            account: account()?,
            secret: columns.parsed("name")?,
            id: SecretId(columns.plain("secret")?),
            serial: columns.plain("serial")?,
            version: columns.parsed("id")?,
            data_type: columns.parsed("data_type")?,
        },
    };
    let cursor = match &place {
        SealedPlace::AccessKey { id, .. } => id.to_string(),
        SealedPlace::Authority { name } => name.clone(),
        SealedPlace::KeyVersion { version, .. } => version.to_string(),
        SealedPlace::Rotation { id, .. } => id.clone(),
        SealedPlace::SecretVersion { id, serial, .. } => format!("{}/{serial}", id.0),
    };
    Ok(SealedRecord {
        place,
        cursor,
        sealed: columns.plain("sealed")?,
    })
}

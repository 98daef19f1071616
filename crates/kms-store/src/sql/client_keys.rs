use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::{AccessKeyId, AccountId};

use super::{
    SqlTx,
    row::{Columns, Row},
    sql,
};
use crate::{ClientKeyRecord, ClientKeys, StoreError};

const TABLE: &str = "client_keys";

#[async_trait]
impl ClientKeys for SqlTx {
    async fn find(&mut self, id: &AccessKeyId) -> Result<Option<ClientKeyRecord>, StoreError> {
        let found = sql("SELECT * FROM client_keys WHERE id = $1").bind(id.as_str());
        self.row(found).await?.as_ref().map(client_key).transpose()
    }

    async fn list(
        &mut self,
        account: &AccountId,
        access_point: Option<&str>,
    ) -> Result<Vec<ClientKeyRecord>, StoreError> {
        let found = sql("SELECT * FROM client_keys
             WHERE account = $1 AND (CAST($2 AS text) IS NULL OR access_point = $2)
             ORDER BY created, id")
        .bind(account.as_str())
        .bind(access_point);
        self.rows(found).await?.iter().map(client_key).collect()
    }

    async fn insert(&mut self, key: &ClientKeyRecord) -> Result<(), StoreError> {
        let insert = sql("INSERT INTO client_keys
                (id, account, access_point, public_key, certificate, not_before, not_after,
                 created, last_used)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT DO NOTHING")
        .bind(key.id.as_str())
        .bind(key.account.as_str())
        .bind(&key.access_point)
        .bind(&key.public_key)
        .bind(&key.certificate)
        .bind(key.not_before)
        .bind(key.not_after)
        .bind(key.created)
        .bind(key.last_used);
        self.insert(insert).await
    }

    async fn touch(&mut self, id: &AccessKeyId, used: Timestamp) -> Result<(), StoreError> {
        let update = sql("UPDATE client_keys SET last_used = $1 WHERE id = $2")
            .bind(used)
            .bind(id.as_str());
        self.execute(update).await.map(|_at_most_one| ())
    }

    async fn remove(&mut self, id: &AccessKeyId) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM client_keys WHERE id = $1").bind(id.as_str());
        self.execute_on_one(TABLE, delete).await
    }
}

fn client_key(row: &Row) -> Result<ClientKeyRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(ClientKeyRecord {
        id: columns.parsed("id")?,
        account: columns.parsed("account")?,
        access_point: columns.plain("access_point")?,
        public_key: columns.plain("public_key")?,
        certificate: columns.plain("certificate")?,
        not_before: columns.time("not_before")?,
        not_after: columns.time("not_after")?,
        created: columns.time("created")?,
        last_used: columns.time_or_none("last_used")?,
    })
}

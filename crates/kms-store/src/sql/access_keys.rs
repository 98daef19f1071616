use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::{AccessKeyId, AccountId};

use super::{
    SqlTx,
    row::{Columns, Row},
    sql,
};
use crate::{AccessKeyRecord, AccessKeys, KeyStatus, StoreError};

const TABLE: &str = "access_keys";

#[async_trait]
impl AccessKeys for SqlTx {
    async fn find(&mut self, id: &AccessKeyId) -> Result<Option<AccessKeyRecord>, StoreError> {
        let found = sql("SELECT * FROM access_keys WHERE id = $1").bind(id.as_str());
        self.row(found).await?.as_ref().map(access_key).transpose()
    }

    async fn of_user(&mut self, user_id: &str) -> Result<Vec<AccessKeyRecord>, StoreError> {
        let found = sql("SELECT * FROM access_keys WHERE user_id = $1 ORDER BY created, id");
        let rows = self.rows(found.bind(user_id)).await?;
        rows.iter().map(access_key).collect()
    }

    async fn of_account(
        &mut self,
        account: &AccountId,
    ) -> Result<Vec<AccessKeyRecord>, StoreError> {
        let found = sql("SELECT * FROM access_keys WHERE account = $1 ORDER BY created, id");
        let rows = self.rows(found.bind(account.as_str())).await?;
        rows.iter().map(access_key).collect()
    }

    async fn insert(&mut self, key: &AccessKeyRecord) -> Result<(), StoreError> {
        let insert = sql("INSERT INTO access_keys
                (id, account, user_id, sealed_secret, status, created, last_used)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT DO NOTHING")
        .bind(key.id.as_str())
        .bind(key.account.as_str())
        .bind(&key.user_id)
        .bind(&key.sealed_secret)
        .bind(key.status.as_str())
        .bind(key.created)
        .bind(key.last_used);
        self.insert(insert).await
    }

    async fn set_status(&mut self, id: &AccessKeyId, status: KeyStatus) -> Result<(), StoreError> {
        let update = sql("UPDATE access_keys SET status = $1 WHERE id = $2")
            .bind(status.as_str())
            .bind(id.as_str());
        self.execute_on_one(TABLE, update).await
    }

    async fn touch(&mut self, id: &AccessKeyId, used: Timestamp) -> Result<(), StoreError> {
        let update = sql("UPDATE access_keys SET last_used = $1 WHERE id = $2")
            .bind(used)
            .bind(id.as_str());
        self.execute(update).await.map(|_at_most_one| ())
    }

    async fn remove(&mut self, id: &AccessKeyId) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM access_keys WHERE id = $1").bind(id.as_str());
        self.execute_on_one(TABLE, delete).await
    }
}

fn access_key(row: &Row) -> Result<AccessKeyRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(AccessKeyRecord {
        id: columns.parsed("id")?,
        account: columns.parsed("account")?,
        user_id: columns.plain("user_id")?,
        sealed_secret: columns.plain("sealed_secret")?,
        status: match columns.plain::<String>("status")?.as_str() {
            "Active" => KeyStatus::Active,
            "Inactive" => KeyStatus::Inactive,
            _ => return Err(columns.damage()),
        },
        created: columns.time("created")?,
        last_used: columns.time_or_none("last_used")?,
    })
}

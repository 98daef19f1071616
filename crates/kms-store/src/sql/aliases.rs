use async_trait::async_trait;
use kms_types::{AccountId, AliasName, KeyId};

use super::{
    SqlTx,
    row::{Columns, Row},
    sql,
};
use crate::{AliasRecord, Aliases, Page, StoreError};

const TABLE: &str = "aliases";

#[async_trait]
impl Aliases for SqlTx {
    async fn find(
        &mut self,
        account: &AccountId,
        name: &AliasName,
    ) -> Result<Option<AliasRecord>, StoreError> {
        let found = sql("SELECT * FROM aliases WHERE account = $1 AND name = $2")
            .bind(account.as_str())
            .bind(name.as_str());
        self.recalled(TABLE, found, |rows| rows.first().map(alias).transpose())
            .await
    }

    async fn insert(&mut self, alias: &AliasRecord) -> Result<(), StoreError> {
        let insert = sql(
            "INSERT INTO aliases (account, name, key, created) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(alias.account.as_str())
        .bind(alias.name.as_str())
        .bind(alias.key.as_str())
        .bind(alias.created);
        SqlTx::insert(self, insert).await
    }

    async fn update(&mut self, alias: &AliasRecord) -> Result<(), StoreError> {
        let update = sql("UPDATE aliases SET key = $1 WHERE account = $2 AND name = $3")
            .bind(alias.key.as_str())
            .bind(alias.account.as_str())
            .bind(alias.name.as_str());
        self.execute_on_one(TABLE, update).await
    }

    async fn remove(&mut self, account: &AccountId, name: &AliasName) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM aliases WHERE account = $1 AND name = $2")
            .bind(account.as_str())
            .bind(name.as_str());
        self.execute_on_one(TABLE, delete).await
    }

    async fn list(
        &mut self,
        account: &AccountId,
        page: Page,
    ) -> Result<(Vec<AliasRecord>, u64), StoreError> {
        let count = sql("SELECT count(*) AS number FROM aliases WHERE account = $1");
        let total = self.count(TABLE, count.bind(account.as_str())).await?;
        let select =
            sql("SELECT * FROM aliases WHERE account = $1 ORDER BY name LIMIT $2 OFFSET $3")
                .bind(account.as_str())
                .bind(page.size)
                .bind(page.offset());
        let rows = self.rows(select).await?;
        Ok((rows.iter().map(alias).collect::<Result<_, _>>()?, total))
    }

    async fn of_key(
        &mut self,
        key: &KeyId,
        page: Page,
    ) -> Result<(Vec<AliasRecord>, u64), StoreError> {
        let count = sql("SELECT count(*) AS number FROM aliases WHERE key = $1");
        let total = self.count(TABLE, count.bind(key.as_str())).await?;
        let select = sql("SELECT * FROM aliases WHERE key = $1 ORDER BY name LIMIT $2 OFFSET $3")
            .bind(key.as_str())
            .bind(page.size)
            .bind(page.offset());
        let rows = self.rows(select).await?;
        Ok((rows.iter().map(alias).collect::<Result<_, _>>()?, total))
    }
}

fn alias(row: &Row) -> Result<AliasRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(AliasRecord {
        account: columns.parsed("account")?,
        name: columns.parsed("name")?,
        key: columns.parsed("key")?,
        created: columns.time("created")?,
    })
}

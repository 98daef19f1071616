use async_trait::async_trait;
use kms_types::AccountId;

use super::{
    SqlTx,
    row::{Columns, Row},
    sql,
};
use crate::{AccountRecord, Accounts, StoreError};

#[async_trait]
impl Accounts for SqlTx {
    async fn find(&mut self, id: &AccountId) -> Result<Option<AccountRecord>, StoreError> {
        let found = sql("SELECT id, created FROM accounts WHERE id = $1").bind(id.as_str());
        self.row(found).await?.as_ref().map(account).transpose()
    }

    async fn insert(&mut self, account: &AccountRecord) -> Result<(), StoreError> {
        let insert =
            sql("INSERT INTO accounts (id, created) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(account.id.as_str())
                .bind(account.created);
        self.insert(insert).await
    }

    async fn list(&mut self) -> Result<Vec<AccountRecord>, StoreError> {
        let rows = self
            .rows(sql("SELECT id, created FROM accounts ORDER BY id"))
            .await?;
        rows.iter().map(account).collect()
    }
}

fn account(row: &Row) -> Result<AccountRecord, StoreError> {
    let columns = Columns {
        row,
        table: "accounts",
    };
    Ok(AccountRecord {
        id: columns.parsed("id")?,
        created: columns.time("created")?,
    })
}

use async_trait::async_trait;
use kms_types::AccountId;
use sqlx::{query, sqlite::SqliteRow};

use super::{column::Columns, tx::SqliteTx};
use crate::{StoreError, UserRecord, Users};

#[async_trait]
impl Users for SqliteTx {
    async fn find(&mut self, id: &str) -> Result<Option<UserRecord>, StoreError> {
        let found = query("SELECT id, account, name, created FROM users WHERE id = ?").bind(id);
        self.row(found).await?.as_ref().map(user).transpose()
    }

    async fn find_by_name(
        &mut self,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<UserRecord>, StoreError> {
        let found =
            query("SELECT id, account, name, created FROM users WHERE account = ? AND name = ?")
                .bind(account.as_str())
                .bind(name);
        self.row(found).await?.as_ref().map(user).transpose()
    }

    async fn insert(&mut self, user: &UserRecord) -> Result<(), StoreError> {
        let insert = query("INSERT INTO users (id, account, name, created) VALUES (?, ?, ?, ?)")
            .bind(&user.id)
            .bind(user.account.as_str())
            .bind(&user.name)
            .bind(user.created.as_millisecond());
        self.execute(insert).await.map(|_one| ())
    }
}

fn user(row: &SqliteRow) -> Result<UserRecord, StoreError> {
    let columns = Columns {
        row,
        table: "users",
    };
    Ok(UserRecord {
        account: columns.parsed("account")?,
        id: columns.plain("id")?,
        name: columns.plain("name")?,
        created: columns.time("created")?,
    })
}

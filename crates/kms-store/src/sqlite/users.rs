use async_trait::async_trait;
use kms_types::AccountId;
use sqlx::{query, sqlite::SqliteRow};

use super::{column::Columns, tx::SqliteTx};
use crate::{StoreError, UserRecord, Users};

const TABLE: &str = "users";

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

    async fn of_account(&mut self, account: &AccountId) -> Result<Vec<UserRecord>, StoreError> {
        let found =
            query("SELECT id, account, name, created FROM users WHERE account = ? ORDER BY name");
        let rows = self.rows(found.bind(account.as_str())).await?;
        rows.iter().map(user).collect()
    }

    async fn insert(&mut self, user: &UserRecord) -> Result<(), StoreError> {
        let insert = query("INSERT INTO users (id, account, name, created) VALUES (?, ?, ?, ?)")
            .bind(&user.id)
            .bind(user.account.as_str())
            .bind(&user.name)
            .bind(user.created.as_millisecond());
        self.execute(insert).await.map(|_one| ())
    }

    async fn rename(&mut self, id: &str, name: &str) -> Result<(), StoreError> {
        let update = query("UPDATE users SET name = ? WHERE id = ?")
            .bind(name)
            .bind(id);
        self.execute_on_one(TABLE, update).await
    }

    async fn remove(&mut self, id: &str) -> Result<(), StoreError> {
        let delete = query("DELETE FROM users WHERE id = ?").bind(id);
        self.execute_on_one(TABLE, delete).await
    }
}

fn user(row: &SqliteRow) -> Result<UserRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(UserRecord {
        account: columns.parsed("account")?,
        id: columns.plain("id")?,
        name: columns.plain("name")?,
        created: columns.time("created")?,
    })
}

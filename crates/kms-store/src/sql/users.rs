use async_trait::async_trait;
use kms_types::AccountId;

use super::{
    SqlTx,
    row::{Columns, Row},
    sql,
};
use crate::{StoreError, UserRecord, Users};

const TABLE: &str = "users";

#[async_trait]
impl Users for SqlTx {
    async fn find(&mut self, id: &str) -> Result<Option<UserRecord>, StoreError> {
        let found = sql("SELECT id, account, name, created FROM users WHERE id = $1").bind(id);
        self.row(found).await?.as_ref().map(user).transpose()
    }

    async fn find_by_name(
        &mut self,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<UserRecord>, StoreError> {
        let found =
            sql("SELECT id, account, name, created FROM users WHERE account = $1 AND name = $2")
                .bind(account.as_str())
                .bind(name);
        self.row(found).await?.as_ref().map(user).transpose()
    }

    async fn of_account(&mut self, account: &AccountId) -> Result<Vec<UserRecord>, StoreError> {
        let found =
            sql("SELECT id, account, name, created FROM users WHERE account = $1 ORDER BY name");
        let rows = self.rows(found.bind(account.as_str())).await?;
        rows.iter().map(user).collect()
    }

    async fn insert(&mut self, user: &UserRecord) -> Result<(), StoreError> {
        let insert = sql(
            "INSERT INTO users (id, account, name, created) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(&user.id)
        .bind(user.account.as_str())
        .bind(&user.name)
        .bind(user.created);
        self.insert(insert).await
    }

    async fn rename(&mut self, id: &str, name: &str) -> Result<(), StoreError> {
        // A broken rule of uniqueness would end the transaction; so it is asked for.
        let update = sql("UPDATE users SET name = $1 WHERE id = $2 AND NOT EXISTS
                (SELECT 1 FROM users other
                 WHERE other.account = users.account AND other.name = $1 AND other.id <> $2)")
        .bind(name)
        .bind(id);
        match self.execute_on_one(TABLE, update).await {
            Err(StoreError::Gone { .. }) if Users::find(self, id).await?.is_some() => {
                Err(StoreError::Taken)
            }
            done => done,
        }
    }

    async fn remove(&mut self, id: &str) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM users WHERE id = $1").bind(id);
        self.execute_on_one(TABLE, delete).await
    }
}

fn user(row: &Row) -> Result<UserRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(UserRecord {
        account: columns.parsed("account")?,
        id: columns.plain("id")?,
        name: columns.plain("name")?,
        created: columns.time("created")?,
    })
}

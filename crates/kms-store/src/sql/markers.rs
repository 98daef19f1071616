use async_trait::async_trait;

use super::{SqlTx, row::Columns, sql};
use crate::{Markers, StoreError};

#[async_trait]
impl Markers for SqlTx {
    async fn get(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        let found = sql("SELECT body FROM markers WHERE name = $1").bind(name);
        let row = self.row(found).await?;
        row.map(|row| {
            let columns = Columns {
                row: &row,
                table: "markers",
            };
            columns.plain("body")
        })
        .transpose()
    }

    async fn put(&mut self, name: &str, body: &str) -> Result<(), StoreError> {
        let put = sql("INSERT INTO markers (name, body) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET body = excluded.body");
        self.execute(put.bind(name).bind(body)).await.map(|_one| ())
    }

    async fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM markers WHERE name = $1").bind(name);
        self.execute(delete).await.map(|_at_most_one| ())
    }
}

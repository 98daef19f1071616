use async_trait::async_trait;
use kms_types::AccountId;

use super::{
    SqlTx,
    row::{Columns, Row},
    sql,
};
use crate::{DocumentKind, DocumentRecord, Documents, Page, StoreError};

const TABLE: &str = "documents";

#[async_trait]
impl Documents for SqlTx {
    async fn find(
        &mut self,
        account: &AccountId,
        kind: DocumentKind,
        name: &str,
    ) -> Result<Option<DocumentRecord>, StoreError> {
        let found = sql("SELECT * FROM documents WHERE account = $1 AND kind = $2 AND name = $3")
            .bind(account.as_str())
            .bind(kind.as_str())
            .bind(name);
        let row = self.row(found).await?;
        row.map(|row| document(kind, &row)).transpose()
    }

    async fn list(
        &mut self,
        account: &AccountId,
        kind: DocumentKind,
        page: Page,
    ) -> Result<(Vec<DocumentRecord>, u64), StoreError> {
        let count =
            sql("SELECT count(*) AS number FROM documents WHERE account = $1 AND kind = $2")
                .bind(account.as_str())
                .bind(kind.as_str());
        let total = self.count(TABLE, count).await?;
        let select = sql("SELECT * FROM documents WHERE account = $1 AND kind = $2
             ORDER BY name LIMIT $3 OFFSET $4")
        .bind(account.as_str())
        .bind(kind.as_str())
        .bind(page.size)
        .bind(page.offset());
        let rows = self.rows(select).await?;
        let documents = rows.iter().map(|row| document(kind, row));
        Ok((documents.collect::<Result<_, _>>()?, total))
    }

    async fn everywhere(
        &mut self,
        kind: DocumentKind,
        name: Option<&str>,
    ) -> Result<Vec<DocumentRecord>, StoreError> {
        let select = match name {
            Some(name) => {
                sql("SELECT * FROM documents WHERE kind = $1 AND name = $2 ORDER BY account")
                    .bind(kind.as_str())
                    .bind(name)
            }
            None => sql("SELECT * FROM documents WHERE kind = $1 ORDER BY name, account")
                .bind(kind.as_str()),
        };
        let rows = self.rows(select).await?;
        rows.iter().map(|row| document(kind, row)).collect()
    }

    async fn insert(&mut self, document: &DocumentRecord) -> Result<(), StoreError> {
        let insert = sql("INSERT INTO documents (account, kind, name, body, created)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING")
        .bind(document.account.as_str())
        .bind(document.kind.as_str())
        .bind(&document.name)
        .bind(&document.body)
        .bind(document.created);
        self.insert(insert).await
    }

    async fn update(&mut self, document: &DocumentRecord) -> Result<(), StoreError> {
        let update =
            sql("UPDATE documents SET body = $1 WHERE account = $2 AND kind = $3 AND name = $4")
                .bind(&document.body)
                .bind(document.account.as_str())
                .bind(document.kind.as_str())
                .bind(&document.name);
        self.execute_on_one(TABLE, update).await
    }

    async fn remove(
        &mut self,
        account: &AccountId,
        kind: DocumentKind,
        name: &str,
    ) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM documents WHERE account = $1 AND kind = $2 AND name = $3")
            .bind(account.as_str())
            .bind(kind.as_str())
            .bind(name);
        self.execute_on_one(TABLE, delete).await
    }
}

fn document(kind: DocumentKind, row: &Row) -> Result<DocumentRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(DocumentRecord {
        account: columns.parsed("account")?,
        kind,
        name: columns.plain("name")?,
        body: columns.plain("body")?,
        created: columns.time("created")?,
    })
}

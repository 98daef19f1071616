use async_trait::async_trait;
use kms_types::AccountId;
use sqlx::{Row, query, sqlite::SqliteRow};

use super::{column::Columns, failed, tx::SqliteTx};
use crate::{DocumentKind, DocumentRecord, Documents, Page, StoreError};

const TABLE: &str = "documents";

#[async_trait]
impl Documents for SqliteTx {
    async fn find(
        &mut self,
        account: &AccountId,
        kind: DocumentKind,
        name: &str,
    ) -> Result<Option<DocumentRecord>, StoreError> {
        let found = query("SELECT * FROM documents WHERE account = ? AND kind = ? AND name = ?")
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
        let count = query("SELECT count(*) FROM documents WHERE account = ? AND kind = ?")
            .bind(account.as_str())
            .bind(kind.as_str());
        let total: i64 = match self.row(count).await? {
            Some(row) => row.try_get(0).map_err(failed)?,
            None => 0,
        };
        let select = query(
            "SELECT * FROM documents WHERE account = ? AND kind = ?
             ORDER BY name LIMIT ? OFFSET ?",
        )
        .bind(account.as_str())
        .bind(kind.as_str())
        .bind(page.size)
        .bind(page.offset());
        let rows = self.rows(select).await?;
        let documents = rows.iter().map(|row| document(kind, row));
        Ok((
            documents.collect::<Result<_, _>>()?,
            u64::try_from(total).unwrap_or_default(),
        ))
    }

    async fn insert(&mut self, document: &DocumentRecord) -> Result<(), StoreError> {
        let insert = query(
            "INSERT INTO documents (account, kind, name, body, created) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(document.account.as_str())
        .bind(document.kind.as_str())
        .bind(&document.name)
        .bind(&document.body)
        .bind(document.created.as_millisecond());
        self.execute(insert).await.map(|_one| ())
    }

    async fn update(&mut self, document: &DocumentRecord) -> Result<(), StoreError> {
        let update =
            query("UPDATE documents SET body = ? WHERE account = ? AND kind = ? AND name = ?")
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
        let delete = query("DELETE FROM documents WHERE account = ? AND kind = ? AND name = ?")
            .bind(account.as_str())
            .bind(kind.as_str())
            .bind(name);
        self.execute_on_one(TABLE, delete).await
    }
}

fn document(kind: DocumentKind, row: &SqliteRow) -> Result<DocumentRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(DocumentRecord {
        account: columns.parsed("account")?,
        kind,
        name: columns.plain("name")?,
        body: columns.plain("body")?,
        created: columns.time("created")?,
    })
}

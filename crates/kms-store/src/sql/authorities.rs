use async_trait::async_trait;

use super::{SqlTx, row::Columns, sql};
use crate::{Authorities, AuthorityRecord, StoreError};

const TABLE: &str = "authorities";

#[async_trait]
impl Authorities for SqlTx {
    async fn find(&mut self, name: &str) -> Result<Option<AuthorityRecord>, StoreError> {
        let found = sql("SELECT * FROM authorities WHERE name = $1").bind(name);
        let row = self.row(found).await?;
        row.map(|row| {
            let columns = Columns {
                row: &row,
                table: TABLE,
            };
            Ok(AuthorityRecord {
                name: columns.plain("name")?,
                certificate: columns.plain("certificate")?,
                sealed: columns.plain("sealed")?,
                created: columns.time("created")?,
            })
        })
        .transpose()
    }

    async fn insert(&mut self, authority: &AuthorityRecord) -> Result<(), StoreError> {
        let insert = sql(
            "INSERT INTO authorities (name, certificate, sealed, created)
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(&authority.name)
        .bind(&authority.certificate)
        .bind(&authority.sealed)
        .bind(authority.created);
        SqlTx::insert(self, insert).await
    }
}

use std::io::{Read, Write};

use async_trait::async_trait;

use super::{Dialect, SqlTx, Statement, sql};
use crate::{
    SnapshotHeader, Snapshots, StoreError,
    snapshot::{Cell, Frame, RESTORING, Reader, Writer},
};

mod table;

use table::{TABLES, Table};

/// Rows that are read at once.
const BATCH: u32 = 500;

#[async_trait]
impl Snapshots for SqlTx {
    async fn is_empty(&mut self) -> Result<bool, StoreError> {
        for table in TABLES {
            let mut any = sql("SELECT 1 FROM ");
            any.push(table.name);
            if table.name == "markers" {
                any.push(" WHERE name <> ").push_bind(RESTORING);
            }
            any.push(" LIMIT 1");
            if self.row(any).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn export(&mut self, note: &str, to: &mut (dyn Write + Send)) -> Result<u64, StoreError> {
        let header = SnapshotHeader {
            schema: self.dialect().schema(),
            note: note.to_owned(),
            last_secret: self.last_secret().await?,
        };
        let mut writer = Writer::new(to, &header)?;
        for table in TABLES {
            writer.table(table.name)?;
            let mut last: Option<Vec<Cell>> = None;
            loop {
                let rows = self.rows(page(table, last.as_deref())?).await?;
                if rows.is_empty() {
                    break;
                }
                for row in &rows {
                    let cells = table.cells(row)?;
                    writer.record(&cells)?;
                    last = Some(cells);
                }
            }
        }
        writer.end()
    }

    async fn import(&mut self, from: &mut (dyn Read + Send)) -> Result<u64, StoreError> {
        let mut reader = Reader::new(from)?;
        let known = self.dialect().schema();
        if reader.header.schema != known {
            return Err(StoreError::SnapshotSchema {
                found: reader.header.schema,
                known,
            });
        }
        let mut into: Option<&Table> = None;
        let records = loop {
            match reader.next()? {
                Frame::Table(name) => {
                    into = TABLES.iter().find(|table| table.name == name);
                    if into.is_none() {
                        return Err(UNKNOWN);
                    }
                }
                Frame::Record(cells) => {
                    let table = into.ok_or(UNKNOWN)?;
                    let mut insert = sql("INSERT INTO ");
                    insert.push(table.name).push(" (").push(&table.list());
                    insert.push(self.dialect().values_as_given());
                    for (at, value) in table.values(&cells).ok_or(UNKNOWN)?.into_iter().enumerate()
                    {
                        insert.push(if at == 0 { "" } else { ", " });
                        insert.push_bind(value);
                    }
                    insert.push(")");
                    self.execute(insert).await?;
                }
                Frame::End(records) => break records,
            }
        };
        self.set_last_secret(reader.header.last_secret).await?;
        Ok(records)
    }
}

const UNKNOWN: StoreError = StoreError::Snapshot("it holds what this schema does not");

impl SqlTx {
    /// The highest number that a secret ever had.
    async fn last_secret(&mut self) -> Result<i64, StoreError> {
        let last = match self.dialect() {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => {
                "SELECT coalesce(max(seq), 0) AS number FROM sqlite_sequence WHERE name = 'secrets'"
            }
            #[cfg(feature = "postgres")]
            Dialect::Postgres => {
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS number
                 FROM secrets_id_seq"
            }
        };
        self.number("secrets", sql(last)).await
    }

    async fn set_last_secret(&mut self, last: i64) -> Result<(), StoreError> {
        if last == 0 {
            return Ok(());
        }
        match self.dialect() {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => {
                self.execute(sql("DELETE FROM sqlite_sequence WHERE name = 'secrets'"))
                    .await?;
                let set = sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('secrets', $1)");
                self.execute(set.bind(last)).await.map(|_one| ())
            }
            #[cfg(feature = "postgres")]
            Dialect::Postgres => {
                let set = sql("SELECT setval('secrets_id_seq', $1) AS number");
                self.number("secrets", set.bind(last)).await.map(|_it| ())
            }
        }
    }
}

impl Dialect {
    /// Between the columns and the values of an INSERT that numbers secrets itself.
    fn values_as_given(self) -> &'static str {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite => ") VALUES (",
            #[cfg(feature = "postgres")]
            Self::Postgres => ") OVERRIDING SYSTEM VALUE VALUES (",
        }
    }

    fn schema(self) -> i64 {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite => crate::sqlite::NEWEST_SCHEMA,
            #[cfg(feature = "postgres")]
            Self::Postgres => crate::postgres::NEWEST_SCHEMA,
        }
    }
}

/// The rows behind one, by the primary key.
fn page<'c>(table: &Table, after: Option<&'c [Cell]>) -> Result<Statement<'c>, StoreError> {
    let mut select = sql("SELECT ");
    select.push(&table.list()).push(" FROM ").push(table.name);
    select.push(" WHERE TRUE");
    if table.name == "markers" {
        select.push(" AND name <> ").push_bind(RESTORING);
    }
    if let Some(cells) = after {
        select.push(" AND (").push(&table.key_list()).push(") > (");
        for (at, (cell, (_, kind))) in cells.iter().zip(table.columns).take(table.key).enumerate() {
            let damage = StoreError::Corrupt { table: table.name };
            select.push(if at == 0 { "" } else { ", " });
            select.push_bind(table::value(cell, *kind).ok_or(damage)?);
        }
        select.push(")");
    }
    select.push(" ORDER BY ").push(&table.key_list());
    select.push(" LIMIT ").push_bind(BATCH);
    Ok(select)
}

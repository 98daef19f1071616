use async_trait::async_trait;

use super::{
    SqlTx, Statement,
    conditions::push_any,
    row::{Columns, Row},
    sql,
};
use crate::{
    ListedTag, SecretId, StoreError, TagCondition, TagQuery, TagRecord, Tagged, TaggedKind, Tags,
};

#[async_trait]
impl Tags for SqlTx {
    async fn of(&mut self, resource: &Tagged) -> Result<Vec<TagRecord>, StoreError> {
        let (table, all) = match resource {
            Tagged::Key(id) => {
                let all = sql("SELECT key, value FROM key_tags WHERE owner = $1 ORDER BY key");
                ("key_tags", all.bind(id.as_str()))
            }
            Tagged::Secret(id) => {
                let all = sql("SELECT key, value FROM tags WHERE secret = $1 ORDER BY key");
                ("tags", all.bind(id.0))
            }
        };
        self.recalled(table, all, |rows| rows.iter().map(tag).collect())
            .await
    }

    async fn of_secrets(
        &mut self,
        secrets: &[SecretId],
    ) -> Result<Vec<(SecretId, TagRecord)>, StoreError> {
        if secrets.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = sql("SELECT secret, key, value FROM tags WHERE secret IN (");
        for (at, id) in secrets.iter().enumerate() {
            if at > 0 {
                select.push(", ");
            }
            select.push_bind(id.0);
        }
        select.push(") ORDER BY secret, key");
        let rows = self.rows(select).await?;
        rows.iter()
            .map(|row| {
                let columns = Columns { row, table: "tags" };
                Ok((SecretId(columns.plain("secret")?), tag(row)?))
            })
            .collect()
    }

    async fn put(&mut self, resource: &Tagged, tag: &TagRecord) -> Result<(), StoreError> {
        let put = match resource {
            Tagged::Key(id) => sql(
                "INSERT INTO key_tags (owner, key, value) VALUES ($1, $2, $3)
                 ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value",
            )
            .bind(id.as_str()),
            Tagged::Secret(id) => sql("INSERT INTO tags (secret, key, value) VALUES ($1, $2, $3)
                 ON CONFLICT (secret, key) DO UPDATE SET value = excluded.value")
            .bind(id.0),
        };
        let put = put.bind(&tag.key).bind(&tag.value);
        self.execute(put).await.map(|_one| ())
    }

    async fn remove(&mut self, resource: &Tagged, key: &str) -> Result<(), StoreError> {
        let delete = match resource {
            Tagged::Key(id) => {
                sql("DELETE FROM key_tags WHERE owner = $1 AND key = $2").bind(id.as_str())
            }
            Tagged::Secret(id) => sql("DELETE FROM tags WHERE secret = $1 AND key = $2").bind(id.0),
        };
        self.execute(delete.bind(key)).await.map(|_at_most_one| ())
    }

    async fn list(&mut self, query: &TagQuery) -> Result<Vec<ListedTag>, StoreError> {
        let names = match query.kind {
            TaggedKind::Key => Names {
                select: "SELECT r.id AS resource, t.key, t.value
                         FROM keys r JOIN key_tags t ON t.owner = r.id WHERE r.account = ",
                resource: "r.id",
                has_tag: "EXISTS (SELECT 1 FROM key_tags x WHERE x.owner = r.id AND x.key = ",
            },
            TaggedKind::Secret => Names {
                select: "SELECT r.name AS resource, t.key, t.value
                         FROM secrets r JOIN tags t ON t.secret = r.id WHERE r.account = ",
                resource: "r.name",
                has_tag: "EXISTS (SELECT 1 FROM tags x WHERE x.secret = r.id AND x.key = ",
            },
        };
        let rows = self.rows(listing(query, &names)).await?;
        rows.iter()
            .map(|row| {
                let columns = Columns { row, table: "tags" };
                Ok(ListedTag {
                    resource: columns.plain("resource")?,
                    tag: tag(row)?,
                })
            })
            .collect()
    }
}

/// The two pairs of tables, as a listing names them.
struct Names {
    select: &'static str,
    resource: &'static str,
    has_tag: &'static str,
}

fn listing<'q>(query: &'q TagQuery, names: &Names) -> Statement<'q> {
    let mut select = sql(names.select);
    select.push_bind(query.account.as_str());
    if !query.resources.is_empty() {
        push_any(&mut select, &query.resources, |select, resource| {
            select.push(names.resource).push(" = ").push_bind(resource);
        });
    }
    for TagCondition { key, value } in &query.tags {
        select.push(" AND ").push(names.has_tag).push_bind(key);
        if let Some(value) = value {
            select.push(" AND x.value = ").push_bind(value);
        }
        select.push(")");
    }
    if let Some((resource, key)) = &query.after {
        select
            .push(" AND (")
            .push(names.resource)
            .push(", t.key) > (");
        select.push_bind(resource).push(", ");
        select.push_bind(key).push(")");
    }
    select.push(" ORDER BY resource, t.key LIMIT ");
    select.push_bind(query.limit);
    select
}

fn tag(row: &Row) -> Result<TagRecord, StoreError> {
    let columns = Columns { row, table: "tags" };
    Ok(TagRecord {
        key: columns.plain("key")?,
        value: columns.plain("value")?,
    })
}

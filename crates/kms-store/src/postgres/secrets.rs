use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::{AccountId, SecretName};
use sqlx::{Postgres, QueryBuilder, Row, postgres::PgRow, query};

use super::{column::Columns, failed, tx::PgTx};
use crate::{Condition, NewSecret, Page, SecretField, SecretId, SecretRecord, Secrets, StoreError};

const TABLE: &str = "secrets";

#[async_trait]
impl Secrets for PgTx {
    async fn find(
        &mut self,
        account: &AccountId,
        name: &SecretName,
    ) -> Result<Option<SecretRecord>, StoreError> {
        let found = query("SELECT * FROM secrets WHERE account = $1 AND name = $2")
            .bind(account.as_str())
            .bind(name.as_str());
        self.row(found).await?.as_ref().map(secret).transpose()
    }

    async fn insert(&mut self, secret: &NewSecret) -> Result<SecretId, StoreError> {
        let insert = query(
            "INSERT INTO secrets
                (account, name, secret_type, description, encryption_key_id, instance_id,
                 extended_config, created, updated)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT DO NOTHING
             RETURNING id",
        )
        .bind(secret.account.as_str())
        .bind(secret.name.as_str())
        .bind(&secret.secret_type)
        .bind(&secret.description)
        .bind(&secret.encryption_key_id)
        .bind(&secret.instance_id)
        .bind(&secret.extended_config)
        .bind(secret.created.as_millisecond())
        .bind(secret.created.as_millisecond());
        let row = self.row(insert).await?.ok_or(StoreError::Taken)?;
        row.try_get(0).map(SecretId).map_err(failed)
    }

    async fn update(&mut self, secret: &SecretRecord) -> Result<(), StoreError> {
        let update = query(
            "UPDATE secrets
             SET description = $1, extended_config = $2, updated = $3, planned_delete = $4
             WHERE id = $5",
        )
        .bind(&secret.description)
        .bind(&secret.extended_config)
        .bind(secret.updated.as_millisecond())
        .bind(secret.planned_delete.map(Timestamp::as_millisecond))
        .bind(secret.id.0);
        self.execute_on_one(TABLE, update).await
    }

    async fn remove(&mut self, id: SecretId) -> Result<(), StoreError> {
        // Labels first: they hold on to versions.
        self.execute(query("DELETE FROM stages WHERE secret = $1").bind(id.0))
            .await?;
        let delete = query("DELETE FROM secrets WHERE id = $1").bind(id.0);
        self.execute_on_one(TABLE, delete).await
    }

    async fn list(
        &mut self,
        account: &AccountId,
        conditions: &[Condition],
        page: Page,
        now: Timestamp,
    ) -> Result<(Vec<SecretRecord>, u64), StoreError> {
        let mut count = QueryBuilder::new("SELECT count(*) FROM secrets s ");
        push_conditions(&mut count, account, conditions, now);
        let counted = count
            .build_query_scalar()
            .fetch_one(self.connection())
            .await;
        let total: i64 = self.noted(counted)?;

        let mut select = QueryBuilder::new("SELECT s.* FROM secrets s ");
        push_conditions(&mut select, account, conditions, now);
        select.push(" ORDER BY s.name LIMIT ");
        select.push_bind(i64::from(page.size));
        select.push(" OFFSET ");
        select.push_bind(page.offset());
        let found = select.build().fetch_all(self.connection()).await;
        let rows = self.noted(found)?;
        let secrets = rows.iter().map(secret).collect::<Result<_, _>>()?;
        let total =
            u64::try_from(total).map_err(|_negative| StoreError::Corrupt { table: TABLE })?;
        Ok((secrets, total))
    }

    async fn due(&mut self, now: Timestamp, limit: u32) -> Result<Vec<SecretId>, StoreError> {
        let due = query("SELECT id FROM secrets WHERE planned_delete <= $1 LIMIT $2")
            .bind(now.as_millisecond())
            .bind(i64::from(limit));
        let rows = self.rows(due).await?;
        rows.iter()
            .map(|row| row.try_get(0).map(SecretId).map_err(failed))
            .collect()
    }
}

fn push_conditions(
    query: &mut QueryBuilder<Postgres>,
    account: &AccountId,
    conditions: &[Condition],
    now: Timestamp,
) {
    query.push("WHERE s.account = ");
    query.push_bind(account.as_str().to_owned());
    query.push(" AND (s.planned_delete IS NULL OR s.planned_delete > ");
    query.push_bind(now.as_millisecond());
    query.push(")");
    for Condition { field, any_of } in conditions {
        match field {
            SecretField::Name => push_prefixes(query, "s.name", any_of),
            SecretField::Description => push_prefixes(query, "s.description", any_of),
            SecretField::InstanceId => push_values(query, "s.instance_id", any_of),
            SecretField::SecretType => push_values(query, "s.secret_type", any_of),
            SecretField::TagKey => push_tags(query, "t.key", any_of),
            SecretField::TagValue => push_tags(query, "t.value", any_of),
        }
    }
}

fn push_tags(query: &mut QueryBuilder<Postgres>, column: &'static str, values: &[String]) {
    query.push(" AND EXISTS (SELECT 1 FROM tags t WHERE t.secret = s.id");
    push_values(query, column, values);
    query.push(")");
}

/// Begins with one of these, case and all; as a range, so that an index can serve it.
fn push_prefixes(query: &mut QueryBuilder<Postgres>, column: &'static str, prefixes: &[String]) {
    push_any(query, prefixes, |query, prefix| {
        query.push("(").push(column).push(" >= ");
        query.push_bind(prefix.clone());
        query.push(" AND starts_with(").push(column).push(", ");
        query.push_bind(prefix.clone());
        query.push(") AND ").push(column).push(" <= ");
        // Nothing that begins with the prefix sorts behind the prefix and the last
        // character there is.
        query.push_bind(format!("{prefix}\u{10ffff}"));
        query.push(")");
    });
}

fn push_values(query: &mut QueryBuilder<Postgres>, column: &'static str, values: &[String]) {
    push_any(query, values, |query, value| {
        query.push(column).push(" = ");
        query.push_bind(value.clone());
    });
}

/// ` AND (… OR …)`; no values fit nothing.
fn push_any(
    query: &mut QueryBuilder<Postgres>,
    values: &[String],
    push_one: impl Fn(&mut QueryBuilder<Postgres>, &String),
) {
    query.push(" AND (FALSE");
    for value in values {
        query.push(" OR ");
        push_one(query, value);
    }
    query.push(")");
}

fn secret(row: &PgRow) -> Result<SecretRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(SecretRecord {
        id: SecretId(columns.plain("id")?),
        account: columns.parsed("account")?,
        name: columns.parsed("name")?,
        secret_type: columns.plain("secret_type")?,
        description: columns.plain("description")?,
        encryption_key_id: columns.plain("encryption_key_id")?,
        instance_id: columns.plain("instance_id")?,
        extended_config: columns.plain("extended_config")?,
        created: columns.time("created")?,
        updated: columns.time("updated")?,
        planned_delete: columns.time_or_none("planned_delete")?,
    })
}

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::{AccountId, SecretName, SecretType};

use super::{
    Dialect, SqlTx, Statement,
    anchors::Anchors,
    conditions::{push_prefixes, push_values},
    row::{Columns, Row},
    sql,
};
use crate::{
    Condition, Lead, NewSecret, Page, SecretField, SecretId, SecretRecord, SecretRotation, Secrets,
    StoreError,
};

const TABLE: &str = "secrets";

#[async_trait]
impl Secrets for SqlTx {
    async fn find(
        &mut self,
        account: &AccountId,
        name: &SecretName,
    ) -> Result<Option<SecretRecord>, StoreError> {
        let found = sql("SELECT * FROM secrets WHERE account = $1 AND name = $2")
            .bind(account.as_str())
            .bind(name.as_str());
        self.recalled(TABLE, found, |rows| rows.first().map(secret).transpose())
            .await
    }

    async fn find_by_id(&mut self, id: SecretId) -> Result<Option<SecretRecord>, StoreError> {
        let found = sql("SELECT * FROM secrets WHERE id = $1").bind(id.0);
        self.recalled(TABLE, found, |rows| rows.first().map(secret).transpose())
            .await
    }

    async fn insert(&mut self, secret: &NewSecret) -> Result<SecretId, StoreError> {
        let insert = sql("INSERT INTO secrets
                (account, name, secret_type, description, encryption_key_id, instance_id,
                 extended_config, policy, rotation, rotation_seconds, last_rotation,
                 next_rotation, created, updated)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
             ON CONFLICT DO NOTHING
             RETURNING id")
        .bind(secret.account.as_str())
        .bind(secret.name.as_str())
        .bind(&secret.secret_type)
        .bind(&secret.description)
        .bind(&secret.encryption_key_id)
        .bind(&secret.instance_id)
        .bind(&secret.extended_config)
        .bind(&secret.policy)
        .bind(secret.rotation.state.as_str())
        .bind(secret.rotation.interval_seconds)
        .bind(secret.rotation.last)
        .bind(secret.rotation.next)
        .bind(secret.created);
        let row = self.row(insert).await?.ok_or(StoreError::Taken)?;
        id(&row)
    }

    async fn update(&mut self, secret: &SecretRecord) -> Result<(), StoreError> {
        let update = sql("UPDATE secrets
             SET description = $1, extended_config = $2, policy = $3, rotation = $4,
                 rotation_seconds = $5, last_rotation = $6, next_rotation = $7, updated = $8,
                 planned_delete = $9
             WHERE id = $10")
        .bind(&secret.description)
        .bind(&secret.extended_config)
        .bind(&secret.policy)
        .bind(secret.rotation.state.as_str())
        .bind(secret.rotation.interval_seconds)
        .bind(secret.rotation.last)
        .bind(secret.rotation.next)
        .bind(secret.updated)
        .bind(secret.planned_delete)
        .bind(secret.id.0);
        self.execute_on_one(TABLE, update).await
    }

    async fn remove(&mut self, id: SecretId) -> Result<(), StoreError> {
        // Labels first: they hold on to versions.
        self.execute(sql("DELETE FROM stages WHERE secret = $1").bind(id.0))
            .await?;
        let delete = sql("DELETE FROM secrets WHERE id = $1").bind(id.0);
        self.execute_on_one(TABLE, delete).await
    }

    async fn list(
        &mut self,
        account: &AccountId,
        conditions: &[Condition],
        page: Page,
        now: Timestamp,
    ) -> Result<(Vec<SecretRecord>, u64), StoreError> {
        // Most are not planned to go: their number is the same at any time, and remembered.
        let mut staying = sql("SELECT count(*) AS number FROM secrets s ");
        push_account(&mut staying, account);
        staying.push(" AND s.planned_delete IS NULL");
        push_conditions(&mut staying, conditions);
        let mut going = sql("SELECT count(*) AS number FROM secrets s ");
        push_account(&mut going, account);
        going.push(" AND s.planned_delete > ").push_bind(now);
        push_conditions(&mut going, conditions);

        // A transaction that memory cannot answer alone begins before it is asked: nothing of
        // it has to be done again then.
        let going = self.count(TABLE, going).await?;
        let total = going + self.recalled_count(TABLE, staying).await?;
        let offset = u64::try_from(page.offset()).unwrap_or(u64::MAX);
        if offset >= total {
            return Ok((Vec::new(), total));
        }

        // As long as nothing changes, secrets leave the list only by falling due: while as
        // many are going, they are the same ones, whatever the time.
        let mut key = sql("anchors ");
        push_account(&mut key, account);
        push_conditions(&mut key, conditions);
        key.push(" going ").push_bind(going.to_string());
        let anchors: Arc<Anchors> = self.noted(TABLE, &key).unwrap_or_default();

        let mut select = sql("SELECT s.* FROM secrets s ");
        push_account(&mut select, account);
        select.push(" AND (s.planned_delete IS NULL OR s.planned_delete > ");
        select.push_bind(now).push(")");
        push_conditions(&mut select, conditions);
        let mut skipped = page.offset();
        if let Some((before, name)) = anchors.before(offset) {
            select.push(" AND s.name >= ").push_bind(name.as_str());
            skipped = skipped.saturating_sub_unsigned(before);
        }
        select.push(" ORDER BY s.name LIMIT ").push_bind(page.size);
        select.push(" OFFSET ").push_bind(skipped);
        let rows = self.rows(select).await?;
        let secrets: Vec<_> = rows.iter().map(secret).collect::<Result<_, _>>()?;

        let ends = (offset..)
            .zip(&secrets)
            .map(|(at, secret)| (at, &secret.name));
        let ends = ends.clone().take(1).chain(ends.last());
        // Others have noted theirs meanwhile.
        let anchors: Arc<Anchors> = self.noted(TABLE, &key).unwrap_or(anchors);
        if let Some(anchors) = anchors.with(total, ends) {
            self.note(TABLE, &key, anchors);
        }
        Ok((secrets, total))
    }

    async fn count_in_instance(&mut self, instance: &str) -> Result<u64, StoreError> {
        let count = sql("SELECT count(*) AS number FROM secrets WHERE instance_id = $1");
        self.count(TABLE, count.bind(instance)).await
    }

    async fn due(&mut self, now: Timestamp, limit: u32) -> Result<Vec<SecretId>, StoreError> {
        let due = sql("SELECT id FROM secrets WHERE planned_delete <= $1 LIMIT $2")
            .bind(now)
            .bind(limit);
        self.rows(due).await?.iter().map(id).collect()
    }

    async fn of_type(
        &mut self,
        secret_type: SecretType,
    ) -> Result<Vec<(SecretId, AccountId)>, StoreError> {
        let of_type = sql("SELECT id, account FROM secrets
             WHERE secret_type = $1 AND planned_delete IS NULL ORDER BY id")
        .bind(secret_type.as_str());
        let rows = self.rows(of_type).await?;
        let pair = |row| {
            let account = Columns { row, table: TABLE }.parsed("account")?;
            Ok((id(row)?, account))
        };
        rows.iter().map(pair).collect()
    }

    async fn due_for_rotation(
        &mut self,
        now: Timestamp,
        lead: Lead,
        limit: u32,
    ) -> Result<Vec<SecretRecord>, StoreError> {
        let horizon = now.checked_add(lead.most).unwrap_or(now);
        let dialect = self.dialect();
        let mut due = sql("SELECT s.* FROM secrets s
             WHERE s.rotation = 'Enabled' AND s.planned_delete IS NULL AND s.next_rotation <= ");
        due.push_bind(horizon);
        due.push(" AND (s.next_rotation <= ").push_bind(now);
        // In milliseconds, as times are.
        due.push(" OR (s.secret_type = ")
            .push_bind(lead.secret_type.as_str());
        due.push(" AND s.next_rotation - s.rotation_seconds * 1000 / ")
            .push_bind(lead.part);
        due.push(" <= ").push_bind(now).push("))");
        due.push(
            " AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret = s.id
                AND r.finished IS NULL)
             ORDER BY s.next_rotation LIMIT ",
        );
        due.push_bind(limit);
        match dialect {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => {}
            #[cfg(feature = "postgres")]
            Dialect::Postgres => {
                due.push(" FOR UPDATE OF s SKIP LOCKED");
            }
        }
        self.rows(due).await?.iter().map(secret).collect()
    }

    async fn count_overdue(&mut self, due: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let count = sql("SELECT count(*) AS number FROM (SELECT 1 FROM secrets s
             WHERE s.rotation = 'Enabled' AND s.planned_delete IS NULL AND s.next_rotation <= $1
                AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.secret = s.id
                    AND r.finished IS NULL)
             LIMIT $2) AS overdue")
        .bind(due)
        .bind(limit);
        self.count(TABLE, count).await
    }
}

fn push_account<'q>(statement: &mut Statement<'q>, account: &'q AccountId) {
    statement
        .push("WHERE s.account = ")
        .push_bind(account.as_str());
}

fn push_conditions<'q>(statement: &mut Statement<'q>, conditions: &'q [Condition]) {
    for Condition { field, any_of } in conditions {
        match field {
            SecretField::Name => push_prefixes(statement, "s.name", any_of),
            SecretField::Description => push_prefixes(statement, "s.description", any_of),
            SecretField::InstanceId => push_values(statement, "s.instance_id", any_of),
            SecretField::SecretType => push_values(statement, "s.secret_type", any_of),
            SecretField::TagKey => push_tags(statement, "t.key", any_of),
            SecretField::TagValue => push_tags(statement, "t.value", any_of),
        }
    }
}

/// As a set of its own, so that it may be looked up first where few bear the tag.
fn push_tags<'q>(statement: &mut Statement<'q>, column: &'static str, values: &'q [String]) {
    statement.push(" AND s.id IN (SELECT t.secret FROM tags t WHERE TRUE");
    push_values(statement, column, values);
    statement.push(")");
}

fn id(row: &Row) -> Result<SecretId, StoreError> {
    Columns { row, table: TABLE }.plain("id").map(SecretId)
}

fn secret(row: &Row) -> Result<SecretRecord, StoreError> {
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
        policy: columns.plain("policy")?,
        rotation: SecretRotation {
            state: columns.parsed("rotation")?,
            interval_seconds: columns.plain("rotation_seconds")?,
            last: columns.time_or_none("last_rotation")?,
            next: columns.time_or_none("next_rotation")?,
        },
        created: columns.time("created")?,
        updated: columns.time("updated")?,
        planned_delete: columns.time_or_none("planned_delete")?,
    })
}

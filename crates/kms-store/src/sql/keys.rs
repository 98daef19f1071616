use async_trait::async_trait;
use jiff::Timestamp;
use kms_types::{AccountId, KeyId};

use super::{
    SqlTx, Statement,
    conditions::push_values,
    row::{Columns, Row},
    sql,
};
use crate::{KeyCondition, KeyField, KeyRecord, Keys, Page, StoreError};

const TABLE: &str = "keys";
const TAGS: &str = "key_tags t WHERE t.owner = k.id";

#[async_trait]
impl Keys for SqlTx {
    async fn find(
        &mut self,
        account: &AccountId,
        id: &KeyId,
    ) -> Result<Option<KeyRecord>, StoreError> {
        let found = sql("SELECT * FROM keys WHERE id = $1 AND account = $2")
            .bind(id.as_str())
            .bind(account.as_str());
        self.recalled(TABLE, found, |rows| rows.first().map(key).transpose())
            .await
    }

    async fn find_any(&mut self, id: &KeyId) -> Result<Option<KeyRecord>, StoreError> {
        let found = sql("SELECT * FROM keys WHERE id = $1").bind(id.as_str());
        self.recalled(TABLE, found, |rows| rows.first().map(key).transpose())
            .await
    }

    async fn insert(&mut self, key: &KeyRecord) -> Result<(), StoreError> {
        let insert = sql("INSERT INTO keys
                (id, account, spec, usage, origin, state, description, instance_id, creator,
                 created, rotation_seconds, last_rotation, next_rotation, deletion_protection,
                 protection_description, planned_delete, material_expires, policy,
                 primary_version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                     $17, $18, $19)
             ON CONFLICT DO NOTHING")
        .bind(key.id.as_str())
        .bind(key.account.as_str())
        .bind(key.spec.as_str())
        .bind(key.usage.as_str())
        .bind(key.origin.as_str())
        .bind(key.state.as_str())
        .bind(&key.description)
        .bind(&key.instance_id)
        .bind(&key.creator)
        .bind(key.created)
        .bind(key.rotation_seconds)
        .bind(key.last_rotation)
        .bind(key.next_rotation)
        .bind(key.deletion_protection)
        .bind(&key.protection_description)
        .bind(key.planned_delete)
        .bind(key.material_expires)
        .bind(&key.policy)
        .bind(key.primary_version.as_str());
        SqlTx::insert(self, insert).await
    }

    async fn update(&mut self, key: &KeyRecord) -> Result<(), StoreError> {
        let update = sql("UPDATE keys
             SET state = $1, description = $2, rotation_seconds = $3, last_rotation = $4,
                 next_rotation = $5, deletion_protection = $6, protection_description = $7,
                 planned_delete = $8, material_expires = $9, policy = $10,
                 primary_version = $11
             WHERE id = $12")
        .bind(key.state.as_str())
        .bind(&key.description)
        .bind(key.rotation_seconds)
        .bind(key.last_rotation)
        .bind(key.next_rotation)
        .bind(key.deletion_protection)
        .bind(&key.protection_description)
        .bind(key.planned_delete)
        .bind(key.material_expires)
        .bind(&key.policy)
        .bind(key.primary_version.as_str())
        .bind(key.id.as_str());
        self.execute_on_one(TABLE, update).await
    }

    async fn remove(&mut self, id: &KeyId) -> Result<(), StoreError> {
        let delete = sql("DELETE FROM keys WHERE id = $1").bind(id.as_str());
        self.execute_on_one(TABLE, delete).await
    }

    async fn list(
        &mut self,
        account: &AccountId,
        conditions: &[KeyCondition],
        page: Page,
        now: Timestamp,
    ) -> Result<(Vec<KeyRecord>, u64), StoreError> {
        let mut count = sql("SELECT count(*) AS number FROM keys k ");
        push_conditions(&mut count, account, conditions, now);
        let total = self.count(TABLE, count).await?;

        let mut select = sql("SELECT k.* FROM keys k ");
        push_conditions(&mut select, account, conditions, now);
        select
            .push(" ORDER BY k.created, k.id LIMIT ")
            .push_bind(page.size);
        select.push(" OFFSET ").push_bind(page.offset());
        let rows = self.rows(select).await?;
        let keys = rows.iter().map(key).collect::<Result<_, _>>()?;
        Ok((keys, total))
    }

    async fn count_in_instance(&mut self, instance: &str) -> Result<u64, StoreError> {
        let count = sql("SELECT count(*) AS number FROM keys WHERE instance_id = $1");
        self.count(TABLE, count.bind(instance)).await
    }

    async fn due(&mut self, now: Timestamp, limit: u32) -> Result<Vec<KeyRecord>, StoreError> {
        let due =
            sql("SELECT * FROM keys WHERE planned_delete <= $1 ORDER BY planned_delete LIMIT $2");
        self.keys(due.bind(now).bind(limit)).await
    }

    async fn due_for_rotation(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<KeyRecord>, StoreError> {
        let due = sql(
            "SELECT * FROM keys WHERE next_rotation <= $1 AND state = 'Enabled'
             ORDER BY next_rotation LIMIT $2",
        );
        self.keys(due.bind(now).bind(limit)).await
    }

    async fn due_for_expiry(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<KeyRecord>, StoreError> {
        let due = sql("SELECT * FROM keys WHERE material_expires <= $1
             ORDER BY material_expires LIMIT $2");
        self.keys(due.bind(now).bind(limit)).await
    }
}

impl SqlTx {
    async fn keys(&mut self, statement: Statement<'_>) -> Result<Vec<KeyRecord>, StoreError> {
        self.rows(statement).await?.iter().map(key).collect()
    }
}

fn push_conditions<'q>(
    statement: &mut Statement<'q>,
    account: &'q AccountId,
    conditions: &'q [KeyCondition],
    now: Timestamp,
) {
    statement
        .push("WHERE k.account = ")
        .push_bind(account.as_str());
    statement.push(" AND (k.planned_delete IS NULL OR k.planned_delete > ");
    statement.push_bind(now).push(")");
    for KeyCondition { field, any_of } in conditions {
        let (column, beside) = match field {
            KeyField::AliasName => ("a.name", Some("aliases a WHERE a.key = k.id")),
            KeyField::Creator => ("k.creator", None),
            KeyField::Id => ("k.id", None),
            KeyField::InstanceId => ("k.instance_id", None),
            KeyField::Origin => ("k.origin", None),
            KeyField::Spec => ("k.spec", None),
            KeyField::State => ("k.state", None),
            KeyField::TagKey => ("t.key", Some(TAGS)),
            KeyField::TagValue => ("t.value", Some(TAGS)),
            KeyField::Usage => ("k.usage", None),
        };
        if let Some(table) = beside {
            statement.push(" AND EXISTS (SELECT 1 FROM ").push(table);
        }
        push_values(statement, column, any_of);
        if beside.is_some() {
            statement.push(")");
        }
    }
}

pub(super) fn key(row: &Row) -> Result<KeyRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(KeyRecord {
        account: columns.parsed("account")?,
        id: columns.parsed("id")?,
        spec: columns.parsed("spec")?,
        usage: columns.parsed("usage")?,
        origin: columns.parsed("origin")?,
        state: columns.parsed("state")?,
        description: columns.plain("description")?,
        instance_id: columns.plain("instance_id")?,
        creator: columns.plain("creator")?,
        created: columns.time("created")?,
        rotation_seconds: columns.plain("rotation_seconds")?,
        last_rotation: columns.time_or_none("last_rotation")?,
        next_rotation: columns.time_or_none("next_rotation")?,
        deletion_protection: columns.flag("deletion_protection")?,
        protection_description: columns.plain("protection_description")?,
        planned_delete: columns.time_or_none("planned_delete")?,
        material_expires: columns.time_or_none("material_expires")?,
        policy: columns.plain("policy")?,
        primary_version: columns.parsed("primary_version")?,
    })
}

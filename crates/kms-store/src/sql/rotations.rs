use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kms_types::AccountId;

use super::{
    Dialect, SqlTx, Statement,
    conditions::push_any,
    row::{Columns, Row},
    sql,
};
use crate::{NewRotation, RotationRecord, Rotations, SecretId, StoreError};

const TABLE: &str = "rotations";

#[async_trait]
impl Rotations for SqlTx {
    async fn insert(&mut self, new: &NewRotation) -> Result<(), StoreError> {
        let insert = sql("INSERT INTO rotations
                (id, account, secret, subject, version_id, kind, step, body, sealed, next_try,
                 window_end, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT DO NOTHING")
        .bind(&new.id)
        .bind(new.account.as_str())
        .bind(new.secret.0)
        .bind(&new.subject)
        .bind(new.version.as_str())
        .bind(&new.kind)
        .bind(&new.step)
        .bind(&new.body)
        .bind(new.sealed.as_ref())
        .bind(new.next_try)
        .bind(new.window_end)
        .bind(new.created);
        SqlTx::insert(self, insert).await
    }

    async fn find(&mut self, id: &str) -> Result<Option<RotationRecord>, StoreError> {
        let found = sql("SELECT * FROM rotations WHERE id = $1").bind(id);
        self.row(found).await?.as_ref().map(rotation).transpose()
    }

    async fn of_secret(
        &mut self,
        secret: SecretId,
        limit: u32,
    ) -> Result<Vec<RotationRecord>, StoreError> {
        let found =
            sql("SELECT * FROM rotations WHERE secret = $1 ORDER BY created DESC, id LIMIT $2");
        let rows = self.rows(found.bind(secret.0).bind(limit)).await?;
        rows.iter().map(rotation).collect()
    }

    async fn count_since(
        &mut self,
        account: &AccountId,
        kinds: &[&str],
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut count = sql("SELECT count(*) AS number FROM rotations WHERE account = ");
        count.push_bind(account.as_str());
        count.push(" AND created >= ").push_bind(since);
        push_any(&mut count, kinds, |count, kind| {
            count.push("kind = ").push_bind(*kind);
        });
        self.count(TABLE, count).await
    }

    async fn count_unfinished(&mut self) -> Result<u64, StoreError> {
        let count = sql("SELECT count(*) AS number FROM rotations WHERE finished IS NULL");
        self.count(TABLE, count).await
    }

    async fn claim(
        &mut self,
        owner: &str,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<RotationRecord>, StoreError> {
        let dialect = self.dialect();
        let mut claim = sql("UPDATE rotations SET fence = fence + 1, owner = ");
        claim.push_bind(owner).push(", lease_end = ");
        dialect.push_end(&mut claim, now, lease);
        claim.push(" WHERE id = (SELECT id FROM rotations WHERE finished IS NULL AND next_try <= ");
        claim.push_bind(now).push(" AND lease_end <= ");
        dialect.push_now(&mut claim, now);
        claim.push(" ORDER BY next_try, id LIMIT 1");
        match dialect {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => {}
            #[cfg(feature = "postgres")]
            Dialect::Postgres => {
                claim.push(" FOR UPDATE SKIP LOCKED");
            }
        }
        claim.push(") RETURNING *");
        self.row(claim).await?.as_ref().map(rotation).transpose()
    }

    async fn renew(
        &mut self,
        id: &str,
        fence: i64,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<(), StoreError> {
        let mut renew = sql("UPDATE rotations SET lease_end = ");
        self.dialect().push_end(&mut renew, now, lease);
        renew.push(" WHERE id = ").push_bind(id);
        renew
            .push(" AND finished IS NULL AND fence = ")
            .push_bind(fence);
        self.fenced(renew).await
    }

    async fn advance(&mut self, rotation: &RotationRecord) -> Result<(), StoreError> {
        let advance = sql("UPDATE rotations
             SET step = $1, body = $2, sealed = $3, attempts = $4, next_try = $5,
                 window_end = $6, error = $7
             WHERE id = $8 AND fence = $9 AND finished IS NULL")
        .bind(&rotation.step)
        .bind(&rotation.body)
        .bind(rotation.sealed.as_ref())
        .bind(rotation.attempts)
        .bind(rotation.next_try)
        .bind(rotation.window_end)
        .bind(&rotation.error)
        .bind(&rotation.id)
        .bind(rotation.fence);
        self.fenced(advance).await
    }

    async fn release(&mut self, id: &str, fence: i64) -> Result<(), StoreError> {
        let release = sql("UPDATE rotations SET lease_end = 0, owner = ''
             WHERE id = $1 AND fence = $2 AND finished IS NULL");
        self.fenced(release.bind(id).bind(fence)).await
    }

    async fn release_all(&mut self) -> Result<u64, StoreError> {
        let release = sql("UPDATE rotations SET lease_end = 0, owner = ''
             WHERE finished IS NULL AND lease_end > 0");
        self.execute(release).await
    }

    async fn finish(
        &mut self,
        rotation: &RotationRecord,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let finish = sql("UPDATE rotations
             SET step = $1, body = $2, sealed = NULL, attempts = $3, error = $4,
                 lease_end = 0, owner = '', finished = $5
             WHERE id = $6 AND fence = $7 AND finished IS NULL")
        .bind(&rotation.step)
        .bind(&rotation.body)
        .bind(rotation.attempts)
        .bind(&rotation.error)
        .bind(now)
        .bind(&rotation.id)
        .bind(rotation.fence);
        self.fenced(finish).await
    }

    async fn forget(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute(sql("DELETE FROM rotations WHERE finished < $1").bind(before))
            .await
    }
}

impl SqlTx {
    /// Runs a statement that touches one row if the lease is still the caller's.
    pub(super) async fn fenced(&mut self, statement: Statement<'_>) -> Result<(), StoreError> {
        match self.execute(statement).await? {
            0 => Err(StoreError::Deposed),
            _ => Ok(()),
        }
    }
}

fn rotation(row: &Row) -> Result<RotationRecord, StoreError> {
    let columns = Columns { row, table: TABLE };
    Ok(RotationRecord {
        id: columns.plain("id")?,
        account: columns.parsed("account")?,
        secret: SecretId(columns.plain("secret")?),
        subject: columns.plain("subject")?,
        version: columns.parsed("version_id")?,
        kind: columns.plain("kind")?,
        step: columns.plain("step")?,
        body: columns.plain("body")?,
        sealed: columns.plain("sealed")?,
        fence: columns.plain("fence")?,
        owner: columns.plain("owner")?,
        attempts: columns.plain("attempts")?,
        next_try: columns.time("next_try")?,
        window_end: columns.time_or_none("window_end")?,
        error: columns.plain("error")?,
        created: columns.time("created")?,
        finished: columns.time_or_none("finished")?,
    })
}

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{SqlTx, row::Columns, sql};
use crate::{Leases, StoreError};

#[async_trait]
impl Leases for SqlTx {
    async fn acquire(
        &mut self,
        name: &str,
        owner: &str,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<i64>, StoreError> {
        let dialect = self.dialect();
        let mut acquire = sql("INSERT INTO leases (name, owner, fence, lease_end) VALUES (");
        acquire.push_bind(name).push(", ").push_bind(owner);
        acquire.push(", 1, ");
        dialect.push_end(&mut acquire, now, lease);
        acquire.push(
            ") ON CONFLICT (name) DO UPDATE
             SET owner = excluded.owner, lease_end = excluded.lease_end,
                 fence = leases.fence
                    + CASE WHEN leases.owner = excluded.owner THEN 0 ELSE 1 END
             WHERE leases.owner = excluded.owner OR leases.lease_end <= ",
        );
        dialect.push_now(&mut acquire, now);
        acquire.push(" RETURNING fence");
        let row = self.row(acquire).await?;
        row.map(|row| {
            let columns = Columns {
                row: &row,
                table: "leases",
            };
            columns.plain("fence")
        })
        .transpose()
    }

    async fn check(&mut self, name: &str, fence: i64) -> Result<(), StoreError> {
        let held = sql("SELECT fence FROM leases WHERE name = $1 AND fence = $2");
        match self.row(held.bind(name).bind(fence)).await? {
            Some(_) => Ok(()),
            None => Err(StoreError::Deposed),
        }
    }

    async fn release(&mut self, name: &str, fence: i64) -> Result<(), StoreError> {
        let release =
            sql("UPDATE leases SET owner = '', lease_end = 0 WHERE name = $1 AND fence = $2");
        self.fenced(release.bind(name).bind(fence)).await
    }

    async fn release_all(&mut self) -> Result<u64, StoreError> {
        let release = sql("UPDATE leases SET owner = '', lease_end = 0 WHERE owner <> ''");
        self.execute(release).await
    }
}

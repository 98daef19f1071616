use jiff::{SignedDuration, Timestamp};

use super::{Dialect, Statement};

impl Dialect {
    /// Appends the moment that leases are measured by. Several servers share the database's
    /// clock, for their own may differ; the one of a SQLite file has its own.
    pub(super) fn push_now(self, statement: &mut Statement<'_>, now: Timestamp) {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite => statement.push_bind(now),
            #[cfg(feature = "postgres")]
            Self::Postgres => {
                // The caller's counts for nothing here.
                let _ = now;
                statement.push("CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
            }
        };
    }

    /// Appends the end of a lease that begins now.
    pub(super) fn push_end(
        self,
        statement: &mut Statement<'_>,
        now: Timestamp,
        lease: SignedDuration,
    ) {
        self.push_now(statement, now);
        let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX / 4);
        statement
            .push(" + CAST(")
            .push_bind(lease)
            .push(" AS bigint)");
    }
}

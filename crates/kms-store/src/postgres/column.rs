//! From columns to the project's own types; what does not parse is damage.

use std::str::FromStr;

use jiff::Timestamp;
use sqlx::{Row, postgres::PgRow};

use crate::StoreError;

/// A row of that table.
pub(super) struct Columns<'r> {
    pub(super) row: &'r PgRow,
    pub(super) table: &'static str,
}

impl Columns<'_> {
    /// A column of one of PostgreSQL's own types.
    pub(super) fn plain<'r, T>(&'r self, name: &str) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        self.row.try_get(name).map_err(|_error| self.damage())
    }

    /// A column of text that has to parse.
    pub(super) fn parsed<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.plain::<&str>(name)?
            .parse()
            .map_err(|_reason| self.damage())
    }

    /// A moment.
    pub(super) fn time(&self, name: &str) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(self.plain(name)?).map_err(|_range| self.damage())
    }

    /// A moment or none.
    pub(super) fn time_or_none(&self, name: &str) -> Result<Option<Timestamp>, StoreError> {
        self.plain::<Option<i64>>(name)?
            .map(Timestamp::from_millisecond)
            .transpose()
            .map_err(|_range| self.damage())
    }

    pub(super) fn damage(&self) -> StoreError {
        StoreError::Corrupt { table: self.table }
    }
}

//! From columns to the project's own types; what does not parse is damage.

use std::str::FromStr;

use jiff::Timestamp;

use crate::StoreError;

/// A row of either database.
pub(crate) enum Row {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::sqlite::SqliteRow),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::postgres::PgRow),
}

/// What a column may hold.
pub(crate) trait Column: Sized {
    /// The column of that name, if it is there and of this type.
    fn of(row: &Row, name: &str) -> Option<Self>;
}

macro_rules! columns {
    ($($type:ty),*) => { $(
        impl Column for $type {
            fn of(row: &Row, name: &str) -> Option<Self> {
                use sqlx::Row as _;
                match row {
                    #[cfg(feature = "sqlite")]
                    Row::Sqlite(row) => row.try_get(name).ok(),
                    #[cfg(feature = "postgres")]
                    Row::Postgres(row) => row.try_get(name).ok(),
                }
            }
        }
    )* };
}
columns!(
    i64,
    Option<i64>,
    String,
    Option<String>,
    Vec<u8>,
    Option<Vec<u8>>
);

/// A row of that table.
pub(super) struct Columns<'r> {
    pub(super) row: &'r Row,
    pub(super) table: &'static str,
}

impl Columns<'_> {
    /// A column as it is.
    pub(super) fn plain<T: Column>(&self, name: &str) -> Result<T, StoreError> {
        T::of(self.row, name).ok_or_else(|| self.damage())
    }

    /// A column of text that has to parse.
    pub(super) fn parsed<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.plain::<String>(name)?
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

    /// Yes or no.
    pub(super) fn flag(&self, name: &str) -> Result<bool, StoreError> {
        self.plain::<i64>(name).map(|number| number != 0)
    }

    pub(super) fn damage(&self) -> StoreError {
        StoreError::Corrupt { table: self.table }
    }
}

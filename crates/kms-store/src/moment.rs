//! How long what was read stays true.

use std::{ops::BitOr, sync::Arc};

/// A part of the store that changes apart from the others. No reference between tables
/// cascades from one to another.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Area {
    /// Accounts, users, AccessKeys, ClientKeys and all documents.
    Identity,
    /// Secrets with versions, stages and tags.
    Secrets,
    /// Keys with versions, aliases and tags.
    Keys,
}

/// The store at some moment: what was read in a transaction that began after it was asked for
/// is still so, as long as the number of its area is the same.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Moment {
    numbers: Numbers,
    snapshot: Option<Arc<str>>,
}

/// A number for each area; each grows when something in the area changes.
pub(crate) type Numbers = [u64; Area::ALL.len()];

/// Some of the areas.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Areas(u8);

// === impl Area ===

impl Area {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Identity, Self::Secrets, Self::Keys];

    /// Where a table belongs, if it belongs to one.
    pub(crate) fn of_table(table: &str) -> Option<Self> {
        match table {
            "accounts" | "users" | "access_keys" | "documents" | "client_keys" => {
                Some(Self::Identity)
            }
            "secrets" | "versions" | "stages" | "tags" => Some(Self::Secrets),
            "keys" | "key_versions" | "aliases" | "key_tags" => Some(Self::Keys),
            _ => None,
        }
    }

    pub(crate) fn place(self) -> usize {
        match self {
            Self::Identity => 0,
            Self::Secrets => 1,
            Self::Keys => 2,
        }
    }
}

// === impl Moment ===

impl Moment {
    pub(crate) fn new(numbers: Numbers, snapshot: Option<Arc<str>>) -> Self {
        Self { numbers, snapshot }
    }

    /// The area's number.
    pub fn number(&self, area: Area) -> u64 {
        let [identity, secrets, keys] = self.numbers;
        match area {
            Area::Identity => identity,
            Area::Secrets => secrets,
            Area::Keys => keys,
        }
    }

    /// What PostgreSQL calls it.
    #[cfg(feature = "postgres")]
    pub(crate) fn snapshot(&self) -> Option<&str> {
        self.snapshot.as_deref()
    }
}

// === impl Areas ===

impl Areas {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self(0b111);

    /// What a statement of ours changes; everything, unless it is seen to change less.
    pub(crate) fn written_by(sql: &str) -> Self {
        let mut words = sql.split_ascii_whitespace();
        let table = match words.next() {
            Some("SELECT") => return Self::NONE,
            Some("UPDATE") => words.next(),
            Some("INSERT" | "DELETE") => words.nth(1),
            _ => None,
        };
        match table {
            // Nothing is kept of what is read there.
            Some("authorities" | "rotations" | "leases" | "markers") => Self::NONE,
            Some(table) => Area::of_table(table).map_or(Self::ALL, Self::from),
            None => Self::ALL,
        }
    }

    /// The others.
    #[cfg(feature = "postgres")]
    pub(crate) fn complement(self) -> Self {
        Self(Self::ALL.0 & !self.0)
    }

    pub(crate) fn contains(self, other: impl Into<Self>) -> bool {
        let Self(other) = other.into();
        self.0 & other == other
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Area> {
        Area::ALL
            .into_iter()
            .filter(move |area| self.contains(*area))
    }

    /// As the database keeps it.
    #[cfg(feature = "postgres")]
    pub(crate) fn to_bits(self) -> i64 {
        self.0.into()
    }

    /// Bits that are none of ours are a later version's: everything.
    #[cfg(feature = "postgres")]
    pub(crate) fn from_bits(bits: i64) -> Self {
        match u8::try_from(bits) {
            Ok(bits) if bits & !Self::ALL.0 == 0 => Self(bits),
            _ => Self::ALL,
        }
    }
}

impl From<Area> for Areas {
    fn from(area: Area) -> Self {
        Self(1 << area.place())
    }
}

impl BitOr for Areas {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests;

//! How much records take, about: what is variable of them, and themselves.

use crate::{AliasRecord, KeyRecord, KeyVersionRecord, SecretRecord, TagRecord, VersionRecord};

/// About how many bytes something takes.
pub(in crate::sql) trait Weight {
    fn weight(&self) -> usize;
}

/// Ids and names that have text of their own, each about.
const NAME: usize = 48;

impl<T: Weight> Weight for Option<T> {
    fn weight(&self) -> usize {
        self.as_ref().map_or(0, T::weight)
    }
}

impl<T: Weight> Weight for Vec<T> {
    fn weight(&self) -> usize {
        self.iter().map(T::weight).sum()
    }
}

impl Weight for u64 {
    fn weight(&self) -> usize {
        size_of::<Self>()
    }
}

impl Weight for SecretRecord {
    fn weight(&self) -> usize {
        let texts = [&self.description, &self.extended_config, &self.policy];
        size_of::<Self>() + 5 * NAME + texts.map(String::len).into_iter().sum::<usize>()
    }
}

impl Weight for VersionRecord {
    fn weight(&self) -> usize {
        size_of::<Self>() + (1 + self.stages.len()) * NAME + self.sealed.len()
    }
}

impl Weight for TagRecord {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.key.len() + self.value.len()
    }
}

impl Weight for KeyRecord {
    fn weight(&self) -> usize {
        let texts = [
            &self.description,
            &self.protection_description,
            &self.policy,
        ];
        size_of::<Self>() + 5 * NAME + texts.map(String::len).into_iter().sum::<usize>()
    }
}

impl Weight for KeyVersionRecord {
    fn weight(&self) -> usize {
        size_of::<Self>() + 2 * NAME + self.sealed.as_ref().map_or(0, Vec::len)
    }
}

impl Weight for AliasRecord {
    fn weight(&self) -> usize {
        size_of::<Self>() + 3 * NAME
    }
}

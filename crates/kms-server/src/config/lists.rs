//! Lists of tables, `[[name]]`: as often as there are things of the kind.

use std::{collections::BTreeMap, ops::Range};

use toml::{Spanned, de::DeValue};

use super::{
    Position, Wrong, in_order,
    near::{did_you_mean, nearest},
    note,
    value::Value,
};
use crate::settings::Settings;

/// A kind of table and its keys, in the order of the sample.
pub(super) struct List {
    pub(super) name: &'static str,
    pub(super) keys: &'static [&'static str],
    /// What the tables do to the settings.
    pub(super) apply: fn(&mut Settings, &[Entry<'_, '_>]) -> Result<(), Wrong>,
    /// What the settings say then, by table and key.
    pub(super) show: fn(&Settings) -> Vec<Vec<String>>,
}

/// One table: its keys are known, and there once each.
pub(super) struct Entry<'a, 'i> {
    list: &'static str,
    at: Range<usize>,
    said: Vec<Said<'a, 'i>>,
}

struct Said<'a, 'i> {
    key: &'static str,
    at: usize,
    value: Value<'a, 'i>,
}

/// The line on which each key of a table was said.
pub(super) type Lines = BTreeMap<&'static str, usize>;

// === impl List ===

impl List {
    pub(super) fn read<'a, 'i>(
        &self,
        value: &'a Spanned<DeValue<'i>>,
    ) -> Result<Vec<Entry<'a, 'i>>, Wrong> {
        let Some(list) = value.get_ref().as_array() else {
            return Err(Wrong {
                at: value.span(),
                reason: format!(
                    "write [[{}]], with two brackets, before each of them",
                    self.name
                ),
            });
        };
        list.iter().map(|value| self.entry(value)).collect()
    }

    fn entry<'a, 'i>(&self, value: &'a Spanned<DeValue<'i>>) -> Result<Entry<'a, 'i>, Wrong> {
        let Some(table) = value.get_ref().as_table() else {
            return Err(Wrong {
                at: value.span(),
                reason: format!("[[{}]] is a table", self.name),
            });
        };
        let (mut seen, mut said) = (Vec::new(), Vec::new());
        for (name, value) in in_order(table) {
            let text = name.get_ref();
            let mut keys = self.keys.iter().copied();
            let Some(key) = keys.find(|key| text.eq_ignore_ascii_case(key)) else {
                let near = nearest(text, self.keys.iter().copied());
                return Err(Wrong {
                    at: name.span(),
                    reason: format!(
                        "unknown key {text} in [[{}]]{}",
                        self.name,
                        did_you_mean(near)
                    ),
                });
            };
            note(&mut seen, key, name)?;
            said.push(Said {
                key,
                at: name.span().start,
                value: Value::of_file(key, value),
            });
        }
        Ok(Entry {
            list: self.name,
            at: value.span(),
            said,
        })
    }
}

// === impl Entry ===

impl<'a, 'i> Entry<'a, 'i> {
    /// What was said for the key, as the function reads it.
    pub(super) fn get<T>(
        &self,
        key: &str,
        read: impl FnOnce(&Value<'a, 'i>) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        let mut said = self.said.iter();
        let said = said.find(|said| said.key == key);
        said.map(|said| read(&said.value)).transpose()
    }

    /// The same for a key without which the table means nothing; `why` ends "it needs …".
    pub(super) fn need<T>(
        &self,
        key: &str,
        why: &str,
        read: impl FnOnce(&Value<'a, 'i>) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        self.get(key, read)?
            .ok_or_else(|| self.wrong(format!("[[{}]] needs {why}", self.list)))
    }

    /// The list that it stands in.
    pub(super) fn list(&self) -> &'static str {
        self.list
    }

    pub(super) fn wrong(&self, reason: impl Into<String>) -> Wrong {
        Wrong {
            at: self.at.clone(),
            reason: reason.into(),
        }
    }

    pub(super) fn lines(&self, text: &str) -> Lines {
        let said = self.said.iter();
        said.map(|said| (said.key, Position::of(text, said.at).line))
            .collect()
    }
}

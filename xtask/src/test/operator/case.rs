//! What a case says: a file of suite/operator/cases/.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

use super::gate::Fault;

/// A case. In its text `$NS` stands for the namespace that it is run in, and other names for what the
/// scene says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What is true when it passes, and who says so.
    #[expect(dead_code, reason = "for whoever reads the file")]
    what: String,
    /// The operators that it is run with, by name; with both versions' if none is named.
    #[serde(default = "both")]
    pub(super) with: Vec<String>,
    /// More namespaces, each by what follows `$NS-`, with their labels.
    #[serde(default)]
    pub(super) namespaces: BTreeMap<String, BTreeMap<String, String>>,
    /// Those of them that the operator does not watch.
    #[serde(default)]
    pub(super) unwatched: Vec<String>,
    /// One after the other.
    pub(super) steps: Vec<Step>,
}

/// What is done and then expected, in the order of these fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Step {
    /// With this operator alone.
    pub(super) only: Option<String>,
    /// Values that KMS has from now on.
    pub(super) put: BTreeMap<String, Put>,
    /// Parameters that OOS has from now on.
    pub(super) put_parameter: BTreeMap<String, String>,
    /// How calls for secrets that begin so fail from now on.
    pub(super) fail: BTreeMap<String, Option<Fault>>,
    /// An object that the API server refuses, and words of its refusal.
    pub(super) refused: Option<Refused>,
    /// Objects.
    pub(super) apply: Vec<Value>,
    /// Changes of objects, as `kubectl patch` merges them.
    pub(super) merge: Vec<Merge>,
    /// Objects that are deleted.
    pub(super) delete: Vec<Named>,
    /// How many more times each of these secrets is read before it goes on.
    pub(super) reads: BTreeMap<String, usize>,
    /// What is so soon.
    pub(super) expect: Vec<Expected>,
    /// Events that are told of its objects soon: what each has among others.
    pub(super) events: Vec<Value>,
    /// Calls that were made: each by the parameters that it has beside the name.
    pub(super) called: BTreeMap<String, BTreeMap<String, String>>,
    /// Whose call comes for a secret, soon.
    pub(super) signed: BTreeMap<String, String>,
    /// What is not written while a secret is read so many more times.
    pub(super) steady: Option<Steady>,
}

/// A value of KMS.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Put {
    /// A text.
    Text(String),
    /// Bytes, in base64.
    Binary { binary: String },
    /// A text that an instance keeps.
    Kept { instance: String, text: String },
}

/// An object that is not to be had.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refused {
    pub(super) object: Value,
    pub(super) says: String,
}

/// A change.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Merge {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) change: Value,
}

/// An object.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) kind: String,
    pub(super) name: String,
}

/// What an object is like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    #[serde(default = "secret")]
    pub(super) kind: String,
    pub(super) name: String,
    /// After `$NS-`, where it is not in the case's own namespace.
    pub(super) namespace: Option<String>,
    /// It is not there.
    #[serde(default)]
    pub(super) absent: bool,
    /// A Secret's keys, these and no others, and the text of each.
    pub(super) data: Option<BTreeMap<String, String>>,
    /// Those of its keys that are no text, in base64.
    #[serde(default)]
    pub(super) bytes: BTreeMap<String, String>,
    /// What it has among others: maps by key, lists by any element.
    pub(super) has: Option<Value>,
    /// What it has not, as JSON pointers.
    #[serde(default)]
    pub(super) lacks: Vec<String>,
}

/// An object that stays as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Steady {
    #[serde(default = "secret")]
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) while_reading: String,
    pub(super) times: usize,
}

fn both() -> Vec<String> {
    vec!["0.5".to_owned(), "0.6".to_owned()]
}

fn secret() -> String {
    "Secret".to_owned()
}

/// The file's cases: its own name, and its text as it is before a namespace is chosen.
pub(super) fn read_all(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut cases = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry.context("reading a folder")?.path();
        let name = path.file_stem().context("a case without a name")?;
        let name = name.to_string_lossy().into_owned();
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        cases.push((name, text));
    }
    cases.sort();
    Ok(cases)
}

// === impl Case ===

impl Case {
    /// The case as it is in this namespace, with these words for their names.
    pub(super) fn read(
        name: &str,
        text: &str,
        namespace: &str,
        words: &[(&str, String)],
    ) -> Result<Self> {
        let text = text.replace("$NS", namespace);
        let text = words
            .iter()
            .fold(text, |text, (name, word)| text.replace(name, word));
        // By way of JSON, whose errors name the field, and whose numbers are what they seem.
        let value: Value =
            serde_saphyr::from_str(&text).with_context(|| format!("the case {name}"))?;
        serde_json::from_value(value).with_context(|| format!("the case {name}"))
    }
}

#[cfg(test)]
mod tests;

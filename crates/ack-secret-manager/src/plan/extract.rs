//! A document becomes a Secret's keys: `dataProcess.extract` (reference k8s-sync §1.5, §4 cases 12
//! and 16 to 19).

use std::collections::BTreeMap;

use thiserror::Error;

use super::{
    Compat, Data, Value,
    document::{self, DocumentError, Text, Tree},
};
use crate::api::JmesPath;

/// Why a document gives no keys. Nothing of it is quoted.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum ExtractError {
    /// It is neither JSON nor YAML.
    #[error("extract needs a document of JSON or YAML: {0}")]
    Document(#[from] DocumentError),
    /// It is a list, a text, a number.
    #[error(
        "extract needs a document that is a mapping of keys to values, and this one is another"
    )]
    NotMapping,
}

/// How values that are no strings are written.
#[derive(Clone, Copy, Debug)]
enum Style {
    Json,
    Yaml,
}

/// The document's keys at its top, each with its value: strings as they are, everything else as Go
/// writes it. An empty document has none, and is no error.
///
/// [`Compat::V06`] writes values of JSON as JSON; [`Compat::V05`] writes all as YAML, unless only
/// a parser of JSON took the document.
pub fn extract(document: &Value, compat: Compat) -> Result<Data, ExtractError> {
    // EXPOSE: into a tree of the document, wiped when this ends.
    let bytes = document.expose();
    let (map, style) = match compat {
        Compat::V06 if document::is_json(bytes) => (json(bytes)?, Style::Json),
        Compat::V06 => (yaml(bytes)?, Style::Yaml),
        Compat::V05 => match yaml(bytes) {
            Ok(map) => (map, Style::Yaml),
            Err(error) => (json(bytes).or(Err(error))?, Style::Json),
        },
    };
    let pairs = map.iter();
    Ok(pairs
        .map(|(key, value)| (key.lossy().into_owned(), value_of(value, style)))
        .collect())
}

/// Gives keys that are a `path` their `objectAlias`. The original does so after replaceRule, and
/// only from 0.6 on. Of two keys that become one, the last in the order of keys stays.
pub fn rename(data: Data, renames: &[JmesPath], compat: Compat) -> Data {
    if compat == Compat::V05 {
        return data;
    }
    let alias_of = |key: String| match renames.iter().find(|one| one.path == key) {
        Some(one) if !one.object_alias.is_empty() => one.object_alias.clone(),
        _ => key,
    };
    data.into_iter()
        .map(|(key, value)| (alias_of(key), value))
        .collect()
}

fn json(bytes: &[u8]) -> Result<BTreeMap<Text, Tree>, ExtractError> {
    match document::parse_json(bytes)? {
        Tree::Map(map) => Ok(map),
        Tree::Null => Ok(BTreeMap::new()),
        _ => Err(ExtractError::NotMapping),
    }
}

fn yaml(bytes: &[u8]) -> Result<BTreeMap<Text, Tree>, ExtractError> {
    Ok(document::parse_yaml_mapping(bytes)?.unwrap_or_default())
}

fn value_of(tree: &Tree, style: Style) -> Value {
    let mut out = match (tree, style) {
        (Tree::Text(text), _) => return Value::new(text.as_bytes().to_vec()),
        (_, Style::Yaml) => document::write_yaml(tree),
        (_, Style::Json) => document::write_json(tree).unwrap_or_default(),
    };
    Value::new(std::mem::take(&mut *out))
}

#[cfg(test)]
mod tests;

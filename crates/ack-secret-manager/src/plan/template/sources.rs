use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{api, plan::Value};

/// Where a template may lie.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum SourceKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

/// The texts under keys of ConfigMaps and Secrets, as the caller found them.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<(SourceKind, String, String), Value>);

/// ConfigMaps and Secrets that templates lie in, each once.
pub fn wanted(template: &api::Template) -> Vec<(SourceKind, String)> {
    let mut found = BTreeSet::new();
    for from in &template.template_from {
        // Where both stand, the ConfigMap is taken, as the original does.
        if let Some(source) = &from.config_map {
            found.insert((SourceKind::ConfigMap, source.name.clone()));
        } else if let Some(source) = &from.secret {
            found.insert((SourceKind::Secret, source.name.clone()));
        }
    }
    found.into_iter().collect()
}

// === impl SourceKind ===

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        })
    }
}

// === impl Sources ===

impl Sources {
    /// Notes what lies under a key.
    pub fn insert(&mut self, kind: SourceKind, name: &str, key: &str, text: Value) {
        self.0.insert((kind, name.to_owned(), key.to_owned()), text);
    }

    pub(super) fn get(&self, kind: SourceKind, name: &str, key: &str) -> Option<&Value> {
        self.0.get(&(kind, name.to_owned(), key.to_owned()))
    }
}

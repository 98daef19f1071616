use std::{collections::BTreeSet, fmt, str::FromStr};

use super::SettingsError;

/// The name of a namespace: a label of DNS.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct NamespaceName(String);

/// Which namespaces are the operator's business; all of them if nothing is said.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Namespaces {
    watched: BTreeSet<NamespaceName>,
    excluded: BTreeSet<NamespaceName>,
}

// === impl NamespaceName ===

impl NamespaceName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for NamespaceName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=63).contains(&text.len())
            && text.bytes().all(inner)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(
                "is a list of namespaces: names of 1 to 63 lower-case letters, digits and hyphens, \
                 commas between them",
            )
        }
    }
}

impl fmt::Display for NamespaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// === impl Namespaces ===

impl Namespaces {
    /// From both flags.
    ///
    /// # Errors
    /// [`SettingsError::Conflict`] if one namespace is in both: the original does not start then
    /// (reference k8s-sync §1.6).
    pub fn new(
        watched: BTreeSet<NamespaceName>,
        excluded: BTreeSet<NamespaceName>,
    ) -> Result<Self, SettingsError> {
        let both: Vec<_> = watched
            .intersection(&excluded)
            .map(ToString::to_string)
            .collect();
        if both.is_empty() {
            Ok(Self { watched, excluded })
        } else {
            Err(SettingsError::Conflict(both))
        }
    }

    /// Whether this one is the operator's business.
    pub fn cover(&self, namespace: &str) -> bool {
        let among =
            |names: &BTreeSet<NamespaceName>| names.iter().any(|name| name.as_str() == namespace);
        !among(&self.excluded) && (self.watched.is_empty() || among(&self.watched))
    }

    /// Whether something was said at all.
    pub fn are_limited(&self) -> bool {
        !self.watched.is_empty() || !self.excluded.is_empty()
    }

    /// The only ones to watch, if it is a list: each can be watched by itself, with rights in it alone.
    pub fn watched(&self) -> Option<&BTreeSet<NamespaceName>> {
        Some(&self.watched).filter(|watched| !watched.is_empty())
    }
}

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A name of the Domain Name System, in lower case and without the dot at its end: labels of
/// letters, digits, hyphens and underscores.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Domain(String);

/// Longest name in characters, and longest label (RFC 1035, 2.3.4).
const LONGEST: (usize, usize) = (253, 63);

// === impl Domain ===

impl Domain {
    /// What the names of all instances end with (reference kms-api §5.2).
    pub(super) fn of_instances() -> Self {
        Self("cryptoservice.kms.aliyuncs.com".to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands in front of the other name in this one: `@` if it is that name itself, and
    /// none if it does not lie below.
    pub(super) fn within(&self, zone: &Self) -> Option<&str> {
        let rest = self.0.strip_suffix(zone.as_str())?;
        if rest.is_empty() {
            return Some("@");
        }
        rest.strip_suffix('.')
    }
}

impl FromStr for Domain {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let is_label = |label: &str| {
            (1..=LONGEST.1).contains(&label.len())
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if text.len() <= LONGEST.0 && text.split('.').all(is_label) {
            return Ok(Self(text));
        }
        Err("must be a domain name: labels of letters, digits, hyphens and underscores")
    }
}

impl TryFrom<String> for Domain {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Domain> for String {
    fn from(domain: Domain) -> Self {
        domain.0
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

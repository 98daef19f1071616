use std::{fmt, str::FromStr};

use kms_types::{ParseNameError, SecretName};

/// Names of secrets: one, or all that begin with what stands before a `*` at the end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SecretNames {
    /// Without the `*`.
    text: String,
    is_beginning: bool,
}

// === impl SecretNames ===

impl SecretNames {
    /// Every name.
    pub fn all() -> Self {
        Self {
            text: String::new(),
            is_beginning: true,
        }
    }

    /// Whether this is one of them.
    pub fn contain(&self, name: &SecretName) -> bool {
        if self.is_beginning {
            name.as_str().starts_with(&self.text)
        } else {
            name.as_str() == self.text
        }
    }
}

impl FromStr for SecretNames {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, ParseNameError> {
        let beginning = text.strip_suffix('*');
        let text = beginning.unwrap_or(text);
        // A name, or the beginning of one: `db/` is none, `db/x` is.
        match beginning {
            Some("") => {}
            Some(beginning) => drop(format!("{beginning}x").parse::<SecretName>()?),
            None => drop(text.parse::<SecretName>()?),
        }
        Ok(Self {
            text: text.to_owned(),
            is_beginning: beginning.is_some(),
        })
    }
}

impl fmt::Display for SecretNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        f.write_str(if self.is_beginning { "*" } else { "" })
    }
}

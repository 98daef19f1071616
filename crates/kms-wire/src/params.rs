use std::fmt;

use kms_types::ErrorCode;
use zeroize::Zeroize;

use crate::{ApiError, percent};

/// How many parameters a call may have. The largest documented calls need about 110
/// (TagResources: 50 resources, 20 tags of two parts).
const MOST_PARAMS: usize = 256;

/// The parameters of a call: query and form together, decoded, each name once.
///
/// Values may be secret (`SecretData`, `SecurityToken`): they are wiped when dropped, and
/// `Debug` shows names only.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Merges an undecoded query and an undecoded form body, percent-decoding each name
    /// and value once (reference kms-api §0, §1.1). Empty values are kept, since clients
    /// sign them.
    ///
    /// `+` is a space in both: the Python, Java and Go SDKs write their query with a form
    /// encoder and sign `%20` for it, and no client leaves a plus sign bare.
    ///
    /// # Errors
    /// `ParseRequestParameterException` for bad encoding, bad UTF-8, a repeated name, an
    /// empty name, or more than 256 parameters.
    pub fn parse(query: &str, form: &[u8]) -> Result<Self, ApiError> {
        let mut params = Self::default();
        for pair in [query.as_bytes(), form]
            .into_iter()
            .flat_map(|text| text.split(|byte| *byte == b'&'))
            .filter(|pair| !pair.is_empty())
        {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (pair.get(..at), pair.get(at + 1..)),
                None => (Some(pair), None),
            };
            let name = decode(name.unwrap_or_default())?;
            let value = decode(value.unwrap_or_default())?;
            // The name is not repeated in these messages: where a client forgot to encode
            // an ampersand, it is a piece of a secret.
            if name.is_empty() {
                return Err(unreadable("a parameter has no name"));
            }
            if params.get(&name).is_some() {
                return Err(unreadable("a parameter occurs more than once"));
            }
            if params.0.len() == MOST_PARAMS {
                return Err(unreadable("there are more than 256 parameters"));
            }
            params.push(name, value);
        }
        Ok(params)
    }

    /// The value, if the parameter is there; empty values count as there.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// Adds a parameter.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Adds a parameter if there is a value for it.
    pub fn push_some(&mut self, name: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// All pairs in the order added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Keeps only parameters whose name passes.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain_mut(|(name, value)| {
            let kept = keep(name);
            if !kept {
                value.zeroize();
            }
            kept
        });
    }

    /// `name=value` pairs in byte order of the names, encoded and joined with `&`.
    pub fn canonical(&self) -> String {
        self.canonical_with(percent::encode_into)
    }

    /// As [`Params::canonical`], with another way to write the names.
    pub(crate) fn canonical_with(&self, write_name: impl Fn(&mut String, &str)) -> String {
        let mut pairs: Vec<(&str, &str)> = self.iter().collect();
        pairs.sort_unstable();
        let mut out = String::new();
        for (name, value) in pairs {
            if !out.is_empty() {
                out.push('&');
            }
            write_name(&mut out, name);
            out.push('=');
            percent::encode_into(&mut out, value);
        }
        out
    }
}

impl Drop for Params {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

fn decode(encoded: &[u8]) -> Result<String, ApiError> {
    percent::decode_form(encoded)
        .ok_or_else(|| unreadable("a parameter is not percent-encoded UTF-8"))
}

fn unreadable(why: &str) -> ApiError {
    ApiError::new(
        ErrorCode::ParseRequestParameter,
        format!("The request parameters cannot be read: {why}."),
    )
}

#[cfg(test)]
mod tests;

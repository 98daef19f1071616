use std::{fmt, str::FromStr};

/// The id of an ACK cluster, part of the name of its identity provider
/// (`ack-rrsa-<id>`, reference k8s-sync §1.4).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClusterId(String);

impl ClusterId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClusterId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err("is a cluster id of letters, digits and hyphens")
        }
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

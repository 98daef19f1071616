//! The lines that the log writes about itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What each file begins with: whose it is, and where it goes on from.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Begin {
    pub(super) time: String,
    pub(super) kind: String,
    pub(super) server: String,
    pub(super) format: u32,
    pub(super) installation: String,
    /// Which term of the keyring the keys are from.
    pub(super) term: u32,
    pub(super) public_key: String,
    /// The code of the last line of the file before; none at the beginning of a chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<String>,
    /// The digest up to there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) digest: Option<String>,
    pub(super) build: String,
}

/// A signed digest of the lines since the last one.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Checkpoint {
    pub(super) time: String,
    pub(super) kind: String,
    pub(super) lines: u64,
    pub(super) digest: String,
    pub(super) signature: String,
}

/// Of which kind any line is.
#[derive(Debug, Deserialize)]
pub(super) struct Kind<'a> {
    #[serde(borrow, default)]
    pub(super) kind: std::borrow::Cow<'a, str>,
}

// === impl Begin ===

impl Begin {
    pub(super) const KIND: &str = "begin";
    pub(super) const FORMAT: u32 = 1;

    pub(super) fn to_json(&self) -> Vec<u8> {
        // Strings and numbers: there is nothing that could fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

// === impl Checkpoint ===

impl Checkpoint {
    pub(super) const KIND: &str = "checkpoint";

    pub(super) fn to_json(&self) -> Vec<u8> {
        // Strings and numbers: there is nothing that could fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// UTC, to the nanosecond.
pub(super) fn write_time(time: Timestamp) -> String {
    format!("{time:.9}")
}

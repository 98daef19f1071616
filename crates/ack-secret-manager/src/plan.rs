//! What to fetch and what to write: functions from values to values, which know no API server and no
//! KMS (`cargo xtask test --only tidy` looks).
//!
//! An ExternalSecret is parsed into `entries`; each names a remote secret. When all are answered,
//! `compose` makes of the answers what the Secret is to hold: `extract`, `jmes` and `replace` take
//! documents apart, `template` puts texts together.

use std::collections::BTreeMap;

use kms_types::Secret;

mod compat;
mod compose;
pub mod conditions;
mod document;
mod entries;
pub mod extract;
pub mod jmes;
mod pattern;
mod remote;
pub mod replace;
pub mod template;

pub use compat::{Compat, ParseCompatError};
pub use compose::{Answer, ComposePolicy, Composed, Kept, NOTHING_LEFT, Outcome, Verdict, compose};
pub use document::DocumentError;
pub use entries::{Entry, EntryError, EntryPolicy, Take, entries, provider};
pub use remote::{Provider, Remote, Store};

/// The bytes under one key of a Secret, or of one remote secret.
pub type Value = Secret<Vec<u8>>;

/// Keys and their values.
pub type Data = BTreeMap<String, Value>;

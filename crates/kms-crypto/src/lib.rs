//! Envelope encryption. Callers hold handles, never key bytes.
//!
//! Root key (a file apart from the data) → keyring of key-encryption keys → one data key
//! per record → the record.

mod keyring;
mod root;

pub use keyring::Keyring;
pub use root::{RootKey, RootKeyError};

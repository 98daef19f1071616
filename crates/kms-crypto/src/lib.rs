//! Envelope encryption. Callers hold handles, never key bytes.
//!
//! Root key (a file apart from the data) → keyring of key-encryption keys → one data key
//! per record → the record (reference security §6.2). Every ciphertext is bound to the
//! place where it lies, so that a record moved elsewhere does not open.
//!
//! Rolling a whole store back to an older copy is not detected here: whoever can do that
//! has every key that was current then.

mod aead;
mod audit;
mod bound;
mod client_key;
mod key;
mod keyring;
mod place;
mod root;

pub use audit::{AuditDigest, AuditKeys, AuditPublicKey};
pub use client_key::{ClientKeyError, NewClientKey, generate_client_key};
pub use key::{
    Binding, BlobError, CiphertextBlob, DataKeyPair, ForeignKey, ImportOffer, ImportPlace,
    ImportToken, KeyError, KeyHandle, KeyMaterial, MOST_PLAINTEXT, ToSign, random_bytes,
};
pub use keyring::{Keyring, KeyringError, OpenError, SealError};
pub use place::Place;
pub use root::{RootKey, RootKeyError};

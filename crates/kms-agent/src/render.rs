//! The bytes of answers: KMS's own form, AWS's and Vault's (seed 002), each written once
//! by a serialiser and then kept by the cache.

mod error;
mod value;

use bytes::Bytes;
pub(crate) use error::{Failure, error};
pub(crate) use value::value;

/// One value, written in each form that can be asked for.
#[derive(Clone)]
pub(crate) struct Rendered {
    /// The form that `ResponseType` says; for Vault KV 1.
    pub(crate) plain: Bytes,
    /// KV 2, where a mount of that version is configured.
    pub(crate) kv2: Option<Bytes>,
}

impl Rendered {
    /// How much memory it takes, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.plain.len() + self.kv2.as_ref().map_or(0, Bytes::len)
    }
}

/// Lengths only: the bytes are a secret.
impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rendered({} bytes)", self.len())
    }
}

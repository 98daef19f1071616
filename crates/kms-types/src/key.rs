//! What keys are called and what they can do: the words of the key actions (reference
//! kms-api §3). No key is in here.

mod algorithm;
mod context;
mod id;
mod named;
mod spec;

pub use algorithm::{
    EncryptionAlgorithm, MacAlgorithm, MessageType, SignatureAlgorithm, WrappingAlgorithm,
    WrappingKeySpec,
};
pub use context::EncryptionContext;
pub use id::{KeyId, KeyVersionId};
pub use named::ParseNamedError;
pub use spec::{DataKeySpec, KeyFormat, KeySpec, KeyUsage};

#[cfg(test)]
mod tests;

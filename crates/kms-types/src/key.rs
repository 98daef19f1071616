//! What keys are called and what they can do: the words of the key actions (reference
//! kms-api §3). No key is in here.

mod algorithm;
mod context;
mod id;
mod named;
mod reference;
mod spec;
mod state;

pub use algorithm::{
    EncryptionAlgorithm, MacAlgorithm, MessageType, SignatureAlgorithm, WrappingAlgorithm,
    WrappingKeySpec,
};
pub use context::EncryptionContext;
pub use id::{KeyId, KeyVersionId};
pub use named::ParseNamedError;
pub use reference::{AliasName, KeyName, KeyRef};
pub use spec::{DataKeySpec, KeyFormat, KeySpec, KeyUsage};
pub use state::{KeyOrigin, KeyState, ProtectionLevel};

#[cfg(test)]
mod tests;

//! Keys that callers use and never see: made or imported once, sealed, opened as handles.

mod blob;
mod data;
mod ec;
mod error;
mod gcm;
mod handle;
mod import;
mod mac;
mod material;
mod pem;
mod public;
mod random;
mod remains;
mod rsa;
mod sm2;
mod to_sign;

pub use blob::{Binding, BlobError, CiphertextBlob, MOST_PLAINTEXT};
pub use data::{DataKeyPair, random_bytes};
pub use error::KeyError;
pub use handle::KeyHandle;
pub use import::{ImportOffer, ImportToken};
pub use material::KeyMaterial;
pub use public::ForeignKey;
pub use remains::ImportPlace;
pub use to_sign::ToSign;

#[cfg(test)]
mod tests;

//! AccessKeys that KMS hosts and rotates: a name in, a fresh AccessKey out.
//!
//! A [`ManagedAccessKey`] reads the secret, reads it again a little after each planned
//! rotation and every few hours for those that nobody planned, and once more when a service
//! refuses the key. What it holds stays in use until KMS gives out another one.

mod background;
mod bucket;
mod builder;
mod config;
mod error;
mod expired;
mod handle;
mod key;
mod keys;
mod pace;
mod properties;
mod read;
mod refresh;

pub use builder::ManagedAccessKeyBuilder;
pub use config::{ManagedConfig, ManagedConfigError};
pub use error::{ManagedAccessKeyError, ManagedCallError};
pub use expired::{EXPIRED_CODES, ServiceError};
pub use handle::{KeyHealth, ManagedAccessKey};
pub use key::{AccessKeyPair, ParseAccessKeyPairError};
pub use keys::{ManagedAccessKeys, OpenManagedError};
pub use pace::Pace;
pub use properties::ParsePropertiesError;
use properties::Properties;
pub use read::{ReadSecret, Regions};

#[cfg(test)]
mod tests;

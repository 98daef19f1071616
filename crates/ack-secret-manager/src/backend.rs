//! Where remote secrets come from: KMS and Parameter Store of OOS, each as whom a store says.
//!
//! A [`Reader`] belongs to one store and is made anew when the store changes, or what it refers to.

use async_trait::async_trait;
use thiserror::Error;

use crate::plan::{Remote, Value};

mod around;
mod chain;
mod endpoints;
mod environment;
mod failure;
mod fault;
mod found;
mod kms;
mod oos;
mod open;
mod outage;
mod reader;
mod references;
mod store;
mod store_error;
mod way;
mod ways;

pub use around::{Around, IssueToken};
pub use endpoints::{NamedError, named};
pub use fault::{Fault, faults};
pub use found::{Found, ROLE_ARN_ANNOTATION};
pub use open::{open, operator};
pub use references::{Policy, References, SecretKey, ServiceAccount, references};
pub use store_error::StoreError;
pub use ways::{Transports, Ways};

/// For the cloud's audit trail.
const USER_AGENT: &str = concat!("ack-secret-manager/", env!("CARGO_PKG_VERSION"));

/// Reads remote secrets as one identity.
#[async_trait]
pub trait Reader: Send + Sync {
    /// The value as it is now: the text's bytes, or those that a binary value stands for.
    async fn read(&self, remote: &Remote) -> Result<Value, ReadError>;
}

/// Why a remote secret was not read. No text holds a value, nor a credential.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum ReadError {
    /// It will not be better before somebody changes something: it is not there, the identity has
    /// no right, the request makes no sense.
    #[error("{reason}")]
    Refused {
        /// KMS's code, or one word of ours.
        code: String,
        /// In a sentence, with KMS's request id if there is one.
        reason: String,
    },
    /// It may be better in a moment: throttled, unreachable, an answer of 5xx, no credentials now.
    #[error("{reason}")]
    Passing {
        /// KMS's code, or one word of ours.
        code: String,
        /// In a sentence.
        reason: String,
    },
}

#[cfg(test)]
mod tests;

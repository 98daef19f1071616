//! Typed calls to Alibaba Cloud KMS: credentials from the default chain, V3 signatures,
//! TLS, one layer of retries.

mod answer;
mod chance;
mod client;
mod error;
mod retry;
mod transport;

pub use client::{Client, ClientBuilder, Identity, Signature};
pub use error::CallError;
pub use kms_credentials::{Endpoint, ParseEndpointError};
pub use retry::RetryPolicy;
pub use transport::{Transport, TransportError};

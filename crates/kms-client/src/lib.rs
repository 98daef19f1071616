//! Typed calls to Alibaba Cloud KMS: credentials from the default chain, V3 signatures,
//! TLS, one layer of retries.

mod error;

pub use error::CallError;

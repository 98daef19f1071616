//! The default credential chain: finds the cloud identity that a program runs under, in
//! the order and under the names of the official SDKs (reference kms-api §6).
//!
//! A source that is not configured passes to the next; one that is configured but broken
//! stops the search and says which file and which key to mend.

mod credentials;

pub use credentials::{Credentials, CredentialsError, ProvideCredentials};

//! The default credential chain: finds the cloud identity that a program runs under, in
//! the order and under the names of the official SDKs (reference kms-api §6).
//!
//! A source that is not configured passes to the next; one that is configured but broken
//! stops the search and says which file and which key to mend. A program that knows who it
//! is names the one [`Source`] instead.

mod cache;
mod chain;
mod client_key;
mod command;
mod credentials;
mod default;
mod endpoint;
mod exchange;
mod files;
mod named;
mod source;
mod surroundings;

pub use client_key::{
    ClientKey, ClientKeyContentError, ClientKeyError, ClientKeyFile, ClientKeyPassword,
    ProvideClientKey,
};
pub use command::{Commands, SystemCommands};
pub use credentials::{Credentials, CredentialsError, ProvideCredentials};
pub use default::DefaultCredentials;
pub use endpoint::{Endpoint, ParseEndpointError, is_loopback};
pub use exchange::{Exchange, ExchangeError, HttpRequest, HttpResponse, Limits};
pub use files::{Files, SystemFiles, read_file};
pub use named::{FirstOf, NamedCredentials, Source};
pub use source::{IssueToken, OidcRole, OidcToken, Role};
pub use surroundings::Surroundings;

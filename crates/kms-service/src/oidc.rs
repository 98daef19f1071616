//! OIDC: identity providers whose tokens may be exchanged for a role, and how a token is
//! checked. What is pure here is public, for the one who asks issuers and for fuzzing.

mod cache;
mod issuers;
mod jwt;
mod keys;
mod members;
mod providers;

pub use issuers::{Issuer, IssuerError, Issuers};
pub use jwt::{Claims, Jwt, TokenError};
pub use keys::{KeySet, ParseKeySetError};

pub(crate) use cache::KeyCache;
pub(crate) use providers::Provider;

#[cfg(test)]
mod tests;

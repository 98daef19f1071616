//! Signatures: making them for the client, taking them apart for the server.

use jiff::Timestamp;
use kms_types::{AccessKeyId, Secret};

use crate::Params;

mod acs3;
mod acs4;
mod canonical;
mod claim;
mod nobody;
mod proof;
mod rpc;
mod rsa;

pub use acs3::sign_acs3;
pub(crate) use acs4::derive;
pub use acs4::sign_acs4;
pub use claim::Claim;
pub use nobody::unsigned;
pub use proof::Scheme;
pub use rpc::{sign_rpc, sign_rpc_rsa};
pub(crate) use rsa::is_signed_by;
pub use rsa::{RsaKeyError, RsaSignError, RsaSigningKey};

/// What a client signs with.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// The public half.
    pub access_key_id: AccessKeyId,
    /// The secret half.
    pub access_key_secret: Secret<String>,
    /// Of temporary credentials.
    pub security_token: Option<Secret<String>>,
}

/// A call before it is signed.
#[derive(Clone, Copy)]
pub struct Unsigned<'a> {
    /// `2016-01-20` and others.
    pub version: &'a str,
    /// `GetSecretValue` and others.
    pub action: &'a str,
    /// Business parameters.
    pub params: &'a Params,
    /// As the server will see it: host, and port unless it is the scheme's own.
    pub host: &'a str,
    /// For the audit trail of the cloud.
    pub user_agent: &'a str,
    /// Label of the provider that the key came from, for `x-acs-credentials-provider`;
    /// empty: no such header.
    pub provider: &'a str,
    /// Wall-clock time.
    pub now: Timestamp,
    /// Fresh for every attempt.
    pub nonce: &'a str,
}

#[cfg(test)]
pub(crate) mod tests;

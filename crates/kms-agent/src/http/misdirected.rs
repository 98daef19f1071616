use kms_types::ParseNameError;
use thiserror::Error;

use super::decode::DecodeError;

/// Why a target leads nowhere. The texts reflect nothing of the request.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum RouteError {
    /// No such path: 404.
    #[error("no such path; ask for a secret under the path prefix or at /secretsmanager/get")]
    NotFound,
    /// A secret that the route of CredentialsURI does not give out: 404.
    #[error("this secret is not among those of [Server] CredentialsUriSecrets")]
    NotOffered,
    /// No secret named: 400.
    #[error("no secret is named; add its name to the path or as parameter secretId")]
    Missing,
    /// A known parameter given twice: 400.
    #[error("a parameter is given twice")]
    Repeated,
    /// Vault's list operation: 405.
    #[error("list is not supported")]
    List,
    /// A Vault version that is no number: 400.
    #[error("version is no number")]
    Version,
    /// Percent-encoding: 400.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A name, version id or stage that KMS cannot have: 400.
    #[error(transparent)]
    Name(#[from] ParseNameError),
}

//! Signatures: making them for the client, taking them apart for the server.

use jiff::Timestamp;
use kms_types::{AccessKeyId, Secret};

use crate::{ApiError, Params, RawRequest, SignedRequest};

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
    /// Label of the provider that the key came from, for `x-acs-credentials-provider`.
    pub provider: &'a str,
    /// Wall-clock time.
    pub now: Timestamp,
    /// Fresh for every attempt.
    pub nonce: &'a str,
}

/// Signs with ACS3-HMAC-SHA256 (V3), parameters in the query of a POST (reference kms-api §1.3).
pub fn sign_acs3(_call: &Unsigned<'_>, _key: &SigningKey) -> SignedRequest {
    SignedRequest {
        method: "POST",
        target: String::new(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// Signs with V1 RPC HMAC-SHA1, everything in the query of a POST (reference kms-api §1.2).
pub fn sign_rpc(_call: &Unsigned<'_>, _key: &SigningKey) -> SignedRequest {
    SignedRequest {
        method: "POST",
        target: String::new(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// A call whose signature is taken apart but not yet believed.
pub struct Claim {
    /// The API's version.
    pub version: String,
    /// The action's name.
    pub action: String,
    /// Who the caller claims to be; none for calls that travel unsigned (AssumeRoleWithOIDC).
    pub access_key_id: Option<AccessKeyId>,
    /// The token of temporary credentials.
    pub security_token: Option<Secret<String>>,
    /// When it was signed.
    pub timestamp: Timestamp,
    /// Against replay.
    pub nonce: String,
    /// Business parameters, system parameters taken out.
    pub params: Params,
    /// The answer's format.
    pub format: crate::Format,
    proof: Proof,
}

enum Proof {}

impl Claim {
    /// Takes a request apart: `Authorization: ACS3-…` decides for V3, else V1.
    ///
    /// # Errors
    /// `IncompleteSignature`, `IllegalTimestamp`, `InvalidTimeStamp.Format`,
    /// `MissingParameter`, `ParseRequestParameterException`.
    pub fn parse(_request: &RawRequest<'_>) -> Result<Self, ApiError> {
        Err(ApiError::internal())
    }

    /// Whether the secret makes this signature; constant time.
    ///
    /// # Errors
    /// `SignatureDoesNotMatch`, for V1 with the suffix that SDKs compare (reference
    /// real-clients §2.10). The message holds nothing that the client did not send.
    pub fn verify(&self, _access_key_secret: &Secret<String>) -> Result<(), ApiError> {
        match self.proof {}
    }
}

use jiff::Timestamp;
use kms_types::{AccessKeyId, ErrorCode, Secret};

use super::proof::{Proof, Scheme};
use crate::{ApiError, Format, Params, RawRequest, parse_timestamp};

mod acs;
mod rpc;

/// Parameters that belong to the call and not to the action (reference kms-api §1.2).
/// `RegionId` is not among them: tagging uses it.
const SYSTEM_PARAMS: &[&str] = &[
    "AccessKeyId",
    "Action",
    "BearerToken",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// A call whose signature is taken apart but not yet believed.
///
/// The time window and the nonce are the verifying side's to check: both need state.
pub struct Claim {
    /// The API's version.
    pub version: String,
    /// The action's name.
    pub action: String,
    /// Who the caller claims to be; none only for AssumeRoleWithOIDC, which travels unsigned.
    pub access_key_id: Option<AccessKeyId>,
    /// The token of temporary credentials.
    pub security_token: Option<Secret<String>>,
    /// When it was signed.
    pub timestamp: Timestamp,
    /// Against replay; empty only in an unsigned call.
    pub nonce: String,
    /// Business parameters, system parameters taken out.
    pub params: Params,
    /// The answer's format.
    pub format: Format,
    pub(super) proof: Proof,
}

// === impl Claim ===

impl Claim {
    /// Takes a request apart: `Authorization: ACS3-…` or `ACS4-…` decides for V3 and V4,
    /// else V1, for `x-acs-action` comes with V1 from most clients (reference kms-api §0).
    ///
    /// Parameters come from the query and from a body that says it is a form. V3 and V4
    /// take action and version from their headers, or from parameters; V1 from parameters
    /// alone, because there no header is signed.
    ///
    /// # Errors
    /// `UnsupportedHTTPMethod`, `IncompleteSignature`, `IllegalTimestamp`,
    /// `InvalidTimeStamp.Format`, `MissingParameter`, `InvalidAccessKeyId.NotFound` (for
    /// text that can be no id) and `ParseRequestParameterException`.
    pub fn parse(request: &RawRequest<'_>) -> Result<Self, ApiError> {
        if !matches!(request.method, "GET" | "POST") {
            return Err(ApiError::new(
                ErrorCode::UnsupportedHttpMethod,
                "The HTTP method must be GET or POST.",
            ));
        }
        match request.header("authorization") {
            Some(text) if text.starts_with("ACS3-") || text.starts_with("ACS4-") => {
                acs::parse(request, text)
            }
            _ => rpc::parse(request),
        }
    }

    /// What kind of key has to have signed, and so which of the two ways to verify.
    pub fn scheme(&self) -> Scheme {
        self.proof.scheme()
    }

    /// Whether an AccessKey's secret makes this signature; constant time.
    ///
    /// # Errors
    /// `SignatureDoesNotMatch`, with the string to sign for the caller only (see
    /// [`ApiError::signature_mismatch`]); `IncompleteSignature` for another scheme.
    pub fn verify(&self, access_key_secret: &Secret<String>) -> Result<(), ApiError> {
        self.proof.verify(access_key_secret)
    }

    /// Whether a ClientKey made this signature. Its public key is DER: X.509
    /// SubjectPublicKeyInfo or PKCS#1.
    ///
    /// # Errors
    /// As [`Claim::verify`].
    pub fn verify_rsa(&self, public_key: &[u8]) -> Result<(), ApiError> {
        self.proof.verify_rsa(public_key)
    }
}

fn text(value: Option<&str>, name: &str) -> Result<String, ApiError> {
    value
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| ApiError::missing_parameter(name))
}

fn token(value: Option<&str>) -> Option<Secret<String>> {
    value.filter(|value| !value.is_empty()).map(Secret::from)
}

fn parse_key_id(text: &str) -> Result<AccessKeyId, ApiError> {
    text.parse().map_err(|_not_an_id| {
        ApiError::new(
            ErrorCode::AccessKeyNotFound,
            "Specified access key is not found.",
        )
    })
}

fn timestamp(text: Option<&str>) -> Result<Timestamp, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Err(ApiError::new(
            ErrorCode::IllegalTimestamp,
            "The request has no timestamp.",
        ));
    };
    parse_timestamp(text).ok_or_else(|| {
        ApiError::new(
            ErrorCode::TimestampFormat,
            "The timestamp must be of the form YYYY-MM-DDThh:mm:ssZ.",
        )
    })
}

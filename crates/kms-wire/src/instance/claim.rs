use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{Timestamp, fmt::rfc2822::DateTimeParser};
use kms_types::{AccessKeyId, ErrorCode};

use super::{
    Api, SIGNATURE_METHOD, VERSION,
    sign::{body_hash, string_to_sign},
};
use crate::{ApiError, RawRequest, sign::is_signed_by};

/// A call to the instance gateway whose signature is taken apart but not yet believed.
///
/// The time window is the verifying side's to check; the protocol has no nonce.
pub struct Claim {
    /// What is asked.
    pub api: Api,
    /// The ClientKey that the caller claims to hold.
    pub key_id: AccessKeyId,
    /// When it was signed.
    pub timestamp: Timestamp,
    pub(super) string_to_sign: String,
    signature: Vec<u8>,
    /// Whether `content-sha256` is the body's hash.
    is_body_hash_true: bool,
}

// === impl Claim ===

impl Claim {
    /// Takes a request apart.
    ///
    /// # Errors
    /// `UnsupportedHTTPMethod`, `MissingParameter` for headers, `InvalidApiName`,
    /// `InvalidApiVersion`, `InvalidParam` for a wrong date or signature method, and
    /// `SignatureNotMatch` for a key id that can be none.
    pub fn parse(request: &RawRequest<'_>) -> Result<Self, ApiError> {
        if request.method != "POST" {
            return Err(ApiError::new(
                ErrorCode::UnsupportedHttpMethod,
                "The HTTP method must be POST.",
            ));
        }
        let header = |name: &str| {
            request
                .header(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| ApiError::missing_parameter(name))
        };
        let key_id = header("x-kms-acccesskeyid")?
            .parse()
            .map_err(|_not_an_id| mismatch())?;
        if header("x-kms-apiversion")? != VERSION {
            return Err(ApiError::new(
                ErrorCode::ApiVersionInvalid,
                "The specified API version is not valid.",
            ));
        }
        let api = Api::parse(header("x-kms-apiname")?)?;
        if header("x-kms-signaturemethod")? != SIGNATURE_METHOD {
            return Err(invalid("x-kms-signaturemethod"));
        }
        let date = header("date")?;
        let timestamp = DateTimeParser::new()
            .parse_timestamp(date)
            .map_err(|_not_rfc_1123| invalid("Date"))?;
        let hash = header("content-sha256")?;
        let content_type = header("content-type")?;
        let signature = header("authorization")?
            .strip_prefix("Bearer ")
            .ok_or_else(mismatch)?;
        let mut kms_headers = Vec::new();
        for (name, _) in request.headers {
            if name.starts_with("x-kms-") {
                kms_headers.push((*name, header(name)?));
            }
        }
        kms_headers.sort_unstable();
        Ok(Self {
            api,
            key_id,
            timestamp,
            string_to_sign: string_to_sign(hash, content_type, date, &kms_headers),
            signature: BASE64_STANDARD.decode(signature).unwrap_or_default(),
            is_body_hash_true: hash.eq_ignore_ascii_case(&body_hash(request.body)),
        })
    }

    /// Whether the ClientKey made this signature. Its public key is DER: X.509
    /// SubjectPublicKeyInfo or PKCS#1.
    ///
    /// # Errors
    /// `SignatureNotMatch`.
    pub fn verify(&self, public_key: &[u8]) -> Result<(), ApiError> {
        let text = self.string_to_sign.as_bytes();
        if self.is_body_hash_true && is_signed_by(public_key, text, &self.signature) {
            Ok(())
        } else {
            Err(mismatch())
        }
    }
}

fn mismatch() -> ApiError {
    ApiError::new(
        ErrorCode::SignatureNotMatch,
        "The signature is not matched with our calculation.",
    )
}

fn invalid(header: &str) -> ApiError {
    ApiError::new(
        ErrorCode::InvalidHeader,
        format!("The header {header} is not valid."),
    )
}

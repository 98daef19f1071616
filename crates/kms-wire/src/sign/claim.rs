use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use kms_types::{AccessKeyId, ErrorCode, Secret};

use super::{acs3, rpc};
use crate::{ApiError, Format, Params, RawRequest};

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

/// The only action that travels unsigned: the OIDC token in it is the proof (reference
/// kms-api §6.4).
const UNSIGNED: (&str, &str) = ("2015-04-01", "AssumeRoleWithOIDC");

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

/// What has to come out of the caller's key.
pub(super) enum Proof {
    /// Nothing was signed.
    Absent,
    /// V3.
    Acs3 {
        /// As the server computes it; two where SDKs differ in writing parameter names.
        strings_to_sign: Vec<String>,
        /// Empty if it was not hex.
        signature: Vec<u8>,
        /// Whether `x-acs-content-sha256`, if sent, is the body's hash.
        is_body_hash_true: bool,
    },
    /// V1.
    Rpc {
        /// Holds every parameter.
        string_to_sign: Secret<String>,
        /// Empty if it was not base64.
        signature: Vec<u8>,
    },
}

// === impl Claim ===

impl Claim {
    /// Takes a request apart: `Authorization: ACS3-…` decides for V3, else V1, for
    /// `x-acs-action` comes with V1 from most clients (reference kms-api §0).
    ///
    /// Parameters come from the query and from a body that says it is a form. V3 takes
    /// action and version from their headers, or from parameters; V1 from parameters
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
            Some(authorization) if authorization.starts_with("ACS3-") => {
                Self::parse_acs3(request, authorization)
            }
            _ => Self::parse_rpc(request),
        }
    }

    /// Whether the secret makes this signature; constant time.
    ///
    /// # Errors
    /// `SignatureDoesNotMatch`, with the string to sign for the caller only (see
    /// [`ApiError::signature_mismatch`]); `IncompleteSignature` if nothing was signed.
    pub fn verify(&self, access_key_secret: &Secret<String>) -> Result<(), ApiError> {
        match &self.proof {
            Proof::Absent => Err(ApiError::incomplete_signature("there is no signature")),
            Proof::Acs3 {
                strings_to_sign,
                signature,
                is_body_hash_true,
            } => {
                let key = acs3::hmac_key(access_key_secret);
                let matches = strings_to_sign
                    .iter()
                    .any(|text| hmac::verify(&key, text.as_bytes(), signature).is_ok());
                if matches && *is_body_hash_true {
                    return Ok(());
                }
                let shown = strings_to_sign.first().cloned().unwrap_or_default();
                Err(ApiError::signature_mismatch(Secret::new(shown)))
            }
            Proof::Rpc {
                string_to_sign,
                signature,
            } => {
                // EXPOSE: into the HMAC.
                let text = string_to_sign.expose().as_bytes();
                hmac::verify(&rpc::hmac_key(access_key_secret), text, signature)
                    .map_err(|_unspecified| ApiError::signature_mismatch(string_to_sign.clone()))
            }
        }
    }

    fn parse_acs3(request: &RawRequest<'_>, authorization: &str) -> Result<Self, ApiError> {
        let Authorization {
            credential,
            signed_headers,
            signature,
        } = Authorization::parse(authorization)?;
        let headers = signed(request, signed_headers)?;
        let query = Params::parse(request.query, &[])?;
        let mut params = Params::parse(request.query, request.form())?;
        let body_hash = acs3::hex_sha256(request.body);
        let strings_to_sign = queries(&query)
            .iter()
            .map(|query| {
                acs3::string_to_sign(&acs3::canonical_request(
                    request.method,
                    if request.path.is_empty() {
                        "/"
                    } else {
                        request.path
                    },
                    query,
                    &headers,
                    &body_hash,
                ))
            })
            .collect();
        let header_or_param = |header: &str, param: &str| {
            text(request.header(header).or_else(|| params.get(param)), param)
        };
        let version = header_or_param("x-acs-version", "Version")?;
        let action = header_or_param("x-acs-action", "Action")?;
        let format = Format::parse(params.get("Format"));
        params.retain(|name| !SYSTEM_PARAMS.contains(&name));
        let access_key_id = parse_key_id(credential)?;
        if request
            .header("x-acs-accesskey-id")
            .is_some_and(|id| id != access_key_id.as_str())
        {
            return Err(ApiError::incomplete_signature(
                "x-acs-accesskey-id is not the credential's",
            ));
        }
        Ok(Self {
            version,
            action,
            access_key_id: Some(access_key_id),
            security_token: token(request.header("x-acs-security-token")),
            timestamp: parse_timestamp(request.header("x-acs-date"))?,
            nonce: text(
                request.header("x-acs-signature-nonce"),
                "x-acs-signature-nonce",
            )?,
            params,
            format,
            proof: Proof::Acs3 {
                strings_to_sign,
                signature: hex::decode(signature).unwrap_or_default(),
                is_body_hash_true: headers
                    .get("x-acs-content-sha256")
                    .is_none_or(|sent| *sent == [body_hash.as_bytes()]),
            },
        })
    }

    fn parse_rpc(request: &RawRequest<'_>) -> Result<Self, ApiError> {
        let mut params = Params::parse(request.query, request.form())?;
        let version = text(params.get("Version"), "Version")?;
        let action = text(params.get("Action"), "Action")?;
        let timestamp = parse_timestamp(params.get("Timestamp"))?;
        let format = Format::parse(params.get("Format"));
        let security_token = token(params.get("SecurityToken"));
        if params.get("AccessKeyId").is_none()
            && params.get("Signature").is_none()
            && (version.as_str(), action.as_str()) == UNSIGNED
        {
            params.retain(|name| !SYSTEM_PARAMS.contains(&name));
            return Ok(Self {
                version,
                action,
                access_key_id: None,
                security_token,
                timestamp,
                nonce: String::new(),
                params,
                format,
                proof: Proof::Absent,
            });
        }
        let access_key_id = parse_key_id(&text(params.get("AccessKeyId"), "AccessKeyId")?)?;
        let signature = text(params.get("Signature"), "Signature")?;
        let nonce = text(params.get("SignatureNonce"), "SignatureNonce")?;
        let scheme = (
            text(params.get("SignatureMethod"), "SignatureMethod")?,
            params.get("SignatureType").unwrap_or_default(),
            text(params.get("SignatureVersion"), "SignatureVersion")?,
        );
        if (scheme.0.as_str(), scheme.1, scheme.2.as_str()) != ("HMAC-SHA1", "", "1.0") {
            return Err(ApiError::incomplete_signature(
                "SignatureMethod, SignatureType or SignatureVersion is unknown",
            ));
        }
        params.retain(|name| name != "Signature");
        let string_to_sign = Secret::new(rpc::string_to_sign(request.method, &params));
        params.retain(|name| !SYSTEM_PARAMS.contains(&name));
        Ok(Self {
            version,
            action,
            access_key_id: Some(access_key_id),
            security_token,
            timestamp,
            nonce,
            params,
            format,
            proof: Proof::Rpc {
                string_to_sign,
                signature: BASE64_STANDARD.decode(signature).unwrap_or_default(),
            },
        })
    }
}

/// The parts of `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`.
struct Authorization<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Result<Self, ApiError> {
        let parts = text
            .strip_prefix(acs3::ALGORITHM)
            .and_then(|rest| rest.strip_prefix(' '))
            .ok_or_else(|| ApiError::incomplete_signature("the algorithm is unknown"))?;
        let part = |name: &str| {
            parts
                .split(',')
                .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
                .filter(|value| !value.is_empty())
        };
        match (part("Credential"), part("SignedHeaders"), part("Signature")) {
            (Some(credential), Some(signed_headers), Some(signature)) => Ok(Self {
                credential,
                signed_headers,
                signature,
            }),
            _ => Err(ApiError::incomplete_signature(
                "Authorization needs Credential, SignedHeaders and Signature",
            )),
        }
    }
}

/// The headers that the caller says are signed, provided that they include each one
/// that this service acts upon. What is signed beyond that differs between SDKs
/// (reference kms-api §1.3).
fn signed<'a>(
    request: &RawRequest<'a>,
    signed_headers: &str,
) -> Result<acs3::Headers<'a>, ApiError> {
    let mut headers = acs3::Headers::new();
    for &(name, value) in request.headers {
        if signed_headers
            .split(';')
            .any(|signed| signed.eq_ignore_ascii_case(name))
        {
            headers.entry(name).or_default().push(value);
        }
    }
    if headers.len() != signed_headers.split(';').count() {
        return Err(ApiError::incomplete_signature(
            "SignedHeaders names a header twice or one that is absent",
        ));
    }
    if !headers.contains_key("host") {
        return Err(ApiError::incomplete_signature("host must be signed"));
    }
    if request
        .headers
        .iter()
        .any(|(name, _)| name.starts_with("x-acs-") && !headers.contains_key(name))
    {
        return Err(ApiError::incomplete_signature(
            "every x-acs- header must be signed",
        ));
    }
    // It decides whether the body is parameters.
    if !request.form().is_empty() && !headers.contains_key("content-type") {
        return Err(ApiError::incomplete_signature(
            "content-type must be signed where the body is a form",
        ));
    }
    Ok(headers)
}

/// The canonical query as SDKs write it: names encoded, and, where that differs, names
/// as they are (the Go and Python SDKs; UpdateSecret has names that the user chooses).
/// A name that could pass for the boundary of another parameter gets no second reading.
fn queries(query: &Params) -> Vec<String> {
    let mut queries = vec![query.canonical()];
    if !query
        .iter()
        .any(|(name, _)| name.contains(['&', '=', '%', '\n']))
    {
        let unencoded = query.canonical_with(String::push_str);
        if queries.first() != Some(&unencoded) {
            queries.push(unencoded);
        }
    }
    queries
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

/// `YYYY-MM-DDThh:mm:ssZ` and nothing else that jiff would also read.
fn parse_timestamp(text: Option<&str>) -> Result<Timestamp, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Err(ApiError::new(
            ErrorCode::IllegalTimestamp,
            "The request has no timestamp.",
        ));
    };
    let is_shaped = text.len() == 20
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            10 => byte == b'T',
            13 | 16 => byte == b':',
            19 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    text.parse()
        .ok()
        .filter(|_moment| is_shaped)
        .ok_or_else(|| {
            ApiError::new(
                ErrorCode::TimestampFormat,
                "The timestamp must be of the form YYYY-MM-DDThh:mm:ssZ.",
            )
        })
}

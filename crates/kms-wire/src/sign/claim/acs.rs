use super::{Claim, SYSTEM_PARAMS, parse_key_id, text, timestamp, token};
use crate::{
    ApiError, Format, Params, Product, RawRequest,
    sign::{
        acs3,
        acs4::{self, Scope},
        canonical::{Headers, canonical_request, hex_sha256, string_to_sign},
        proof::Proof,
    },
};

/// The parts of `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`.
struct Authorization<'a> {
    algorithm: &'static str,
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// Takes a V3 or V4 request apart.
pub(super) fn parse(request: &RawRequest<'_>, authorization: &str) -> Result<Claim, ApiError> {
    let authorization = Authorization::parse(authorization)?;
    let (key_id, scope) = authorization.credential()?;
    let headers = signed(request, authorization.signed_headers)?;
    let mut params = Params::parse(request.query, request.form())?;
    let queries = if request.form().is_empty() {
        queries(&params)
    } else {
        queries(&Params::parse(request.query, &[])?)
    };
    let header_or_param = |header: &str, param: &str| {
        text(request.header(header).or_else(|| params.get(param)), param)
    };
    let version = header_or_param("x-acs-version", "Version")?;
    let action = header_or_param("x-acs-action", "Action")?;
    let format = Format::parse(params.get("Format"));
    params.retain(|name| !SYSTEM_PARAMS.contains(&name));
    let date = request.header("x-acs-date");
    let timestamp = timestamp(date)?;
    if let Some(scope) = &scope {
        check_scope(scope, date.unwrap_or_default(), &version)?;
    }
    let access_key_id = parse_key_id(key_id)?;
    if request
        .header("x-acs-accesskey-id")
        .is_some_and(|id| id != access_key_id.as_str())
    {
        return Err(ApiError::incomplete_signature(
            "x-acs-accesskey-id is not the credential's",
        ));
    }
    let body_hash = hex_sha256(request.body);
    let path = match request.path {
        "" => "/",
        path => path,
    };
    let strings_to_sign = queries
        .iter()
        .map(|query| {
            let canonical = canonical_request(request.method, path, query, &headers, &body_hash);
            string_to_sign(authorization.algorithm, &canonical)
        })
        .collect();
    Ok(Claim {
        version,
        action,
        access_key_id: Some(access_key_id),
        security_token: token(request.header("x-acs-security-token")),
        timestamp,
        nonce: text(
            request.header("x-acs-signature-nonce"),
            "x-acs-signature-nonce",
        )?,
        params,
        format,
        proof: Proof::Acs {
            scope,
            strings_to_sign,
            signature: hex::decode(authorization.signature).unwrap_or_default(),
            is_body_hash_true: headers
                .get("x-acs-content-sha256")
                .is_none_or(|sent| *sent == [body_hash.as_bytes()]),
        },
    })
}

// === impl Authorization ===

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Result<Self, ApiError> {
        let (algorithm, parts) = [acs3::ALGORITHM, acs4::ALGORITHM]
            .into_iter()
            .find_map(|algorithm| {
                let rest = text.strip_prefix(algorithm)?.strip_prefix(' ')?;
                Some((algorithm, rest))
            })
            .ok_or_else(|| ApiError::incomplete_signature("the algorithm is unknown"))?;
        let part = |name: &str| {
            parts
                .split(',')
                .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
                .filter(|value| !value.is_empty())
        };
        match (part("Credential"), part("SignedHeaders"), part("Signature")) {
            (Some(credential), Some(signed_headers), Some(signature)) => Ok(Self {
                algorithm,
                credential,
                signed_headers,
                signature,
            }),
            _ => Err(ApiError::incomplete_signature(
                "Authorization needs Credential, SignedHeaders and Signature",
            )),
        }
    }

    /// The AccessKey's id, and V4's scope.
    fn credential(&self) -> Result<(&'a str, Option<Scope>), ApiError> {
        if self.algorithm == acs3::ALGORITHM {
            return Ok((self.credential, None));
        }
        let (id, scope) = Scope::parse(self.credential)
            .ok_or_else(|| ApiError::incomplete_signature("the credential has no scope of V4"))?;
        Ok((id, Some(scope)))
    }
}

/// A key derived for another day or another product must not open this one. The region
/// is the client's own idea of where it talks to, and cannot be checked.
fn check_scope(scope: &Scope, date: &str, version: &str) -> Result<(), ApiError> {
    if scope.date != acs4::date(date) {
        return Err(ApiError::incomplete_signature(
            "the credential's date is not that of x-acs-date",
        ));
    }
    let is_product = |product: &Product| product.version() == version;
    let product = Product::ALL.iter().find(|product| is_product(product));
    if product.is_none_or(|product| product.as_str() != scope.product) {
        return Err(ApiError::incomplete_signature(
            "the credential is not for this product",
        ));
    }
    Ok(())
}

/// The headers that the caller says are signed, provided that they include each one
/// that this service acts upon. What is signed beyond that differs between SDKs
/// (reference kms-api §1.3).
fn signed<'a>(request: &RawRequest<'a>, signed_headers: &str) -> Result<Headers<'a>, ApiError> {
    let mut headers = Headers::new();
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
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
    if !query.iter().all(|(name, _)| name.bytes().all(is_plain))
        && !query
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

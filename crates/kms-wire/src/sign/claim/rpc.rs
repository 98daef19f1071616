use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::Secret;

use super::{Claim, SYSTEM_PARAMS, parse_key_id, text, timestamp, token};
use crate::{
    ApiError, Format, Params, RawRequest,
    sign::{proof::Proof, rpc::string_to_sign},
};

/// The only action that travels unsigned: the OIDC token in it is the proof (reference
/// kms-api §6.4).
const UNSIGNED: (&str, &str) = ("2015-04-01", "AssumeRoleWithOIDC");

/// Takes a V1 request apart.
pub(super) fn parse(request: &RawRequest<'_>) -> Result<Claim, ApiError> {
    let mut params = Params::parse(request.query, request.form())?;
    let version = text(params.get("Version"), "Version")?;
    let action = text(params.get("Action"), "Action")?;
    let timestamp = timestamp(params.get("Timestamp"))?;
    let format = Format::parse(params.get("Format"));
    let security_token = token(params.get("SecurityToken"));
    let is_unsigned = params.get("AccessKeyId").is_none()
        && params.get("Signature").is_none()
        && (version.as_str(), action.as_str()) == UNSIGNED;
    let (access_key_id, nonce, proof) = if is_unsigned {
        (None, String::new(), Proof::Absent)
    } else {
        let id = parse_key_id(&text(params.get("AccessKeyId"), "AccessKeyId")?)?;
        let nonce = text(params.get("SignatureNonce"), "SignatureNonce")?;
        (Some(id), nonce, proof(request.method, &mut params)?)
    };
    params.retain(|name| !SYSTEM_PARAMS.contains(&name));
    Ok(Claim {
        version,
        action,
        access_key_id,
        security_token,
        timestamp,
        nonce,
        params,
        format,
        proof,
    })
}

/// What was signed and how, `Signature` taken out of the parameters.
fn proof(method: &str, params: &mut Params) -> Result<Proof, ApiError> {
    let signature = text(params.get("Signature"), "Signature")?;
    let signature = BASE64_STANDARD.decode(signature).unwrap_or_default();
    params.retain(|name| name != "Signature");
    let string_to_sign = Secret::new(string_to_sign(method, params));
    let version = text(params.get("SignatureVersion"), "SignatureVersion")?;
    let kind = params.get("SignatureType").unwrap_or_default();
    match (
        text(params.get("SignatureMethod"), "SignatureMethod")?.as_str(),
        kind,
        version.as_str(),
    ) {
        ("HMAC-SHA1", "", "1.0") => Ok(Proof::Rpc {
            string_to_sign,
            signature,
        }),
        ("SHA256withRSA", "PRIVATEKEY", "1.0") => Ok(Proof::RpcRsa {
            string_to_sign,
            signature,
        }),
        _ => Err(ApiError::incomplete_signature(
            "SignatureMethod, SignatureType or SignatureVersion is unknown",
        )),
    }
}

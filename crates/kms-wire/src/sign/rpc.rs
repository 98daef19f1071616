use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::{AccessKeyId, Secret};

use super::{
    RsaSignError, RsaSigningKey, SigningKey, Unsigned,
    canonical::{method, split, target},
};
use crate::{Params, SignedRequest, percent, write_timestamp};

/// Signs with V1 RPC HMAC-SHA1, everything in the query of a POST, or in a form body if
/// the query would exceed 16 KiB (reference kms-api §1.2).
pub fn sign_rpc(call: &Unsigned<'_>, key: &SigningKey) -> SignedRequest {
    let mut params = system_params(call, &key.access_key_id, "HMAC-SHA1");
    // EXPOSE: into the request's own parameter; `Params` wipes it.
    let token = key
        .security_token
        .as_ref()
        .map(|token| token.expose().as_str());
    params.push_some("SecurityToken", token);
    let signature = hmac::sign(
        &hmac_key(&key.access_key_secret),
        string_to_sign(method(call.action), &params).as_bytes(),
    );
    params.push("Signature", BASE64_STANDARD.encode(signature));
    finish(call, &params)
}

/// Signs with V1 RPC SHA256withRSA, as a ClientKey does on the shared gateway (reference
/// kms-api §5.1).
///
/// # Errors
/// If the system has no random bytes to blind the key with.
pub fn sign_rpc_rsa(
    call: &Unsigned<'_>,
    key: &RsaSigningKey,
) -> Result<SignedRequest, RsaSignError> {
    let mut params = system_params(call, key.key_id(), "SHA256withRSA");
    params.push("SignatureType", "PRIVATEKEY");
    let signature = key.sign(string_to_sign(method(call.action), &params).as_bytes())?;
    params.push("Signature", signature);
    Ok(finish(call, &params))
}

/// `METHOD&%2F&` and the encoded canonical parameters, `Signature` left out.
pub(super) fn string_to_sign(method: &str, params: &Params) -> String {
    let mut out = format!("{method}&%2F&");
    percent::encode_into(&mut out, &params.canonical());
    out
}

pub(super) fn hmac_key(access_key_secret: &Secret<String>) -> hmac::Key {
    // EXPOSE: into the HMAC key; the copy with the ampersand is wiped here.
    let key = Secret::new(format!("{}&", access_key_secret.expose()));
    // EXPOSE: into the HMAC key; aws-lc keeps it.
    hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.expose().as_bytes())
}

/// The caller's parameters and those of the scheme, all but `Signature`.
fn system_params(call: &Unsigned<'_>, key_id: &AccessKeyId, method: &str) -> Params {
    let mut params = call.params.clone();
    params.push("Action", call.action);
    params.push("Version", call.version);
    params.push("Format", "JSON");
    params.push("AccessKeyId", key_id.as_str());
    params.push("SignatureMethod", method);
    params.push("SignatureVersion", "1.0");
    params.push("SignatureNonce", call.nonce);
    params.push("Timestamp", write_timestamp(call.now));
    params
}

fn finish(call: &Unsigned<'_>, params: &Params) -> SignedRequest {
    let (query, body) = split(params.canonical());
    let mut headers = vec![
        ("accept".to_owned(), "application/json".to_owned()),
        ("host".to_owned(), call.host.to_owned()),
        ("user-agent".to_owned(), call.user_agent.to_owned()),
    ];
    if !body.is_empty() {
        headers.push((
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        ));
    }
    SignedRequest {
        method: method(call.action),
        target: target(&query),
        headers,
        body,
    }
}

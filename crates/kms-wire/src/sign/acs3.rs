use aws_lc_rs::hmac;
use kms_types::Secret;

use super::{
    SigningKey, Unsigned,
    canonical::{Draft, string_to_sign, target},
};
use crate::SignedRequest;

/// The only V3 algorithm that KMS clients use.
pub(super) const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Signs with ACS3-HMAC-SHA256 (V3), parameters in the query of a POST (of a GET for
/// GetClientKey and ListClientKeys), or in a form body if the query would exceed 16 KiB (reference kms-api §1.3; the body form is what the
/// gateway's other clients use, unmeasured for this signature).
pub fn sign_acs3(call: &Unsigned<'_>, key: &SigningKey) -> SignedRequest {
    let draft = Draft::new(call, key);
    finish(
        draft,
        call,
        ALGORITHM,
        key.access_key_id.as_str(),
        &hmac_key(&key.access_key_secret),
    )
}

/// Puts the signature in its header, and what travels unsigned behind it.
pub(super) fn finish(
    draft: Draft,
    call: &Unsigned<'_>,
    algorithm: &str,
    credential: &str,
    key: &hmac::Key,
) -> SignedRequest {
    let text = string_to_sign(algorithm, &draft.canonical_request());
    let signature = hex::encode(hmac::sign(key, text.as_bytes()));
    let names = draft.names();
    let mut headers = draft.headers;
    headers.extend([
        (
            "authorization".to_owned(),
            format!(
                "{algorithm} Credential={credential},SignedHeaders={names},Signature={signature}"
            ),
        ),
        ("accept".to_owned(), "application/json".to_owned()),
        ("user-agent".to_owned(), call.user_agent.to_owned()),
    ]);
    SignedRequest {
        method: draft.method,
        target: target(&draft.query),
        headers,
        body: draft.body,
    }
}

pub(super) fn hmac_key(access_key_secret: &Secret<String>) -> hmac::Key {
    // EXPOSE: into the HMAC key; aws-lc keeps it.
    hmac::Key::new(hmac::HMAC_SHA256, access_key_secret.expose().as_bytes())
}

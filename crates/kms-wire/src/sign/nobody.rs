use super::Unsigned;
use crate::SignedRequest;

/// A call that nobody signs, for its proof is among its parameters: AssumeRoleWithOIDC
/// (reference kms-api §6.4). Everything is in the body, so that no proxy's log has it.
pub fn unsigned(call: &Unsigned<'_>) -> SignedRequest {
    let mut params = call.params.clone();
    params.push("Action", call.action);
    params.push("Version", call.version);
    params.push("Format", "JSON");
    let timestamp = call.now.strftime("%Y-%m-%dT%H:%M:%SZ");
    params.push("Timestamp", timestamp.to_string());
    params.push("SignatureNonce", call.nonce);
    SignedRequest {
        method: "POST",
        target: "/".to_owned(),
        headers: [
            ("host", call.host),
            ("accept", "application/json"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("user-agent", call.user_agent),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        body: params.canonical().into_bytes(),
    }
}

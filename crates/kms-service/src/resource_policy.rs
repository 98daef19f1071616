//! The policy of a secret or a key itself: what keys and secrets have in common there.

use kms_types::{AccountId, ErrorCode};
use kms_wire::ApiError;

use crate::policy::{Document, Kind};

/// There is one policy to a secret or a key.
const NAME: &str = "default";

/// That the text is such a policy: one that could not be asked later is not taken.
///
/// # Errors
/// `InvalidParameter`, with the place and what is wrong there.
pub(crate) fn check(text: &str) -> Result<(), ApiError> {
    Document::parse(text, Kind::Resource)
        .map(drop)
        .map_err(|reason| ApiError::invalid_parameter("Policy", reason))
}

/// That the policy asked for is the one there is.
///
/// # Errors
/// `Forbidden.ResourceNotFound`.
pub(crate) fn check_name(name: Option<&str>) -> Result<(), ApiError> {
    match name {
        None | Some("" | NAME) => Ok(()),
        Some(_) => Err(ApiError::new(
            ErrorCode::ResourceNotFound,
            "Resource not found: the one policy is called default.",
        )),
    }
}

/// What is told of a `key` or `secret` whose own policy is that text. One without has the
/// policy that leaves everything to its account's: the one that the cloud's documents print.
pub(crate) fn told(own: String, kind: &str, account: &AccountId) -> String {
    if !own.is_empty() {
        return own;
    }
    serde_json::json!({
        "Version": "1",
        "Statement": [{
            "Sid": format!("kms default {kind} policy"),
            "Effect": "Allow",
            "Principal": {"RAM": [format!("acs:ram::{account}:*")]},
            "Action": ["kms:*"],
            "Resource": ["*"],
        }],
    })
    .to_string()
}

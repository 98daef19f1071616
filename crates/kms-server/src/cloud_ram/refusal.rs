//! The cloud's codes as what they mean for a rotation.

use kms_client::CallError;
use kms_credentials::CredentialsError;
use kms_service::RamError;
use kms_wire::request::Action;

/// Of a call that KMS signed.
pub(super) fn of(error: &CallError, action: Action) -> RamError {
    if let Some(error) = outage(error) {
        return error;
    }
    let CallError::Service { code, .. } = error else {
        return RamError::Answer("it cannot be read");
    };
    match code.as_str() {
        "EntityNotExist.User" => RamError::NoUser,
        "EntityNotExist.User.AccessKey" => RamError::NoKey,
        "LimitExceeded.User.AccessKey" => RamError::KeyLimit,
        code => RamError::Denied(format!("{} for {}", shown(code), action.as_str())),
    }
}

/// Of one that the key in question signed.
pub(super) fn of_key(error: &CallError) -> RamError {
    if let Some(error) = outage(error) {
        return error;
    }
    let CallError::Service { code, .. } = error else {
        return RamError::Answer("it cannot be read");
    };
    // Reference accesskey §3.5: how a key is refused that is unknown, disabled or wrong.
    let is_about_the_key = code.starts_with("InvalidAccessKeyId")
        || matches!(
            code.as_str(),
            "SignatureDoesNotMatch" | "Forbidden.AccessKeyDisabled"
        );
    if is_about_the_key {
        RamError::KeyRefused(shown(code).to_owned())
    } else {
        RamError::Denied(shown(code).to_owned())
    }
}

/// Where nobody said yes or no.
fn outage(error: &CallError) -> Option<RamError> {
    Some(match error {
        CallError::Service { status, code, .. } => {
            if *status == 429 || code == "Throttling" || code.starts_with("Throttling.") {
                RamError::Throttled
            } else if *status >= 500 {
                RamError::Unreachable("it failed itself")
            } else {
                return None;
            }
        }
        CallError::Timeout { .. } => RamError::Unreachable("no answer in time"),
        CallError::Transport { .. } => RamError::Unreachable("the connection failed"),
        CallError::Unreadable { .. } => RamError::Answer("it cannot be read"),
        CallError::Credentials(CredentialsError::Unreachable { .. }) => {
            RamError::Unreachable("the source of this server's credentials does not answer")
        }
        CallError::Credentials(_) => {
            RamError::Denied("this server has no credentials for it; its log says why".to_owned())
        }
        CallError::Unsupported { .. } => RamError::Answer("the call cannot be made"),
        _ => RamError::Answer("the call failed for a reason that is not known here"),
    })
}

/// A code as it may be written down: what an error of the cloud holds is not ours.
fn shown(code: &str) -> &str {
    let is_plain = code.len() <= 100
        && !code.is_empty()
        && code
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    if is_plain {
        code
    } else {
        "a code that is none"
    }
}

#[cfg(test)]
mod tests;

//! What a failed call means for a read.

use kms_client::CallError;
use kms_credentials::CredentialsError;

use super::ReadError;
use crate::plan::Remote;

/// The same for who reads: whether it passes, a code, and a sentence without a value.
pub(super) fn of_call(error: CallError, remote: &Remote) -> ReadError {
    let passes = error.is_transient();
    let what = format!("{} {}", remote.provider, remote.name);
    let (code, reason) = match error {
        CallError::Service {
            status,
            code,
            message,
            request_id,
        } => {
            let reason = format!(
                "{what}: {code} (HTTP {status}): {message} (request {request_id})",
                request_id = if request_id.is_empty() {
                    "without an id"
                } else {
                    &request_id
                }
            );
            (code, reason)
        }
        CallError::Credentials(why) => {
            let code = if passes {
                "CredentialsUnavailable"
            } else {
                "NoCredentials"
            };
            (
                code.to_owned(),
                format!("{what}: no credentials: {}", plain(&why)),
            )
        }
        CallError::Timeout { .. } => ("Timeout".to_owned(), format!("{what}: {error}")),
        CallError::Transport { .. } => ("Unreachable".to_owned(), format!("{what}: {error}")),
        CallError::Unreadable { .. } => ("UnreadableAnswer".to_owned(), format!("{what}: {error}")),
        error => ("Unsupported".to_owned(), format!("{what}: {error}")),
    };
    if passes {
        ReadError::Passing { code, reason }
    } else {
        ReadError::Refused { code, reason }
    }
}

/// Without the name of the source, which nobody wrote.
fn plain(error: &CredentialsError) -> String {
    match error {
        CredentialsError::Broken { reason, .. } | CredentialsError::Unreachable { reason, .. } => {
            reason.clone()
        }
        other => other.to_string(),
    }
}

//! What is said when KMS does not do what is asked. The service's own message is left out: who asked
//! for something may find it there again.

use std::error::Error;

use kms_client::CallError;
use tonic::{Code, Status};

/// Why not, in one line: for Status, logs and whoever asked.
pub(super) fn reason(error: &CallError) -> String {
    match error {
        CallError::Service {
            status,
            code,
            request_id,
            ..
        } => format!("KMS answered {code} (HTTP {status}, request {request_id})"),
        other => {
            let mut text = other.to_string();
            let mut cause = other.source();
            while let Some(error) = cause {
                text = format!("{text}: {error}");
                cause = error.source();
            }
            text.replace(['\n', '\r'], " ")
        }
    }
}

/// As gRPC says it: what may pass is `UNAVAILABLE`, and everything else means that somebody has to
/// mend something.
pub(super) fn status(error: &CallError) -> Status {
    Status::new(code(error), reason(error))
}

fn code(error: &CallError) -> Code {
    if error.is_transient() {
        return Code::Unavailable;
    }
    match error {
        CallError::Credentials(_) => Code::Unauthenticated,
        CallError::Service { status, .. } => match status {
            401 | 403 => Code::PermissionDenied,
            404 => Code::NotFound,
            _ => Code::InvalidArgument,
        },
        _ => Code::FailedPrecondition,
    }
}

#[cfg(test)]
mod tests;

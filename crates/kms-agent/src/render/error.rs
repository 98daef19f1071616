use bytes::Bytes;
use serde::Serialize;
use serde_json::json;

use crate::ResponseType;

/// An answer without a value. Its texts come from us or from KMS, never from the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure<'a> {
    /// The HTTP status.
    pub(crate) status: u16,
    /// A code in KMS's style.
    pub(crate) code: &'a str,
    /// For people.
    pub(crate) message: &'a str,
    /// KMS's request id, if it was asked.
    pub(crate) request_id: &'a str,
}

/// Writes it in the shape that clients of that kind read.
pub(crate) fn error(failure: &Failure<'_>, response_type: ResponseType) -> Bytes {
    match response_type {
        ResponseType::Kms => write(&kms_wire::ErrorBody {
            code: failure.code.to_owned(),
            message: failure.message.to_owned(),
            request_id: failure.request_id.to_owned(),
            host_id: "localhost".to_owned(),
            recommend: String::new(),
            http_status: failure.status,
        }),
        ResponseType::Aws => write(&json!({
            "__type": aws_type(failure), "message": failure.message
        })),
        // Clients take an empty list for "no such path" (security reference §4.2).
        ResponseType::Vault if failure.status == 404 => write(&json!({"errors": []})),
        ResponseType::Vault => {
            let text = format!("{}: {}", failure.code, failure.message);
            write(&json!({ "errors": [text] }))
        }
    }
}

/// The exception that AWS's SDKs know for it.
fn aws_type<'a>(failure: &Failure<'a>) -> &'a str {
    match (failure.code, failure.status) {
        (_, 404) => "ResourceNotFoundException",
        (_, 403) => "AccessDeniedException",
        (_, 429) => "ThrottlingException",
        (_, 504) => "TimeoutError",
        (_, 502) => "ConnectionError",
        (_, 500..) => "InternalServiceError",
        (_, 400) => "InvalidRequestException",
        (code, _) => code,
    }
}

fn write(body: &impl Serialize) -> Bytes {
    // Text and numbers always serialise; were it otherwise, the status still says it all.
    serde_json::to_vec(body).unwrap_or_default().into()
}

#[cfg(test)]
mod tests;

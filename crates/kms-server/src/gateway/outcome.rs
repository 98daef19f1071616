use axum::body::Body;
use http::{HeaderName, Response, StatusCode};
use kms_types::ErrorCode;

use super::facts::Facts;

/// What became of a request, and what is known of it for the records.
pub(super) struct Outcome {
    pub(super) response: Response<Body>,
    pub(super) facts: Facts,
    /// The code of the refusal, or `OK`.
    pub(super) code: &'static str,
}

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");

/// The status that a code travels with.
pub(super) fn status(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

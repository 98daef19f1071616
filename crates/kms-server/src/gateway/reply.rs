use axum::body::Body;
use http::{HeaderName, HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use kms_types::{ErrorCode, RequestId};
use kms_wire::{ApiError, Format, Response as Answer, render, render_error};

/// What is known about a request when it is answered, be it only that it was bad.
pub(super) struct Addressee<'a> {
    pub(super) format: Format,
    pub(super) request_id: RequestId,
    /// The `Host` header, which goes back to the client in errors.
    pub(super) host: &'a str,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");

// === impl Addressee ===

impl Addressee<'_> {
    /// 200 with the answer of the action of that name.
    pub(super) fn answer(&self, action: &str, answer: &Answer) -> Response<Body> {
        let root = format!("{action}Response");
        match render(self.format, &root, self.request_id, answer) {
            Ok(body) => self.response(StatusCode::OK, body),
            Err(reason) => self.error(&reason),
        }
    }

    /// The error with its own status, in the union of bodies that clients read.
    pub(super) fn error(&self, error: &ApiError) -> Response<Body> {
        let body = render_error(self.format, error, self.request_id, self.host);
        self.response(status(error.code), body)
    }

    fn response(&self, status: StatusCode, body: Vec<u8>) -> Response<Body> {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let content_type = HeaderValue::from_static(self.format.content_type());
        headers.insert(CONTENT_TYPE, content_type);
        if let Ok(id) = HeaderValue::try_from(self.request_id.to_string()) {
            headers.insert(REQUEST_ID, id);
        }
        response
    }
}

fn status(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

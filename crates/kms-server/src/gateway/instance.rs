//! An instance's own protocol: protobuf, signed with a ClientKey (reference kms-api §5.2).

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use kms_service::{Caller, Service};
use kms_types::ErrorCode;
use kms_wire::{
    ApiError, RawRequest, Request, Response as Answer,
    instance::{self, Api, Claim, error_body, message},
    request,
};
use prost::Message as _;

use super::{
    arrived::Arrived,
    openapi::REQUEST_ID,
    protocol::{Outcome, status},
};

/// How far a request came.
#[derive(Default)]
struct Progress {
    api: Option<Api>,
    principal: Option<String>,
}

/// Verifies the request, carries it out and writes the answer.
///
/// The protocol has no nonce, and its signatures are the same for the same call within
/// the same second, so that a repeated request is no sign of anything: it is answered
/// again for as long as its date passes. Nothing that can be asked here changes anything.
pub(super) async fn answer(service: &Service, arrived: &Arrived) -> Outcome {
    let mut progress = Progress::default();
    match attempt(service, arrived, &mut progress).await {
        Ok(body) => Outcome {
            response: response(StatusCode::OK, arrived, body),
            action: progress.api.map_or("", Api::as_str),
            principal: progress.principal,
            code: "OK",
        },
        Err(error) => failure(arrived, progress, &error),
    }
}

/// Says no before anything was read.
pub(super) fn refuse(arrived: &Arrived, error: &ApiError) -> Outcome {
    failure(arrived, Progress::default(), error)
}

async fn attempt(
    service: &Service,
    arrived: &Arrived,
    progress: &mut Progress,
) -> Result<Vec<u8>, ApiError> {
    // One code of this protocol's list for whatever cannot be read.
    let whole = arrived
        .whole
        .as_ref()
        .map_err(|error| ApiError::new(ErrorCode::InvalidParameter, error.message.as_str()))?;
    let headers = whole.headers();
    let raw = whole.raw(&headers);
    check_path(&raw)?;
    let claim = Claim::parse(&raw)?;
    progress.api = Some(claim.api);
    let principal = service.authenticate_instance(&claim).await?;
    progress.principal = Some(principal.arn());
    let caller = arrived.caller(principal);
    match claim.api {
        Api::GetSecretValue => secret_value(service, &caller, raw.body).await,
        _ => Err(ApiError::new(
            ErrorCode::UnsupportedOperation,
            "This action is not supported.",
        )),
    }
}

/// The signature takes the path for granted.
fn check_path(request: &RawRequest<'_>) -> Result<(), ApiError> {
    if matches!(request.path, "" | "/") {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::ApiNameInvalid,
        "The specified API is not found: the path must be /.",
    ))
}

async fn secret_value(
    service: &Service,
    caller: &Caller,
    body: &[u8],
) -> Result<Vec<u8>, ApiError> {
    let asked = message::GetSecretValueRequest::decode(body).map_err(|_malformed| {
        ApiError::new(
            ErrorCode::InvalidParameter,
            "The request cannot be read: the body is not the API's message.",
        )
    })?;
    let request = request::GetSecretValue::try_from(&asked)?;
    match service
        .call(caller, Request::GetSecretValue(request))
        .await?
    {
        Answer::GetSecretValue(mut answer) => {
            answer.request_id = caller.request_id.to_string();
            Ok(message::GetSecretValueResponse::from(&answer).encode_to_vec())
        }
        _ => Err(ApiError::internal()),
    }
}

fn failure(arrived: &Arrived, progress: Progress, error: &ApiError) -> Outcome {
    let body = error_body(error, arrived.request_id);
    Outcome {
        response: response(status(error.code), arrived, body),
        action: progress.api.map_or("", Api::as_str),
        principal: progress.principal,
        code: error.code.as_str(),
    }
}

fn response(status: StatusCode, arrived: &Arrived, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_static(instance::CONTENT_TYPE);
    headers.insert(CONTENT_TYPE, content_type);
    if let Ok(id) = HeaderValue::try_from(arrived.request_id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

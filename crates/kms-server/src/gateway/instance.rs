//! An instance's own protocol: protobuf, signed with a ClientKey (reference kms-api §5.2).

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use kms_service::Service;
use kms_types::ErrorCode;
use kms_wire::{
    ApiError, Product, RawRequest,
    instance::{self, Claim, error_body},
};

use super::{
    arrived::Arrived,
    facts::Facts,
    outcome::{Outcome, REQUEST_ID, status},
};

/// Verifies the request, carries it out and writes the answer.
///
/// The protocol has no nonce, and its signatures are the same for the same call within
/// the same second, so that a repeated request is no sign of anything: it is answered
/// again for as long as its date passes. Nothing that can be asked here changes anything.
pub(super) async fn answer(service: &Service, arrived: &Arrived) -> Outcome {
    let mut facts = Facts::default();
    match attempt(service, arrived, &mut facts).await {
        Ok(body) => Outcome {
            response: response(StatusCode::OK, arrived, body),
            facts,
            code: "OK",
        },
        Err(error) => failure(arrived, facts, &error),
    }
}

/// Says no before anything was read.
pub(super) fn refuse(arrived: &Arrived, error: &ApiError) -> Outcome {
    failure(arrived, Facts::default(), error)
}

async fn attempt(
    service: &Service,
    arrived: &Arrived,
    facts: &mut Facts,
) -> Result<Vec<u8>, ApiError> {
    // One code of this protocol's list for whatever cannot be read.
    let whole = arrived
        .whole
        .as_ref()
        .map_err(|error| ApiError::new(ErrorCode::InvalidParameter, error.message.as_str()))?;
    let _seat = arrived.seat().await?;
    let headers = whole.headers();
    let raw = whole.raw(&headers);
    check_path(&raw)?;
    let claim = Claim::parse(&raw)?;
    facts.claimed = Some(claim.key_id.clone());
    facts.action = Some(claim.api.as_str());
    facts.product = Some(Product::Kms.as_str());
    let (principal, moment) = service.authenticate_instance(&claim).await?;
    facts.principal = Some(principal.clone());
    arrived.rate(&principal).await?;
    let caller = arrived.caller(principal, moment);
    let request = instance::Request::parse(claim.api, raw.body)?;
    facts.asked_in_instance(&request);
    let answer = service.call_instance(&caller, request).await?;
    facts.answered_in_instance(&answer);
    Ok(answer.into_body(arrived.request_id))
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

fn failure(arrived: &Arrived, facts: Facts, error: &ApiError) -> Outcome {
    let body = error_body(error, arrived.request_id);
    Outcome {
        response: response(status(error.code), arrived, body),
        facts,
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

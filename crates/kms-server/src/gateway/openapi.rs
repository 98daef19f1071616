//! Kms, Sts and what follows: RPC style, JSON and XML.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use kms_service::Service;
use kms_types::{ErrorCode, RequestId};
use kms_wire::{
    Action, ApiError, Format, RawRequest, Request, Response as Answer, render, render_error,
    sign::Claim,
};

use super::{
    arrived::Arrived,
    facts::Facts,
    outcome::{Outcome, REQUEST_ID, status},
};

/// How far a request came.
#[derive(Default)]
struct Progress {
    format: Format,
    action: Option<Action>,
    facts: Facts,
}

/// Verifies the request, carries it out and writes the answer.
pub(super) async fn answer(service: &Service, arrived: &Arrived) -> Outcome {
    let mut progress = Progress::default();
    match attempt(service, arrived, &mut progress).await {
        Ok(answer) => accept(arrived, progress, &answer),
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
) -> Result<Answer, ApiError> {
    let whole = arrived.whole.as_ref().map_err(Clone::clone)?;
    let _seat = arrived.seat().await?;
    let headers = whole.headers();
    let request = whole.raw(&headers);
    progress.format = Format::asked(&request);
    check_path(&request)?;
    let claim = Claim::parse(&request)?;
    let facts = &mut progress.facts;
    facts.claimed.clone_from(&claim.access_key_id);
    facts.token.clone_from(&claim.security_token);
    let action = Action::parse(&claim.version, &claim.action)?;
    progress.action = Some(action);
    facts.action = Some(action.as_str());
    facts.product = Some(action.product().as_str());
    let (principal, moment) = service.identify(&claim).await?;
    facts.principal = Some(principal.clone());
    arrived.rate(&principal).await?;
    let caller = arrived.caller(principal, moment);
    let parsed = Request::parse(action, &claim.params)?;
    facts.asked(&parsed);
    let answer = service.call(&caller, parsed).await?;
    facts.answered(&answer);
    Ok(answer)
}

fn check_path(request: &RawRequest<'_>) -> Result<(), ApiError> {
    if matches!(request.path, "" | "/") {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::ActionNotFound,
        "Specified api is not found, please check your url and method.",
    ))
}

fn accept(arrived: &Arrived, progress: Progress, answer: &Answer) -> Outcome {
    let action = progress.action.map_or("", Action::as_str);
    let root = format!("{action}Response");
    match render(progress.format, &root, arrived.request_id, answer) {
        Ok(body) => Outcome {
            response: response(StatusCode::OK, progress.format, arrived.request_id, body),
            facts: progress.facts,
            code: "OK",
        },
        // XML cannot carry every value.
        Err(error) => failure(arrived, progress, &error),
    }
}

/// The error with its own status, in the union of bodies that clients read.
fn failure(arrived: &Arrived, progress: Progress, error: &ApiError) -> Outcome {
    let body = render_error(progress.format, error, arrived.request_id, &arrived.host);
    let status = status(error.code);
    Outcome {
        response: response(status, progress.format, arrived.request_id, body),
        facts: progress.facts,
        code: error.code.as_str(),
    }
}

fn response(
    status: StatusCode,
    format: Format,
    request_id: RequestId,
    body: Vec<u8>,
) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_static(format.content_type());
    headers.insert(CONTENT_TYPE, content_type);
    if let Ok(id) = HeaderValue::try_from(request_id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

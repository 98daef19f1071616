use kms_service::{Caller, Service};
use kms_types::{ErrorCode, RequestId};
use kms_wire::{Action, ApiError, Format, RawRequest, Request, Response, sign::Claim};

use super::openapi::{Peer, Whole};

/// What became of a request, and what may be told about it in a log.
pub(super) struct Call {
    pub(super) format: Format,
    /// Known ones only: what a client sends in its place may be anything.
    pub(super) action: Option<Action>,
    /// The ARN, of verified ones only.
    pub(super) principal: Option<String>,
    pub(super) result: Result<Response, ApiError>,
}

/// Verifies the request and carries it out.
pub(super) async fn run(
    service: &Service,
    request_id: RequestId,
    peer: Peer,
    whole: &Whole,
) -> Call {
    let headers: Vec<(&str, &[u8])> = whole
        .parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let request = RawRequest {
        method: whole.parts.method.as_str(),
        path: whole.parts.uri.path(),
        query: &whole.query,
        headers: &headers,
        body: &whole.body,
    };
    let mut call = Call::refused(Format::asked(&request), ApiError::internal());
    call.result = attempt(service, request_id, peer, &request, &mut call).await;
    call
}

async fn attempt(
    service: &Service,
    request_id: RequestId,
    peer: Peer,
    request: &RawRequest<'_>,
    call: &mut Call,
) -> Result<Response, ApiError> {
    if !matches!(request.path, "" | "/") {
        return Err(ApiError::new(
            ErrorCode::ActionNotFound,
            "Specified api is not found, please check your url and method.",
        ));
    }
    let claim = Claim::parse(request)?;
    let action = Action::parse(&claim.version, &claim.action)?;
    call.action = Some(action);
    let principal = service.authenticate(&claim).await?;
    call.principal = Some(principal.arn());
    let caller = Caller {
        principal,
        source: peer.address.ip(),
        secure_transport: peer.is_tls,
        request_id,
    };
    let parsed = Request::parse(action, &claim.params)?;
    service.call(&caller, parsed).await
}

// === impl Call ===

impl Call {
    pub(super) fn refused(format: Format, error: ApiError) -> Self {
        Self {
            format,
            action: None,
            principal: None,
            result: Err(error),
        }
    }

    /// The action's name, or nothing.
    pub(super) fn action(&self) -> &'static str {
        self.action.map_or("", Action::as_str)
    }

    /// The code of the refusal, or `OK`.
    pub(super) fn code(&self) -> &'static str {
        self.result
            .as_ref()
            .map_or_else(|error| error.code.as_str(), |_answer| "OK")
    }
}

use std::{
    fmt::Display,
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    sync::Arc,
};

use axum::{Router, body::Body, extract::State};
use http::{
    HeaderName, HeaderValue, Request, Response,
    header::{CONNECTION, HOST},
    request::Parts,
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use kms_service::Service;
use kms_types::{Clock, ErrorCode, RequestId};
use kms_wire::{ApiError, Format};

use super::{
    Limits,
    call::{self, Call},
    reply::Addressee,
};

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// Whether it speaks TLS with us.
    pub is_tls: bool,
}

/// The RPC products on one path: Kms, Sts and what follows, told apart by version and action.
#[derive(Clone)]
pub struct OpenApi {
    /// Who carries calls out.
    pub service: Service,
    /// Measures how long they take.
    pub clock: Arc<dyn Clock>,
    /// How large they may be.
    pub limits: Limits,
    /// Where a query too long for a request line has been put (see
    /// [`Door::new`](super::Door::new)).
    pub query_header: HeaderName,
}

/// A request whose parts are all here.
pub(super) struct Whole {
    pub(super) parts: Parts,
    pub(super) query: String,
    pub(super) body: Vec<u8>,
}

// === impl Peer ===

impl Peer {
    /// Where there was no connection.
    const UNKNOWN: Self = Self {
        address: SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0)),
        is_tls: false,
    };
}

// === impl OpenApi ===

impl OpenApi {
    /// A header name that nobody outside of this process knows.
    pub fn secret_header() -> HeaderName {
        // A UUID and a prefix are letters, digits and hyphens.
        HeaderName::try_from(format!("x-kms-query-{}", RequestId::random()))
            .unwrap_or(http::header::PRAGMA)
    }

    /// Answers on every path; all but `/` with a refusal.
    pub fn router(self) -> Router {
        Router::new().fallback(answer).with_state(Arc::new(self))
    }

    async fn collect(&self, request: Request<Body>) -> Result<Whole, ApiError> {
        let (mut parts, body) = request.into_parts();
        let query = match parts.headers.remove(&self.query_header) {
            Some(long) => String::from_utf8(long.as_bytes().to_vec())
                .map_err(|_reason| unreadable("the query is not UTF-8"))?,
            None => parts.uri.query().unwrap_or_default().to_owned(),
        };
        let body = Limited::new(body, self.limits.body)
            .collect()
            .await
            .map_err(|reason| {
                if reason.is::<LengthLimitError>() {
                    unreadable(format_args!(
                        "the body is longer than {} bytes",
                        self.limits.body
                    ))
                } else {
                    unreadable("the body did not arrive whole")
                }
            })?
            .to_bytes()
            .into();
        Ok(Whole { parts, query, body })
    }
}

async fn answer(State(own): State<Arc<OpenApi>>, request: Request<Body>) -> Response<Body> {
    let started = own.clock.monotonic();
    let request_id = RequestId::random();
    let peer = request.extensions().get().copied().unwrap_or(Peer::UNKNOWN);
    let host = host(&request);

    let collected = own.collect(request).await;
    let is_whole = collected.is_ok();
    let call = match collected {
        Ok(whole) => {
            let service = own.service.clone();
            apart(async move { call::run(&service, request_id, peer, &whole).await }).await
        }
        Err(error) => Call::refused(Format::default(), error),
    };

    let addressee = Addressee {
        format: call.format,
        request_id,
        host: &host,
    };
    let mut response = match &call.result {
        Ok(answer) => addressee.answer(call.action(), answer),
        Err(error) => addressee.error(error),
    };
    if !is_whole {
        // What is left of the body must not pass for the next request.
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let took = own.clock.monotonic().saturating_sub(started);
    tracing::info!(
        requestId = %request_id,
        peer = %peer.address,
        principal = call.principal,
        action = call.action(),
        code = call.code(),
        status = response.status().as_u16(),
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "call"
    );
    response
}

/// In a task of its own: a client that hangs up leaves no half-done change, and a defect
/// in one request is no end for the others.
async fn apart(call: impl Future<Output = Call> + Send + 'static) -> Call {
    tokio::spawn(call)
        .await
        .unwrap_or_else(|_panic| Call::refused(Format::default(), ApiError::internal()))
}

fn host(request: &Request<Body>) -> String {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    host.filter(|host| host.len() <= 255)
        .unwrap_or_default()
        .to_owned()
}

fn unreadable(why: impl Display) -> ApiError {
    ApiError::new(
        ErrorCode::ParseRequestParameter,
        format!("The request cannot be read: {why}."),
    )
}

#[cfg(test)]
mod tests;

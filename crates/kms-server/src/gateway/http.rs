use std::{
    fmt::Display,
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    sync::Arc,
};

use axum::{Router, body::Body};
use http::{
    HeaderName, HeaderValue, Request, Response,
    header::{CONNECTION, HOST},
    request::Parts,
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use kms_service::Service;
use kms_types::{Clock, ErrorCode, RequestId};
use kms_wire::{ApiError, RawRequest};

use super::{Limits, openapi};

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// Whether it speaks TLS with us.
    pub is_tls: bool,
}

/// Turns HTTP requests into calls of the service, and the other way round.
#[derive(Clone)]
pub struct Gateway {
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

/// A request that is all here, or as much of it as there will be.
pub(super) struct Arrived {
    pub(super) request_id: RequestId,
    pub(super) peer: Peer,
    /// The `Host` header, which goes back to the client in errors.
    pub(super) host: String,
    pub(super) whole: Result<Whole, ApiError>,
}

/// The request itself.
pub(super) struct Whole {
    parts: Parts,
    query: String,
    body: Vec<u8>,
}

/// What became of a request, and what may be told about it in a log.
pub(super) struct Outcome {
    pub(super) response: Response<Body>,
    /// Known ones only: what a client sends in its place may be anything.
    pub(super) action: &'static str,
    /// The ARN, of verified ones only.
    pub(super) principal: Option<String>,
    /// The code of the refusal, or `OK`.
    pub(super) code: &'static str,
}

// === impl Gateway ===

impl Gateway {
    /// A header name that nobody outside of this process knows.
    pub fn secret_header() -> HeaderName {
        // A UUID and a prefix are letters, digits and hyphens.
        HeaderName::try_from(format!("x-kms-query-{}", RequestId::random()))
            .unwrap_or(http::header::PRAGMA)
    }

    /// The shared gateway: all products, on one path.
    pub fn openapi(self) -> Router {
        let own = Arc::new(self);
        Router::new().fallback(|request: Request<Body>| async move { own.answer(request).await })
    }

    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let started = self.clock.monotonic();
        let arrived = Arc::new(self.collect(request).await);
        let Outcome {
            mut response,
            action,
            principal,
            code,
        } = apart({
            let (service, arrived) = (self.service.clone(), Arc::clone(&arrived));
            async move { openapi::answer(&service, &arrived).await }
        })
        .await
        .unwrap_or_else(|| openapi::refuse(&arrived, &ApiError::internal()));
        if arrived.whole.is_err() {
            // What is left of the body must not pass for the next request.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        let took = self.clock.monotonic().saturating_sub(started);
        tracing::info!(
            requestId = %arrived.request_id,
            peer = %arrived.peer.address,
            principal,
            action,
            code,
            status = response.status().as_u16(),
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "call"
        );
        response
    }

    async fn collect(&self, request: Request<Body>) -> Arrived {
        let peer = request.extensions().get().copied();
        let host = request.headers().get(HOST);
        let host = host.and_then(|host| host.to_str().ok());
        Arrived {
            request_id: RequestId::random(),
            peer: peer.unwrap_or(Peer::UNKNOWN),
            host: host
                .filter(|host| host.len() <= 255)
                .unwrap_or_default()
                .to_owned(),
            whole: self.collect_whole(request).await,
        }
    }

    async fn collect_whole(&self, request: Request<Body>) -> Result<Whole, ApiError> {
        let (mut parts, body) = request.into_parts();
        let query = match parts.headers.remove(&self.query_header) {
            Some(long) => String::from_utf8(long.as_bytes().to_vec())
                .map_err(|_reason| unreadable("the query is not UTF-8"))?,
            None => parts.uri.query().unwrap_or_default().to_owned(),
        };
        let most = self.limits.body;
        let body = Limited::new(body, most).collect().await.map_err(|reason| {
            if reason.is::<LengthLimitError>() {
                unreadable(format_args!("the body is longer than {most} bytes"))
            } else {
                unreadable("the body did not arrive whole")
            }
        })?;
        Ok(Whole {
            parts,
            query,
            body: body.to_bytes().into(),
        })
    }
}

// === impl Whole ===

impl Whole {
    /// The request as signatures see it.
    pub(super) fn raw<'a>(&'a self, headers: &'a [(&'a str, &'a [u8])]) -> RawRequest<'a> {
        RawRequest {
            method: self.parts.method.as_str(),
            path: self.parts.uri.path(),
            query: &self.query,
            headers,
            body: &self.body,
        }
    }

    /// Names in lower case, values untouched.
    pub(super) fn headers(&self) -> Vec<(&str, &[u8])> {
        self.parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect()
    }
}

// === impl Peer ===

impl Peer {
    /// Where there was no connection.
    const UNKNOWN: Self = Self {
        address: SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0)),
        is_tls: false,
    };
}

/// In a task of its own: a client that hangs up leaves no half-done change, and a defect
/// in one request, which gives nothing, is no end for the others.
async fn apart<T: Send + 'static>(call: impl Future<Output = T> + Send + 'static) -> Option<T> {
    tokio::spawn(call).await.ok()
}

fn unreadable(why: impl Display) -> ApiError {
    ApiError::new(
        ErrorCode::ParseRequestParameter,
        format!("The request cannot be read: {why}."),
    )
}

#[cfg(test)]
mod tests;

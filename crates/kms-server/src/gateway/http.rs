use std::{error::Error, sync::Arc, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header::CONNECTION};
use kms_service::{Principal, Service};
use kms_types::{AccessKeyId, AccountId, Clock, ErrorCode, InstanceId, RequestId, Secret};
use kms_wire::ApiError;

use super::{
    Admission, Limits, Peer,
    arrived::{Arrived, Entrance},
    outcome::Outcome,
    protocol::Protocol,
};
use crate::{
    audit::{Call, Log},
    metrics::Told,
};

/// Turns HTTP requests into calls of the service, and the other way round.
#[derive(Clone)]
pub struct Gateway {
    /// Who carries calls out.
    pub service: Service,
    /// Where each of them is written down.
    pub audit: Log,
    /// Measures how long they take.
    pub clock: Arc<dyn Clock>,
    /// How large they may be.
    pub limits: Limits,
    /// Where a query too long for a request line has been put (see
    /// [`Door::new`](super::Door::new)).
    pub query_header: HeaderName,
    /// Who lets calls in; without one all are.
    pub admission: Option<Admission>,
    /// Who counts the answers that leave.
    pub counter: Option<Counter>,
}

/// Told of each call whose answer leaves.
pub type Counter = Arc<dyn Fn(Told) + Send + Sync>;

/// A gateway at its place: what answers there.
#[derive(Clone)]
pub struct Calls(Arc<(Gateway, kms_service::Gateway)>);

/// When a throttled client may come again.
const RETRY_AFTER: HeaderName = HeaderName::from_static("x-acs-retry-after");

// === impl Gateway ===

impl Gateway {
    /// A header name that nobody outside of this process knows.
    pub fn secret_header() -> HeaderName {
        // A UUID and a prefix are letters, digits and hyphens.
        HeaderName::try_from(format!("x-kms-query-{}", RequestId::random()))
            .unwrap_or(http::header::PRAGMA)
    }

    /// The shared gateway: all products, on one path.
    pub fn openapi(self) -> Calls {
        Calls(Arc::new((self, kms_service::Gateway::Shared)))
    }

    /// The gateway of one instance: its own protocol for those who hold a ClientKey, and
    /// on the same port the products for those who sign with RAM credentials (reference
    /// kms-api §5.2, §5.3).
    pub fn instance(self, id: InstanceId) -> Calls {
        Calls(Arc::new((self, kms_service::Gateway::Instance(id))))
    }

    /// Does it and writes it down. Nothing is done that could not be written down.
    async fn carry_out(
        &self,
        protocol: Protocol,
        arrived: &Arrived,
        started: Duration,
    ) -> Response<Body> {
        if !self.audit.is_available() {
            return protocol.refuse(arrived, &unwritten()).response;
        }
        let outcome = protocol.answer(&self.service, arrived).await;
        self.record(protocol, arrived, outcome, started).await
    }

    /// The answer, once it is on record; else a refusal in its place.
    async fn record(
        &self,
        protocol: Protocol,
        arrived: &Arrived,
        outcome: Outcome,
        started: Duration,
    ) -> Response<Body> {
        let Outcome {
            response,
            facts,
            code,
        } = outcome;
        let took = self.clock.monotonic().saturating_sub(started);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let status = response.status().as_u16();
        let principal = facts.principal.as_ref();
        let name = principal.map(Principal::arn).filter(|arn| !arn.is_empty());
        let account = principal.and_then(Principal::account);
        let claimed = facts.claimed.as_ref();
        // EXPOSE: into codes that stand for them.
        let code_of = |secret: &Secret<String>| self.audit.correlate(secret.expose().as_bytes());
        let value = facts.value.as_ref().map(code_of);
        let token = facts.token.as_ref().map(code_of);
        let issued_token = facts.issued.as_ref().map(code_of);
        let ticket = self.audit.call(&Call {
            request_id: arrived.request_id,
            source: arrived.peer.address,
            gateway: arrived.gateway_name(),
            tls: arrived.peer.is_tls,
            protocol: protocol.as_str(),
            product: facts.product,
            action: facts.action,
            principal: name.as_deref(),
            account: account.map(AccountId::as_str),
            access_key_id: claimed.map(AccessKeyId::as_str),
            resources: &facts.subject.resources,
            version: facts.subject.version.as_deref(),
            code,
            status,
            micros,
            value: value.as_deref(),
            token: token.as_deref(),
            issued_token: issued_token.as_deref(),
        });
        // The audit log has all of it, and is always written.
        tracing::debug!(
            requestId = %arrived.request_id,
            peer = %arrived.peer.address,
            protocol = protocol.as_str(),
            principal = name,
            action = facts.action.unwrap_or_default(),
            code,
            status,
            micros,
            "call"
        );
        if !self.audit.redeem(ticket).await {
            return protocol.refuse(arrived, &unwritten()).response;
        }
        if let Some(count) = &self.counter {
            count(Told {
                action: facts.action.unwrap_or_default(),
                code,
                took,
            });
        }
        response
    }
}

// === impl Calls ===

impl Calls {
    /// Answers one request.
    pub async fn answer<B>(&self, peer: Peer, request: Request<B>) -> Response<Body>
    where
        B: hyper::body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (gateway, place) = &*self.0;
        let started = gateway.clock.monotonic();
        let protocol = Protocol::of(place, &request);
        let entrance = Entrance {
            peer,
            gateway: place.clone(),
            admission: gateway.admission.clone(),
        };
        let (most, query_header) = (gateway.limits.body, &gateway.query_header);
        let arrived = Arrived::collect(entrance, request, most, query_header).await;
        let arrived = Arc::new(arrived);
        let call = {
            let (own, arrived) = (self.clone(), Arc::clone(&arrived));
            async move { own.0.0.carry_out(protocol, &arrived, started).await }
        };
        let response = if let Some(response) = apart(call).await {
            response
        } else {
            let failed = protocol.refuse(&arrived, &ApiError::internal());
            gateway.record(protocol, &arrived, failed, started).await
        };
        let mut response = closing(response, &arrived);
        if let Some(arrived) = Arc::into_inner(arrived) {
            arrived.lend_headers(response.headers_mut());
        }
        response
    }
}

/// A throttled client is told when to come again; and what is left of a body that did not
/// arrive whole must not pass for the next request.
fn closing(mut response: Response<Body>, arrived: &Arrived) -> Response<Body> {
    if arrived.whole.is_err() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        // Milliseconds, as the official SDKs read it (reference kms-api §7).
        let later = HeaderValue::from_static("1000");
        response.headers_mut().insert(RETRY_AFTER, later);
    }
    response
}

/// There is no record, so there is no answer.
fn unwritten() -> ApiError {
    ApiError::new(
        ErrorCode::ServiceUnavailable,
        "The audit log cannot be written.",
    )
}

/// In a task of its own: a client that hangs up leaves no half-done change, and a defect
/// in one request, which gives nothing, is no end for the others.
async fn apart<T: Send + 'static>(call: impl Future<Output = T> + Send + 'static) -> Option<T> {
    tokio::spawn(call).await.ok()
}

#[cfg(test)]
mod tests;

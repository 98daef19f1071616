use std::sync::Arc;

use axum::{Router, body::Body};
use http::{HeaderName, HeaderValue, Request, Response, header::CONNECTION};
use kms_service::Service;
use kms_types::{Clock, InstanceId, RequestId};
use kms_wire::ApiError;

use super::{
    Limits,
    arrived::Arrived,
    protocol::{Outcome, Protocol},
};

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
        self.router(kms_service::Gateway::Shared)
    }

    /// The gateway of one instance: its own protocol for those who hold a ClientKey, and
    /// on the same port the products for those who sign with RAM credentials (reference
    /// kms-api §5.2, §5.3).
    pub fn instance(self, id: InstanceId) -> Router {
        self.router(kms_service::Gateway::Instance(id))
    }

    fn router(self, place: kms_service::Gateway) -> Router {
        let own = Arc::new((self, place));
        Router::new().fallback(|request: Request<Body>| async move {
            let (gateway, place) = &*own;
            gateway.answer(place, request).await
        })
    }

    async fn answer(&self, place: &kms_service::Gateway, request: Request<Body>) -> Response<Body> {
        let started = self.clock.monotonic();
        let protocol = Protocol::of(place, &request);
        let arrived =
            Arrived::collect(place.clone(), request, self.limits.body, &self.query_header).await;
        let arrived = Arc::new(arrived);
        let Outcome {
            mut response,
            action,
            principal,
            code,
        } = apart({
            let (service, arrived) = (self.service.clone(), Arc::clone(&arrived));
            async move { protocol.answer(&service, &arrived).await }
        })
        .await
        .unwrap_or_else(|| protocol.refuse(&arrived, &ApiError::internal()));
        if arrived.whole.is_err() {
            // What is left of the body must not pass for the next request.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        let took = self.clock.monotonic().saturating_sub(started);
        tracing::info!(
            requestId = %arrived.request_id,
            peer = %arrived.peer.address,
            protocol = protocol.as_str(),
            principal,
            action,
            code,
            status = response.status().as_u16(),
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "call"
        );
        response
    }
}

/// In a task of its own: a client that hangs up leaves no half-done change, and a defect
/// in one request, which gives nothing, is no end for the others.
async fn apart<T: Send + 'static>(call: impl Future<Output = T> + Send + 'static) -> Option<T> {
    tokio::spawn(call).await.ok()
}

#[cfg(test)]
mod tests;

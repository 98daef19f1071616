use std::task::{Context, Poll};

use futures_util::future::{Either, Ready, ready};
use http::{Method, Request};
use tower::{BoxError, Layer, Service};

use super::Leadership;

/// Lets a process that lost the Lease write nothing more, whatever it was about to do: every request
/// that changes something goes through here.
#[derive(Clone, Debug)]
pub(crate) struct GateLayer(Leadership);

/// What the layer makes.
#[derive(Clone, Debug)]
pub(crate) struct Gate<S> {
    leadership: Leadership,
    inner: S,
}

// === impl GateLayer ===

impl GateLayer {
    /// Of this leadership.
    pub(crate) fn new(leadership: Leadership) -> Self {
        Self(leadership)
    }
}

impl<S> Layer<S> for GateLayer {
    type Service = Gate<S>;

    fn layer(&self, inner: S) -> Gate<S> {
        Gate {
            leadership: self.0.clone(),
            inner,
        }
    }
}

// === impl Gate ===

impl<S, B> Service<Request<B>> for Gate<S>
where
    S: Service<Request<B>>,
    S::Error: Into<BoxError>,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Either<
        futures_util::future::MapErr<S::Future, fn(S::Error) -> BoxError>,
        Ready<Result<S::Response, BoxError>>,
    >;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        use futures_util::TryFutureExt as _;
        if request.method() != Method::GET && !self.leadership.holds() {
            let reason = "another replica leads: nothing is written";
            return Either::Right(ready(Err(reason.into())));
        }
        Either::Left(self.inner.call(request).map_err(Into::into))
    }
}

#[cfg(test)]
mod tests;

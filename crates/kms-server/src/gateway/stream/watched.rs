use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::{Phase, Progress};

/// A request's body that notes when it is all here.
pub(in crate::gateway) struct Watched {
    inner: Incoming,
    progress: Arc<Progress>,
}

// === impl Watched ===

impl Watched {
    /// From the request's arrival on.
    pub(in crate::gateway) fn new(inner: Incoming, progress: Arc<Progress>) -> Self {
        let is_here = inner.is_end_stream();
        progress.enter(if is_here { Phase::Work } else { Phase::Body });
        Self { inner, progress }
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let own = self.get_mut();
        let frame = ready!(Pin::new(&mut own.inner).poll_frame(cx));
        if frame.is_none() || own.inner.is_end_stream() {
            own.progress.enter(Phase::Work);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

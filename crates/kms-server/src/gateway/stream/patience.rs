use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::{Phase, Progress};
use crate::gateway::Limits;

/// A stream that fails once the other end takes longer than its phase allows. Time runs
/// from the moment the phase began, so that sending a byte now and then wins nothing.
pub(in crate::gateway) struct Patient<S> {
    inner: S,
    progress: Arc<Progress>,
    limits: Limits,
    phase: Phase,
    timer: Pin<Box<Sleep>>,
}

// === impl Patient ===

impl<S> Patient<S> {
    pub(in crate::gateway) fn new(inner: S, progress: Arc<Progress>, limits: Limits) -> Self {
        Self {
            inner,
            progress,
            limits,
            phase: Phase::Idle,
            timer: Box::pin(sleep(limits.idle_time)),
        }
    }

    /// Ready with an error once the time is over. Whoever is pending has to ask.
    fn poll_overdue(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let phase = self.progress.phase();
        if phase != self.phase {
            self.phase = phase;
            let ends = Instant::now() + self.allowed();
            self.timer.as_mut().reset(ends);
        }
        if phase == Phase::Work {
            // The server's own time; a client may not be blamed for it.
            return Poll::Pending;
        }
        ready!(self.timer.as_mut().poll(cx));
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }

    fn allowed(&self) -> Duration {
        match self.phase {
            Phase::Head => self.limits.head_time,
            Phase::Body => self.limits.body_time,
            Phase::Idle | Phase::Work => self.limits.idle_time,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        if let Poll::Ready(reason) = own.poll_overdue(cx) {
            return Poll::Ready(Err(reason));
        }
        Pin::new(&mut own.inner).poll_read(cx, out)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        match Pin::new(&mut own.inner).poll_write(cx, bytes) {
            Poll::Pending => own.poll_overdue(cx).map(Err),
            written @ Poll::Ready(_) => written,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        match Pin::new(&mut own.inner).poll_flush(cx) {
            Poll::Pending => own.poll_overdue(cx).map(Err),
            written @ Poll::Ready(_) => written,
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        match Pin::new(&mut own.inner).poll_shutdown(cx) {
            Poll::Pending => own.poll_overdue(cx).map(Err),
            written @ Poll::Ready(_) => written,
        }
    }
}

#[cfg(test)]
mod tests;

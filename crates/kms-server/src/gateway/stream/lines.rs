use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::HeaderName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Phase, Progress};

/// Mends request lines that the HTTP library has no room for.
///
/// It refuses targets beyond 65,534 bytes, and a secret in a query may need 92,160 (see
/// `Limits::line`). So a long query is moved out of the line into a header whose name is
/// drawn at random when the program starts; nobody can send that header from outside. A
/// target that begins with `?` gets the `/` that it lacks.
///
/// Looks at the first line after each request that was read whole, and at nothing else.
/// With pipelining that line may be one in the middle of a request; a line that is no
/// request line passes as it is.
pub(in crate::gateway) struct Lines<S> {
    inner: S,
    progress: Arc<Progress>,
    header: HeaderName,
    longest: usize,
    state: State,
}

enum State {
    /// The line so far.
    Line(Vec<u8>),
    /// A mended line and what came with it, and how much of that has been handed on.
    Given(Vec<u8>, usize),
    /// Everything else of the request.
    Rest,
}

/// Targets up to this length stay where they are; well below what the library holds.
const LONG: usize = 32 * 1024;

// === impl Lines ===

impl<S> Lines<S> {
    /// Lines up to `longest` bytes are read to their end before anything is handed on.
    pub(in crate::gateway) fn new(
        inner: S,
        progress: Arc<Progress>,
        header: HeaderName,
        longest: usize,
    ) -> Self {
        Self {
            inner,
            progress,
            header,
            longest,
            state: State::Line(Vec::new()),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lines<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        loop {
            match &mut own.state {
                State::Rest if own.progress.phase() == Phase::Idle => {
                    own.state = State::Line(Vec::new());
                }
                State::Rest => return Pin::new(&mut own.inner).poll_read(cx, out),
                State::Given(bytes, at) => {
                    let left = bytes.get(*at..).unwrap_or_default();
                    let (now, _later) = left.split_at(left.len().min(out.remaining()));
                    out.put_slice(now);
                    *at += now.len();
                    if *at == bytes.len() {
                        own.state = State::Rest;
                    }
                    return Poll::Ready(Ok(()));
                }
                State::Line(line) => {
                    let mut chunk = [0; 8 * 1024];
                    let mut chunk = ReadBuf::new(&mut chunk);
                    ready!(Pin::new(&mut own.inner).poll_read(cx, &mut chunk))?;
                    let is_over = chunk.filled().is_empty();
                    if is_over && line.is_empty() {
                        return Poll::Ready(Ok(()));
                    }
                    own.progress.enter(Phase::Head);
                    line.extend_from_slice(chunk.filled());
                    let end = line_end(line);
                    if end.is_some() || is_over || line.len() > own.longest {
                        let mended = end
                            .filter(|end| *end <= own.longest)
                            .and_then(|end| mend(line, end, &own.header));
                        let bytes = mended.unwrap_or_else(|| std::mem::take(line));
                        own.state = State::Given(bytes, 0);
                    }
                }
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Lines<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

/// Where the first line ends, past its line feed. Empty lines before a request are
/// allowed (RFC 9112 §2.2).
fn line_end(bytes: &[u8]) -> Option<usize> {
    let start = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n'))?;
    let length = bytes.get(start..)?.iter().position(|b| *b == b'\n')?;
    Some(start + length + 1)
}

/// The same bytes with the request line mended, or `None` if it is fine, or no request line.
fn mend(bytes: &[u8], end: usize, header: &HeaderName) -> Option<Vec<u8>> {
    let (line, rest) = bytes.split_at_checked(end)?;
    let line = line.trim_ascii();
    let mut parts = line.split(|b| *b == b' ');
    let (method, target, version) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !version.starts_with(b"HTTP/1.") {
        return None;
    }
    let (path, query) = match target.iter().position(|b| *b == b'?') {
        Some(at) => (target.get(..at)?, target.get(at + 1..)?),
        None => (target, &b""[..]),
    };
    let is_long = target.len() > LONG;
    if !path.is_empty() && !is_long {
        return None;
    }
    let path = if path.is_empty() { b"/" } else { path };
    let mended: Vec<&[u8]> = if is_long {
        let header = header.as_str().as_bytes();
        vec![
            method, b" ", path, b" ", version, b"\r\n", header, b": ", query, b"\r\n", rest,
        ]
    } else {
        vec![
            method, b" ", path, b"?", query, b" ", version, b"\r\n", rest,
        ]
    };
    Some(mended.concat())
}

#[cfg(test)]
mod tests;

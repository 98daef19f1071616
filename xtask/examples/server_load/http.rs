//! As much of HTTP/1.1 as answers to one call at a time need.

use std::io;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Sends a request and reads the answer's status; `answer` holds all of it afterwards.
pub(crate) async fn exchange(
    stream: &mut TcpStream,
    request: &[u8],
    answer: &mut Vec<u8>,
) -> io::Result<u16> {
    stream.write_all(request).await?;
    answer.clear();
    loop {
        if stream.read_buf(answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let (head, body) = answer.split_at(end + 2);
        let is_whole = match length(head) {
            Some(length) => body.len() >= length + 2,
            None => body.ends_with(b"\r\n0\r\n\r\n") || status(head) == Some(204),
        };
        if is_whole {
            return status(head).ok_or_else(|| io::Error::other("no status"));
        }
    }
}

fn status(head: &[u8]) -> Option<u16> {
    str::from_utf8(head.get(9..12)?).ok()?.parse().ok()
}

/// What the head says of the body's length.
fn length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let line = head.split(|byte| *byte == b'\n').find(|line| {
        line.get(..NAME.len())
            .is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    })?;
    let text = str::from_utf8(line.get(NAME.len()..)?).ok()?;
    text.trim().parse().ok()
}

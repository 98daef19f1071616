//! HTTP as bytes: what a test sends is what travels, and what comes back is kept as it came.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// One answer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RawResponse {
    /// The status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What came back on one connection.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// The complete answers, in their order; interim ones (100) included.
    pub responses: Vec<RawResponse>,
    /// Bytes after them that are no complete answer.
    pub rest: Vec<u8>,
    /// Whether the other end closed the connection, and did not only fall silent.
    pub closed: bool,
}

/// How long an answer may take that is expected.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a surprise may take: one more answer, or the end of the connection.
const SURPRISE: Duration = Duration::from_millis(60);

impl RawResponse {
    /// A header's value, the first of several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Parses one from the front of `bytes`: the answer and its length, or `None` if it
    /// is not complete. `bodiless`: the request was a HEAD.
    pub fn parse(bytes: &[u8], bodiless: bool) -> Option<(Self, usize)> {
        let head_len = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(bytes.get(..head_len)?).ok()?;
        let mut lines = head.split("\r\n");
        let (version, rest) = lines.next()?.split_once(' ')?;
        if !version.starts_with("HTTP/1.") {
            return None;
        }
        let status: u16 = rest.get(..3)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers
            .iter()
            .find(|(name, _)| name == "content-length")
            .and_then(|(_, value)| value.parse().ok())
            .unwrap_or(0);
        let length = if bodiless || status < 200 { 0 } else { length };
        let body = bytes.get(head_len..head_len + length)?.to_vec();
        let response = Self {
            status,
            headers,
            body,
        };
        Some((response, head_len + length))
    }
}

impl Exchange {
    /// Sends the bytes on a connection of their own and reads until `expected` answers
    /// are there and nothing follows, or until the end. With `until_closed`, waits for
    /// the other end to close.
    ///
    /// # Errors
    /// No connection, or no answer in 20 s.
    pub fn run(
        address: SocketAddr,
        bytes: &[u8],
        expected: usize,
        until_closed: bool,
    ) -> io::Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        // Who refuses a request early may close before it has all of it.
        drop(stream.write_all(bytes));
        Self::read(
            &mut stream,
            bytes.starts_with(b"HEAD "),
            expected,
            until_closed,
        )
    }

    /// The second half of [`run`](Self::run), on a connection that a test made itself.
    ///
    /// # Errors
    /// No answer in 20 s.
    pub fn read(
        stream: &mut TcpStream,
        bodiless: bool,
        expected: usize,
        until_closed: bool,
    ) -> io::Result<Self> {
        let mut exchange = Self::default();
        let mut piece = vec![0; 64 << 10];
        loop {
            let wait = if exchange.responses.len() < expected || until_closed {
                PATIENCE
            } else {
                SURPRISE
            };
            stream.set_read_timeout(Some(wait))?;
            match stream.read(&mut piece) {
                Ok(0) => exchange.closed = true,
                Ok(len) => exchange
                    .rest
                    .extend_from_slice(piece.get(..len).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if exchange.responses.len() < expected || until_closed {
                        return Err(io::Error::new(
                            ErrorKind::TimedOut,
                            format!("after {:?}: silence", exchange.statuses()),
                        ));
                    }
                    return Ok(exchange);
                }
                // A reset is an end too.
                Err(_reset) => exchange.closed = true,
            }
            while let Some((response, len)) = RawResponse::parse(&exchange.rest, bodiless) {
                exchange.rest.drain(..len);
                exchange.responses.push(response);
            }
            if exchange.closed {
                return Ok(exchange);
            }
        }
    }

    /// The statuses, in their order.
    pub fn statuses(&self) -> Vec<u16> {
        self.responses
            .iter()
            .map(|response| response.status)
            .collect()
    }
}

/// Reads one answer and no further.
///
/// # Errors
/// The end or 20 s of silence before it is complete.
pub fn read_one(stream: &mut TcpStream) -> io::Result<RawResponse> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut bytes = Vec::new();
    let mut piece = [0; 16 << 10];
    loop {
        if let Some((response, _)) = RawResponse::parse(&bytes, false) {
            return Ok(response);
        }
        match stream.read(&mut piece)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            len => bytes.extend_from_slice(piece.get(..len).unwrap_or_default()),
        }
    }
}

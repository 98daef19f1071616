use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, Result};

/// One GET on a connection of its own.
#[derive(Clone, Copy)]
pub(super) struct Get<'a> {
    pub(super) port: u16,
    pub(super) path: &'a str,
    pub(super) token: &'a str,
}

/// What came back.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Lines of the head, in lower case.
    pub(super) headers: Vec<String>,
    pub(super) body: Vec<u8>,
}

const PATIENCE: Duration = Duration::from_secs(10);

impl Get<'_> {
    /// Asks. The error of a port where nobody listens yet is an [`io::Error`].
    pub(super) fn send(self) -> io::Result<Vec<u8>> {
        let Self { port, path, token } = self;
        let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-KMS-Token: {token}\r\n\
             Connection: close\r\n\r\n"
        );
        socket.write_all(head.as_bytes())?;
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Asks and reads the answer.
    pub(super) fn answer(self) -> Result<Answer> {
        let bytes = self
            .send()
            .with_context(|| format!("asking port {} for {}", self.port, self.path))?;
        Answer::read(&bytes).with_context(|| format!("port {} answers no HTTP", self.port))
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let (head, body) = bytes.split_at_checked(end)?;
        let head = str::from_utf8(head).ok()?;
        let mut lines = head.lines().map(str::to_ascii_lowercase);
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        Some(Self {
            status,
            headers: lines.collect(),
            body: body.get(4..)?.to_vec(),
        })
    }

    /// The header's value.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            (own == name).then(|| value.trim())
        })
    }
}

#[cfg(test)]
mod tests;

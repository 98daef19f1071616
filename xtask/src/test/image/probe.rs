//! HTTP as the kubelet and Prometheus speak it to a pod.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

/// How long an answer may take: the kubelet's default is a second.
const PATIENCE: Duration = Duration::from_secs(1);

/// The body of an answer with the status 200.
pub(super) fn get(port: u16, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).context("connecting to a pod")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // Of HTTP/1.0, so that the answer comes in one piece.
    stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    ensure!(head.contains(" 200 "), "{path} answers {head}: {body}");
    Ok(body.to_owned())
}

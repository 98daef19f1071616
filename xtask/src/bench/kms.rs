use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
};

use anyhow::{Context as _, Result};
use serde_json::json;

/// A KMS that has every secret, for as long as the process lives. It checks nothing: what
/// the agent sends is the suite's subject, not the bench's.
pub(super) struct Kms {
    pub(super) port: u16,
}

/// The measured secret.
pub(super) const CACHED: &str = "bench/cached";

/// How long its answer is in KMS's form, in bytes.
pub(super) const CACHED_LEN: usize = 423;

/// The value that makes it so long.
const CACHED_VALUE_LEN: usize = 179;

/// What any other secret holds, in bytes.
const OTHER_VALUE_LEN: usize = 4096;

impl Kms {
    pub(super) fn start() -> Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("binding the KMS of the bench")?;
        let port = listener.local_addr()?.port();
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                // The agent may break off.
                thread::spawn(move || drop(serve(&socket)));
            }
        });
        Ok(Self { port })
    }
}

fn serve(socket: &TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut reader = BufReader::new(socket);
    while let Some(request) = read(&mut reader)? {
        let name = secret_name(&request).unwrap_or_else(|| "unnamed".to_owned());
        let body = answer(&name, &value(&name));
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut socket = socket;
        socket.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    }
    Ok(())
}

/// The next request's target and body, in one text; `None` at the end.
pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut request = String::new();
    if reader.read_line(&mut request)? == 0 {
        return Ok(None);
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    reader.take(length).read_to_string(&mut request)?;
    Ok(Some(request))
}

/// The parameter SecretName, wherever it stands.
pub(super) fn secret_name(request: &str) -> Option<String> {
    let (_, rest) = request.split_once("SecretName=")?;
    let name = rest.split(['&', ' ', '\r', '\n']).next()?;
    Some(name.replace("%2F", "/"))
}

fn value(name: &str) -> String {
    let len = if name == CACHED {
        CACHED_VALUE_LEN
    } else {
        OTHER_VALUE_LEN
    };
    "s".repeat(len)
}

/// What KMS answers of a secret with this value.
pub(super) fn answer(name: &str, value: &str) -> String {
    json!({
        "RequestId": "5ce9eb02-6a0e-4c5e-9d3c-1d0a33d5b1c6",
        "SecretName": name,
        "SecretType": "Generic",
        "SecretData": value,
        "SecretDataType": "text",
        "VersionId": "v1",
        "VersionStages": { "VersionStage": ["ACSCurrent"] },
        "CreateTime": "2026-11-25T09:00:00Z",
    })
    .to_string()
}

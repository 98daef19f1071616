use std::{
    io::{self, Read, Write},
    thread,
};

use percent_encoding::percent_decode_str;

use super::{Call, Reply, Shared, lock, reply::Bytes};

/// Answers until the other end is content. Errors are the other end's, or a test's doing.
pub(super) fn serve(mut stream: impl Read + Write, shared: &Shared) {
    let mut waiting = Vec::new();
    while let Ok(Some(call)) = read(&mut stream, &mut waiting) {
        let due = reply(shared, &call);
        match send(&mut stream, due) {
            Ok(true) => {}
            Ok(false) | Err(_) => return,
        }
    }
}

fn reply(shared: &Shared, call: &Call) -> Bytes {
    let number = {
        let mut calls = lock(&shared.calls);
        calls.push(call.clone());
        calls.len()
    };
    let mut replies = lock(&shared.replies);
    if let Some(reply) = replies.get_mut(&call.secret) {
        return reply.next(call, number);
    }
    drop(replies);
    lock(&shared.otherwise)
        .get_or_insert_with(Reply::not_found)
        .next(call, number)
}

/// Whether the connection is good for another request.
fn send(stream: &mut (impl Read + Write), bytes: Bytes) -> io::Result<bool> {
    match bytes {
        Bytes::Answer(bytes) => {
            stream.write_all(&bytes)?;
            stream.flush()?;
            Ok(true)
        }
        Bytes::ThenClose(bytes) => {
            stream.write_all(&bytes)?;
            stream.flush()?;
            Ok(false)
        }
        Bytes::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10000000000\r\n\r\n{\"a\":\"")?;
            let piece = [b'x'; 16 << 10];
            loop {
                stream.write_all(&piece)?;
            }
        }
        Bytes::Never => {
            let mut unread = [0; 1024];
            while stream.read(&mut unread)? > 0 {}
            Ok(false)
        }
        Bytes::Later(pause, bytes) => {
            #[expect(clippy::disallowed_methods, reason = "a slow KMS is a real one")]
            thread::sleep(pause);
            send(stream, *bytes)
        }
    }
}

/// One request; `None` at the end. Bytes beyond it stay in `waiting`.
fn read(stream: &mut impl Read, waiting: &mut Vec<u8>) -> io::Result<Option<Call>> {
    let head_end = loop {
        if let Some(at) = waiting.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if more(stream, waiting)? == 0 {
            return Ok(None);
        }
    };
    let head: Vec<u8> = waiting.drain(..head_end).collect();
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let target = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .unwrap_or_default()
        .to_owned();
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    let header = |name: &str| {
        let mut headers = headers.iter();
        headers
            .find(|(own, _)| own == name)
            .map(|(_, value)| *value)
    };
    let length = header("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    while waiting.len() < length {
        if more(stream, waiting)? == 0 {
            return Ok(None);
        }
    }
    let body: Vec<u8> = waiting.drain(..length).collect();
    let form = String::from_utf8_lossy(&body).into_owned();
    let query = target.split_once('?').map(|(_, query)| query);

    let mut call = Call {
        action: header("x-acs-action").unwrap_or_default().to_owned(),
        access_key_id: header("authorization").and_then(credential),
        security_token: header("x-acs-security-token").map(str::to_owned),
        ..Call::default()
    };
    for pair in query
        .into_iter()
        .chain([&*form])
        .flat_map(|text| text.split('&'))
    {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
        match name {
            "Action" => call.action = value,
            // Of a parameter of OOS.
            "Name" if call.secret.is_empty() => call.secret = value,
            "SecretName" => call.secret = value,
            "VersionId" => call.version_id = Some(value),
            "VersionStage" => call.version_stage = Some(value),
            "AccessKeyId" => call.access_key_id = Some(value),
            "SecurityToken" => call.security_token = Some(value),
            "OIDCToken" => call.oidc_token = Some(value),
            _ => {}
        }
    }
    Ok(Some(call))
}

/// The AccessKey in a V3 signature.
fn credential(authorization: &str) -> Option<String> {
    let (_, rest) = authorization.split_once("Credential=")?;
    rest.split(',').next().map(str::to_owned)
}

fn more(stream: &mut impl Read, waiting: &mut Vec<u8>) -> io::Result<usize> {
    let mut piece = [0; 8192];
    let len = stream.read(&mut piece)?;
    waiting.extend_from_slice(piece.get(..len).unwrap_or_default());
    Ok(len)
}

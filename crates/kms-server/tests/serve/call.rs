//! Signed calls as bytes.

use std::{
    io::Write as _,
    net::{IpAddr, SocketAddr, TcpStream},
    time::Duration,
};

use jiff::Timestamp;
use kms_testkit::{Exchange, RawResponse, read_one};
use kms_types::RequestId;
use kms_wire::{
    Params,
    sign::{SigningKey, Unsigned, sign_acs3},
};
use serde_json::Value;

pub(crate) const KMS: &str = "2016-01-20";
pub(crate) const RAM: &str = "2015-05-01";
pub(crate) const STS: &str = "2015-04-01";

/// One call of Kms over HTTP; status and body.
pub(crate) fn call(
    at: SocketAddr,
    key: &SigningKey,
    action: &str,
    params: &[(&str, &str)],
) -> (u16, Value) {
    let answer = send(at, &signed(key, KMS, action, params));
    let body = serde_json::from_slice(&answer.body).unwrap();
    (answer.status, body)
}

/// One that must succeed.
pub(crate) fn ok(at: SocketAddr, key: &SigningKey, action: &str, params: &[(&str, &str)]) -> Value {
    let (status, body) = call(at, key, action, params);
    assert_eq!(status, 200, "{action}: {body}");
    body
}

/// One call of any product; `None` if the server is gone before its answer is whole.
pub(crate) fn try_call(
    at: SocketAddr,
    key: &SigningKey,
    version: &str,
    action: &str,
    params: &[(&str, &str)],
) -> Option<(u16, Value)> {
    let request = signed(key, version, action, params);
    let mut stream = TcpStream::connect(at).ok()?;
    stream.write_all(&request).ok()?;
    let answer = read_one(&mut stream).ok()?;
    Some((answer.status, serde_json::from_slice(&answer.body).unwrap()))
}

/// One call of any product that must succeed.
pub(crate) fn done(
    at: SocketAddr,
    key: &SigningKey,
    version: &str,
    action: &str,
    params: &[(&str, &str)],
) -> Value {
    let (status, body) = try_call(at, key, version, action, params).unwrap();
    assert_eq!(status, 200, "{action}: {body}");
    body
}

/// A connection from an address of this machine.
pub(crate) fn connect_from(from: &str, to: SocketAddr) -> TcpStream {
    use rustix::net::{AddressFamily, SocketType, bind, connect, socket};

    let from: IpAddr = from.parse().unwrap();
    let own = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    bind(&own, &SocketAddr::from((from, 0))).unwrap();
    connect(&own, &to).unwrap();
    let stream = TcpStream::from(own);
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).unwrap();
    stream
}

/// Makes the secret `app/db`.
pub(crate) fn create_secret(at: SocketAddr, key: &SigningKey, value: &str) {
    let params = [
        ("SecretName", "app/db"),
        ("SecretData", value),
        ("VersionId", "v1"),
    ];
    ok(at, key, "CreateSecret", &params);
}

/// The value of `app/db`.
pub(crate) fn read_secret(at: SocketAddr, key: &SigningKey) -> String {
    let body = ok(at, key, "GetSecretValue", &[("SecretName", "app/db")]);
    body["SecretData"].as_str().unwrap().to_owned()
}

pub(crate) fn send(at: SocketAddr, request: &[u8]) -> RawResponse {
    let mut exchange = Exchange::run(at, request, 1, false).unwrap();
    exchange.responses.remove(0)
}

pub(crate) fn get(at: SocketAddr, target: &str) -> RawResponse {
    send(
        at,
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes(),
    )
}

/// What such a call sends.
pub(crate) fn signed(
    key: &SigningKey,
    version: &str,
    action: &str,
    params: &[(&str, &str)],
) -> Vec<u8> {
    let mut business = Params::default();
    for (name, value) in params {
        business.push(*name, *value);
    }
    let signed = sign_acs3(
        &Unsigned {
            version,
            action,
            params: &business,
            host: "localhost",
            user_agent: "test",
            provider: "",
            now: now(),
            nonce: &RequestId::random().to_string(),
        },
        key,
    );
    let mut head = format!("{} {} HTTP/1.1\r\n", signed.method, signed.target);
    for (name, value) in &signed.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    [head.as_bytes(), b"\r\n", &signed.body].concat()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program's clock is the real one"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

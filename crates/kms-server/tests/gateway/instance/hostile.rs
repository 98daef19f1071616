//! What no client sends: one clear error each, in protobuf, and the server goes on.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Method, Request};
use kms_wire::instance::Api;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::runtime;

use super::{asks, assert_refused, refusal, signed, with_key};

/// Every header that the protocol needs, and what the server says without it.
const NEEDED: [&str; 8] = [
    "authorization",
    "content-sha256",
    "content-type",
    "date",
    "x-kms-acccesskeyid",
    "x-kms-apiname",
    "x-kms-apiversion",
    "x-kms-signaturemethod",
];

#[tokio::test]
async fn bodies() {
    let (world, key) = with_key().await;
    let cut_off = asks("app/db").split_last().unwrap().1.to_vec();
    for (what, body, code) in [
        ("cut off", cut_off.as_slice(), "InvalidParameter"),
        (
            "a length without end",
            b"\x0a\xff\xff\xff\xff\x0f",
            "InvalidParameter",
        ),
        (
            "a varint without end",
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            "InvalidParameter",
        ),
        ("a number for the name", b"\x08\x01", "InvalidParameter"),
        (
            "text that is no UTF-8",
            b"\x0a\x02\xff\xfe",
            "InvalidParameter",
        ),
        ("a group", b"\x0b\x0b\x0b", "InvalidParameter"),
        ("JSON", br#"{"SecretName":"app/db"}"#, "InvalidParameter"),
        ("an impossible name", b"\x0a\x03a b", "InvalidParameter"),
        ("nothing", b"", "MissingParameter"),
        ("an empty name", b"\x0a\x00", "MissingParameter"),
    ] {
        let request = signed(&world, &key, Api::GetSecretValue, body);
        let answer = world.send_to_instance(request).await;
        assert_refused(&answer, 400, code, what);
    }
    // Larger than any; nobody looks at the signature.
    let mut request = signed(&world, &key, Api::GetSecretValue, &asks("app/db"));
    *request.body_mut() = Body::from(vec![b'a'; 128 * 1024 + 1]);
    let answer = world.send_to_instance(request).await;
    assert_refused(&answer, 400, "InvalidParameter", "too large");

    // What the message does not know is passed over, as protobuf has it.
    let newer = [asks("app/db"), b"\x7a\x03new".to_vec()].concat();
    let request = signed(&world, &key, Api::GetSecretValue, &newer);
    assert_eq!(world.send_to_instance(request).await.status, 200);
}

#[tokio::test]
async fn headers() {
    let (world, key) = with_key().await;
    let good = || signed(&world, &key, Api::GetSecretValue, &asks("app/db"));
    for header in NEEDED {
        let mut request = good();
        request.headers_mut().remove(header);
        let answer = world.send_to_instance(request).await;
        assert_refused(&answer, 400, "MissingParameter", header);
    }
    for (header, value, status, code) in [
        ("x-kms-apiname", "Dance", 400, "InvalidApiName"),
        ("x-kms-apiversion", "dkms-gcs-0.3", 400, "InvalidApiVersion"),
        ("x-kms-signaturemethod", "NONE", 400, "InvalidParam"),
        ("date", "yesterday", 400, "InvalidParam"),
        ("date", "2025-01-03T07:59:17Z", 400, "InvalidParam"),
        // What was signed was something else.
        (
            "date",
            "Fri, 03 Jan 2025 07:59:18 GMT",
            401,
            "SignatureNotMatch",
        ),
        ("content-sha256", "AB", 401, "SignatureNotMatch"),
        (
            "content-type",
            "application/x-protobuf; a=b",
            401,
            "SignatureNotMatch",
        ),
        ("authorization", "Bearer AAAA", 401, "SignatureNotMatch"),
        ("authorization", "Bearer *", 401, "SignatureNotMatch"),
        ("authorization", "Basic AAAA", 401, "SignatureNotMatch"),
        ("x-kms-extra", "x", 401, "SignatureNotMatch"),
        ("x-kms-apiname", "Sign", 401, "SignatureNotMatch"),
        ("x-kms-acccesskeyid", "a b", 401, "SignatureNotMatch"),
        (
            "x-kms-acccesskeyid",
            "KAAP.none",
            404,
            "InvalidAccessKeyId.NotFound",
        ),
    ] {
        let mut request = good();
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().insert(header, value);
        let answer = world.send_to_instance(request).await;
        assert_refused(&answer, status, code, header);
    }
    let changed = good().map(|_body| Body::from(asks("app/db2")));
    let answer = world.send_to_instance(changed).await;
    assert_refused(&answer, 401, "SignatureNotMatch", "another body");
    assert_eq!(world.send_to_instance(good()).await.status, 200);
}

#[tokio::test]
async fn methods_paths_and_apis_that_are_not_there() {
    let (world, key) = with_key().await;
    let mut request = signed(&world, &key, Api::GetSecretValue, &asks("app/db"));
    *request.method_mut() = Method::GET;
    let answer = world.send_to_instance(request).await;
    assert_refused(&answer, 403, "UnsupportedHTTPMethod", "GET");

    let mut request = signed(&world, &key, Api::GetSecretValue, &asks("app/db"));
    *request.uri_mut() = "/secrets".parse().unwrap();
    let answer = world.send_to_instance(request).await;
    assert_refused(&answer, 400, "InvalidApiName", "a path");

    for api in Api::ALL.iter().filter(|api| **api != Api::GetSecretValue) {
        let request = signed(&world, &key, *api, b"");
        let answer = world.send_to_instance(request).await;
        assert_eq!(answer.status / 100, 4, "{api:?}");
        refusal(&answer);
    }
}

/// The protocol has no nonce, and clients that ask twice within a second send the same
/// bytes twice.
#[tokio::test]
async fn a_repeated_call_is_answered_while_its_date_passes() {
    let (world, key) = with_key().await;
    let (parts, _) = signed(&world, &key, Api::GetSecretValue, &asks("app/db")).into_parts();
    let again = || Request::from_parts(parts.clone(), Body::from(asks("app/db")));
    assert_eq!(world.send_to_instance(again()).await.status, 200);
    world.clock.advance(Duration::from_mins(15));
    assert_eq!(world.send_to_instance(again()).await.status, 200);
    world.clock.advance(Duration::from_secs(1));
    let answer = world.send_to_instance(again()).await;
    assert_refused(&answer, 400, "RequestTimeTooSkewed", "too late");
}

/// Whatever is signed, and whatever is not.
#[test]
fn any_bytes() {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (world, key) = runtime.block_on(with_key());
    let one = (
        any::<Vec<u8>>(),
        prop::sample::select(&NEEDED[..]),
        "[ -~]{0,80}",
    );
    TestRunner::new(Config::with_cases(256))
        .run(&one, |(body, header, value)| {
            runtime.block_on(async {
                let request = signed(&world, &key, Api::GetSecretValue, &body);
                let answer = world.send_to_instance(request).await;
                prop_assert_eq!(answer.status / 100, 4);
                refusal(&answer);

                let mut request = signed(&world, &key, Api::GetSecretValue, &asks("app/db"));
                let value = HeaderValue::from_str(&value).unwrap();
                request.headers_mut().insert(header, value);
                let answer = world.send_to_instance(request).await;
                prop_assert_eq!(answer.status / 100, 4, "{}", header);
                refusal(&answer);
                Ok(())
            })
        })
        .unwrap();
}

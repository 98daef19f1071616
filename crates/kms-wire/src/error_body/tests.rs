use proptest::prelude::*;

use super::ErrorBody;

#[test]
fn every_shape_that_gateways_send() {
    let full = ErrorBody::parse(
        br#"{"RequestId":"r","HostId":"h","Code":"Rejected.Throttling","Message":"slow","Recommend":"u","HttpStatus":429,"AccessDeniedDetail":{}}"#,
    )
    .unwrap();
    let wanted = ErrorBody {
        code: "Rejected.Throttling".to_owned(),
        message: "slow".to_owned(),
        request_id: "r".to_owned(),
        host_id: "h".to_owned(),
        recommend: "u".to_owned(),
        http_status: 429,
    };
    assert_eq!(full, wanted);
    let sparse = ErrorBody::parse(br#"{"code":404,"message":null,"httpStatus":"404"}"#).unwrap();
    assert_eq!(
        (
            sparse.code.as_str(),
            sparse.message.as_str(),
            sparse.http_status
        ),
        ("404", "", 404)
    );
    for none in [
        &b""[..],
        b"<html>",
        b"[]",
        b"{}",
        br#"{"Code":""}"#,
        br#"{"Code":{}}"#,
        b"{\"Code\":\"x\"",
    ] {
        assert_eq!(ErrorBody::parse(none), None, "{none:?}");
    }
}

#[test]
fn what_a_gateway_repeats_of_the_request_is_cut() {
    for message in [
        "Refused. server string to sign is:POST&canary",
        "Refused. Server StringToSign is:[canary] server CanonicalRequest is:[canary]",
        "Refused. The CanonicalRequest was canary",
    ] {
        let body = serde_json::json!({"Code": "SignatureDoesNotMatch", "Message": message});
        let read = ErrorBody::parse(body.to_string().as_bytes()).unwrap();
        assert!(read.message.starts_with("Refused."), "{}", read.message);
        assert!(!read.message.contains("canary"), "{}", read.message);
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(body in prop::collection::vec(any::<u8>(), 0..80), message in "\\PC*") {
        let _unread = ErrorBody::parse(&body);
        let body = serde_json::json!({"Code": "c", "Message": message});
        ErrorBody::parse(body.to_string().as_bytes()).unwrap();
    }
}

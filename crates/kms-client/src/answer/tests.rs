use http::HeaderMap;
use kms_credentials::HttpResponse;
use kms_types::Secret;
use kms_wire::response::GetSecretValue;

use super::{read, refusal};
use crate::CallError;

fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: HeaderMap::new(),
        body: Secret::new(body.as_bytes().to_vec()),
    }
}

#[test]
fn a_refusal_is_told_as_it_came() {
    let body = r#"{"HttpStatus":404,"Code":"Forbidden.ResourceNotFound","Message":"Resource not found.",
        "RequestId":"2d0a3c4e-0000-4000-8000-000000000001","HostId":"kms","Recommend":""}"#;
    let refused = refusal("kms", &response(404, body));
    assert!(
        matches!(&refused, CallError::Service { status: 404, code, message, request_id }
            if code == "Forbidden.ResourceNotFound" && message == "Resource not found."
            && request_id == "2d0a3c4e-0000-4000-8000-000000000001"),
        "{refused:?}"
    );
    assert!(!refused.is_transient());
}

#[test]
fn the_string_to_sign_is_not_repeated() {
    for message in [
        "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&SecretData%3Dcanary",
        "Specified signature is not matched with our calculation. Server String To Sign Is: canary",
    ] {
        let body = format!(r#"{{"Code":"SignatureDoesNotMatch","Message":"{message}"}}"#);
        let refused = refusal("kms", &response(400, &body));
        let text = format!("{refused} {refused:?}");
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("not matched with our calculation."), "{text}");
    }
}

#[test]
fn what_is_no_error_of_kms_is_not_taken_for_one() {
    for body in [
        "",
        "<html>canary</html>",
        "[]",
        r#"{"Code":7,"x":"canary"}"#,
        "null",
    ] {
        let refused = refusal("kms.example", &response(403, body));
        assert!(matches!(refused, CallError::Unreadable { .. }), "{body}");
        assert!(!format!("{refused:?}").contains("canary"), "{body}");
    }
}

#[test]
fn an_unreadable_answer_is_not_quoted() {
    for (body, reason) in [
        (
            r#"{"SecretName":"canary"}"#,
            "a field is missing or of the wrong kind at byte 23 of line 1",
        ),
        (
            r#"{"SecretName":"canary"#,
            "the JSON ends early at byte 21 of line 1",
        ),
        ("canary", "it is no JSON at byte 1 of line 1"),
        (
            r#"{"SecretName":"n","SecretData":{"canary":1},"VersionId":"v"}"#,
            "a field is missing or of the wrong kind at byte 31 of line 1",
        ),
    ] {
        let failed = read::<GetSecretValue>("kms.example", &Secret::new(body.as_bytes().to_vec()))
            .unwrap_err()
            .to_string();
        assert_eq!(
            failed,
            format!("kms.example sent an answer that cannot be read: {reason}")
        );
    }
}

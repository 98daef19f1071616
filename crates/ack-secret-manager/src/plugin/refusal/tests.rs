use kms_client::CallError;
use kms_credentials::CredentialsError;
use tonic::Code;

use super::{reason, status};
use crate::plugin::keys::fake::{disabled, down, forbidden};

#[test]
fn what_may_pass_is_unavailable_and_the_rest_wants_mending() {
    let service = |status, code: &str| CallError::Service {
        status,
        code: code.to_owned(),
        message: String::new(),
        request_id: String::new(),
    };
    let broken = CallError::Credentials(CredentialsError::Broken {
        source_name: "env",
        reason: "half".to_owned(),
    });
    for (error, code) in [
        (down(), Code::Unavailable),
        (CallError::Timeout { seconds: 2 }, Code::Unavailable),
        (service(503, "ServiceUnavailable"), Code::Unavailable),
        (service(429, "Throttling"), Code::Unavailable),
        (service(400, "Throttling.User"), Code::Unavailable),
        (service(400, "InvalidParameter"), Code::InvalidArgument),
        (disabled(), Code::InvalidArgument),
        (forbidden(), Code::PermissionDenied),
        (service(404, "Forbidden.KeyNotFound"), Code::NotFound),
        (broken, Code::Unauthenticated),
    ] {
        assert_eq!(status(&error).code(), code, "{error}");
    }
}

#[test]
fn the_services_message_is_left_out_and_lines_are_one() {
    assert_eq!(
        reason(&disabled()),
        "KMS answered Rejected.Disabled (HTTP 409, request R1)"
    );
    let lines = CallError::Credentials(CredentialsError::Broken {
        source_name: "env",
        reason: "one\ntwo".to_owned(),
    });
    assert_eq!(reason(&lines), "no credentials: env: one two");
}

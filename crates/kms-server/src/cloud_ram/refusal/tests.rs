use super::*;

fn service(status: u16, code: &str) -> CallError {
    CallError::Service {
        status,
        code: code.to_owned(),
        message: "the secret is canary-4711".to_owned(),
        request_id: String::new(),
    }
}

#[test]
fn the_clouds_codes_are_told_apart() {
    let denied = |text: &str| RamError::Denied(text.to_owned());
    for (status, code, expected) in [
        (404, "EntityNotExist.User", RamError::NoUser),
        (404, "EntityNotExist.User.AccessKey", RamError::NoKey),
        (409, "LimitExceeded.User.AccessKey", RamError::KeyLimit),
        (
            403,
            "NoPermission",
            denied("NoPermission for CreateAccessKey"),
        ),
        (
            404,
            "InvalidAccessKeyId.NotFound",
            denied("InvalidAccessKeyId.NotFound for CreateAccessKey"),
        ),
        (400, "Throttling.User", RamError::Throttled),
        (429, "Busy", RamError::Throttled),
        (
            500,
            "InternalError",
            RamError::Unreachable("it failed itself"),
        ),
        (
            503,
            "ServiceUnavailable",
            RamError::Unreachable("it failed itself"),
        ),
        (
            400,
            "an <odd> code",
            denied("a code that is none for CreateAccessKey"),
        ),
    ] {
        let error = of(&service(status, code), Action::CreateAccessKey);
        assert_eq!(error, expected, "{code}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

#[test]
fn a_key_that_does_not_sign_is_told_from_one_that_nobody_could_look_at() {
    let refused = |text: &str| RamError::KeyRefused(text.to_owned());
    for (status, code, expected) in [
        (
            404,
            "InvalidAccessKeyId.NotFound",
            refused("InvalidAccessKeyId.NotFound"),
        ),
        (404, "InvalidAccessKeyId", refused("InvalidAccessKeyId")),
        (
            400,
            "InvalidAccessKeyId.Inactive",
            refused("InvalidAccessKeyId.Inactive"),
        ),
        (
            403,
            "Forbidden.AccessKeyDisabled",
            refused("Forbidden.AccessKeyDisabled"),
        ),
        (
            400,
            "SignatureDoesNotMatch",
            refused("SignatureDoesNotMatch"),
        ),
        (
            403,
            "NoPermission",
            RamError::Denied("NoPermission".to_owned()),
        ),
        (400, "Throttling", RamError::Throttled),
        (502, "BadGateway", RamError::Unreachable("it failed itself")),
    ] {
        assert_eq!(of_key(&service(status, code)), expected, "{code}");
    }
}

#[test]
fn what_may_pass_is_called_so() {
    let timeout = CallError::Timeout { seconds: 1 };
    let transport = CallError::Transport {
        host: "ram.aliyuncs.com".to_owned(),
        reason: "canary".to_owned(),
    };
    let unreadable = CallError::Unreadable {
        host: "ram.aliyuncs.com".to_owned(),
        reason: "canary".to_owned(),
    };
    for error in [timeout, transport, unreadable] {
        for told in [of(&error, Action::CreateAccessKey), of_key(&error)] {
            assert!(told.is_transient(), "{told:?}");
            assert!(!format!("{told} {told:?}").contains("canary"));
        }
    }
    let broken = CallError::Credentials(CredentialsError::Broken {
        source_name: "static_ak",
        reason: "canary".to_owned(),
    });
    let told = of(&broken, Action::CreateAccessKey);
    assert!(!told.is_transient());
    assert!(!format!("{told} {told:?}").contains("canary"));
}

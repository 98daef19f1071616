use kms_client::CallError;

use super::{after, is_identity};

fn refused(action: &str, status: u16, code: &str, message: &str) -> Option<String> {
    let error = CallError::Service {
        status,
        code: code.to_owned(),
        message: message.to_owned(),
        request_id: "r".to_owned(),
    };
    after(action, &error)
}

#[test]
fn what_is_not_there_leads_to_the_list_of_what_is() {
    for (action, code, list) in [
        (
            "GetSecretValue",
            "Forbidden.ResourceNotFound",
            "secret list",
        ),
        ("Encrypt", "Forbidden.KeyNotFound", "key list"),
        ("DeleteAlias", "Forbidden.AliasNotFound", "key alias list"),
        ("AttachPolicyToUser", "EntityNotExist.User", "ram user list"),
        (
            "AttachPolicyToUser",
            "EntityNotExist.Policy",
            "ram policy list",
        ),
        ("GetRole", "EntityNotExist.Role", "ram role list"),
        (
            "DescribePolicy",
            "Forbidden.ResourceNotFound",
            "aap policy list",
        ),
        (
            "DescribeNetworkRule",
            "Forbidden.ResourceNotFound",
            "aap network-rule list",
        ),
    ] {
        let hint = refused(action, 404, code, "m").unwrap_or_default();
        assert_eq!(
            hint,
            format!("`kms-server ctl {list}` shows what there is"),
            "{action}"
        );
    }
}

#[test]
fn a_wrong_parameter_is_named_and_a_strange_message_is_not_repeated() {
    let message = "The specified parameter \"RotationInterval\" is not valid: too short.";
    assert_eq!(
        refused("CreateKey", 400, "InvalidParameter", message).as_deref(),
        Some("see --help for RotationInterval")
    );
    let message = "the value \"hunter2 \u{1b}[1m\" is not valid";
    assert_eq!(refused("CreateKey", 400, "InvalidParameter", message), None);
}

#[test]
fn whom_it_is_about_decides_how_the_program_ends() {
    for (status, code, expected) in [
        (403, "Forbidden.NoPermission", true),
        (403, "NoPermission", true),
        (404, "InvalidAccessKeyId.NotFound", true),
        (400, "SignatureDoesNotMatch", true),
        (401, "SignatureNotMatch", true),
        (401, "AuthenticationFail.OIDCToken.Expired", true),
        (403, "Forbidden.DKMSInstanceNotFound", false),
        (403, "UnsupportedHTTPMethod", false),
        (404, "Forbidden.ResourceNotFound", false),
        (409, "Rejected.ResourceExist", false),
    ] {
        assert_eq!(is_identity(status, code), expected, "{code}");
    }
}

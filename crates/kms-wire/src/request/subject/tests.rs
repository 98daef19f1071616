use super::*;
use crate::request::Action;

const CANARY: &str = "canary-5f1e0c";

fn subject(action: Action, params: &[(&str, &str)]) -> Subject {
    let mut all = Params::default();
    for (name, value) in params {
        all.push(*name, *value);
    }
    Request::parse(action, &all).unwrap().subject()
}

fn about(resources: &[&str], version: Option<&str>) -> Subject {
    Subject {
        resources: resources.iter().map(ToString::to_string).collect(),
        version: version.map(str::to_owned),
    }
}

#[test]
fn secrets_and_versions_are_named() {
    let name = ("SecretName", "app/db");
    let read = |more: &[(&str, &str)]| subject(Action::GetSecretValue, &[&[name], more].concat());
    assert_eq!(read(&[]), about(&["secret/app/db"], None));
    let by_id = about(&["secret/app/db"], Some("v1"));
    assert_eq!(read(&[("VersionId", "v1"), ("VersionStage", "x")]), by_id);
    let by_stage = about(&["secret/app/db"], Some("ACSPrevious"));
    assert_eq!(read(&[("VersionStage", "ACSPrevious")]), by_stage);
    let arn = "acs:kms:cn-hangzhou:2000000000000002:secret/app/db";
    let asked = subject(Action::GetSecretValue, &[("SecretName", arn)]);
    assert_eq!(asked, about(&[arn], None));
    let many = r#"[{"SecretName":"app/db"},{"SecretName":"app/mail"}]"#;
    let many = subject(Action::BatchGetSecretValue, &[("SecretsList", many)]);
    assert_eq!(many, about(&["secret/app/db", "secret/app/mail"], None));
    let put = [name, ("VersionId", "v2"), ("SecretData", CANARY)];
    let put = subject(Action::PutSecretValue, &put);
    assert_eq!(put, about(&["secret/app/db"], Some("v2")));
}

#[test]
fn each_kind_has_its_own_name() {
    for (action, params, expected) in [
        (Action::DescribeNetworkRule, [("Name", "n")], "network/n"),
        (Action::DescribePolicy, [("Name", "p")], "policy/p"),
        (
            Action::DescribeApplicationAccessPoint,
            [("Name", "a")],
            "applicationaccesspoint/a",
        ),
        (Action::GetUser, [("UserName", "bob")], "user/bob"),
        (Action::GetRole, [("RoleName", "r")], "role/r"),
        (Action::DescribeKey, [("KeyId", "alias/a")], "alias/a"),
        (
            Action::DescribeKey,
            [("KeyId", "key-hzz65f3a68554hqngznvm")],
            "key/key-hzz65f3a68554hqngznvm",
        ),
    ] {
        assert_eq!(subject(action, &params), about(&[expected], None));
    }
    let both = subject(
        Action::AddUserToGroup,
        &[("UserName", "bob"), ("GroupName", "ops")],
    );
    assert_eq!(both.resources.len(), 2);
    let tagged = subject(
        Action::TagResources,
        &[
            ("ResourceType", "secret"),
            ("ResourceId.1", "one"),
            ("ResourceId.2", "two"),
            ("Tag.1.Key", "team"),
            ("Tag.1.Value", CANARY),
        ],
    );
    assert_eq!(tagged, about(&["secret/one", "secret/two"], None));
}

#[test]
fn no_value_is_repeated() {
    for (action, params) in [
        // Ignored by the action, so never looked at.
        (
            Action::GetCallerIdentity,
            vec![("SecretName", CANARY), ("Name", CANARY)],
        ),
        (
            Action::CreateSecret,
            vec![
                ("SecretName", "s"),
                ("VersionId", "v"),
                ("SecretData", CANARY),
                ("Description", CANARY),
            ],
        ),
        (
            Action::Encrypt,
            vec![("KeyId", "alias/a"), ("Plaintext", "Y2FuYXJ5LTVmMWUwYw==")],
        ),
        (
            Action::AssumeRole,
            vec![("RoleArn", CANARY), ("RoleSessionName", "session")],
        ),
        (
            Action::AssumeRoleWithOIDC,
            vec![
                ("RoleArn", "acs:ram::1000000000000001:role/r"),
                ("OIDCProviderArn", CANARY),
                ("OIDCToken", CANARY),
                ("RoleSessionName", "session"),
            ],
        ),
        (
            Action::GetKmsInstance,
            vec![("KmsInstanceId", "a value with blanks in it")],
        ),
    ] {
        let shown = format!("{:?}", subject(action, &params));
        for word in [CANARY, "Y2FuYXJ5", "blanks"] {
            assert!(!shown.contains(word), "{action:?}: {shown}");
        }
    }
}

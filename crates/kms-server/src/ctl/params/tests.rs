use std::fs;

use jiff::Timestamp;
use kms_wire::Params;
use tempfile::tempdir;

use super::read;
use crate::ctl::{CtlError, command, tests::said};

fn now() -> Timestamp {
    "2026-11-28T19:25:01Z".parse().unwrap()
}

fn params(words: &[&str]) -> Result<Params, CtlError> {
    let matches = said(words).unwrap();
    let (verb, matches) = command::find(&matches).unwrap();
    read(verb, matches, now())
}

/// Sorted, decoded, a line each.
fn sent(words: &[&str]) -> Vec<String> {
    let params = params(words).unwrap();
    let mut lines: Vec<_> = params
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_value_comes_from_a_file_as_text_or_as_bytes() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("value");
    fs::write(&path, "hunter2\n").unwrap();
    let file = path.to_str().unwrap();
    let words = ["secret", "put", "app/db", "--file", file];
    assert_eq!(
        sent(&words),
        [
            "SecretData=hunter2",
            "SecretName=app/db",
            "VersionId=v20261128T192501Z"
        ]
    );
    assert_eq!(
        sent(
            &[
                &words[..],
                &[
                    "--keep-newline",
                    "--version-id",
                    "v2",
                    "--stage",
                    "a",
                    "--stage",
                    "b"
                ]
            ]
            .concat()
        ),
        [
            "SecretData=hunter2\n",
            "SecretName=app/db",
            "VersionId=v2",
            r#"VersionStages=["a","b"]"#,
        ]
    );
    assert_eq!(
        sent(&[&words[..], &["--binary"]].concat()),
        [
            "SecretData=aHVudGVyMgo=",
            "SecretDataType=binary",
            "SecretName=app/db",
            "VersionId=v20261128T192501Z",
        ]
    );
}

#[test]
fn a_value_on_the_command_line_is_refused_without_repeating_it() {
    for words in [
        &["secret", "create", "app/db", "canary"][..],
        &["secret", "create", "app/db", "--value", "canary"],
        &["secret", "put", "app/db", "--secret-data=canary"],
        &["secret", "put", "app/db", "--password", "-canary"],
        &["key", "encrypt", "k", "--plaintext", "canary"],
    ] {
        let error = params(words).unwrap_err();
        assert_eq!(error.exit().code(), 64);
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("standard input") && !text.contains("canary"),
            "{text}"
        );
    }
    // And what is a mistake in other ways does not show it, either.
    let error = said(&["secret", "put", "app/db", "--vlaue=canary"]).unwrap_err();
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[test]
fn tags_filters_contexts_and_rules_become_what_the_api_takes() {
    assert_eq!(
        sent(&["secret", "tag", "app/db", "team=a=b", "值="]),
        [
            "ResourceId.1=app/db",
            "ResourceType=secret",
            "Tag.1.Key=team",
            "Tag.1.Value=a=b",
            "Tag.2.Key=值",
            "Tag.2.Value=",
        ]
    );
    assert_eq!(
        sent(&["secret", "untag", "app/db", "team", "值"]),
        [
            "ResourceId.1=app/db",
            "ResourceType=secret",
            "TagKey.1=team",
            "TagKey.2=值"
        ]
    );
    assert_eq!(
        sent(&[
            "secret",
            "list",
            "--tag-key",
            "a",
            "--tag-key",
            "b",
            "--type",
            "Rds"
        ]),
        [
            "FetchTags=true",
            r#"Filters=[{"Key":"SecretType","Values":["Rds"]},{"Key":"TagKey","Values":["a","b"]}]"#,
        ]
    );
    assert_eq!(
        sent(&["key", "create", "--tag", "a=b", "--rotate-every", "90d"]),
        [
            "EnableAutomaticRotation=true",
            "RotationInterval=90d",
            r#"Tags=[{"TagKey":"a","TagValue":"b"}]"#,
        ]
    );
    assert_eq!(
        sent(&[
            "key",
            "data-key",
            "k",
            "--context",
            "a=b",
            "--context",
            "c=d"
        ]),
        [r#"EncryptionContext={"a":"b","c":"d"}"#, "KeyId=k"]
    );
    let policy = [
        "aap",
        "policy",
        "create",
        "p",
        "--permission",
        "x",
        "--resource",
        "secret/*",
    ];
    assert_eq!(
        sent(&[&policy[..], &["--network-rule", "office"]].concat()),
        [
            r#"AccessControlRules={"NetworkRules":["office"]}"#,
            "KmsInstance=shared",
            "Name=p",
            r#"Permissions=["x"]"#,
            r#"Resources=["secret/*"]"#,
        ]
    );
    let bad = params(&["secret", "tag", "app/db", "team"]).unwrap_err();
    assert_eq!(bad.to_string(), "tag is KEY=VALUE");
}

#[test]
fn the_message_stays_here_and_its_digest_goes() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("message");
    fs::write(&path, "abc").unwrap();
    let file = path.to_str().unwrap();
    let sign = ["key", "sign", "k", "--algorithm"];
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        sent(&[&sign[..], &["ECDSA_SHA_256", "--file", file]].concat()),
        [
            "Algorithm=ECDSA_SHA_256",
            "Digest=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
            "KeyId=k",
        ]
    );
    assert_eq!(
        sent(&[&sign[..], &["SM2DSA", "--digest", "AAAA"]].concat()),
        ["Algorithm=SM2DSA", "Digest=AAAA", "KeyId=k"]
    );
    let refused = params(&[&sign[..], &["SM2DSA", "--file", file]].concat()).unwrap_err();
    assert!(refused.to_string().contains("--digest"), "{refused}");
}

#[test]
fn a_token_comes_from_a_file_only() {
    let words = [
        "sts",
        "assume-role-with-oidc",
        "r",
        "--provider",
        "p",
        "--token",
        "canary",
    ];
    let error = params(&words).unwrap_err().to_string();
    assert!(
        error.contains("--token @FILE") && !error.contains("canary"),
        "{error}"
    );
}

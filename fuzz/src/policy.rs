//! The policy language of kms-service.

use jiff::Timestamp;
use kms_service::policy::{Asker, Call, Document, Effect, Kind};

const ASKERS: &[Asker<'_>] = &[
    Asker::Ram("acs:ram::1234567890123456:user/alice"),
    Asker::Ram("acs:ram::1234567890123456:role/worker/one"),
    Asker::Service("ecs.aliyuncs.com"),
    Asker::Federated("acs:ram::1234567890123456:oidc-provider/ack-rrsa-c0ffee"),
];

/// A document, as each kind of one: what is refused is told in one short line, and what
/// allows says so. Written anew by serde_json it means the same.
pub fn policy(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    for kind in [Kind::Identity, Kind::Session, Kind::Trust, Kind::Resource] {
        match Document::parse(text, kind) {
            Ok(document) => check(text, kind, &document),
            Err(error) => {
                let told = error.to_string();
                assert!(told.len() < 4_096, "a long story");
                assert!(!told.chars().any(char::is_control), "more than a line");
            }
        }
    }
}

fn check(text: &str, kind: Kind, document: &Document) {
    let json: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let written = json.to_string();
    let effects = answers(document);
    for (word, effect) in [("Allow", Effect::Allow), ("Deny", Effect::Deny)] {
        assert!(
            written.contains(word) || !effects.contains(&effect),
            "{effect:?} out of nothing"
        );
    }
    // A number may become longer.
    if written.len() <= kind.limit() {
        let again = Document::parse(&written, kind).expect("the same document");
        assert_eq!(answers(&again), effects);
    }
}

fn answers(document: &Document) -> Vec<Effect> {
    let mut all = Vec::new();
    for asker in ASKERS {
        for (action, resource) in [
            (
                "kms:GetSecretValue",
                "acs:kms:cn-hangzhou:1234567890123456:secret/app/db",
            ),
            ("sts:AssumeRole", "acs:ram::1234567890123456:role/worker"),
        ] {
            all.push(
                document.evaluate(&Call {
                    action,
                    resource,
                    asker: *asker,
                    context: [
                        ("acs:SourceIp".into(), vec!["203.0.113.7".to_owned()]),
                        ("acs:SecureTransport".into(), vec!["true".to_owned()]),
                        (
                            "oidc:aud".into(),
                            vec!["one".to_owned(), "sts.aliyuncs.com".to_owned()],
                        ),
                        (
                            "oidc:sub".into(),
                            vec!["system:serviceaccount:shop:till".to_owned()],
                        ),
                    ]
                    .into(),
                    now: Timestamp::UNIX_EPOCH,
                }),
            );
        }
    }
    all
}

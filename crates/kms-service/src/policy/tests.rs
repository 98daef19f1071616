use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Asker, Call, Document, Effect, Kind};

#[test]
fn a_denial_wins_and_what_nobody_speaks_of_is_silent() {
    let document = Document::parse(
        r#"{"Version": "1", "Statement": [
            {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "kms:Put*", "Resource": "*"}
        ]}"#,
        Kind::Identity,
    )
    .unwrap();
    let says = |action| {
        document.evaluate(&Call {
            action,
            resource: "acs:kms:cn-hangzhou:1234567890123456:secret/app",
            asker: Asker::Ram("acs:ram::1234567890123456:user/alice"),
            context: BTreeMap::new(),
            now: Timestamp::UNIX_EPOCH,
        })
    };
    assert_eq!(says("kms:GetSecretValue"), Effect::Allow);
    assert_eq!(says("kms:PutSecretValue"), Effect::Deny);
    assert_eq!(says("sts:AssumeRole"), Effect::Silent);
}

use std::fs;

use kms_testkit::LeakCheck;
use kms_types::RequestId;

use super::*;
use crate::stand::{Log, Scheme, wrong};

/// The part of a text that stands for all of it: long enough, and not what two of its kind
/// have in common.
fn piece(text: &str) -> &[u8] {
    let bytes = text.as_bytes();
    &bytes[bytes.len() - 40..]
}

fn issuer(golden: &Golden) -> Issuer {
    Issuer {
        url: golden.issuer.parse().unwrap(),
        fingerprints: Vec::new(),
    }
}

#[tokio::test]
async fn tokens_and_secrets_of_sessions_are_in_the_answer_and_nowhere_else() {
    let (log, _guard) = Log::start();
    let golden = golden();
    let stand = stand(&golden).await;
    let token = good(&golden);
    let keys = stand.parts.issuers.key_set(&issuer(&golden)).await;
    stand
        .issuers
        .say(&golden.issuer, Err(IssuerError::Fingerprint));
    let refused = exchange(&stand, wish(ROLE, PROVIDER, token))
        .await
        .unwrap_err();
    stand.issuers.say(&golden.issuer, keys);
    stand.pass(10);
    let answer = exchange(&stand, wish(ROLE, PROVIDER, token)).await.unwrap();
    let key = session_key(&answer);
    let secret = key.access_key_secret.expose();
    let session_token = key.security_token.as_ref().unwrap().expose();
    let check = LeakCheck::default()
        .with("the token", piece(token))
        .with("the secret", secret.as_bytes())
        .with("the session's token", piece(session_token));
    assert!(
        check.find(answer.to_string().as_bytes()).len() >= 2,
        "the search works"
    );

    // Everything that somebody might print.
    let asked = wish(ROLE, PROVIDER, token);
    let caller = stand.session(&answer).await;
    let mut seen = vec![format!(
        "{asked:?} {caller:?} {key:?} {refused} {refused:?}"
    )];
    let spoilt = format!("{token}AAAA");
    for asked in [
        wish("acs:ram::1234567890123456:role/none", PROVIDER, token),
        wish(ROLE, "acs:ram::1234567890123456:oidc-provider/none", token),
        wish(ROLE, PROVIDER, &spoilt),
        wish(ROLE, PROVIDER, session_token),
    ] {
        let error = exchange(&stand, asked).await.unwrap_err();
        seen.push(format!("{error} {error:?}"));
    }
    // A secret that does not fit, a token that does not, and an end.
    for seconds in [0, 3_600] {
        stand.pass(seconds);
        let mut other = stand.key.clone();
        other.security_token.clone_from(&key.security_token);
        for key in [&key, &wrong(&key), &other] {
            for scheme in [Scheme::V1, Scheme::V3, Scheme::V4] {
                let claim = stand.claim(scheme, key, &RequestId::random().to_string());
                if let Err(error) = stand.service.authenticate(&claim).await {
                    seen.push(format!("{error} {error:?}"));
                }
            }
        }
    }
    check.assert_clean("what is printed", seen.concat().as_bytes());
    check.assert_clean("the log", &log.read());
    for entry in fs::read_dir(stand.dir.path().join("data")).unwrap() {
        let entry = entry.unwrap();
        let content = fs::read(entry.path()).unwrap();
        check.assert_clean(&format!("{:?}", entry.file_name()), &content);
    }
}

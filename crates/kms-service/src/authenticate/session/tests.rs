use jiff::SignedDuration;
use kms_crypto::RootKey;
use kms_types::Clock;
use kms_wire::sign::SigningKey;

use super::*;
use crate::{
    Parts, Service,
    stand::{Scheme, Stand, session_key, wrong},
    unlock,
};

const SCHEMES: [Scheme; 3] = [Scheme::V1, Scheme::V3, Scheme::V4];

/// A stand with a role, and credentials for an hour of it.
async fn stand() -> (Stand, SigningKey) {
    let stand = Stand::new().await;
    let trusted = r#"{"RAM":["acs:ram::1234567890123456:root"]}"#;
    stand.role("app", trusted, &[]).await;
    let answer = stand.assume(&stand.caller, "app", &[]).await.unwrap();
    (stand, session_key(&answer))
}

async fn code(stand: &Stand, key: &SigningKey, scheme: Scheme) -> Option<ErrorCode> {
    let nonce = kms_types::RequestId::random().to_string();
    let claim = stand.claim(scheme, key, &nonce);
    let refused = stand.service.authenticate(&claim).await.err()?;
    let token = key.security_token.as_ref().map(Secret::expose);
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        assert!(!format!("{refused} {refused:?}").contains(token.as_str()));
    }
    Some(refused.code)
}

#[tokio::test]
async fn a_session_ends_to_the_second() {
    let (stand, key) = stand().await;
    let start = stand.clock.now();
    for (seconds, expected) in [
        (0, None),
        (3_599, None),
        (3_600, Some(ErrorCode::SecurityTokenExpired)),
        (3_601, Some(ErrorCode::SecurityTokenExpired)),
        (86_400 * 365, Some(ErrorCode::SecurityTokenExpired)),
    ] {
        stand
            .clock
            .jump_to(start + SignedDuration::from_secs(seconds));
        for scheme in SCHEMES {
            assert_eq!(code(&stand, &key, scheme).await, expected, "{seconds}");
        }
    }
}

#[tokio::test]
async fn a_session_ends_with_its_role() {
    let (stand, key) = stand().await;
    let name = [("RoleName", "app")];
    // Changes of the role are not its end.
    stand.call("UpdateRole", &name).await.unwrap();
    assert_eq!(code(&stand, &key, Scheme::V3).await, None);
    stand.remove_role("app").await;
    for scheme in SCHEMES {
        assert_eq!(
            code(&stand, &key, scheme).await,
            Some(ErrorCode::SecurityTokenExpired)
        );
    }
    let trusted = r#"{"RAM":["acs:ram::1234567890123456:root"]}"#;
    stand.role("app", trusted, &[]).await;
    assert_eq!(
        code(&stand, &key, Scheme::V3).await,
        Some(ErrorCode::SecurityTokenExpired),
        "another role of that name is another role"
    );
}

#[tokio::test]
async fn every_server_of_an_installation_knows_it_and_no_other() {
    let (stand, key) = stand().await;
    let root = RootKey::load_or_create(&stand.dir.path().join("root.key")).unwrap();
    let keyring = unlock(stand.parts.store.as_ref(), &root, &stand.clock)
        .await
        .unwrap();
    let later = Service::new(Parts {
        keyring,
        ..stand.parts.clone()
    });
    let claim = stand.claim(Scheme::V3, &key, "1");
    assert!(later.authenticate(&claim).await.is_ok());

    let (elsewhere, _) = self::stand().await;
    let claim = stand.claim(Scheme::V3, &key, "2");
    let refused = elsewhere.service.authenticate(&claim).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SecurityTokenMalformed);
}

#[tokio::test]
async fn key_token_and_signature_belong_together() {
    let (stand, key) = stand().await;
    let answer = stand.assume(&stand.caller, "app", &[]).await.unwrap();
    let other = session_key(&answer);
    for scheme in SCHEMES {
        let mut mixed = key.clone();
        mixed.security_token.clone_from(&other.security_token);
        assert_eq!(
            code(&stand, &mixed, scheme).await,
            Some(ErrorCode::SecurityTokenMismatch)
        );
        // A user's key with a session's token.
        let mut mixed = stand.key.clone();
        mixed.security_token.clone_from(&other.security_token);
        assert_eq!(
            code(&stand, &mixed, scheme).await,
            Some(ErrorCode::SecurityTokenMismatch)
        );
        let mut bare = key.clone();
        bare.security_token = None;
        assert_eq!(
            code(&stand, &bare, scheme).await,
            Some(ErrorCode::SecurityTokenMissing)
        );
        assert_eq!(
            code(&stand, &wrong(&key), scheme).await,
            Some(ErrorCode::SignatureDoesNotMatch)
        );
    }
    // Whoever cannot sign does not learn that it is over.
    stand.pass(3_600);
    assert_eq!(
        code(&stand, &wrong(&key), Scheme::V3).await,
        Some(ErrorCode::SignatureDoesNotMatch)
    );
}

#[tokio::test]
async fn a_changed_token_is_none() {
    let (stand, key) = stand().await;
    let token = key.security_token.as_ref().unwrap().expose().clone();
    let mut spoilt: Vec<String> = vec![
        token[1..].to_owned(),
        token[..token.len() - 4].to_owned(),
        format!("{token}AAAA"),
        format!("{token}="),
        token.replace(['-', '_'], "+"),
        "A".repeat(token.len()),
        "A".repeat(100_000),
        "*!~".to_owned(),
    ];
    for at in (0..token.len()).step_by(17) {
        let other = if &token[at..=at] == "A" { "B" } else { "A" };
        let mut text = token.clone();
        text.replace_range(at..=at, other);
        spoilt.push(text);
    }
    for text in spoilt.iter().filter(|text| **text != token) {
        let mut key = key.clone();
        key.security_token = Some(Secret::new(text.clone()));
        assert_eq!(
            code(&stand, &key, Scheme::V3).await,
            Some(ErrorCode::SecurityTokenMalformed),
            "{text}"
        );
    }
    // A sealed record of another kind is no token either.
    let place = kms_crypto::Place::AccessKeySecret {
        account: &crate::stand::account(),
        id: &key.access_key_id,
    };
    let record = stand.parts.keyring.seal(&place, b"{}").unwrap();
    let mut key = key.clone();
    key.security_token = Some(Secret::new(base64::Engine::encode(
        &base64::prelude::BASE64_URL_SAFE_NO_PAD,
        record,
    )));
    assert_eq!(
        code(&stand, &key, Scheme::V3).await,
        Some(ErrorCode::SecurityTokenMalformed)
    );
}

#[tokio::test]
async fn a_call_of_a_session_is_good_once() {
    let (stand, key) = stand().await;
    let claim = stand.claim(Scheme::V3, &key, "n");
    stand.service.authenticate(&claim).await.unwrap();
    let again = stand.service.authenticate(&claim).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::SignatureNonceUsed);
}

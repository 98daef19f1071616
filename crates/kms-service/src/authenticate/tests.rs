use kms_types::RequestId;

use super::*;
use crate::stand::{Scheme, Stand, account, wrong};

const SCHEMES: [Scheme; 2] = [Scheme::V1, Scheme::V3];

async fn code(stand: &Stand, claim: &Claim) -> Option<ErrorCode> {
    stand
        .service
        .authenticate(claim)
        .await
        .err()
        .map(|error| error.code)
}

#[tokio::test]
async fn knows_the_user_by_the_signature() {
    let stand = Stand::new().await;
    for scheme in SCHEMES {
        let claim = stand.claim(scheme, &stand.key, &format!("{scheme:?}"));
        let principal = stand.service.authenticate(&claim).await.unwrap();
        assert_eq!(principal, stand.caller.principal);
        assert_eq!(principal.arn(), "acs:ram::1234567890123456:user/alice");
    }
}

#[tokio::test]
async fn refuses_unknown_and_inactive_keys_and_wrong_secrets() {
    let stand = Stand::new().await;
    for scheme in SCHEMES {
        let mut unknown = stand.key.clone();
        unknown.access_key_id = "LTAInobody".parse().unwrap();
        let claim = stand.claim(scheme, &unknown, "1");
        assert_eq!(
            code(&stand, &claim).await,
            Some(ErrorCode::AccessKeyNotFound)
        );

        let claim = stand.claim(scheme, &wrong(&stand.key), "2");
        assert_eq!(
            code(&stand, &claim).await,
            Some(ErrorCode::SignatureDoesNotMatch)
        );
    }

    let mut tx = stand.parts.store.begin(Mode::Write).await.unwrap();
    tx.access_keys()
        .set_status(&stand.key.access_key_id, KeyStatus::Inactive)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for scheme in SCHEMES {
        let claim = stand.claim(scheme, &stand.key, "3");
        assert_eq!(
            code(&stand, &claim).await,
            Some(ErrorCode::AccessKeyInactive)
        );
        // That a key exists but sleeps is for its owner to know.
        let claim = stand.claim(scheme, &wrong(&stand.key), "4");
        assert_eq!(
            code(&stand, &claim).await,
            Some(ErrorCode::SignatureDoesNotMatch)
        );
    }
}

#[tokio::test]
async fn a_call_is_good_for_fifteen_minutes_either_way() {
    let stand = Stand::new().await;
    let start = kms_types::Clock::now(&stand.clock);
    for (seconds, expected) in [
        (900, None),
        (901, Some(ErrorCode::TimestampExpired)),
        (-900, None),
        (-901, Some(ErrorCode::TimestampExpired)),
        (86_400 * 365, Some(ErrorCode::TimestampExpired)),
    ] {
        stand.clock.jump_to(start);
        let claim = stand.claim(Scheme::V3, &stand.key, &seconds.to_string());
        stand
            .clock
            .jump_to(start + SignedDuration::from_secs(seconds));
        assert_eq!(code(&stand, &claim).await, expected, "{seconds}");
    }
}

#[tokio::test]
async fn a_call_is_good_once() {
    let stand = Stand::new().await;
    for scheme in SCHEMES {
        let nonce = format!("{scheme:?}");
        let claim = stand.claim(scheme, &stand.key, &nonce);
        assert_eq!(code(&stand, &claim).await, None);
        assert_eq!(
            code(&stand, &claim).await,
            Some(ErrorCode::SignatureNonceUsed)
        );
        stand.pass(840);
        assert_eq!(
            code(&stand, &claim).await,
            Some(ErrorCode::SignatureNonceUsed)
        );
    }
}

#[tokio::test]
async fn a_stranger_cannot_use_up_nonces() {
    let stand = Stand::new().await;
    let forged = stand.claim(Scheme::V3, &wrong(&stand.key), "n");
    assert_eq!(
        code(&stand, &forged).await,
        Some(ErrorCode::SignatureDoesNotMatch)
    );
    let claim = stand.claim(Scheme::V3, &stand.key, "n");
    assert_eq!(code(&stand, &claim).await, None);
}

#[tokio::test]
async fn without_room_for_nonces_it_throttles() {
    let stand = Stand::new().await;
    let service = Service::with_nonce_limit(stand.parts.clone(), 1);
    let first = stand.claim(Scheme::V3, &stand.key, "1");
    service.authenticate(&first).await.unwrap();
    let second = stand.claim(Scheme::V3, &stand.key, "2");
    let refused = service.authenticate(&second).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Throttling);
    let again = service.authenticate(&first).await.unwrap_err();
    assert_eq!(
        again.code,
        ErrorCode::SignatureNonceUsed,
        "nothing is forgotten"
    );
}

#[tokio::test]
async fn a_token_that_nobody_issued_is_refused() {
    let stand = Stand::new().await;
    let mut key = stand.key.clone();
    key.security_token = Some(Secret::from("made up"));
    for scheme in SCHEMES {
        let claim = stand.claim(scheme, &key, "n");
        assert_eq!(
            code(&stand, &claim).await,
            Some(ErrorCode::SecurityTokenMalformed)
        );
    }
}

#[tokio::test]
async fn notes_when_a_key_was_used() {
    let stand = Stand::new().await;
    let last_used = async || {
        let mut tx = stand.parts.store.begin(Mode::Read).await.unwrap();
        let key = tx
            .access_keys()
            .find(&stand.key.access_key_id)
            .await
            .unwrap();
        key.unwrap().last_used.map(|used| used.to_string())
    };
    assert_eq!(last_used().await, None);
    for (pause, expected) in [
        (60, "2025-01-03T08:00:17Z"),
        (540, "2025-01-03T08:00:17Z"),
        (60, "2025-01-03T08:10:17Z"),
    ] {
        stand.pass(pause);
        let claim = stand.claim(Scheme::V3, &stand.key, &RequestId::random().to_string());
        stand.service.authenticate(&claim).await.unwrap();
        assert_eq!(last_used().await.as_deref(), Some(expected));
    }
    // A key that fails is not used.
    stand.pass(6_000);
    let claim = stand.claim(Scheme::V3, &wrong(&stand.key), "n");
    assert!(stand.service.authenticate(&claim).await.is_err());
    assert_eq!(last_used().await.as_deref(), Some("2025-01-03T08:10:17Z"));
}

#[tokio::test]
async fn a_key_moved_to_another_account_does_not_open() {
    let stand = Stand::new().await;
    let other: kms_types::AccountId = "9999".parse().unwrap();
    let user = stand.service.ensure_user(&other, "mallory").await.unwrap();
    let mut tx = stand.parts.store.begin(Mode::Write).await.unwrap();
    let mut key = tx
        .access_keys()
        .find(&stand.key.access_key_id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(key.account, account());
    tx.access_keys().remove(&key.id).await.unwrap();
    key.account = other;
    key.user_id = user.id;
    tx.access_keys().insert(&key).await.unwrap();
    tx.commit().await.unwrap();
    let claim = stand.claim(Scheme::V3, &stand.key, "n");
    assert_eq!(code(&stand, &claim).await, Some(ErrorCode::InternalFailure));
}

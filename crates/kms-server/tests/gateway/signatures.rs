//! Who is let in (reference kms-api §1.6, §1.8).

use std::time::Duration;

use axum::body::Body;
use http::Request;

use crate::world::{KMS, NAME, Way, with_secret};

#[tokio::test]
async fn a_nonce_counts_once() {
    let mut world = with_secret("one").await;
    for way in [Way::V3, Way::V1Query] {
        let request = world.sign(way, KMS, "GetSecretValue", &[("SecretName", NAME)]);
        let (parts, _) = request.into_parts();
        let again = || Request::from_parts(parts.clone(), Body::empty());
        world.send(again()).await.ok();
        let refused = world.send(again()).await;
        assert_eq!(
            refused.refusal(),
            (400, "SignatureNonceUsed".to_owned()),
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_with_the_string_that_sdks_compare() {
    let mut world = with_secret("one").await;
    world.key.access_key_secret = "wrong".into();
    let params = [("SecretName", NAME)];
    let refused = world
        .call(Way::V1Query, KMS, "GetSecretValue", &params)
        .await;
    assert_eq!(refused.refusal(), (400, "SignatureDoesNotMatch".to_owned()));
    let message = refused.json()["Message"].as_str().unwrap().to_owned();
    let (_, string) = message.split_once("server string to sign is:").unwrap();
    assert!(string.starts_with("POST&%2F&AccessKeyId%3D"), "{string}");
    assert!(string.ends_with("%26Version%3D2016-01-20"), "{string}");

    let refused = world.kms("GetSecretValue", &params).await;
    assert_eq!(refused.refusal(), (400, "SignatureDoesNotMatch".to_owned()));
}

#[tokio::test]
async fn an_unknown_accesskey_is_not_found() {
    let mut world = with_secret("one").await;
    world.key.access_key_id = "LTAI5tNobody".parse().unwrap();
    let refused = world.kms("GetSecretValue", &[("SecretName", NAME)]).await;
    assert_eq!(
        refused.refusal(),
        (404, "InvalidAccessKeyId.NotFound".to_owned())
    );
}

#[tokio::test]
async fn the_clock_may_differ_by_a_quarter_of_an_hour() {
    let mut world = with_secret("one").await;
    for (seconds, is_fine) in [(14 * 60, true), (16 * 60, false)] {
        let request = world.sign(Way::V3, KMS, "GetSecretValue", &[("SecretName", NAME)]);
        world.clock.advance(Duration::from_secs(seconds));
        let answer = world.send(request).await;
        if is_fine {
            answer.ok();
        } else {
            assert_eq!(
                answer.refusal(),
                (400, "InvalidTimeStamp.Expired".to_owned())
            );
        }
    }
}

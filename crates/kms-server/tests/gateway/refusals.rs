//! What is no call of ours (reference kms-api §1.8).

use axum::body::Body;
use http::Request;

use crate::world::{HOST, KMS, NAME, Way, World, with_secret};

#[tokio::test]
async fn what_does_not_exist() {
    let mut world = World::new().await;
    let refused = world.kms("NoSuchAction", &[]).await;
    assert_eq!(
        refused.refusal(),
        (404, "InvalidAction.NotFound".to_owned())
    );
    // Of another product.
    let refused = world.kms("GetCallerIdentity", &[]).await;
    assert_eq!(
        refused.refusal(),
        (404, "InvalidAction.NotFound".to_owned())
    );
    let refused = world
        .call(Way::V3, "2014-01-01", "GetSecretValue", &[])
        .await;
    assert_eq!(refused.refusal(), (400, "InvalidVersion".to_owned()));

    for (method, uri, expected) in [
        (
            "PUT",
            "/?Action=GetSecretValue",
            (403, "UnsupportedHTTPMethod"),
        ),
        ("DELETE", "/", (403, "UnsupportedHTTPMethod")),
        ("GET", "/secrets/x", (404, "InvalidAction.NotFound")),
        ("GET", "/", (400, "MissingParameter")),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", HOST)
            .body(Body::empty())
            .unwrap();
        let refused = world.send(request).await.refusal();
        assert_eq!((refused.0, refused.1.as_str()), expected, "{method} {uri}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let world = World::new().await;
    let request = Request::builder()
        .method("POST")
        .uri("/")
        .header("host", HOST)
        .body(Body::from(vec![b'a'; 128 * 1024 + 1]))
        .unwrap();
    let refused = world.send(request).await;
    assert_eq!(
        refused.refusal(),
        (400, "ParseRequestParameterException".to_owned())
    );
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let mut world = with_secret("one").await;
    let params = [("SecretName", NAME)];
    let (mut parts, body) = world
        .sign(Way::V1Query, KMS, "GetSecretValue", &params)
        .into_parts();
    parts.uri = format!("{}&SecretName=other", parts.uri).parse().unwrap();
    let refused = world.send(Request::from_parts(parts, body)).await;
    assert_eq!(
        refused.refusal(),
        (400, "ParseRequestParameterException".to_owned())
    );
}

#[tokio::test]
async fn missing_and_impossible_parameters_are_named() {
    let mut world = World::new().await;
    let refused = world.kms("GetSecretValue", &[]).await;
    assert_eq!(refused.refusal(), (400, "MissingParameter".to_owned()));
    assert!(
        refused.json()["Message"]
            .as_str()
            .unwrap()
            .contains("SecretName")
    );
    let refused = world.kms("GetSecretValue", &[("SecretName", "a b")]).await;
    assert_eq!(refused.refusal(), (400, "InvalidParameter".to_owned()));
    assert!(
        refused.json()["Message"]
            .as_str()
            .unwrap()
            .contains("SecretName")
    );
}

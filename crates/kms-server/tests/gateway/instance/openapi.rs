//! RAM credentials.

use kms_wire::Action;

use super::{VALUE, with_secrets};
use crate::world::{INSTANCE, KMS, STS, Way};

#[tokio::test]
async fn every_way_to_call_reads_what_lives_in_the_instance() {
    let mut world = with_secrets().await;
    for way in [Way::V3, Way::V1Query, Way::V1Get, Way::V1Form, Way::V1Split] {
        let request = world.sign(way, KMS, "GetSecretValue", &[("SecretName", "app/db")]);
        let answer = world.send_to_instance(request).await.text();
        assert_eq!(answer.ok()["SecretData"], VALUE, "{way:?}");

        let request = world.sign(way, KMS, "GetSecretValue", &[("SecretName", "outside")]);
        let answer = world.send_to_instance(request).await.text();
        assert_eq!(
            answer.refusal(),
            (404, "Forbidden.ResourceNotFound".to_owned()),
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn nothing_is_managed_here() {
    let mut world = with_secrets().await;
    let name = ("SecretName", "app/db");
    for (version, action, params) in [
        (
            KMS,
            "CreateSecret",
            &[
                ("SecretName", "new"),
                ("SecretData", "x"),
                ("VersionId", "v1"),
            ][..],
        ),
        (
            KMS,
            "PutSecretValue",
            &[name, ("SecretData", "x"), ("VersionId", "v2")],
        ),
        (KMS, "DescribeSecret", &[name]),
        (KMS, "UpdateSecret", &[name, ("Description", "x")]),
        (KMS, "DeleteSecret", &[name]),
        (KMS, "ListSecrets", &[]),
        (KMS, "ListSecretVersionIds", &[name]),
        (KMS, "GetRandomPassword", &[]),
        (KMS, "ListKmsInstances", &[]),
        (KMS, "GetKmsInstance", &[("KmsInstanceId", INSTANCE)]),
        (
            KMS,
            "CreateClientKey",
            &[("AapName", "n"), ("Password", "A1~long-enough")],
        ),
        (STS, "GetCallerIdentity", &[]),
    ] {
        let request = world.sign(Way::V1Form, version, action, params);
        let answer = world.send_to_instance(request).await.text();
        assert_eq!(
            answer.refusal(),
            (400, "UnsupportedOperation".to_owned()),
            "{action}"
        );
    }
    // Whatever else there is or will be.
    for action in Action::ALL {
        let request = world.sign(
            Way::V1Form,
            action.product().version(),
            action.as_str(),
            &[],
        );
        let answer = world.send_to_instance(request).await;
        assert_ne!(answer.status, 200, "{action:?}");
    }
    let described = world.kms("DescribeSecret", &[name]).await.ok();
    assert_eq!(described["Description"], "");
    let versions = world.kms("ListSecretVersionIds", &[name]).await.ok();
    assert_eq!(versions["TotalCount"], 1);
}

#[tokio::test]
async fn a_nonce_counts_once_over_both_gateways() {
    let mut world = with_secrets().await;
    let request = world.sign(Way::V3, KMS, "GetSecretValue", &[("SecretName", "app/db")]);
    let (parts, _) = request.into_parts();
    let again = || http::Request::from_parts(parts.clone(), axum::body::Body::empty());
    world.send(again()).await.ok();
    let refused = world.send_to_instance(again()).await.text();
    assert_eq!(refused.refusal(), (400, "SignatureNonceUsed".to_owned()));
}

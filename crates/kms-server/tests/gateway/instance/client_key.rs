//! ClientKeys, in the instance's own protocol.

use std::time::Duration;

use kms_wire::instance::{Api, message};
use prost::Message;

use super::{VALUE, asks, assert_refused, signed, with_key};
use crate::world::{KMS, Stranger, Way, World};

#[tokio::test]
async fn reads_what_its_policy_says_in_the_instance() {
    let (world, key) = with_key().await;
    let request = signed(&world, &key, Api::GetSecretValue, &asks("app/db"));
    let answer = world.send_to_instance(request).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.content_type, "application/x-protobuf");
    let value = message::GetSecretValueResponse::decode(answer.body.as_slice()).unwrap();
    assert_eq!(value.secret_name, "app/db");
    assert_eq!(value.secret_type, "Generic");
    assert_eq!(value.secret_data, VALUE);
    assert_eq!(value.secret_data_type, "text");
    assert_eq!(value.version_stages, ["ACSCurrent"]);
    assert_eq!(value.version_id, "v1");
    assert_eq!(value.create_time, "2025-01-03T07:59:17Z");
    assert_eq!(value.request_id, answer.request_id);

    for (name, status, code) in [
        ("other", 403, "Forbidden.NoPermission"),
        ("outside", 403, "Forbidden.NoPermission"),
        ("app/none", 404, "Forbidden.ResourceNotFound"),
    ] {
        let request = signed(&world, &key, Api::GetSecretValue, &asks(name));
        let answer = world.send_to_instance(request).await;
        assert_refused(&answer, status, code, name);
    }
}

#[tokio::test]
async fn versions_and_stages_are_chosen_as_on_the_other_gateway() {
    let (mut world, key) = with_key().await;
    let params = [
        ("SecretName", "app/db"),
        ("SecretData", "two"),
        ("VersionId", "v2"),
    ];
    world.kms("PutSecretValue", &params).await.ok();
    for (stage, version, expected) in [
        ("", "", "two"),
        ("ACSCurrent", "", "two"),
        ("ACSPrevious", "", VALUE),
        ("", "v1", VALUE),
    ] {
        let body = message::GetSecretValueRequest {
            secret_name: "app/db".to_owned(),
            version_stage: stage.to_owned(),
            version_id: version.to_owned(),
            fetch_extended_config: false,
        };
        let body = body.encode_to_vec();
        let request = signed(&world, &key, Api::GetSecretValue, &body);
        let answer = world.send_to_instance(request).await;
        let value = message::GetSecretValueResponse::decode(answer.body.as_slice()).unwrap();
        assert_eq!(value.secret_data, expected, "{stage} {version}");
    }
}

#[tokio::test]
async fn is_over_at_its_end_and_when_it_is_deleted() {
    let (mut world, key) = with_key().await;
    let id = key.key().key_id().as_str().to_owned();
    let ask = async |world: &World| {
        let request = signed(world, &key, Api::GetSecretValue, &asks("app/db"));
        world.send_to_instance(request).await
    };
    // To its last second: five years, with one leap day.
    let five_years = Duration::from_hours(24 * 1_826);
    world.clock.advance(five_years);
    assert_eq!(ask(&world).await.status, 200);
    world.clock.advance(Duration::from_secs(1));
    let answer = ask(&world).await;
    assert_refused(&answer, 400, "InvalidAccessKeyId.Inactive", "expired");

    let deleted = [("ClientKeyId", id.as_str())];
    world.kms("DeleteClientKey", &deleted).await.ok();
    let answer = ask(&world).await;
    assert_refused(&answer, 404, "InvalidAccessKeyId.NotFound", "deleted");
}

#[tokio::test]
async fn other_accounts_are_other_worlds() {
    let (mut world, key) = with_key().await;
    let Stranger {
        account,
        key: theirs,
    } = world.stranger().await;
    let ours = std::mem::replace(&mut world.key, theirs);
    let params = [
        ("SecretName", "app/theirs"),
        ("SecretData", VALUE),
        ("VersionId", "v1"),
    ];
    world.kms("CreateSecret", &params).await.ok();
    world.key = ours;

    let arn = format!("acs:kms:cn-hangzhou:{account}:secret/app/theirs");
    for (name, status, code) in [
        // A name is of one's own account.
        ("app/theirs", 404, "Forbidden.ResourceNotFound"),
        (&arn, 403, "Forbidden.NoPermission"),
    ] {
        let request = signed(&world, &key, Api::GetSecretValue, &asks(name));
        let answer = world.send_to_instance(request).await;
        assert_refused(&answer, status, code, name);
    }
    // Nor does their AccessKey show what is in our instance, or let them into it.
    world.key = world.stranger().await.key;
    let arn = "acs:kms:cn-hangzhou:1000000000000001:secret/app/db";
    let refused = (403, "Forbidden.DKMSInstanceNotFound");
    for name in ["app/db", arn] {
        let params = [("SecretName", name)];
        let request = world.sign(Way::V3, KMS, "GetSecretValue", &params);
        let answer = world.send_to_instance(request).await.text().refusal();
        assert_eq!((answer.0, answer.1.as_str()), refused, "{name}");
    }
}

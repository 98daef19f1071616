use super::*;
use crate::{Caller, Principal};

/// A user of another account.
fn stranger(stand: &Stand) -> Caller {
    Caller {
        principal: Principal::User {
            account: "9999999999999999".parse().unwrap(),
            user_id: "299999999999999999".to_owned(),
            user_name: "mallory".to_owned(),
            access_key_id: "LTAIstranger".parse().unwrap(),
            rights: std::sync::Arc::new(crate::Rights::all()),
        },
        ..stand.caller.clone()
    }
}

const ARN: &str = "acs:kms:cn-hangzhou:1234567890123456:secret/app/db";
const NO_SUCH: &str = "acs:kms:cn-hangzhou:1234567890123456:secret/nowhere";

#[tokio::test]
async fn strangers_get_the_same_refusal_whether_it_exists_or_not() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let stranger = stranger(&stand);
    for (action, more) in [
        ("GetSecretValue", vec![]),
        ("DescribeSecret", vec![]),
        ("UpdateSecret", vec![("Description", "x")]),
        (
            "PutSecretValue",
            vec![("VersionId", "v1"), ("SecretData", "x")],
        ),
        ("ListSecretVersionIds", vec![]),
        (
            "UpdateSecretVersionStage",
            vec![("VersionStage", "blue"), ("MoveToVersion", "v1")],
        ),
        ("DeleteSecret", vec![("ForceDeleteWithoutRecovery", "true")]),
        ("RestoreSecret", vec![]),
    ] {
        for arn in [ARN, NO_SUCH] {
            let mut params = vec![("SecretName", arn)];
            params.extend(more.clone());
            let answer = stand.call_as(&stranger, action, &params).await;
            assert_eq!(answer, Err(ErrorCode::NoPermission), "{action} {arn}");
        }
    }
    assert_eq!(
        stand.read("app/db", "ACSCurrent").await.as_deref(),
        Ok("one")
    );
}

#[tokio::test]
async fn names_are_the_callers_own() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let stranger = stranger(&stand);
    let read = stand
        .call_as(&stranger, "GetSecretValue", &[("SecretName", "app/db")])
        .await;
    assert_eq!(read, Err(ErrorCode::ResourceNotFound));
    let listed = stand.call_as(&stranger, "ListSecrets", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
}

#[tokio::test]
async fn another_region_has_none_of_ours() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let arn = ARN.replace("hangzhou", "beijing");
    let read = stand.call("GetSecretValue", &[("SecretName", &arn)]).await;
    assert_eq!(read, Err(ErrorCode::ResourceNotFound));
}

#[tokio::test]
async fn nobody_may_do_nothing() {
    let stand = Stand::new().await;
    let nobody = Caller {
        principal: Principal::Anonymous,
        ..stand.caller.clone()
    };
    for (action, params) in [
        ("GetSecretValue", vec![("SecretName", ARN)]),
        ("GetSecretValue", vec![("SecretName", "app/db")]),
        (
            "CreateSecret",
            vec![
                ("SecretName", "x"),
                ("VersionId", "v1"),
                ("SecretData", "x"),
            ],
        ),
        ("ListSecrets", vec![]),
        ("GetRandomPassword", vec![]),
        ("GetCallerIdentity", vec![]),
    ] {
        let answer = stand.call_as(&nobody, action, &params).await;
        let denied = match action {
            "GetCallerIdentity" => ErrorCode::RamForbidden,
            _ => ErrorCode::NoPermission,
        };
        assert_eq!(answer, Err(denied), "{action}");
    }
}

#[tokio::test]
async fn a_caller_learns_who_it_is() {
    let stand = Stand::new().await;
    let Principal::User { user_id, .. } = &stand.caller.principal else {
        panic!("a user");
    };
    assert_eq!(
        stand.call("GetCallerIdentity", &[]).await,
        Ok(json!({
            "IdentityType": "RAMUser",
            "AccountId": "1234567890123456",
            "PrincipalId": user_id,
            "UserId": user_id,
            "Arn": "acs:ram::1234567890123456:user/alice",
        }))
    );
}

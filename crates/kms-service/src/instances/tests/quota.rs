//! What an instance may hold, who hears of it, and giving it back.

use kms_types::ErrorCode;

use super::{
    networks::{bind, connected, free, network, quota},
    secret,
};
use crate::stand::Stand;

#[tokio::test]
async fn what_uses_the_quota_keeps_it_from_shrinking() {
    let stand = Stand::new().await;
    let id = connected(&stand, "2", "2").await;
    let a = network(&stand, 11, "cn-hangzhou-k").await;
    bind(&stand, &id, &[&a]).await.unwrap();
    for name in ["app/a", "app/b"] {
        stand
            .call("CreateSecret", &secret(name, &id))
            .await
            .unwrap();
    }
    let more = stand.call("CreateSecret", &secret("app/c", &id)).await;
    assert_eq!(more, Err(ErrorCode::LimitExceeded));
    // Outside of it there is room.
    stand.create("app/c", "x").await;
    assert_eq!(quota(&stand, &id, "secret").await, (2, 2));
    for (code, value, expected) in [
        ("VpcNum", "1", ErrorCode::ShareQuotaExceedLimit),
        ("SecretNum", "1", ErrorCode::LimitExceeded),
    ] {
        let params = [
            ("ProductCode", "kms"),
            ("ModifyType", "Downgrade"),
            ("InstanceId", id.as_str()),
            ("Parameter.1.Code", code),
            ("Parameter.1.Value", value),
        ];
        let refused = stand.call("ModifyInstance", &params).await;
        assert_eq!(refused, Err(expected), "{code}");
    }
    let as_used = [
        ("ProductCode", "kms"),
        ("ModifyType", "Downgrade"),
        ("InstanceId", id.as_str()),
        ("Parameter.1.Code", "SecretNum"),
        ("Parameter.1.Value", "2"),
    ];
    stand.call("ModifyInstance", &as_used).await.unwrap();
    let more = [
        ("ProductCode", "kms"),
        ("ModifyType", "Upgrade"),
        ("InstanceId", id.as_str()),
        ("Parameter.1.Code", "SecretNum"),
        ("Parameter.1.Value", "3"),
    ];
    stand.call("ModifyInstance", &more).await.unwrap();
    stand
        .call("CreateSecret", &secret("app/d", &id))
        .await
        .unwrap();
}

#[tokio::test]
async fn keys_fill_an_instance_too() {
    let stand = Stand::new().await;
    let id = connected(&stand, "2", "2").await;
    let params = [("DKMSInstanceId", id.as_str())];
    for _ in 0..100 {
        stand.call("CreateKey", &params).await.unwrap();
    }
    let more = stand.call("CreateKey", &params).await;
    assert_eq!(more, Err(ErrorCode::LimitExceeded));
    let this = [("KmsInstanceId", id.as_str())];
    let kept = stand.call("ReleaseKmsInstance", &this).await;
    assert_eq!(kept, Err(ErrorCode::InstanceState));
    assert_eq!(quota(&stand, &id, "key").await, (100, 100));
    stand.call("CreateKey", &[]).await.unwrap();
}

#[tokio::test]
async fn an_instance_that_holds_something_is_not_released() {
    let stand = Stand::new().await;
    let id = connected(&stand, "2", "2").await;
    let a = network(&stand, 11, "cn-hangzhou-k").await;
    let before = free(&stand, &a.1).await;
    bind(&stand, &id, &[&a]).await.unwrap();
    stand
        .call("CreateSecret", &secret("app/db", &id))
        .await
        .unwrap();
    let this = [("KmsInstanceId", id.as_str())];
    let refused = stand.call("ReleaseKmsInstance", &this).await;
    assert_eq!(refused, Err(ErrorCode::InstanceState));
    let at_once = [
        ("SecretName", "app/db"),
        ("ForceDeleteWithoutRecovery", "true"),
    ];
    stand.call("DeleteSecret", &at_once).await.unwrap();
    stand.call("ReleaseKmsInstance", &this).await.unwrap();
    assert_eq!(free(&stand, &a.1).await, before);
    let made = stand.call("CreateSecret", &secret("app/db", &id)).await;
    assert_eq!(made, Err(ErrorCode::InstanceNotFound));
}

#[tokio::test]
async fn each_share_of_the_quota_is_told_once_when_it_is_reached() {
    let stand = Stand::new().await;
    let id = connected(&stand, "10", "5").await;
    let mut networks = Vec::new();
    for number in 11..20 {
        networks.push(network(&stand, number, "cn-hangzhou-k").await);
    }
    let all: Vec<_> = networks.iter().collect();
    // Besides its own VPC: so many are bound, and so many events there are then.
    for (bound, expected) in [
        (5, 0),
        (6, 1),
        (7, 1),
        (8, 2),
        (9, 2),
        (5, 2),
        (6, 3),
        (9, 4),
    ] {
        stand.pass(1);
        bind(&stand, &id, &all[..bound]).await.unwrap();
        assert_eq!(events(&stand).await.len(), expected, "{bound}");
    }
    let names = events(&stand).await;
    let at = |percent: u64| {
        let name = format!("Instance:AccessQuota:{percent}");
        names.iter().filter(|own| **own == name).count()
    };
    assert_eq!((at(70), at(90)), (2, 2));
}

/// The names of all events of the account.
async fn events(stand: &Stand) -> Vec<String> {
    use kms_store::Mode;

    use crate::{documents, events::Event, failure::Failure, stand::account};

    let account = &account();
    let found = stand
        .service
        .tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let found = documents::all::<Event>(&mut *tx, account).await?;
                Ok::<_, Failure>(found.into_iter().map(|own| own.body.name).collect())
            })
        })
        .await;
    found.unwrap()
}

//! A share lets one reach an instance; what one may do there is RAM's to say (reference
//! accesskey §1, row 17).

use super::*;
use crate::stand::document;

#[tokio::test]
async fn it_takes_the_share_and_a_right() {
    let stand = Stand::new().await;
    stand.directory().await;
    let admin = stand.member(APP, None).await;
    let allow = document("Allow", "kms:*", "*");
    let with = stand.person_of(&admin, "with", &[&allow]).await;
    let without = stand.person_of(&admin, "without", &[]).await;
    let read_only = document("Allow", "kms:GetSecretValue", "acs:kms:*:*:secret/app/*");
    let reader = stand.person_of(&admin, "reader", &[&read_only]).await;
    let (with, without, reader) = (
        stand.come_in(&with).await,
        stand.come_in(&without).await,
        stand.come_in(&reader).await,
    );
    limited(&stand, KST, 5).await;
    let (denied, gone) = (
        Some(ErrorCode::NoPermission),
        Some(ErrorCode::InstanceNotFound),
    );
    // Neither; a right alone.
    assert_eq!(create(&stand, &without, "app/db").await, denied);
    assert_eq!(create(&stand, &with, "app/db").await, gone);
    stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    // The share alone; both.
    assert_eq!(create(&stand, &without, "app/db").await, denied);
    assert_eq!(create(&stand, &reader, "app/db").await, denied);
    assert_eq!(create(&stand, &with, "app/db").await, None);
    for (caller, expected) in [
        (&without, denied),
        (&reader, None),
        (&with, None),
        // The instance's owner has no right in the account that it shares with.
        (&stand.caller, Some(ErrorCode::ResourceNotFound)),
    ] {
        let read = stand
            .call_as(caller, "GetSecretValue", &[("SecretName", "app/db")])
            .await;
        assert_eq!(read.err(), expected);
    }
}

/// Sharing itself takes a right on the share.
#[tokio::test]
async fn to_share_takes_a_right_in_the_owners_account() {
    let stand = Stand::new().await;
    stand.directory().await;
    stand.member(APP, None).await;
    limited(&stand, KST, 5).await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    let on_it = format!("acs:resourcesharing:*:*:resourceshare/{share}");
    let some = document("Allow", "resourcesharing:DisassociateResourceShare", &on_it);
    let key = stand.person("operator", &[&some]).await;
    let operator = stand.come_in(&key).await;
    let params = [("ResourceShareId", share.as_str()), ("Targets.1", APP)];
    for (action, expected) in [
        ("AssociateResourceShare", Some(ErrorCode::RamForbidden)),
        ("DisassociateResourceShare", None),
    ] {
        let done = stand.call_as(&operator, action, &params).await;
        assert_eq!(done.err(), expected, "{action}");
    }
}

//! Who comes into a folder uses the quota of what is shared with it.

use super::*;

const THIRD: &str = "4234567890123456";

/// An instance with room for one, shared with a folder that one account is in; and another
/// account beside.
async fn full() -> (Stand, String) {
    let stand = Stand::new().await;
    stand.directory().await;
    let apps = stand.folder("apps", None).await;
    stand.member(APP, Some(&apps)).await;
    stand.member(OTHER, None).await;
    limited(&stand, KST, 1).await;
    stand
        .share(&stand.caller, ("KMSInstance", KST), &apps)
        .await;
    (stand, apps)
}

#[tokio::test]
async fn nobody_comes_into_a_folder_beyond_the_quota() {
    let (stand, apps) = full().await;
    let over = Err(ErrorCode::ShareQuotaExceedLimit);
    let other = [("AccountId", OTHER), ("DestinationFolderId", &apps)];
    assert_eq!(stand.call("MoveAccount", &other).await, over);
    let place = stand.call("GetAccount", &[("AccountId", OTHER)]).await;
    assert!(
        place.unwrap()["Account"]["FolderId"]
            .as_str()
            .unwrap()
            .starts_with("r-"),
        "it is where it was"
    );
    let before = stand.call("ListAccounts", &[]).await.unwrap()["TotalCount"].clone();
    let new = [("DisplayName", "new"), ("ParentFolderId", apps.as_str())];
    assert_eq!(stand.call("CreateResourceAccount", &new).await, over);
    let after = stand.call("ListAccounts", &[]).await.unwrap()["TotalCount"].clone();
    assert_eq!(after, before, "no account was made");
    stand.stranger(THIRD, "admin").await;
    let manager = account();
    let joined = stand
        .service
        .join_directory(
            &manager,
            &THIRD.parse().unwrap(),
            Some(&apps.parse().unwrap()),
        )
        .await;
    assert!(joined.is_err());
    assert_eq!(used(&stand, KST).await, 1);
    // Elsewhere there is room for all.
    let elsewhere = [("DisplayName", "new")];
    stand
        .call("CreateResourceAccount", &elsewhere)
        .await
        .unwrap();

    // One out, another in.
    let root = stand.call("GetResourceDirectory", &[]).await.unwrap();
    let root = root["ResourceDirectory"]["RootFolderId"].as_str().unwrap();
    let out = [("AccountId", APP), ("DestinationFolderId", root)];
    stand.call("MoveAccount", &out).await.unwrap();
    stand.call("MoveAccount", &other).await.unwrap();
    assert_eq!(used(&stand, KST).await, 1);
}

#[tokio::test]
async fn who_comes_into_a_folder_is_told_of_as_quota_that_is_used() {
    let (stand, apps) = full().await;
    limited(&stand, KST, 2).await;
    let before = told(&stand).await.len();
    stand.pass(1);
    let other = [("AccountId", OTHER), ("DestinationFolderId", &apps)];
    stand.call("MoveAccount", &other).await.unwrap();
    let both = ["Instance:AccessQuota:70", "Instance:AccessQuota:90"];
    assert_eq!(told(&stand).await[before..], both);
}

/// Who makes it smaller than it is used (the instance's own affair) locks nobody up.
#[tokio::test]
async fn what_frees_quota_is_never_refused() {
    let (stand, apps) = full().await;
    limited(&stand, KST, 0).await;
    let below = stand.folder("below", Some(&apps)).await;
    let within = [("AccountId", APP), ("DestinationFolderId", &below)];
    stand.call("MoveAccount", &within).await.unwrap();
    let root = stand.call("GetResourceDirectory", &[]).await.unwrap();
    let root = root["ResourceDirectory"]["RootFolderId"].as_str().unwrap();
    let out = [("AccountId", APP), ("DestinationFolderId", root)];
    stand.call("MoveAccount", &out).await.unwrap();
    assert_eq!(used(&stand, KST).await, 0);
}

/// Many at once: as many are let in as there is room for, never more (I23).
#[tokio::test]
async fn the_quota_holds_however_many_ask_at_once() {
    let stand = std::sync::Arc::new(Stand::new().await);
    stand.directory().await;
    let apps = stand.folder("apps", None).await;
    let accounts: Vec<String> = (0..12).map(|n| format!("50000000000000{n:02}")).collect();
    for account in &accounts {
        stand.member(account, None).await;
    }
    limited(&stand, KST, 5).await;
    let share = stand
        .share(&stand.caller, ("KMSInstance", KST), &apps)
        .await;
    let mut all = tokio::task::JoinSet::new();
    for (number, account) in accounts.iter().enumerate() {
        let (stand, share, apps, account) =
            (stand.clone(), share.clone(), apps.clone(), account.clone());
        all.spawn(async move {
            let params = if number % 2 == 0 {
                [("ResourceShareId", share), ("Targets.1", account)]
            } else {
                [("AccountId", account), ("DestinationFolderId", apps)]
            };
            let action = ["AssociateResourceShare", "MoveAccount"][number % 2];
            let params: Vec<_> = params
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let done = stand.call(action, &params).await;
            if let Err(code) = done {
                assert_eq!(code, ErrorCode::ShareQuotaExceedLimit, "{action}");
            }
            assert!(used(&stand, KST).await <= 5);
        });
    }
    while let Some(done) = all.join_next().await {
        done.unwrap();
    }
    assert_eq!(used(&stand, KST).await, 5, "and all of it can be used");
}

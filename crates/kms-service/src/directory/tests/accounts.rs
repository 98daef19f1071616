use super::*;
use crate::directory::JoinError;

#[tokio::test]
async fn an_account_that_the_directory_makes_is_worked_in_by_its_manager() {
    let stand = Stand::new().await;
    let directory = stand.directory().await;
    let apps = stand.folder("apps", None).await;
    let params = [
        ("DisplayName", "application-a"),
        ("AccountNamePrefix", "app-a"),
        ("ParentFolderId", apps.as_str()),
    ];
    let made = stand.call("CreateResourceAccount", &params).await.unwrap();
    let account = made["Account"]["AccountId"].as_str().unwrap();
    let name = made["Account"]["AccountName"].as_str().unwrap();
    assert_eq!(name, format!("app-a@{directory}.aliyunid.com"));
    assert_eq!(made["Account"]["FolderId"], apps.as_str());
    assert_eq!(made["Account"]["JoinMethod"], "created");
    assert_eq!(made["Account"]["Type"], "ResourceAccount");
    let got = stand.call("GetAccount", &[("AccountId", account)]).await;
    assert_eq!(got.unwrap(), made);

    // By its role, and by nobody else.
    let role = format!("acs:ram::{account}:role/ResourceDirectoryAccountAccessRole");
    let params = [("RoleArn", role.as_str()), ("RoleSessionName", "me")];
    let session = stand.call("AssumeRole", &params).await.unwrap();
    let inside = stand.session(&session).await;
    assert_eq!(inside.principal.account().unwrap().as_str(), account);
    let user = [("UserName", "admin")];
    stand.call_as(&inside, "CreateUser", &user).await.unwrap();
    let secret = [
        ("SecretName", "app/db"),
        ("VersionId", "v1"),
        ("SecretData", "one"),
    ];
    stand
        .call_as(&inside, "CreateSecret", &secret)
        .await
        .unwrap();
    let stranger = stand.stranger(APP, "admin").await;
    let foreign = stand.call_as(&stranger, "AssumeRole", &params).await;
    assert_eq!(foreign, Err(ErrorCode::RamForbidden));
}

#[tokio::test]
async fn accounts_are_listed_and_moved() {
    let stand = Stand::new().await;
    stand.directory().await;
    let apps = stand.folder("apps", None).await;
    stand.member(APP, None).await;
    stand.pass(5);
    let into = [("AccountId", APP), ("DestinationFolderId", apps.as_str())];
    stand.call("MoveAccount", &into).await.unwrap();
    let got = stand.call("GetAccount", &[("AccountId", APP)]).await;
    let got = got.unwrap();
    assert_eq!(got["Account"]["FolderId"], apps.as_str());
    assert_eq!(got["Account"]["JoinMethod"], "invited");
    assert_eq!(got["Account"]["JoinTime"], "2025-01-03T07:59:17Z");
    assert_eq!(got["Account"]["ModifyTime"], "2025-01-03T07:59:22Z");
    let made = [("DisplayName", "second")];
    stand.call("CreateResourceAccount", &made).await.unwrap();
    let all = stand.call("ListAccounts", &[]).await.unwrap();
    assert_eq!(all["TotalCount"], 2);
    let page = [("PageNumber", "2"), ("PageSize", "1")];
    let page = stand.call("ListAccounts", &page).await.unwrap();
    assert_eq!(names(&page, "Accounts", "Account", "AccountId"), [APP]);
    let inside = [("ParentFolderId", apps.as_str())];
    let inside = stand.call("ListAccountsForParent", &inside).await.unwrap();
    assert_eq!(names(&inside, "Accounts", "Account", "AccountId"), [APP]);
    let root = [("QueryKeyword", "sec")];
    let root = stand.call("ListAccountsForParent", &root).await.unwrap();
    assert_eq!(
        names(&root, "Accounts", "Account", "DisplayName"),
        ["second"]
    );
    let line = stand
        .call("ListAncestors", &[("ChildId", APP)])
        .await
        .unwrap();
    assert_eq!(
        names(&line, "Folders", "Folder", "FolderName"),
        ["Root", "apps"]
    );

    for (params, code) in [
        (
            [
                ("AccountId", "9234567890123456"),
                ("DestinationFolderId", &apps),
            ],
            ErrorCode::MemberNotFound,
        ),
        (
            [("AccountId", APP), ("DestinationFolderId", "fd-Nowhere")],
            ErrorCode::FolderNotFound,
        ),
        // The manager is in no folder.
        (
            [("AccountId", ACCOUNT), ("DestinationFolderId", &apps)],
            ErrorCode::MemberNotFound,
        ),
    ] {
        let moved = stand.call("MoveAccount", &params).await;
        assert_eq!(moved, Err(code), "{params:?}");
    }
}

#[tokio::test]
async fn who_runs_the_server_puts_an_account_into_a_directory_once() {
    let stand = Stand::new().await;
    let manager = ACCOUNT.parse().unwrap();
    let app = APP.parse().unwrap();
    let join = || stand.service.join_directory(&manager, &app, None);
    assert!(matches!(
        join().await,
        Err(JoinError::NoSuchAccount(account)) if account == app
    ));
    stand.stranger(APP, "admin").await;
    assert!(matches!(join().await, Err(JoinError::Refused(_))));
    let directory = stand.directory().await;
    let joined = join().await.unwrap();
    assert_eq!(joined.directory.as_str(), directory);
    assert!(matches!(join().await, Err(JoinError::InDirectory)));
    let itself = stand.service.join_directory(&manager, &manager, None).await;
    assert!(matches!(itself, Err(JoinError::InDirectory)));
}

use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::{ACCOUNT, Stand};

mod accounts;
mod folders;

const APP: &str = "2234567890123456";

#[tokio::test]
async fn an_account_manages_one_directory_and_is_in_no_other() {
    let stand = Stand::new().await;
    let none = Err(ErrorCode::DirectoryNotFound);
    assert_eq!(stand.call("GetResourceDirectory", &[]).await, none);
    let made = stand.call("InitResourceDirectory", &[]).await.unwrap();
    let directory = &made["ResourceDirectory"];
    assert_eq!(directory["MasterAccountId"], ACCOUNT);
    assert_eq!(directory["CreateTime"], "2025-01-03T07:59:17Z");
    assert_eq!(
        stand.call("GetResourceDirectory", &[]).await,
        Ok(made.clone())
    );
    for action in ["InitResourceDirectory", "EnableResourceDirectory"] {
        let again = stand.call(action, &[]).await;
        assert_eq!(again, Err(ErrorCode::DirectoryExists), "{action}");
    }
    let app = stand.member(APP, None).await;
    let own = stand.call_as(&app, "EnableResourceDirectory", &[]).await;
    assert_eq!(own, Err(ErrorCode::AccountInOtherDirectory));
    // A member sees which one it is in, and no more.
    let seen = stand.call_as(&app, "GetResourceDirectory", &[]).await;
    assert_eq!(seen, Ok(made));
    for (action, params) in [
        ("ListAccounts", vec![]),
        ("ListFoldersForParent", vec![]),
        ("GetAccount", vec![("AccountId", APP)]),
        ("CreateFolder", vec![("FolderName", "mine")]),
        ("CreateResourceAccount", vec![("DisplayName", "mine")]),
        ("DestroyResourceDirectory", vec![]),
        ("ListDelegatedAdministrators", vec![]),
    ] {
        let done = stand.call_as(&app, action, &params).await;
        assert_eq!(done, Err(ErrorCode::ActionNotPermitted), "{action}");
    }
}

#[tokio::test]
async fn a_directory_goes_when_it_is_empty() {
    let stand = Stand::new().await;
    stand.directory().await;
    let folder = stand.folder("apps", None).await;
    let destroy = "DestroyResourceDirectory";
    let full = stand.call(destroy, &[]).await;
    assert_eq!(full, Err(ErrorCode::DirectoryHasFolders));
    let id = [("FolderId", folder.as_str())];
    stand.call("DeleteFolder", &id).await.unwrap();
    stand.call(destroy, &[]).await.unwrap();
    let gone = stand.call(destroy, &[]).await;
    assert_eq!(gone, Err(ErrorCode::DirectoryNotFound));
    stand.directory().await;
    stand.member(APP, None).await;
    let full = stand.call(destroy, &[]).await;
    assert_eq!(full, Err(ErrorCode::DirectoryHasAccounts));
}

#[tokio::test]
async fn a_delegated_administrator_looks_and_changes_nothing() {
    let stand = Stand::new().await;
    stand.directory().await;
    let folder = stand.folder("apps", None).await;
    let app = stand.member(APP, Some(&folder)).await;
    let config = [
        ("AccountId", APP),
        ("ServicePrincipal", "config.aliyuncs.com"),
    ];
    let (register, deregister) = (
        "RegisterDelegatedAdministrator",
        "DeregisterDelegatedAdministrator",
    );
    let early = stand.call(deregister, &config).await;
    assert_eq!(early, Err(ErrorCode::DelegationNotFound));
    stand.call(register, &config).await.unwrap();
    let again = stand.call(register, &config).await;
    assert_eq!(again, Err(ErrorCode::DelegationExists));
    let stranger = [
        ("AccountId", "9234567890123456"),
        ("ServicePrincipal", "config.aliyuncs.com"),
    ];
    let stranger = stand.call(register, &stranger).await;
    assert_eq!(stranger, Err(ErrorCode::MemberNotFound));
    let listed = stand
        .call("ListDelegatedAdministrators", &[])
        .await
        .unwrap();
    assert_eq!(
        listed["Accounts"]["Account"],
        json!([{
            "AccountId": APP,
            "DisplayName": APP,
            "JoinMethod": "invited",
            "ServicePrincipal": "config.aliyuncs.com",
            "DelegationEnabledTime": "2025-01-03T07:59:17Z",
        }])
    );
    let of = [("ServicePrincipal", "cloudfw.aliyuncs.com")];
    let of = stand
        .call("ListDelegatedAdministrators", &of)
        .await
        .unwrap();
    assert_eq!(of["TotalCount"], 0);
    for (action, params) in [
        ("ListAccounts", vec![]),
        ("GetAccount", vec![("AccountId", APP)]),
        ("GetFolder", vec![("FolderId", folder.as_str())]),
        ("ListAncestors", vec![("ChildId", APP)]),
    ] {
        let seen = stand.call_as(&app, action, &params).await;
        assert!(seen.is_ok(), "{action}: {seen:?}");
    }
    let change = [("FolderName", "mine")];
    let change = stand.call_as(&app, "CreateFolder", &change).await;
    assert_eq!(change, Err(ErrorCode::ActionNotPermitted));
    let firewall = [config[0], ("ServicePrincipal", "cloudfw.aliyuncs.com")];
    stand.call(register, &firewall).await.unwrap();
    stand.call(deregister, &firewall).await.unwrap();
    let left = stand.call("ListDelegatedAdministrators", &[]).await;
    assert_eq!(left.unwrap()["TotalCount"], 1);
    stand.call(deregister, &config).await.unwrap();
    let late = stand.call_as(&app, "ListAccounts", &[]).await;
    assert_eq!(late, Err(ErrorCode::ActionNotPermitted));
}

#[tokio::test]
async fn invitations_are_refused_by_name() {
    let stand = Stand::new().await;
    stand.directory().await;
    let params = [("TargetEntity", APP), ("TargetType", "Account")];
    let invited = stand
        .call("InviteAccountToResourceDirectory", &params)
        .await;
    assert_eq!(invited, Err(ErrorCode::UnsupportedOperation));
}

fn names(answer: &Value, list: &str, one: &str, field: &str) -> Vec<String> {
    let all = answer[list][one].as_array().unwrap().iter();
    all.map(|one| one[field].as_str().unwrap().to_owned())
        .collect()
}

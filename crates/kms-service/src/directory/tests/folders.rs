use super::*;

#[tokio::test]
async fn folders_lie_in_folders_with_names_of_their_own() {
    let stand = Stand::new().await;
    let directory = stand.directory().await;
    let made = stand.call("GetResourceDirectory", &[]).await.unwrap();
    let root = made["ResourceDirectory"]["RootFolderId"].as_str().unwrap();
    let apps = stand.folder("apps", None).await;
    let below = stand.folder("below", Some(&apps)).await;
    stand.folder("apps", Some(&apps)).await;
    let taken = Err(ErrorCode::FolderExists);
    let again = [("FolderName", "apps")];
    assert_eq!(stand.call("CreateFolder", &again).await, taken);
    let nowhere = [("FolderName", "x"), ("ParentFolderId", "fd-Nowhere")];
    let nowhere = stand.call("CreateFolder", &nowhere).await;
    assert_eq!(nowhere, Err(ErrorCode::FolderNotFound));

    let got = stand.call("GetFolder", &[("FolderId", &below)]).await;
    assert_eq!(
        got.unwrap(),
        json!({"Folder": {
            "FolderId": below,
            "FolderName": "below",
            "ParentFolderId": apps,
            "ResourceDirectoryPath": format!("{directory}/{root}/{apps}/{below}"),
            "CreateTime": "2025-01-03T07:59:17Z",
        }})
    );
    let top = stand
        .call("GetFolder", &[("FolderId", root)])
        .await
        .unwrap();
    assert_eq!(top["Folder"]["FolderName"], "Root");
    assert_eq!(top["Folder"]["ParentFolderId"], "");

    let listed = stand.call("ListFoldersForParent", &[]).await.unwrap();
    assert_eq!(
        names(&listed, "Folders", "Folder", "FolderId"),
        [apps.as_str()]
    );
    let inner = [("ParentFolderId", apps.as_str()), ("QueryKeyword", "elo")];
    let inner = stand.call("ListFoldersForParent", &inner).await.unwrap();
    assert_eq!(names(&inner, "Folders", "Folder", "FolderName"), ["below"]);
    assert_eq!(inner["TotalCount"], 1);
    let line = stand.call("ListAncestors", &[("ChildId", &below)]).await;
    let line = line.unwrap();
    assert_eq!(
        names(&line, "Folders", "Folder", "FolderName"),
        ["Root", "apps"]
    );

    let rename = [("FolderId", below.as_str()), ("NewFolderName", "apps")];
    assert_eq!(stand.call("UpdateFolder", &rename).await, taken);
    let rename = [("FolderId", below.as_str()), ("NewFolderName", "other")];
    let renamed = stand.call("UpdateFolder", &rename).await.unwrap();
    assert_eq!(renamed["Folder"]["FolderName"], "other");
    // Its own name is nobody else's.
    assert_eq!(stand.call("UpdateFolder", &rename).await, Ok(renamed));
    let top = [("FolderId", root), ("NewFolderName", "other")];
    let top = stand.call("UpdateFolder", &top).await;
    assert_eq!(top, Err(ErrorCode::FolderNotFound));
}

#[tokio::test]
async fn a_folder_goes_when_it_is_empty() {
    let stand = Stand::new().await;
    stand.directory().await;
    let apps = stand.folder("apps", None).await;
    let below = stand.folder("below", Some(&apps)).await;
    stand.member(APP, Some(&below)).await;
    let delete = |id: &str| {
        let (stand, id) = (&stand, id.to_owned());
        async move { stand.call("DeleteFolder", &[("FolderId", &id)]).await.err() }
    };
    assert_eq!(delete(&apps).await, Some(ErrorCode::FolderHasFolders));
    assert_eq!(delete(&below).await, Some(ErrorCode::FolderHasAccounts));
    let out = [("AccountId", APP), ("DestinationFolderId", apps.as_str())];
    stand.call("MoveAccount", &out).await.unwrap();
    assert_eq!(delete(&below).await, None);
    assert_eq!(delete(&below).await, Some(ErrorCode::FolderNotFound));
    assert_eq!(delete(&apps).await, Some(ErrorCode::FolderHasAccounts));
}

#[tokio::test]
async fn folders_lie_five_levels_deep_at_most() {
    let stand = Stand::new().await;
    stand.directory().await;
    let mut parent = None::<String>;
    for _ in 0..5 {
        parent = Some(stand.folder("level", parent.as_deref()).await);
    }
    let parent = parent.unwrap();
    let sixth = [("FolderName", "level"), ("ParentFolderId", &parent)];
    let sixth = stand.call("CreateFolder", &sixth).await;
    assert_eq!(sixth, Err(ErrorCode::FolderLimit));
}

//! Folders and directories as targets: present members and future ones (reference accesskey
//! §1, row 16).

use kms_store::{DocumentKind, Page};

use super::*;

const THIRD: &str = "4234567890123456";

async fn reaches(stand: &Stand, account: &str) -> bool {
    let (owner, id) = (&super::account(), KST.to_owned());
    let shared = &Shared {
        kind: SharedKind::KmsInstance,
        id,
    };
    let found = stand.service.tx(Mode::Read, |mut tx| {
        Box::pin(async move { principals(&mut *tx, owner, shared).await })
    });
    let found = found.await.unwrap();
    found.contains(&account.parse().unwrap())
}

#[tokio::test]
async fn a_folder_lets_in_who_is_in_it_and_below_as_long_as_they_are() {
    let stand = Stand::new().await;
    stand.directory().await;
    let (apps, beside) = (
        stand.folder("apps", None).await,
        stand.folder("beside", None).await,
    );
    let below = stand.folder("below", Some(&apps)).await;
    let app = stand.member(APP, Some(&apps)).await;
    let other = stand.member(OTHER, Some(&beside)).await;
    limited(&stand, KST, 3).await;
    let share = stand
        .share(&stand.caller, ("KMSInstance", KST), &apps)
        .await;
    assert_eq!(
        association(&stand, &share, "Target", &apps).await["EntityType"],
        "Folder"
    );
    assert_eq!(create(&stand, &app, "a").await, None);
    let gone = Some(ErrorCode::InstanceNotFound);
    assert_eq!(create(&stand, &other, "o").await, gone);

    // Who comes later is in it, too; by whatever way.
    let into = |folder: &str| {
        let (stand, folder) = (&stand, folder.to_owned());
        async move {
            let params = [("AccountId", OTHER), ("DestinationFolderId", &folder)];
            stand.call("MoveAccount", &params).await.unwrap();
        }
    };
    into(&below).await;
    assert_eq!(create(&stand, &other, "o").await, None);
    stand.member(THIRD, Some(&below)).await;
    assert!(reaches(&stand, THIRD).await);
    assert_eq!(used(&stand, KST).await, 3);

    // Who leaves it is out, and what it has stays its own.
    into(&beside).await;
    assert_eq!(create(&stand, &other, "late").await, gone);
    assert_eq!(used(&stand, KST).await, 2);
    let read = stand
        .call_as(&other, "GetSecretValue", &[("SecretName", "o")])
        .await;
    assert_eq!(read.unwrap()["SecretData"], "one");
}

#[tokio::test]
async fn each_account_counts_once_however_often_it_is_named() {
    let stand = Stand::new().await;
    let directory = stand.directory().await;
    let apps = stand.folder("apps", None).await;
    stand.member(APP, Some(&apps)).await;
    stand.member(OTHER, None).await;
    limited(&stand, KST, 2).await;
    let share = stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    assert_eq!(used(&stand, KST).await, 1);
    for (target, expected) in [(apps.as_str(), 1), (directory.as_str(), 2)] {
        let params = [("ResourceShareId", share.as_str()), ("Targets.1", target)];
        stand.call("AssociateResourceShare", &params).await.unwrap();
        assert_eq!(status(&stand, &share, target).await, "Associated");
        assert_eq!(used(&stand, KST).await, expected, "{target}");
    }
    // In another share as well.
    stand
        .share(&stand.caller, ("KMSInstance", KST), &apps)
        .await;
    assert_eq!(used(&stand, KST).await, 2);
    // The manager of the directory is none of its members, and an owner uses none of its own.
    assert!(!reaches(&stand, crate::stand::ACCOUNT).await);
    // Taken out by one name, it is there by the others.
    let params = [("ResourceShareId", share.as_str()), ("Targets.1", APP)];
    stand
        .call("DisassociateResourceShare", &params)
        .await
        .unwrap();
    assert!(reaches(&stand, APP).await);
}

#[tokio::test]
async fn the_manager_is_let_in_by_its_own_id() {
    let stand = Stand::new().await;
    let directory = stand.directory().await;
    let app = stand.member(APP, None).await;
    let id = KST.parse().unwrap();
    stand
        .service
        .ensure_instance(&APP.parse().unwrap(), &id)
        .await
        .unwrap();
    let share = stand.share(&app, ("KMSInstance", KST), &directory).await;
    let gone = Some(ErrorCode::InstanceNotFound);
    assert_eq!(create(&stand, &stand.caller, "m").await, gone);
    let params = [
        ("ResourceShareId", share.as_str()),
        ("Targets.1", crate::stand::ACCOUNT),
    ];
    stand
        .call_as(&app, "AssociateResourceShare", &params)
        .await
        .unwrap();
    assert_eq!(create(&stand, &stand.caller, "m").await, None);
}

/// No action takes an account out of its directory; the store might.
#[tokio::test]
async fn who_is_in_no_directory_with_the_owner_is_not_let_in() {
    let stand = Stand::new().await;
    stand.directory().await;
    stand.member(APP, None).await;
    limited(&stand, KST, 2).await;
    stand.share(&stand.caller, ("KMSInstance", KST), APP).await;
    assert_eq!(used(&stand, KST).await, 1);
    let (app, page) = (&APP.parse().unwrap(), Page { number: 1, size: 1 });
    stand
        .service
        .tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let kind = DocumentKind::Membership;
                let (found, _) = tx.documents().list(app, kind, page).await?;
                tx.documents().remove(app, kind, &found[0].name).await?;
                Ok::<_, Failure>(())
            })
        })
        .await
        .unwrap();
    assert_eq!(used(&stand, KST).await, 0);
}

//! vSwitches that application accounts share with the owner of an instance (reference accesskey
//! §1, row 12).

use kms_store::{DocumentKind, DocumentRecord};

use super::*;

async fn vswitch(stand: &Stand, owner: &str, id: &str) {
    let record = DocumentRecord {
        account: owner.parse().unwrap(),
        kind: DocumentKind::VSwitch,
        name: id.to_owned(),
        body: "{}".to_owned(),
        created: stand.service.now(),
    };
    let record = &record;
    stand
        .service
        .tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                tx.documents().insert(record).await?;
                Ok::<_, Failure>(())
            })
        })
        .await
        .unwrap();
}

async fn users(stand: &Stand, owner: &str, id: &str) -> Vec<String> {
    let owner = &owner.parse().unwrap();
    let shared = &Shared {
        kind: SharedKind::VSwitch,
        id: id.to_owned(),
    };
    let found = stand.service.tx(Mode::Read, |mut tx| {
        Box::pin(async move { principals(&mut *tx, owner, shared).await })
    });
    let found = found.await.unwrap();
    found.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_vswitch_is_lent_to_who_owns_the_instance() {
    let stand = Stand::new().await;
    stand.directory().await;
    let app = stand.member(APP, None).await;
    vswitch(&stand, APP, "vsw-app").await;
    vswitch(&stand, crate::stand::ACCOUNT, "vsw-app").await;
    assert!(users(&stand, APP, "vsw-app").await.is_empty());
    let owner = crate::stand::ACCOUNT;
    let share = stand.share(&app, ("VSwitch", "vsw-app"), owner).await;
    assert_eq!(users(&stand, APP, "vsw-app").await, [owner]);
    // Another account's of the same id is another.
    assert!(users(&stand, owner, "vsw-app").await.is_empty());
    let params = [
        ("AssociationType", "Resource"),
        ("ResourceShareIds.1", share.as_str()),
    ];
    let listed = stand
        .call_as(&app, "ListResourceShareAssociations", &params)
        .await
        .unwrap();
    assert_eq!(
        listed["ResourceShareAssociations"][0]["ResourceArn"],
        format!("acs:vpc:cn-hangzhou:{APP}:vswitch/vsw-app")
    );
    let out = [("ResourceShareId", share.as_str()), ("Targets.1", owner)];
    stand
        .call_as(&app, "DisassociateResourceShare", &out)
        .await
        .unwrap();
    assert!(users(&stand, APP, "vsw-app").await.is_empty());
}

use std::sync::Arc;

use kms_store::{AccessKeyRecord, AccountRecord, KeyStatus, Mode, Store, StoreError, UserRecord};
use kms_types::AccessKeyId;

use super::{account, add_account, at};

fn key(id: &str, created: i64) -> AccessKeyRecord {
    AccessKeyRecord {
        id: id.parse().unwrap(),
        account: account(),
        user_id: "200000".to_owned(),
        sealed_secret: vec![0, 1, 2, 0xff],
        status: KeyStatus::Active,
        created: at(created),
        last_used: None,
    }
}

pub(crate) async fn accounts_users_and_keys(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    assert_eq!(tx.accounts().find(&account()).await.unwrap(), None);
    assert_eq!(tx.accounts().list().await.unwrap(), []);
    add_account(tx.as_mut()).await;
    tx.commit().await.unwrap();

    let mut tx = store.begin(Mode::Write).await.unwrap();
    let owner = AccountRecord {
        id: account(),
        created: at(0),
    };
    assert_eq!(
        tx.accounts().find(&account()).await.unwrap(),
        Some(owner.clone())
    );
    assert_eq!(
        tx.accounts().list().await.unwrap(),
        std::slice::from_ref(&owner)
    );
    assert!(matches!(
        tx.accounts().insert(&owner).await,
        Err(StoreError::Taken)
    ));

    let alice = UserRecord {
        account: account(),
        id: "200000".to_owned(),
        name: "alice".to_owned(),
        created: at(0),
    };
    assert_eq!(
        tx.users().find("200000").await.unwrap().as_ref(),
        Some(&alice)
    );
    let by_name = tx.users().find_by_name(&account(), "alice").await.unwrap();
    assert_eq!(by_name.as_ref(), Some(&alice));
    let stranger = "1111".parse().unwrap();
    assert_eq!(
        tx.users().find_by_name(&stranger, "alice").await.unwrap(),
        None
    );
    assert_eq!(
        tx.users().find_by_name(&account(), "Alice").await.unwrap(),
        None
    );
    let namesake = UserRecord {
        id: "200001".to_owned(),
        ..alice
    };
    assert!(matches!(
        tx.users().insert(&namesake).await,
        Err(StoreError::Taken)
    ));

    tx.access_keys().insert(&key("LTAIb", 2)).await.unwrap();
    tx.access_keys().insert(&key("LTAIa", 1)).await.unwrap();
    assert!(matches!(
        tx.access_keys().insert(&key("LTAIa", 3)).await,
        Err(StoreError::Taken)
    ));
    let keys = tx.access_keys().of_user("200000").await.unwrap();
    assert_eq!(keys, [key("LTAIa", 1), key("LTAIb", 2)], "oldest first");
    assert_eq!(tx.access_keys().of_user("200001").await.unwrap(), []);
}

pub(crate) async fn keys_change_and_go(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    tx.access_keys().insert(&key("LTAIa", 1)).await.unwrap();
    let id: AccessKeyId = "LTAIa".parse().unwrap();
    tx.access_keys()
        .set_status(&id, KeyStatus::Inactive)
        .await
        .unwrap();
    tx.access_keys().touch(&id, at(9)).await.unwrap();
    let expected = AccessKeyRecord {
        status: KeyStatus::Inactive,
        last_used: Some(at(9)),
        ..key("LTAIa", 1)
    };
    assert_eq!(tx.access_keys().find(&id).await.unwrap(), Some(expected));

    let nobody: AccessKeyId = "LTAInobody".parse().unwrap();
    assert_eq!(tx.access_keys().find(&nobody).await.unwrap(), None);
    tx.access_keys().touch(&nobody, at(9)).await.unwrap();
    let changed = tx
        .access_keys()
        .set_status(&nobody, KeyStatus::Active)
        .await;
    assert!(matches!(changed, Err(StoreError::Gone { .. })));
    tx.access_keys().remove(&id).await.unwrap();
    assert_eq!(tx.access_keys().find(&id).await.unwrap(), None);
    assert!(matches!(
        tx.access_keys().remove(&id).await,
        Err(StoreError::Gone { .. })
    ));
}

pub(crate) async fn users_are_listed_renamed_and_removed(store: Arc<dyn Store>) {
    let user = |id: &str, name: &str| UserRecord {
        account: account(),
        id: id.to_owned(),
        name: name.to_owned(),
        created: at(1),
    };
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let stranger: kms_types::AccountId = "1111".parse().unwrap();
    tx.accounts()
        .insert(&AccountRecord {
            id: stranger.clone(),
            created: at(0),
        })
        .await
        .unwrap();
    let foreign = UserRecord {
        account: stranger.clone(),
        ..user("200009", "bob")
    };
    for user in [&user("200001", "carol"), &user("200002", "bob"), &foreign] {
        tx.users().insert(user).await.unwrap();
    }
    let names = |users: Vec<UserRecord>| -> Vec<String> {
        users.into_iter().map(|user| user.name).collect()
    };
    let own = tx.users().of_account(&account()).await.unwrap();
    assert_eq!(names(own), ["alice", "bob", "carol"]);
    assert_eq!(tx.users().of_account(&stranger).await.unwrap(), [foreign]);

    let taken = tx.users().rename("200001", "bob").await;
    assert!(matches!(taken, Err(StoreError::Taken)));
    tx.users().rename("200001", "dave").await.unwrap();
    let found = tx.users().find("200001").await.unwrap();
    assert_eq!(found, Some(user("200001", "dave")));
    let nobody = tx.users().rename("299999", "eve").await;
    assert!(matches!(nobody, Err(StoreError::Gone { .. })));

    tx.users().remove("200001").await.unwrap();
    assert_eq!(tx.users().find("200001").await.unwrap(), None);
    let gone = tx.users().remove("200001").await;
    assert!(matches!(gone, Err(StoreError::Gone { .. })));
    let own = tx.users().of_account(&account()).await.unwrap();
    assert_eq!(names(own), ["alice", "bob"]);
}

use std::sync::Arc;

use kms_store::{Mode, NewVersion, SecretId, Store, StoreError, VersionRecord};
use kms_types::DataType;

use super::{account, add_account, add_secret, at, new_version, stage};

pub(crate) async fn are_added_in_order(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let id = add_secret(tx.as_mut(), "app/db").await;
    let binary = NewVersion {
        id: "a=b/c@d.e+f".parse().unwrap(),
        data_type: DataType::Binary,
        sealed: vec![0, 0xff, 0, 7],
        created: at(3),
    };
    let serial = tx.versions().insert(id, &binary).await.unwrap();
    assert!(matches!(
        tx.versions().insert(id, &binary).await,
        Err(StoreError::Taken)
    ));
    let nowhere = SecretId(id.0 + 100);
    let inserted = tx.versions().insert(nowhere, &binary).await;
    assert!(matches!(inserted, Err(StoreError::Gone { .. })));

    let expected = VersionRecord {
        serial,
        id: binary.id.clone(),
        data_type: DataType::Binary,
        sealed: binary.sealed.clone(),
        created: at(3),
        stages: Vec::new(),
    };
    assert_eq!(
        tx.versions().find(id, &binary.id).await.unwrap(),
        Some(expected)
    );
    let all = tx.versions().of(id).await.unwrap();
    let ids: Vec<&str> = all.iter().map(|version| version.id.as_str()).collect();
    assert_eq!(ids, ["v1", "a=b/c@d.e+f"]);

    // A serial is not used again, even if it was the last.
    tx.versions().remove(id, serial).await.unwrap();
    let next = tx.versions().insert(id, &new_version("v3")).await.unwrap();
    assert!(next > serial);
    assert_eq!(
        tx.secrets()
            .find(&account(), &"app/db".parse().unwrap())
            .await
            .unwrap()
            .unwrap()
            .id,
        id
    );
}

pub(crate) async fn a_label_is_on_one_version(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let id = add_secret(tx.as_mut(), "app/db").await;
    let second = tx.versions().insert(id, &new_version("v2")).await.unwrap();
    tx.versions()
        .put_stage(id, &stage("zeta"), second)
        .await
        .unwrap();
    tx.versions()
        .put_stage(id, &stage("ACSCurrent"), second)
        .await
        .unwrap();
    tx.versions()
        .put_stage(id, &stage("Beta"), second)
        .await
        .unwrap();

    let current = tx
        .versions()
        .find_by_stage(id, &stage("ACSCurrent"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(current.id.as_str(), "v2");
    assert_eq!(current.stages, ["ACSCurrent", "Beta", "zeta"].map(stage));
    let all = tx.versions().of(id).await.unwrap();
    assert_eq!(all[0].stages, []);

    tx.versions()
        .remove_stage(id, &stage("Beta"))
        .await
        .unwrap();
    let removed = tx.versions().remove_stage(id, &stage("Beta")).await;
    assert!(matches!(removed, Err(StoreError::Gone { .. })));
    assert_eq!(
        tx.versions()
            .find_by_stage(id, &stage("Beta"))
            .await
            .unwrap(),
        None
    );
    let nowhere = tx
        .versions()
        .put_stage(id, &stage("Beta"), second + 100)
        .await;
    assert!(matches!(nowhere, Err(StoreError::Gone { .. })));
}

pub(crate) async fn a_labelled_version_stays(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let id = add_secret(tx.as_mut(), "app/db").await;
    let first = tx.versions().of(id).await.unwrap()[0].serial;
    let removed = tx.versions().remove(id, first).await;
    assert!(matches!(removed, Err(StoreError::Gone { .. })));
    tx.versions()
        .remove_stage(id, &stage("ACSCurrent"))
        .await
        .unwrap();
    tx.versions().remove(id, first).await.unwrap();
    assert_eq!(tx.versions().of(id).await.unwrap(), []);
    tx.commit().await.unwrap();
}

use std::sync::Arc;

use kms_store::{Mode, NewSecret, RotationState, SecretRotation, Store, StoreError};
use kms_types::VersionStage;

use super::{account, add_account, add_secret, at, new_secret};

pub(crate) async fn are_found_changed_and_removed(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let new = NewSecret {
        description: "the \"database\" \u{503c}".to_owned(),
        encryption_key_id: "key-1".to_owned(),
        instance_id: "kst-1".to_owned(),
        extended_config: "{}".to_owned(),
        ..new_secret("app/db")
    };
    let id = tx.secrets().insert(&new).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin(Mode::Write).await.unwrap();
    let mut found = tx
        .secrets()
        .find(&account(), &new.name)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.id, id);
    assert_eq!(
        (&found.name, &found.description, &found.encryption_key_id),
        (&new.name, &new.description, &new.encryption_key_id)
    );
    assert_eq!(
        (
            &found.instance_id,
            &found.extended_config,
            &found.secret_type
        ),
        (&new.instance_id, &new.extended_config, &new.secret_type)
    );
    assert_eq!(
        (found.created, found.updated, found.planned_delete),
        (at(0), at(0), None)
    );
    assert!(matches!(
        tx.secrets().insert(&new).await,
        Err(StoreError::Taken)
    ));
    let stranger = "1111".parse().unwrap();
    assert_eq!(tx.secrets().find(&stranger, &new.name).await.unwrap(), None);
    let other_case = "App/db".parse().unwrap();
    assert_eq!(
        tx.secrets().find(&account(), &other_case).await.unwrap(),
        None
    );

    found.description.push_str(", changed");
    found.extended_config = String::from(r#"{"CustomData":{"a":"b"}}"#);
    found.updated = at(5);
    found.planned_delete = Some(at(10));
    tx.secrets().update(&found).await.unwrap();
    let again = tx
        .secrets()
        .find(&account(), &new.name)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again, found);

    assert_eq!(tx.secrets().due(at(9), 10).await.unwrap(), []);
    assert_eq!(tx.secrets().due(at(10), 10).await.unwrap(), [id]);
    tx.secrets().remove(id).await.unwrap();
    assert_eq!(
        tx.secrets().find(&account(), &new.name).await.unwrap(),
        None
    );
    assert!(matches!(
        tx.secrets().remove(id).await,
        Err(StoreError::Gone { .. })
    ));
    assert!(matches!(
        tx.secrets().update(&found).await,
        Err(StoreError::Gone { .. })
    ));
}

pub(crate) async fn numbers_are_not_used_again(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let first = add_secret(tx.as_mut(), "app/db").await;
    tx.secrets().remove(first).await.unwrap();
    let second = add_secret(tx.as_mut(), "app/db").await;
    assert!(second > first);
    // Nothing of the first is left on the second.
    assert_eq!(tx.versions().of(second).await.unwrap().len(), 1);
    assert_eq!(tx.versions().of(first).await.unwrap(), []);
    let current = tx
        .versions()
        .find_by_stage(first, &VersionStage::current())
        .await;
    assert_eq!(current.unwrap(), None);
    tx.commit().await.unwrap();
}

pub(crate) async fn keep_policy_and_rotation(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let new = NewSecret {
        policy: String::from(r#"{"Version":"1"}"#),
        rotation: SecretRotation {
            state: RotationState::Enabled,
            interval_seconds: Some(7 * 86_400),
            last: None,
            next: Some(at(10)),
        },
        ..new_secret("app/rotated")
    };
    let id = tx.secrets().insert(&new).await.unwrap();
    let mut found = tx.secrets().find_by_id(id).await.unwrap().unwrap();
    assert_eq!(
        (&found.policy, &found.rotation),
        (&new.policy, &new.rotation)
    );

    assert_eq!(tx.secrets().due_for_rotation(at(9), 10).await.unwrap(), []);
    let due = tx.secrets().due_for_rotation(at(10), 10).await.unwrap();
    assert_eq!(due, [found.clone()]);
    found.policy.clear();
    found.rotation = SecretRotation {
        state: RotationState::Invalid,
        interval_seconds: Some(86_400),
        last: Some(at(10)),
        next: Some(at(20)),
    };
    tx.secrets().update(&found).await.unwrap();
    let again = tx.secrets().find_by_id(id).await.unwrap().unwrap();
    assert_eq!(again, found);
    let due = tx.secrets().due_for_rotation(at(99), 10).await.unwrap();
    assert_eq!(due, [], "what cannot rotate is not tried");
    found.rotation.state = RotationState::Enabled;
    found.planned_delete = Some(at(500));
    tx.secrets().update(&found).await.unwrap();
    let due = tx.secrets().due_for_rotation(at(99), 10).await.unwrap();
    assert_eq!(due, [], "what goes does not rotate");
}

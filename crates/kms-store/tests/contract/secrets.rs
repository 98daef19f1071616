use std::sync::Arc;

use jiff::SignedDuration;
use kms_store::{
    Lead, Mode, NewRotation, NewSecret, RotationState, SecretRotation, Store, StoreError,
};
use kms_types::{SecretType, VersionStage};

use super::{account, add_account, add_secret, at, new_secret};

const LEAD: Lead = Lead {
    secret_type: SecretType::RamCredentials,
    most: SignedDuration::from_secs(10),
    part: 10,
};

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

    assert_eq!(
        tx.secrets()
            .due_for_rotation(at(9), LEAD, 10)
            .await
            .unwrap(),
        []
    );
    let due = tx
        .secrets()
        .due_for_rotation(at(10), LEAD, 10)
        .await
        .unwrap();
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
    let due = tx
        .secrets()
        .due_for_rotation(at(99), LEAD, 10)
        .await
        .unwrap();
    assert_eq!(due, [], "what cannot rotate is not tried");
    found.rotation.state = RotationState::Enabled;
    found.planned_delete = Some(at(500));
    tx.secrets().update(&found).await.unwrap();
    let due = tx
        .secrets()
        .due_for_rotation(at(99), LEAD, 10)
        .await
        .unwrap();
    assert_eq!(due, [], "what goes does not rotate");
}

/// A secret of one type is due a tenth of its interval earlier, ten seconds at most.
pub(crate) async fn are_due_earlier_where_rotation_takes_a_while(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let mut ids = Vec::new();
    for (name, secret_type, interval_seconds) in [
        ("often", "RAMCredentials", 20),
        ("seldom", "RAMCredentials", 86_400),
        ("other", "Rds", 86_400),
    ] {
        let new = NewSecret {
            secret_type: secret_type.to_owned(),
            rotation: SecretRotation {
                state: RotationState::Enabled,
                interval_seconds: Some(interval_seconds),
                last: None,
                next: Some(at(100)),
            },
            ..new_secret(name)
        };
        ids.push(tx.secrets().insert(&new).await.unwrap());
    }
    let [often, seldom, other] = ids[..] else {
        panic!("three");
    };
    for (now, expected) in [
        (89, vec![]),
        (90, vec![seldom]),
        (97, vec![seldom]),
        (98, vec![often, seldom]),
        (99, vec![often, seldom]),
        (100, vec![often, seldom, other]),
    ] {
        let due = tx.secrets().due_for_rotation(at(now), LEAD, 10).await;
        let mut due: Vec<_> = due.unwrap().iter().map(|secret| secret.id).collect();
        due.sort();
        assert_eq!(due, expected, "at {now}");
    }
    // What is under way is not due, and takes no place of what is.
    let rotation = NewRotation {
        id: "r1".to_owned(),
        account: account(),
        secret: often,
        subject: "user/alice".to_owned(),
        version: "v2".parse().unwrap(),
        kind: "any".to_owned(),
        step: "any".to_owned(),
        body: String::new(),
        sealed: None,
        next_try: at(100),
        window_end: None,
        created: at(100),
    };
    tx.rotations().insert(&rotation).await.unwrap();
    let due = tx.secrets().due_for_rotation(at(100), LEAD, 2).await;
    let mut due: Vec<_> = due.unwrap().iter().map(|secret| secret.id).collect();
    due.sort();
    assert_eq!(due, [seldom, other]);
    for (due, limit, expected) in [(99, 10, 0), (100, 10, 2), (100, 1, 1)] {
        let overdue = tx.secrets().count_overdue(at(due), limit).await;
        assert_eq!(overdue.unwrap(), expected, "{due} {limit}");
    }
    let lease = SignedDuration::from_mins(5);
    let claimed = tx.rotations().claim("w", at(100), lease).await.unwrap();
    let claimed = claimed.unwrap();
    tx.rotations().finish(&claimed, at(101)).await.unwrap();
    let due = tx.secrets().due_for_rotation(at(101), LEAD, 10).await;
    assert_eq!(due.unwrap().len(), 3);
}

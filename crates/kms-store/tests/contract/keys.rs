use std::sync::Arc;

use kms_store::{
    AliasRecord, KeyCondition, KeyField, KeyRecord, KeyVersionRecord, Mode, Page, Store,
    StoreError, TagRecord, Tagged,
};
use kms_types::{KeyOrigin, KeySpec, KeyState, KeyUsage, KeyVersionId};

use super::{account, add_account, at};

pub(crate) const FIRST: &str = "11111111-1111-4111-8111-111111111111";
const SECOND: &str = "22222222-2222-4222-8222-222222222222";

pub(crate) fn new_key(id: &str) -> KeyRecord {
    KeyRecord {
        account: account(),
        id: id.parse().unwrap(),
        spec: KeySpec::Aes256,
        usage: KeyUsage::EncryptDecrypt,
        origin: KeyOrigin::Kms,
        state: KeyState::Enabled,
        description: String::new(),
        instance_id: String::new(),
        creator: "acs:ram::1234567890123456:user/alice".to_owned(),
        created: at(0),
        rotation_seconds: None,
        last_rotation: None,
        next_rotation: None,
        deletion_protection: false,
        protection_description: String::new(),
        planned_delete: None,
        material_expires: None,
        policy: String::new(),
        primary_version: FIRST.parse().unwrap(),
    }
}

fn new_version(key: &KeyRecord, id: &str) -> KeyVersionRecord {
    KeyVersionRecord {
        key: key.id.clone(),
        id: id.parse().unwrap(),
        sealed: Some(vec![1, 0, 0xff]),
        created: at(0),
    }
}

pub(crate) async fn keys_are_found_changed_and_removed(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let mut key = KeyRecord {
        description: "it's \u{503c}".to_owned(),
        instance_id: "kst-1".to_owned(),
        policy: String::from("{}"),
        ..new_key("key-1")
    };
    tx.keys().insert(&key).await.unwrap();
    let again = tx.keys().insert(&key).await;
    assert!(matches!(again, Err(StoreError::Taken)), "{again:?}");
    let found = tx.keys().find(&account(), &key.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&key));
    assert_eq!(tx.keys().find_any(&key.id).await.unwrap(), found);
    let stranger = "1111".parse().unwrap();
    assert_eq!(tx.keys().find(&stranger, &key.id).await.unwrap(), None);

    key.state = KeyState::PendingDeletion;
    key.description = String::from("changed");
    key.rotation_seconds = Some(86_400);
    key.last_rotation = Some(at(1));
    key.next_rotation = Some(at(2));
    key.deletion_protection = true;
    key.protection_description = String::from("why");
    key.planned_delete = Some(at(3));
    key.material_expires = Some(at(4));
    key.policy = String::from(r#"{"Version":"1"}"#);
    key.primary_version = SECOND.parse().unwrap();
    tx.keys().update(&key).await.unwrap();
    let found = tx.keys().find_any(&key.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&key));

    // Versions, aliases and tags go along.
    let version = new_version(&key, FIRST);
    tx.key_versions().insert(&version).await.unwrap();
    let alias = AliasRecord {
        account: account(),
        name: "alias/app".parse().unwrap(),
        key: key.id.clone(),
        created: at(0),
    };
    tx.aliases().insert(&alias).await.unwrap();
    let tagged = Tagged::Key(key.id.clone());
    let tag = TagRecord {
        key: "a".to_owned(),
        value: "b".to_owned(),
    };
    tx.tags().put(&tagged, &tag).await.unwrap();
    tx.keys().remove(&key.id).await.unwrap();
    assert_eq!(tx.keys().find_any(&key.id).await.unwrap(), None);
    assert_eq!(tx.key_versions().find(&version.id).await.unwrap(), None);
    let found = tx.aliases().find(&account(), &alias.name).await.unwrap();
    assert_eq!(found, None);
    assert_eq!(tx.tags().of(&tagged).await.unwrap(), []);
    let gone = tx.keys().remove(&key.id).await;
    assert!(matches!(gone, Err(StoreError::Gone { .. })), "{gone:?}");
    let gone = tx.keys().update(&key).await;
    assert!(matches!(gone, Err(StoreError::Gone { .. })), "{gone:?}");
    tx.commit().await.unwrap();
}

/// Three keys in this order: enabled with a tag, disabled with two aliases, to be imported;
/// and one that is due.
async fn furnish(store: &dyn Store) -> [KeyRecord; 3] {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let aes = new_key("key-b");
    let rsa = KeyRecord {
        spec: KeySpec::Rsa2048,
        usage: KeyUsage::SignVerify,
        state: KeyState::Disabled,
        instance_id: "kst-1".to_owned(),
        creator: "acs:ram::1234567890123456:root".to_owned(),
        created: at(1),
        ..new_key("key-a")
    };
    let imported = KeyRecord {
        origin: KeyOrigin::External,
        state: KeyState::PendingImport,
        created: at(1),
        ..new_key("key-c")
    };
    let due = KeyRecord {
        planned_delete: Some(at(2)),
        ..new_key("key-due")
    };
    for key in [&rsa, &imported, &aes, &due] {
        tx.keys().insert(key).await.unwrap();
    }
    for (name, key) in [
        ("alias/app/a", &rsa),
        ("alias/app/b", &rsa),
        ("alias/c", &aes),
    ] {
        let alias = AliasRecord {
            account: account(),
            name: name.parse().unwrap(),
            key: key.id.clone(),
            created: at(0),
        };
        tx.aliases().insert(&alias).await.unwrap();
    }
    let tag = TagRecord {
        key: "team".to_owned(),
        value: "red".to_owned(),
    };
    tx.tags()
        .put(&Tagged::Key(aes.id.clone()), &tag)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    [aes, rsa, imported]
}

pub(crate) async fn are_listed_by_what_they_are(store: Arc<dyn Store>) {
    let [_, _, imported] = furnish(store.as_ref()).await;
    let mut tx = store.begin(Mode::Read).await.unwrap();
    for (conditions, expected) in [
        (vec![], &["key-b", "key-a", "key-c"][..]),
        (vec![(KeyField::Spec, &["RSA_2048"][..])], &["key-a"]),
        (
            vec![(KeyField::Usage, &["ENCRYPT/DECRYPT"])],
            &["key-b", "key-c"],
        ),
        (
            vec![(KeyField::State, &["Disabled", "Enabled"])],
            &["key-b", "key-a"],
        ),
        (vec![(KeyField::Origin, &["EXTERNAL"])], &["key-c"]),
        (vec![(KeyField::InstanceId, &[""])], &["key-b", "key-c"]),
        (
            vec![(KeyField::Creator, &["acs:ram::1234567890123456:root"])],
            &["key-a"],
        ),
        (
            vec![
                (KeyField::Usage, &["ENCRYPT/DECRYPT"]),
                (KeyField::State, &["Enabled"]),
            ],
            &["key-b"],
        ),
        (vec![(KeyField::State, &[])], &[]),
        (vec![(KeyField::Id, &["key-a", "key-due"])], &["key-a"]),
        (vec![(KeyField::AliasName, &["alias/app/b"])], &["key-a"]),
        (vec![(KeyField::AliasName, &["alias/app"])], &[]),
        (vec![(KeyField::TagKey, &["team"])], &["key-b"]),
        (vec![(KeyField::TagValue, &["red", "blue"])], &["key-b"]),
        (vec![(KeyField::TagValue, &["blue"])], &[]),
    ] {
        let conditions: Vec<KeyCondition> = conditions
            .into_iter()
            .map(|(field, any_of)| KeyCondition {
                field,
                any_of: any_of.iter().map(|&text| text.to_owned()).collect(),
            })
            .collect();
        let page = Page {
            number: 1,
            size: 10,
        };
        let (keys, total) = tx
            .keys()
            .list(&account(), &conditions, page, at(2))
            .await
            .unwrap();
        let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
        assert_eq!(ids, expected, "{conditions:?}");
        assert_eq!(total, u64::try_from(expected.len()).unwrap());
    }
    let page = Page { number: 2, size: 2 };
    let (keys, total) = tx.keys().list(&account(), &[], page, at(2)).await.unwrap();
    assert_eq!((keys, total), (vec![imported], 3));
    let stranger = "1111".parse().unwrap();
    let (keys, total) = tx.keys().list(&stranger, &[], page, at(2)).await.unwrap();
    assert_eq!((keys, total), (vec![], 0));
}

pub(crate) async fn are_due_for_what_was_planned(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let late = KeyRecord {
        planned_delete: Some(at(2)),
        next_rotation: Some(at(4)),
        material_expires: Some(at(6)),
        ..new_key("key-a")
    };
    let early = KeyRecord {
        planned_delete: Some(at(1)),
        next_rotation: Some(at(3)),
        material_expires: Some(at(5)),
        ..new_key("key-b")
    };
    let disabled = KeyRecord {
        state: KeyState::Disabled,
        next_rotation: Some(at(0)),
        ..new_key("key-c")
    };
    for key in [&late, &early, &disabled, &new_key("key-d")] {
        tx.keys().insert(key).await.unwrap();
    }
    let keys = tx.keys();
    assert_eq!(keys.due(at(0), 10).await.unwrap(), []);
    let both = [early, late];
    assert_eq!(keys.due(at(1), 10).await.unwrap(), both[..1]);
    assert_eq!(keys.due(at(2), 10).await.unwrap(), both);
    assert_eq!(keys.due(at(2), 1).await.unwrap(), both[..1]);
    assert_eq!(keys.due_for_rotation(at(2), 10).await.unwrap(), []);
    assert_eq!(keys.due_for_rotation(at(4), 10).await.unwrap(), both);
    assert_eq!(keys.due_for_expiry(at(4), 10).await.unwrap(), []);
    assert_eq!(keys.due_for_expiry(at(5), 10).await.unwrap(), both[..1]);
}

pub(crate) async fn versions_keep_their_material(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let key = new_key("key-1");
    tx.keys().insert(&key).await.unwrap();
    let first = KeyVersionRecord {
        created: at(5),
        ..new_version(&key, FIRST)
    };
    let mut second = KeyVersionRecord {
        sealed: None,
        ..new_version(&key, SECOND)
    };
    tx.key_versions().insert(&first).await.unwrap();
    tx.key_versions().insert(&second).await.unwrap();
    let found = tx.key_versions().find(&first.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&first));
    let both = tx.key_versions().find_with_key(&first.id).await.unwrap();
    assert_eq!(both, Some((key.clone(), first.clone())));
    let none = tx
        .key_versions()
        .find_with_key(&KeyVersionId::random())
        .await;
    assert_eq!(none.unwrap(), None);
    let all = tx.key_versions().of(&key.id).await.unwrap();
    assert_eq!(all, [second.clone(), first.clone()], "oldest first");

    second.sealed = Some(b"imported".to_vec());
    let material = second.sealed.as_ref();
    tx.key_versions()
        .set_material(&second.id, material)
        .await
        .unwrap();
    let found = tx.key_versions().find(&second.id).await.unwrap();
    assert_eq!(found, Some(second.clone()));
    tx.key_versions()
        .set_material(&second.id, None)
        .await
        .unwrap();
    let found = tx.key_versions().find(&second.id).await.unwrap().unwrap();
    assert_eq!(found.sealed, None);

    let unknown = KeyVersionId::random();
    let gone = tx.key_versions().set_material(&unknown, None).await;
    assert!(matches!(gone, Err(StoreError::Gone { .. })), "{gone:?}");
    let again = tx.key_versions().insert(&first).await;
    assert!(matches!(again, Err(StoreError::Taken)), "{again:?}");
    let orphan = KeyVersionRecord {
        key: "key-none".parse().unwrap(),
        id: unknown,
        ..first
    };
    let inserted = tx.key_versions().insert(&orphan).await;
    assert!(
        matches!(inserted, Err(StoreError::Gone { .. })),
        "{inserted:?}"
    );
}

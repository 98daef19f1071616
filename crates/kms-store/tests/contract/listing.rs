use std::sync::Arc;

use kms_store::{Condition, Mode, NewSecret, Page, SecretField, Store, TagRecord, Tx};

use super::{account, add_account, add_secret, at, new_secret};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

async fn names(
    tx: &mut dyn Tx,
    conditions: &[Condition],
    number: u32,
    size: u32,
) -> (Vec<String>, u64) {
    let (secrets, total) = tx
        .secrets()
        .list(&account(), conditions, Page { number, size }, at(0))
        .await
        .unwrap();
    (
        secrets.into_iter().map(|s| s.name.to_string()).collect(),
        total,
    )
}

/// Four secrets, one of them tagged.
async fn furnish(store: &dyn Store) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    for (name, description, secret_type, instance) in [
        ("b/two", "for people", "Generic", ""),
        ("a/one", "for machines", "Generic", "kst-1"),
        ("a/three", "", "RAMCredentials", "kst-2"),
        ("B/upper", "", "Generic", ""),
    ] {
        tx.secrets()
            .insert(&NewSecret {
                description: description.to_owned(),
                secret_type: secret_type.to_owned(),
                instance_id: instance.to_owned(),
                ..new_secret(name)
            })
            .await
            .unwrap();
    }
    let tagged = tx
        .secrets()
        .find(&account(), &"a/one".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    for (key, value) in [("team", "red"), ("stage", "prod")] {
        let tag = TagRecord {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        tx.tags().put(&tagged.id.into(), &tag).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub(crate) async fn filters_and_pages(store: Arc<dyn Store>) {
    furnish(store.as_ref()).await;
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let tx = tx.as_mut();
    let everything = texts(&["B/upper", "a/one", "a/three", "b/two"]);
    assert_eq!(names(tx, &[], 1, 100).await, (everything, 4));
    assert_eq!(names(tx, &[], 2, 3).await, (texts(&["b/two"]), 4));
    assert_eq!(names(tx, &[], 3, 3).await, (Vec::new(), 4));
    assert_eq!(names(tx, &[], u32::MAX, 100).await, (Vec::new(), 4));

    for (conditions, expected) in [
        (
            vec![(SecretField::Name, &["a/"][..])],
            &["a/one", "a/three"][..],
        ),
        (
            vec![(SecretField::Name, &["b/two", "a/o"])],
            &["a/one", "b/two"],
        ),
        (vec![(SecretField::Name, &["two"])], &[]),
        (vec![(SecretField::Name, &[])], &[]),
        (
            vec![(SecretField::Description, &["for "])],
            &["a/one", "b/two"],
        ),
        (
            vec![(SecretField::SecretType, &["RAMCredentials"])],
            &["a/three"],
        ),
        (
            vec![(SecretField::InstanceId, &["kst-1", "kst-9"])],
            &["a/one"],
        ),
        (vec![(SecretField::TagKey, &["team"])], &["a/one"]),
        (
            vec![
                (SecretField::TagKey, &["team"]),
                (SecretField::TagKey, &["other"]),
            ],
            &[],
        ),
        (
            vec![
                (SecretField::TagKey, &["team"]),
                (SecretField::TagKey, &["stage"]),
            ],
            &["a/one"],
        ),
        (vec![(SecretField::TagValue, &["prod", "dev"])], &["a/one"]),
        (vec![(SecretField::TagValue, &["pro"])], &[]),
        (
            vec![
                (SecretField::Name, &["a/"]),
                (SecretField::SecretType, &["Generic"]),
            ],
            &["a/one"],
        ),
    ] {
        let total = u64::try_from(expected.len()).unwrap();
        let conditions: Vec<Condition> = conditions
            .into_iter()
            .map(|(field, any_of)| Condition {
                field,
                any_of: texts(any_of),
            })
            .collect();
        assert_eq!(
            names(tx, &conditions, 1, 100).await,
            (texts(expected), total),
            "{conditions:?}"
        );
    }

    let (none, total) = tx
        .secrets()
        .list(
            &"1111".parse().unwrap(),
            &[],
            Page {
                number: 1,
                size: 10,
            },
            at(0),
        )
        .await
        .unwrap();
    assert_eq!((none.len(), total), (0, 0), "another account's");
}

pub(crate) async fn leaves_out_what_is_due(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    for (name, planned_delete) in [("due", at(0)), ("not-yet", at(1))] {
        add_secret(tx.as_mut(), name).await;
        let mut secret = tx
            .secrets()
            .find(&account(), &name.parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        secret.planned_delete = Some(planned_delete);
        tx.secrets().update(&secret).await.unwrap();
    }
    let listed = names(tx.as_mut(), &[], 1, 10).await;
    assert_eq!(listed, (texts(&["not-yet"]), 1));
}

pub(crate) async fn prefixes_are_text_and_not_patterns(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    for (at, description) in ["a_b", "axb", "a'b", "a\u{503c}b"].into_iter().enumerate() {
        let secret = NewSecret {
            description: description.to_owned(),
            ..new_secret(&format!("secret-{at}"))
        };
        tx.secrets().insert(&secret).await.unwrap();
    }
    for (prefix, expected) in [
        ("a_", 1),
        ("a%", 0),
        ("a'", 1),
        ("a' OR 1=1 --", 0),
        ("a\u{503c}", 1),
        ("A", 0),
        ("", 4),
    ] {
        let condition = Condition {
            field: SecretField::Description,
            any_of: texts(&[prefix]),
        };
        let (_, total) = names(tx.as_mut(), &[condition], 1, 10).await;
        assert_eq!(total, expected, "{prefix:?}");
    }
}

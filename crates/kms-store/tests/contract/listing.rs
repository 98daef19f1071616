use std::sync::Arc;

use kms_store::{Mode, NewSecret, Page, SecretFilter, Store, TagRecord, Tx};

use super::{account, add_account, add_secret, at, new_secret};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

async fn names(
    tx: &mut dyn Tx,
    filter: &SecretFilter,
    number: u32,
    size: u32,
) -> (Vec<String>, u64) {
    let (secrets, total) = tx
        .secrets()
        .list(&account(), filter, Page { number, size }, at(0))
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
        tx.tags().put(tagged.id, &tag).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub(crate) async fn filters_and_pages(store: Arc<dyn Store>) {
    furnish(store.as_ref()).await;
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let tx = tx.as_mut();
    let all = SecretFilter::default();
    let everything = texts(&["B/upper", "a/one", "a/three", "b/two"]);
    assert_eq!(names(tx, &all, 1, 100).await, (everything, 4));
    assert_eq!(names(tx, &all, 2, 3).await, (texts(&["b/two"]), 4));
    assert_eq!(names(tx, &all, 3, 3).await, (Vec::new(), 4));
    assert_eq!(names(tx, &all, u32::MAX, 100).await, (Vec::new(), 4));

    let filter = |change: &dyn Fn(&mut SecretFilter)| {
        let mut filter = SecretFilter::default();
        change(&mut filter);
        filter
    };
    for (filter, expected) in [
        (
            filter(&|f| f.names = texts(&["a/"])),
            &["a/one", "a/three"][..],
        ),
        (
            filter(&|f| f.names = texts(&["b/two", "a/o"])),
            &["a/one", "b/two"],
        ),
        (filter(&|f| f.names = texts(&["two"])), &[]),
        (
            filter(&|f| f.descriptions = texts(&["for "])),
            &["a/one", "b/two"],
        ),
        (
            filter(&|f| f.secret_types = texts(&["RAMCredentials"])),
            &["a/three"],
        ),
        (
            filter(&|f| f.instance_ids = texts(&["kst-1", "kst-9"])),
            &["a/one"],
        ),
        (filter(&|f| f.tag_keys = texts(&["team"])), &["a/one"]),
        (
            filter(&|f| f.tag_values = texts(&["prod", "dev"])),
            &["a/one"],
        ),
        (filter(&|f| f.tag_values = texts(&["pro"])), &[]),
        (
            filter(&|f| {
                f.names = texts(&["a/"]);
                f.secret_types = texts(&["Generic"]);
            }),
            &["a/one"],
        ),
    ] {
        let total = u64::try_from(expected.len()).unwrap();
        assert_eq!(
            names(tx, &filter, 1, 100).await,
            (texts(expected), total),
            "{filter:?}"
        );
    }

    let (none, total) = tx
        .secrets()
        .list(
            &"1111".parse().unwrap(),
            &all,
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
    let listed = names(tx.as_mut(), &SecretFilter::default(), 1, 10).await;
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
        let filter = SecretFilter {
            descriptions: texts(&[prefix]),
            ..SecretFilter::default()
        };
        let (_, total) = names(tx.as_mut(), &filter, 1, 10).await;
        assert_eq!(total, expected, "{prefix:?}");
    }
}

use std::sync::Arc;

use kms_store::{
    Mode, Store, StoreError, TagCondition, TagQuery, TagRecord, Tagged, TaggedKind, Tx,
};

use super::{account, add_account, add_secret, keys::new_key};

fn tag(key: &str, value: &str) -> TagRecord {
    TagRecord {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

pub(crate) async fn come_and_go(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let id = add_secret(tx.as_mut(), "app/db").await;
    let other = add_secret(tx.as_mut(), "app/other").await;
    tx.tags().put(&id.into(), &tag("b", "1")).await.unwrap();
    tx.tags().put(&id.into(), &tag("a", "")).await.unwrap();
    tx.tags().put(&id.into(), &tag("b", "2")).await.unwrap();
    assert_eq!(
        tx.tags().of(&id.into()).await.unwrap(),
        [tag("a", ""), tag("b", "2")]
    );
    assert_eq!(tx.tags().of(&other.into()).await.unwrap(), []);
    tx.tags().remove(&id.into(), "a").await.unwrap();
    tx.tags().remove(&id.into(), "never there").await.unwrap();
    assert_eq!(tx.tags().of(&id.into()).await.unwrap(), [tag("b", "2")]);
    tx.secrets().remove(id).await.unwrap();
    assert_eq!(tx.tags().of(&id.into()).await.unwrap(), []);
}

async fn listed(tx: &mut dyn Tx, query: &TagQuery) -> Vec<String> {
    let listed = tx.tags().list(query).await.unwrap();
    listed
        .into_iter()
        .map(|one| format!("{} {}={}", one.resource, one.tag.key, one.tag.value))
        .collect()
}

pub(crate) async fn are_listed_for_several(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let tx = tx.as_mut();
    add_account(tx).await;
    let one = add_secret(tx, "app/one").await;
    let two = add_secret(tx, "app/two").await;
    let key = new_key("key-1");
    tx.keys().insert(&key).await.unwrap();
    let key = Tagged::Key(key.id);
    for (resource, key, value) in [
        (Tagged::Secret(one), "team", "red"),
        (Tagged::Secret(one), "stage", "prod"),
        (Tagged::Secret(two), "team", "blue"),
        (key.clone(), "team", "red"),
    ] {
        tx.tags().put(&resource, &tag(key, value)).await.unwrap();
    }
    assert_eq!(tx.tags().of(&key).await.unwrap(), [tag("team", "red")]);
    let many = tx.tags().of_secrets(&[two, one]).await.unwrap();
    assert_eq!(
        many,
        [
            (one, tag("stage", "prod")),
            (one, tag("team", "red")),
            (two, tag("team", "blue"))
        ]
    );
    assert_eq!(tx.tags().of_secrets(&[]).await.unwrap(), []);

    let everything = TagQuery {
        account: account(),
        kind: TaggedKind::Secret,
        resources: Vec::new(),
        tags: Vec::new(),
        after: None,
        limit: 10,
    };
    let all = [
        "app/one stage=prod",
        "app/one team=red",
        "app/two team=blue",
    ];
    assert_eq!(listed(tx, &everything).await, all);
    let mut page = TagQuery {
        limit: 2,
        ..everything.clone()
    };
    assert_eq!(listed(tx, &page).await, all[..2]);
    page.after = Some(("app/one".to_owned(), "team".to_owned()));
    assert_eq!(listed(tx, &page).await, all[2..]);

    let condition = |key: &str, value: Option<&str>| TagCondition {
        key: key.to_owned(),
        value: value.map(str::to_owned),
    };
    for (tags, expected) in [
        (vec![condition("team", None)], &all[..]),
        (vec![condition("team", Some("red"))], &all[..2]),
        (
            vec![condition("team", None), condition("stage", Some("prod"))],
            &all[..2],
        ),
        (vec![condition("team", Some("re"))], &[]),
    ] {
        let query = TagQuery {
            tags,
            ..everything.clone()
        };
        assert_eq!(listed(tx, &query).await, expected, "{:?}", query.tags);
    }
    let named = TagQuery {
        resources: vec!["app/two".to_owned(), "app/none".to_owned()],
        ..everything.clone()
    };
    assert_eq!(listed(tx, &named).await, all[2..]);
    let keys = TagQuery {
        kind: TaggedKind::Key,
        ..everything.clone()
    };
    assert_eq!(listed(tx, &keys).await, ["key-1 team=red"]);
    let others = TagQuery {
        account: "1111".parse().unwrap(),
        ..everything
    };
    assert_eq!(listed(tx, &others).await, [""; 0], "another account's");

    tx.tags().remove(&key, "team").await.unwrap();
    assert_eq!(tx.tags().of(&key).await.unwrap(), []);
    let nobody = Tagged::Key("key-none".parse().unwrap());
    let put = tx.tags().put(&nobody, &tag("a", "b")).await;
    assert!(matches!(put, Err(StoreError::Gone { .. })), "{put:?}");
}

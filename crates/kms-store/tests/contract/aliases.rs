use std::sync::Arc;

use kms_store::{AliasRecord, Mode, Page, Store, StoreError};

use super::{account, add_account, at, keys::new_key};

fn alias(name: &str, key: &str) -> AliasRecord {
    AliasRecord {
        account: account(),
        name: name.parse().unwrap(),
        key: key.parse().unwrap(),
        created: at(0),
    }
}

pub(crate) async fn aliases_come_change_and_go(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    tx.keys().insert(&new_key("key-1")).await.unwrap();
    tx.keys().insert(&new_key("key-2")).await.unwrap();
    let first = alias("alias/app", "key-1");
    tx.aliases().insert(&first).await.unwrap();
    let again = tx.aliases().insert(&alias("alias/app", "key-2")).await;
    assert!(matches!(again, Err(StoreError::Taken)), "{again:?}");
    let found = tx.aliases().find(&account(), &first.name).await.unwrap();
    assert_eq!(found, Some(first.clone()));
    let stranger = "1111".parse().unwrap();
    let found = tx.aliases().find(&stranger, &first.name).await.unwrap();
    assert_eq!(found, None);

    let moved = alias("alias/app", "key-2");
    tx.aliases().update(&moved).await.unwrap();
    let found = tx.aliases().find(&account(), &first.name).await.unwrap();
    assert_eq!(found, Some(moved));
    tx.aliases().remove(&account(), &first.name).await.unwrap();
    let gone = tx.aliases().remove(&account(), &first.name).await;
    assert!(matches!(gone, Err(StoreError::Gone { .. })), "{gone:?}");
    let gone = tx.aliases().update(&first).await;
    assert!(matches!(gone, Err(StoreError::Gone { .. })), "{gone:?}");
    let of_nothing = tx.aliases().insert(&alias("alias/x", "key-none")).await;
    assert!(
        matches!(of_nothing, Err(StoreError::Gone { .. })),
        "{of_nothing:?}"
    );
}

pub(crate) async fn are_listed_in_pages(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    tx.keys().insert(&new_key("key-1")).await.unwrap();
    tx.keys().insert(&new_key("key-2")).await.unwrap();
    let [a, b, upper] = [
        alias("alias/a", "key-2"),
        alias("alias/b", "key-1"),
        alias("alias/B", "key-1"),
    ];
    for alias in [&b, &a, &upper] {
        tx.aliases().insert(alias).await.unwrap();
    }
    let page = |number| Page { number, size: 2 };
    let aliases = tx.aliases();
    let listed = aliases.list(&account(), page(1)).await.unwrap();
    assert_eq!(listed, (vec![upper.clone(), a.clone()], 3));
    let listed = aliases.list(&account(), page(2)).await.unwrap();
    assert_eq!(listed, (vec![b.clone()], 3));
    let listed = aliases.of_key(&b.key, page(1)).await.unwrap();
    assert_eq!(listed, (vec![upper, b], 2));
    let listed = aliases.of_key(&"key-3".parse().unwrap(), page(1)).await;
    assert_eq!(listed.unwrap(), (vec![], 0));
}

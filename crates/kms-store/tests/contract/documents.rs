use std::sync::Arc;

use kms_store::{
    AccountRecord, ClientKeyRecord, DocumentKind, DocumentRecord, Mode, Page, Store, StoreError,
};

use super::{account, add_account, at};

const ALL: Page = Page {
    number: 1,
    size: 100,
};

fn document(kind: DocumentKind, name: &str) -> DocumentRecord {
    DocumentRecord {
        account: account(),
        kind,
        name: name.to_owned(),
        body: format!("{{\"about\":\"{name} \u{503c}\"}}"),
        created: at(3),
    }
}

pub(crate) async fn come_change_and_go(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let kind = DocumentKind::NetworkRule;
    let other = DocumentKind::AccessPolicy;
    for name in ["b", "a", "c"] {
        tx.documents().insert(&document(kind, name)).await.unwrap();
    }
    tx.documents().insert(&document(other, "a")).await.unwrap();
    let taken = tx.documents().insert(&document(kind, "a")).await;
    assert!(matches!(taken, Err(StoreError::Taken)));
    let found = tx.documents().find(&account(), kind, "b").await.unwrap();
    assert_eq!(found, Some(document(kind, "b")));
    assert_eq!(
        tx.documents().find(&account(), other, "b").await.unwrap(),
        None
    );
    let stranger = "1111".parse().unwrap();
    assert_eq!(
        tx.documents().find(&stranger, kind, "b").await.unwrap(),
        None
    );

    let (all, total) = tx.documents().list(&account(), kind, ALL).await.unwrap();
    assert_eq!(
        (all, total),
        (["a", "b", "c"].map(|n| document(kind, n)).to_vec(), 3)
    );
    let second = Page { number: 2, size: 2 };
    let (page, total) = tx.documents().list(&account(), kind, second).await.unwrap();
    assert_eq!((page, total), (vec![document(kind, "c")], 3));

    let changed = DocumentRecord {
        body: "{}".to_owned(),
        ..document(kind, "b")
    };
    tx.documents().update(&changed).await.unwrap();
    let found = tx.documents().find(&account(), kind, "b").await.unwrap();
    assert_eq!(found, Some(changed));
    let nowhere = tx.documents().update(&document(kind, "d")).await;
    assert!(matches!(nowhere, Err(StoreError::Gone { .. })));
    tx.documents().remove(&account(), kind, "b").await.unwrap();
    let gone = tx.documents().remove(&account(), kind, "b").await;
    assert!(matches!(gone, Err(StoreError::Gone { .. })));
    let (_, total) = tx.documents().list(&account(), other, ALL).await.unwrap();
    assert_eq!(total, 1, "of another kind");
}

pub(crate) async fn are_found_in_all_accounts(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let kind = DocumentKind::Share;
    let other = AccountRecord {
        id: "1111".parse().unwrap(),
        created: at(1),
    };
    tx.accounts().insert(&other).await.unwrap();
    let of_other = |name: &str| DocumentRecord {
        account: other.id.clone(),
        ..document(kind, name)
    };
    let own = document(kind, "b");
    for document in [&own, &of_other("b"), &of_other("a")] {
        tx.documents().insert(document).await.unwrap();
    }
    let of_another_kind = document(DocumentKind::Event, "b");
    tx.documents().insert(&of_another_kind).await.unwrap();
    let mut named = tx.documents().everywhere(kind, Some("b")).await.unwrap();
    named.sort_by(|a, b| a.body.cmp(&b.body).then(a.account.cmp(&b.account)));
    let mut expected = vec![own.clone(), of_other("b")];
    expected.sort_by(|a, b| a.account.cmp(&b.account));
    assert_eq!(named, expected);
    let all = tx.documents().everywhere(kind, None).await.unwrap();
    expected.insert(0, of_other("a"));
    assert_eq!(all, expected);
    let none = tx.documents().everywhere(kind, Some("c")).await.unwrap();
    assert_eq!(none, []);
}

pub(crate) async fn client_keys_come_and_go(store: Arc<dyn Store>) {
    let key = |id: &str, access_point: &str, created| ClientKeyRecord {
        id: id.parse().unwrap(),
        account: account(),
        access_point: access_point.to_owned(),
        public_key: vec![0x30, 0, 0xff],
        certificate: "-----BEGIN".to_owned(),
        not_before: at(1),
        not_after: at(2),
        created: at(created),
        last_used: None,
    };
    let mut tx = store.begin(Mode::Write).await.unwrap();
    add_account(tx.as_mut()).await;
    let one = key("KAAP.1", "app", 9);
    let two = key("KAAP.2", "app", 8);
    let three = key("KAAP.3", "other", 7);
    for key in [&one, &two, &three] {
        tx.client_keys().insert(key).await.unwrap();
    }
    assert!(matches!(
        tx.client_keys().insert(&one).await,
        Err(StoreError::Taken)
    ));
    assert_eq!(
        tx.client_keys().find(&one.id).await.unwrap().as_ref(),
        Some(&one)
    );
    let of_app = tx
        .client_keys()
        .list(&account(), Some("app"))
        .await
        .unwrap();
    assert_eq!(of_app, [two.clone(), one.clone()]);
    let all = tx.client_keys().list(&account(), None).await.unwrap();
    assert_eq!(all, [three, two.clone(), one.clone()]);
    tx.client_keys().touch(&one.id, at(11)).await.unwrap();
    let used = ClientKeyRecord {
        last_used: Some(at(11)),
        ..one.clone()
    };
    assert_eq!(tx.client_keys().find(&one.id).await.unwrap(), Some(used));
    assert_eq!(tx.client_keys().find(&two.id).await.unwrap(), Some(two));
    let nobody = "KAAP.9".parse().unwrap();
    tx.client_keys().touch(&nobody, at(11)).await.unwrap();
    let stranger = "1111".parse().unwrap();
    assert_eq!(tx.client_keys().list(&stranger, None).await.unwrap(), []);
    tx.client_keys().remove(&one.id).await.unwrap();
    assert_eq!(tx.client_keys().find(&one.id).await.unwrap(), None);
    assert!(matches!(
        tx.client_keys().remove(&one.id).await,
        Err(StoreError::Gone { .. })
    ));
}

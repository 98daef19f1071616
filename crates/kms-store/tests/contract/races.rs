use std::sync::Arc;

use kms_store::{DocumentKind, DocumentRecord, Mode, Page, SecretId, Store, StoreError, run_tx};

use super::{account, at, furnished, new_version, stage, version};

const ROUNDS: usize = 20;

/// Makes a version current and what was current previous, as PutSecretValue does.
async fn put(store: &dyn Store, secret: SecretId, id: String) -> Result<(), StoreError> {
    let id = &id;
    run_tx(store, Mode::Write, move |mut tx| {
        Box::pin(async move {
            let current = stage("ACSCurrent");
            let before = tx
                .versions()
                .find_by_stage(secret, &current)
                .await?
                .ok_or(StoreError::Gone { table: "stages" })?;
            tokio::task::yield_now().await;
            let serial = tx.versions().insert(secret, &new_version(id)).await?;
            tx.versions().put_stage(secret, &current, serial).await?;
            tx.versions()
                .put_stage(secret, &stage("ACSPrevious"), before.serial)
                .await
        })
    })
    .await
}

pub(crate) async fn two_writers_never_lose_a_label(store: Arc<dyn Store>) {
    let secret = furnished(store.as_ref()).await;
    let writers: Vec<_> = ["left", "right", "third"]
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for round in 0..ROUNDS {
                    put(store.as_ref(), secret, format!("{writer}-{round}"))
                        .await
                        .unwrap();
                }
            })
        })
        .into_iter()
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let all = tx.versions().of(secret).await.unwrap();
    assert_eq!(all.len(), 1 + 3 * ROUNDS, "each put added its version");
    // Whoever was last is current, and who was last but one is previous: had two puts
    // read the same current version, previous would lie further back.
    let [.., previous, current] = all.as_slice() else {
        panic!("too few versions");
    };
    assert_eq!(current.stages, [stage("ACSCurrent")]);
    assert_eq!(previous.stages, [stage("ACSPrevious")]);
    let labels: usize = all.iter().map(|version| version.stages.len()).sum();
    assert_eq!(labels, 2);
}

pub(crate) async fn readers_never_see_a_label_missing(store: Arc<dyn Store>) {
    let secret = furnished(store.as_ref()).await;
    put(store.as_ref(), secret, "first".to_owned())
        .await
        .unwrap();
    let writer = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            for round in 0..ROUNDS {
                put(store.as_ref(), secret, format!("v-{round}"))
                    .await
                    .unwrap();
            }
        }
    });
    let mut looks = 0;
    while !writer.is_finished() || looks == 0 {
        let mut tx = store.begin(Mode::Read).await.unwrap();
        let all = tx.versions().of(secret).await.unwrap();
        for label in ["ACSCurrent", "ACSPrevious"] {
            let bearers = all.iter().filter(|v| v.stages.contains(&stage(label)));
            assert_eq!(bearers.count(), 1, "{label}");
        }
        assert!(
            version(store.as_ref(), secret, "ACSCurrent")
                .await
                .unwrap()
                .is_some()
        );
        looks += 1;
    }
    writer.await.unwrap();
}

pub(crate) async fn counting_loses_nothing(store: Arc<dyn Store>) {
    furnished(store.as_ref()).await;
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    run_tx::<_, StoreError, _>(store.as_ref(), Mode::Write, |mut tx| {
                        Box::pin(async move {
                            let name = "app/db".parse().unwrap();
                            let mut secret = tx.secrets().find(&account(), &name).await?.unwrap();
                            tokio::task::yield_now().await;
                            secret.description.push('x');
                            tx.secrets().update(&secret).await
                        })
                    })
                    .await
                    .unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let secret = tx
        .secrets()
        .find(&account(), &"app/db".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(secret.unwrap().description.len(), 4 * ROUNDS);
}

/// Adds a document unless there is one of the name, or as many as there may be.
async fn add(store: &dyn Store, name: String, limit: u64) -> Result<bool, StoreError> {
    let name = &name;
    run_tx(store, Mode::Write, move |mut tx| {
        Box::pin(async move {
            let kind = DocumentKind::NetworkRule;
            let page = Page { number: 1, size: 1 };
            let (_, total) = tx.documents().list(&account(), kind, page).await?;
            let found = tx.documents().find(&account(), kind, name).await?;
            tokio::task::yield_now().await;
            if total >= limit || found.is_some() {
                return Ok(false);
            }
            tx.documents()
                .insert(&DocumentRecord {
                    account: account(),
                    kind,
                    name: name.clone(),
                    body: "{}".to_owned(),
                    created: at(0),
                })
                .await?;
            Ok(true)
        })
    })
    .await
}

/// How many of eight that try at once succeed; none of them fails.
async fn of_eight(store: &Arc<dyn Store>, limit: u64, name: fn(usize) -> String) -> usize {
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = Arc::clone(store);
            tokio::spawn(async move { add(store.as_ref(), name(writer), limit).await.unwrap() })
        })
        .collect();
    let mut added = 0;
    for writer in writers {
        added += usize::from(writer.await.unwrap());
    }
    added
}

pub(crate) async fn a_limit_holds(store: Arc<dyn Store>) {
    furnished(store.as_ref()).await;
    assert_eq!(
        of_eight(&store, 3, |writer| format!("rule-{writer}")).await,
        3
    );
}

pub(crate) async fn a_name_is_taken_once(store: Arc<dyn Store>) {
    furnished(store.as_ref()).await;
    assert_eq!(of_eight(&store, 100, |_| "rule".to_owned()).await, 1);
}

//! What is answered from memory is what the database would say.

use std::sync::Arc;

use kms_store::{
    AliasRecord, Area, KeyRecord, KeyVersionRecord, Mode, Moment, SecretId, SecretRecord, Store,
    StoreError, TagRecord, Tagged, Tx, VersionRecord, run_read,
};
use kms_types::VersionStage;

use super::{account, at, furnished, keys::new_key, new_version};

/// All that is remembered.
#[derive(Debug, PartialEq)]
struct Seen {
    secret: Option<SecretRecord>,
    by_id: Option<SecretRecord>,
    current: Option<VersionRecord>,
    version: Option<VersionRecord>,
    tags: Vec<TagRecord>,
    key: Option<KeyRecord>,
    any_key: Option<KeyRecord>,
    key_version: Option<KeyVersionRecord>,
    alias: Option<AliasRecord>,
    key_tags: Vec<TagRecord>,
}

async fn see(tx: &mut dyn Tx, secret: SecretId) -> Result<Seen, StoreError> {
    let key = new_key("key-1");
    let name = "app/db".parse().unwrap();
    Ok(Seen {
        secret: tx.secrets().find(&account(), &name).await?,
        by_id: tx.secrets().find_by_id(secret).await?,
        current: tx
            .versions()
            .find_by_stage(secret, &VersionStage::current())
            .await?,
        version: tx.versions().find(secret, &"v2".parse().unwrap()).await?,
        tags: tx.tags().of(&Tagged::Secret(secret)).await?,
        key: tx.keys().find(&account(), &key.id).await?,
        any_key: tx.keys().find_any(&key.id).await?,
        key_version: tx.key_versions().find(&key.primary_version).await?,
        alias: tx
            .aliases()
            .find(&account(), &"alias/app".parse().unwrap())
            .await?,
        key_tags: tx.tags().of(&Tagged::Key(key.id)).await?,
    })
}

async fn now(store: &dyn Store) -> Moment {
    store.moment().await.unwrap().unwrap()
}

/// Twice by way of memory, once without: all the same.
async fn agreed(store: &dyn Store, secret: SecretId) -> Seen {
    let mut all = Vec::new();
    for _time in 0..2 {
        let moment = now(store).await;
        let seen = run_read(store, Some(&moment), |mut tx| {
            Box::pin(async move { see(&mut *tx, secret).await })
        });
        all.push(seen.await.unwrap());
    }
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let seen = see(tx.as_mut(), secret).await.unwrap();
    for other in all {
        assert_eq!(other, seen);
    }
    seen
}

async fn with_key(store: &dyn Store) -> SecretId {
    let secret = furnished(store).await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let key = new_key("key-1");
    tx.keys().insert(&key).await.unwrap();
    tx.commit().await.unwrap();
    secret
}

pub(crate) async fn tells_what_was_written_from_the_next_moment_on(store: Arc<dyn Store>) {
    let store = store.as_ref();
    let secret = with_key(store).await;
    let key = new_key("key-1");
    let tag = TagRecord {
        key: "env".to_owned(),
        value: "test".to_owned(),
    };
    let before = agreed(store, secret).await;
    assert_eq!((&before.version, &before.alias), (&None, &None));

    // Each write by itself, and each is seen at once.
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let mut changed = before.secret.clone().unwrap();
    "another".clone_into(&mut changed.description);
    tx.secrets().update(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let seen = agreed(store, secret).await;
    assert_eq!(seen.secret, Some(changed.clone()));
    assert_eq!(seen.by_id, Some(changed));

    let mut tx = store.begin(Mode::Write).await.unwrap();
    let serial = tx.versions().insert(secret, &new_version("v2")).await;
    tx.commit().await.unwrap();
    let version = agreed(store, secret).await.version.unwrap();
    assert_eq!((version.id.as_str(), version.stages.len()), ("v2", 0));

    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.versions()
        .put_stage(secret, &VersionStage::current(), serial.unwrap())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let current = agreed(store, secret).await.current.unwrap();
    assert_eq!(current.id.as_str(), "v2");

    for tagged in [Tagged::Secret(secret), Tagged::Key(key.id.clone())] {
        let mut tx = store.begin(Mode::Write).await.unwrap();
        tx.tags().put(&tagged, &tag).await.unwrap();
        tx.commit().await.unwrap();
    }
    let seen = agreed(store, secret).await;
    assert_eq!(seen.tags, std::slice::from_ref(&tag));
    assert_eq!(seen.key_tags, [tag]);

    let mut tx = store.begin(Mode::Write).await.unwrap();
    let alias = AliasRecord {
        account: account(),
        name: "alias/app".parse().unwrap(),
        key: key.id.clone(),
        created: at(0),
    };
    tx.aliases().insert(&alias).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(agreed(store, secret).await.alias, Some(alias));

    let version = KeyVersionRecord {
        key: key.id.clone(),
        id: key.primary_version.clone(),
        sealed: Some(b"sealed".to_vec()),
        created: at(0),
    };
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.key_versions().insert(&version).await.unwrap();
    tx.commit().await.unwrap();
    let seen = agreed(store, secret).await;
    assert_eq!(seen.key_version, Some(version));

    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.keys().remove(&key.id).await.unwrap();
    tx.commit().await.unwrap();
    let seen = agreed(store, secret).await;
    assert_eq!((seen.key, seen.any_key), (None, None));
    assert_eq!((seen.key_version, seen.alias), (None, None));
    assert_eq!(seen.key_tags, []);

    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    tx.commit().await.unwrap();
    let seen = agreed(store, secret).await;
    assert_eq!((seen.secret, seen.by_id, seen.current), (None, None, None));
}

pub(crate) async fn mixes_no_moments(store: Arc<dyn Store>) {
    let store = store.as_ref();
    let secret = with_key(store).await;
    let key = new_key("key-1");
    let before = now(store).await;
    let mut tx = store.begin_at(&before).await.unwrap();
    tx.secrets().find_by_id(secret).await.unwrap().unwrap();
    tx.commit().await.unwrap();

    // One in which memory has told of the secret, and one in which it has not.
    let mut mixed = store.begin_at(&before).await.unwrap();
    mixed.secrets().find_by_id(secret).await.unwrap().unwrap();
    let mut fresh = store.begin_at(&before).await.unwrap();

    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.secrets().remove(secret).await.unwrap();
    tx.keys().remove(&key.id).await.unwrap();
    tx.commit().await.unwrap();

    let later = mixed.keys().find_any(&key.id).await;
    assert!(matches!(later, Err(StoreError::Conflict)), "{later:?}");
    assert_eq!(fresh.keys().find_any(&key.id).await.unwrap(), None);
    let gone = fresh.secrets().find_by_id(secret).await.unwrap();
    assert_eq!(gone, None, "memory is not asked by who sees more");

    // Nothing of that was noted as if it had been so before.
    let mut tx = store.begin_at(&before).await.unwrap();
    let found = tx.secrets().find_by_id(secret).await.unwrap();
    assert_eq!(found.unwrap().id, secret, "as it was then");
}

pub(crate) async fn has_a_number_for_each_area(store: Arc<dyn Store>) {
    let store = store.as_ref();
    let secret = with_key(store).await;
    let before = now(store).await;
    assert_eq!(
        before.number(Area::Keys),
        now(store).await.number(Area::Keys)
    );

    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.versions()
        .insert(secret, &new_version("v2"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let after = now(store).await;
    assert!(after.number(Area::Secrets) > before.number(Area::Secrets));
    assert_eq!(after.number(Area::Identity), before.number(Area::Identity));
    assert_eq!(after.number(Area::Keys), before.number(Area::Keys));

    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.users().rename("200000", "bob").await.unwrap();
    drop(tx);
    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.markers().put("m", "body").await.unwrap();
    tx.commit().await.unwrap();
    let still = now(store).await;
    assert_eq!(still.number(Area::Identity), after.number(Area::Identity));

    let mut tx = store.begin(Mode::Write).await.unwrap();
    tx.users().rename("200000", "bob").await.unwrap();
    tx.commit().await.unwrap();
    let renamed = now(store).await;
    assert!(renamed.number(Area::Identity) > after.number(Area::Identity));
    assert_eq!(renamed.number(Area::Secrets), after.number(Area::Secrets));
}

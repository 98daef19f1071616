//! All secrets are due at once: their next rotation is written into the store, for nobody waits
//! six hours in a benchmark. Everything else is the servers' doing.

use std::{path::PathBuf, time::Duration};

use jiff::Timestamp;
use kms_store::{Mode, Page, PostgresSettings, PostgresStore, SecretId, Store, StoreError, run_tx};
use kms_types::{AccountId, Clock as _, Secret, SecretName, SystemClock};
use serde_json::{Value, json};

use crate::check;

/// A secret that hosts an AccessKey.
pub(crate) struct Hosted {
    pub(crate) id: SecretId,
    pub(crate) account: AccountId,
    pub(crate) name: SecretName,
}

/// How many are written in one transaction.
const AT_ONCE: usize = 500;
const PAGE: u8 = 100;
const LOOK: Duration = Duration::from_millis(200);
/// Nothing happens for so long: something is broken.
const PATIENCE: Duration = Duration::from_mins(10);

/// Lets them rotate; how long it took until all values were new, and until all old keys were
/// gone.
pub(crate) async fn rotate(
    url: &str,
    secrets: u32,
    (address, access_keys): (&str, &[PathBuf]),
) -> Value {
    let store = PostgresStore::open_existing(&PostgresSettings::new(Secret::from(url)))
        .await
        .expect("the store");
    let hosted = find(&store).await;
    let found = u32::try_from(hosted.len()).expect("as many as were made");
    assert_eq!(found, secrets, "secrets that host a key");
    let now = SystemClock.now();
    for some in hosted.chunks(AT_ONCE) {
        make_due(&store, some, now).await.expect("a plan");
    }
    let began = SystemClock.monotonic();
    for one in &hosted {
        until(&store, one.id, |_finished, last| last >= Some(now)).await;
    }
    let promoted = SystemClock.monotonic().saturating_sub(began);
    let most_keys = check::keys_of_users(&store, &hosted).await;
    check::signs(address, access_keys, &hosted).await;
    for one in &hosted {
        until(&store, one.id, |is_finished, _last| is_finished).await;
    }
    let over = SystemClock.monotonic().saturating_sub(began);
    let left = check::leftovers(&store, &hosted).await;
    json!({
        "secrets": hosted.len(),
        "promoted_millis": millis(promoted),
        "over_millis": millis(over),
        "most_keys": most_keys,
        "rotations": left.rotations,
        "failed": left.failed,
        "unfinished": left.unfinished,
        "surplus_keys": left.surplus_keys,
    })
}

/// All secrets of all accounts.
async fn find(store: &PostgresStore) -> Vec<Hosted> {
    let accounts = run_tx(store, Mode::Read, |mut tx| {
        Box::pin(async move { tx.accounts().list().await })
    })
    .await
    .expect("the accounts");
    let mut all = Vec::new();
    for account in &accounts {
        for number in 1.. {
            let size = PAGE.into();
            let page = Page { number, size };
            let now = SystemClock.now();
            let (found, _total) = run_tx(store, Mode::Read, |mut tx| {
                Box::pin(async move { tx.secrets().list(&account.id, &[], page, now).await })
            })
            .await
            .expect("a page of secrets");
            let is_last = found.len() < PAGE.into();
            all.extend(found.into_iter().map(|secret| Hosted {
                id: secret.id,
                account: secret.account,
                name: secret.name,
            }));
            if is_last {
                break;
            }
        }
    }
    all
}

async fn make_due(
    store: &PostgresStore,
    some: &[Hosted],
    now: Timestamp,
) -> Result<(), StoreError> {
    run_tx(store, Mode::Write, |mut tx| {
        Box::pin(async move {
            for one in some {
                if let Some(mut secret) = tx.secrets().find_by_id(one.id).await? {
                    secret.rotation.next = Some(now);
                    tx.secrets().update(&secret).await?;
                }
            }
            Ok(())
        })
    })
    .await
}

/// Waits for the secret's newest rotation.
async fn until(store: &dyn Store, id: SecretId, is_so: impl Fn(bool, Option<Timestamp>) -> bool) {
    let began = SystemClock.monotonic();
    loop {
        let (is_finished, last) = run_tx(store, Mode::Read, |mut tx| {
            Box::pin(async move {
                let newest = tx.rotations().of_secret(id, 1).await?;
                let is_finished = newest.first().is_some_and(|one| one.finished.is_some());
                let secret = tx.secrets().find_by_id(id).await?;
                Ok::<_, StoreError>((is_finished, secret.and_then(|one| one.rotation.last)))
            })
        })
        .await
        .expect("a look at the journal");
        if is_so(is_finished, last) {
            return;
        }
        assert!(
            SystemClock.monotonic().saturating_sub(began) < PATIENCE,
            "a rotation does not come to its end"
        );
        tokio::time::sleep(LOOK).await;
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

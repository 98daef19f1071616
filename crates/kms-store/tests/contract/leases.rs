use std::sync::Arc;

use jiff::SignedDuration;
use kms_store::{Mode, Store, StoreError};

use super::at;

const LONG: SignedDuration = SignedDuration::from_mins(5);
/// Over as soon as it began, by whichever clock.
const OVER: SignedDuration = SignedDuration::ZERO;

pub(crate) async fn have_one_owner(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let leases = tx.leases();
    let first = leases.acquire("sweep", "a", at(0), LONG).await.unwrap();
    assert_eq!(first, Some(1));
    let prolonged = leases.acquire("sweep", "a", at(0), LONG).await.unwrap();
    assert_eq!(prolonged, Some(1), "the same owner's is the same");
    let other = leases.acquire("sweep", "b", at(0), LONG).await.unwrap();
    assert_eq!(other, None);
    let elsewhere = leases.acquire("rotate", "b", at(0), LONG).await.unwrap();
    assert_eq!(elsewhere, Some(1));

    leases.acquire("sweep", "a", at(0), OVER).await.unwrap();
    leases.check("sweep", 1).await.unwrap();
    let second = leases.acquire("sweep", "b", at(0), LONG).await.unwrap();
    assert_eq!(second, Some(2));
    leases.check("sweep", 2).await.unwrap();
    let deposed = leases.check("sweep", 1).await;
    assert!(matches!(deposed, Err(StoreError::Deposed)), "{deposed:?}");
    let deposed = leases.release("sweep", 1).await;
    assert!(matches!(deposed, Err(StoreError::Deposed)), "{deposed:?}");
    leases.release("sweep", 2).await.unwrap();
    let third = leases.acquire("sweep", "a", at(0), LONG).await.unwrap();
    assert_eq!(third, Some(3));

    assert_eq!(leases.release_all().await.unwrap(), 2);
    let fourth = leases.acquire("sweep", "b", at(0), LONG).await.unwrap();
    assert_eq!(fourth, Some(4), "the one before is deposed");
    let elsewhere = leases.acquire("rotate", "c", at(0), LONG).await.unwrap();
    assert_eq!(elsewhere, Some(2));
    tx.commit().await.unwrap();
}

pub(crate) async fn markers_come_and_go(store: Arc<dyn Store>) {
    let mut tx = store.begin(Mode::Write).await.unwrap();
    assert_eq!(tx.markers().get("rekey").await.unwrap(), None);
    tx.markers().put("rekey", "here").await.unwrap();
    tx.markers().put("rekey", "there").await.unwrap();
    let noted = tx.markers().get("rekey").await.unwrap();
    assert_eq!(noted.as_deref(), Some("there"));
    assert_eq!(tx.markers().get("other").await.unwrap(), None);
    tx.markers().remove("rekey").await.unwrap();
    tx.markers().remove("rekey").await.unwrap();
    assert_eq!(tx.markers().get("rekey").await.unwrap(), None);
    tx.commit().await.unwrap();
}

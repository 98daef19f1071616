use std::{os::unix::fs::PermissionsExt, time::Duration};

use kms_credentials::{ClientKey, ClientKeyPassword};
use kms_service::Caller;
use kms_wire::{Action, Response};

use super::ask;
use crate::dev::{
    kms::Kms,
    stand::{Stand, caller},
};

const DAY: Duration = Duration::from_hours(24);

fn kept(stand: &Stand) -> ClientKey {
    let password = ClientKeyPassword::File(stand.home.client_key_password());
    ClientKey::read(&stand.home.client_key(), &password).unwrap()
}

/// One run, and the key that it leaves.
async fn run(stand: &Stand) -> ClientKey {
    stand.open().await.backend.close().await;
    kept(stand)
}

/// The ids of all keys that the server knows.
async fn known(kms: &Kms, caller: &Caller) -> Vec<String> {
    let listed = ask(&kms.backend.service, caller, Action::ListClientKeys, &[]).await;
    let Response::ListClientKeys(listed) = listed.unwrap() else {
        panic!("another answer");
    };
    let keys = listed.client_keys.into_iter();
    keys.map(|key| key.client_key_id).collect()
}

#[tokio::test]
async fn a_key_is_replaced_half_a_year_before_its_end() {
    let stand = Stand::new();
    let first = run(&stand).await;
    assert_eq!(first.expires().to_string(), "2031-11-25T12:00:00Z");
    for path in [stand.home.client_key(), stand.home.client_key_password()] {
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    // 1,826 days, 180 of which are too few.
    stand.clock.advance(DAY * (1_826 - 180));
    assert_eq!(run(&stand).await.key().key_id(), first.key().key_id());

    stand.clock.advance(Duration::from_secs(1));
    let kms = stand.open().await;
    let second = kept(&stand);
    assert_ne!(second.key().key_id(), first.key().key_id());
    assert_eq!(second.expires().to_string(), "2036-05-29T12:00:01Z");
    // The other one opens nothing any more.
    assert_eq!(
        known(&kms, &caller(&kms).await).await,
        [second.key().key_id().as_str()]
    );
    kms.backend.close().await;
}

#[tokio::test]
async fn a_key_that_has_expired_is_replaced_too() {
    let stand = Stand::new();
    let first = run(&stand).await;
    stand.clock.advance(DAY * 2_000);
    let second = run(&stand).await;
    assert_ne!(second.key().key_id(), first.key().key_id());
}

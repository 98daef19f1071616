use std::{cell::Cell, time::Duration};

use kms_telemetry::Lifecycle;
use kms_wire::{Action, Params, Request};
use tokio::time::{Instant, sleep, timeout};

use super::{every, swept};
use crate::dev::stand::{Stand, caller};

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test(start_paused = true)]
async fn works_at_once_and_in_each_period_until_nothing_is_left() {
    let (handle, lifecycle) = Lifecycle::new();
    let began = Instant::now();
    let times = Cell::new(Vec::new());
    let left = Cell::new(2);
    let work = || async {
        let mut noted = times.take();
        noted.push(began.elapsed());
        let is_over = noted.len() == 5;
        times.set(noted);
        if is_over {
            handle.stop();
        }
        left.set(left.get() - 1);
        left.get() > 0
    };
    // 2, 1, then nothing: one look in each of the later periods.
    every(HOUR, lifecycle.shutdown, work).await;
    let zero = Duration::ZERO;
    assert_eq!(times.take(), [zero, zero, HOUR, 2 * HOUR, 3 * HOUR]);
}

#[tokio::test(start_paused = true)]
async fn the_end_does_not_wait_for_the_period_nor_for_all_the_work() {
    let (handle, lifecycle) = Lifecycle::new();
    let began = Instant::now();
    let endless = || async {
        sleep(Duration::from_secs(1)).await;
        if began.elapsed() >= Duration::from_secs(3) {
            handle.stop();
        }
        true
    };
    let working = every(HOUR, lifecycle.shutdown.clone(), endless);
    timeout(HOUR, working).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(3));
    // Told before it began: nothing is done.
    every(HOUR, lifecycle.shutdown, || async {
        panic!("the program is ending")
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_swept_once_its_window_is_over_and_failing_is_no_end() {
    let stand = Stand::new();
    let kms = stand.open().await;
    let caller = caller(&kms).await;
    let mut params = Params::default();
    params.push("SecretName", "agent-test");
    params.push("RecoveryWindowInDays", "7");
    let delete = Request::parse(Action::DeleteSecret, &params).unwrap();
    kms.backend.service.call(&caller, delete).await.unwrap();

    stand.clock.advance(Duration::from_hours(7 * 24 - 1));
    assert!(!swept(&kms.backend.service, &kms.backend.audit).await);
    stand.clock.advance(Duration::from_hours(2));
    assert!(swept(&kms.backend.service, &kms.backend.audit).await);
    assert!(!swept(&kms.backend.service, &kms.backend.audit).await);
    kms.backend.close().await;
    assert!(!swept(&kms.backend.service, &kms.backend.audit).await);
}

#[tokio::test]
async fn a_key_gets_its_new_version_once_it_is_due() {
    let stand = Stand::new();
    let kms = stand.open().await;
    let caller = caller(&kms).await;
    let mut params = Params::default();
    params.push("EnableAutomaticRotation", "true");
    params.push("RotationInterval", "7d");
    let create = Request::parse(Action::CreateKey, &params).unwrap();
    kms.backend.service.call(&caller, create).await.unwrap();

    stand.clock.advance(Duration::from_hours(7 * 24 - 1));
    assert!(!swept(&kms.backend.service, &kms.backend.audit).await);
    stand.clock.advance(Duration::from_hours(2));
    assert!(swept(&kms.backend.service, &kms.backend.audit).await);
    assert!(!swept(&kms.backend.service, &kms.backend.audit).await);
    kms.backend.close().await;
}

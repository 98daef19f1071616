//! Workers that die, rotators that fail, answers that come too late.

use std::sync::Arc;

use kms_types::ErrorCode;
use tokio::sync::Notify;

use super::{Act, rotate, single, told, value, work};
use crate::rotation::RotatorError;

/// The worker dies while it waits for the rotator's answer to each of the steps; another one
/// goes on when the lease is over, and it comes to the same.
#[tokio::test]
async fn another_worker_goes_on_after_each_step() {
    for dies_at in 0..4 {
        let (stand, fake) = single().await;
        rotate(&stand, "db", "v2").await.unwrap();
        for _ in 0..dies_at {
            assert!(stand.service.rotate("worker-1").await.unwrap());
        }
        let reached = Arc::new(Notify::new());
        fake.then(Act::Hang(Arc::clone(&reached)));
        tokio::select! {
            _never = stand.service.rotate("worker-1") => panic!("it hangs"),
            () = reached.notified() => {}
        }
        let told_before = fake.pending().last().cloned();
        // It may still be at it.
        assert!(
            !stand.service.rotate("worker-2").await.unwrap(),
            "{dies_at}"
        );
        stand.pass(5 * 60 + 1);
        while stand.service.rotate("worker-2").await.unwrap() {}
        let told_after = fake.pending().last().cloned();
        // What was told once is what is set: the value outlived the worker.
        assert_eq!(told_before, told_after, "{dies_at}");
        let mut wanted = vec!["create", "set", "test", "finish"];
        wanted.insert(dies_at, wanted[dies_at]);
        assert_eq!(fake.steps(), wanted);
        assert_ne!(value(&stand, "ACSCurrent").await["AccountPassword"], "old");
        assert_eq!(value(&stand, "ACSPrevious").await["AccountPassword"], "old");
    }
}

/// A worker that was taken for dead hears its answer at last: it writes nothing.
#[tokio::test]
async fn a_late_answer_changes_nothing() {
    for late_at in 0..4 {
        let (stand, fake) = single().await;
        rotate(&stand, "db", "v2").await.unwrap();
        for _ in 0..late_at {
            assert!(stand.service.rotate("worker-1").await.unwrap());
        }
        let (reached, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        fake.then(Act::Late(Arc::clone(&reached), Arc::clone(&go)));
        let mut late = Box::pin(stand.service.rotate("worker-1"));
        tokio::select! {
            _never = &mut late => panic!("it hangs"),
            () = reached.notified() => {}
        }
        stand.pass(5 * 60 + 1);
        // The other one does one step, so that something could be undone.
        assert!(stand.service.rotate("worker-2").await.unwrap());
        let after_one = fake.steps();
        go.notify_one();
        assert!(late.await.unwrap());
        while stand.service.rotate("worker-2").await.unwrap() {}
        let all = ["create", "set", "test", "finish"];
        assert_eq!(after_one.last(), Some(&all[late_at]));
        assert_eq!(fake.steps(), all[late_at + 1..], "{late_at}");
        assert_ne!(value(&stand, "ACSCurrent").await["AccountPassword"], "old");
    }
}

/// Ten seconds after the first failure, then longer and longer.
#[tokio::test]
async fn a_rotator_that_fails_is_asked_again_later() {
    let (stand, fake) = single().await;
    rotate(&stand, "db", "v2").await.unwrap();
    for error in [
        RotatorError::Unreachable("no answer in time"),
        RotatorError::Refused(500),
    ] {
        fake.then(Act::Fail(error));
    }
    work(&stand).await;
    assert_eq!(fake.steps(), ["create"]);
    stand.pass(9);
    work(&stand).await;
    assert_eq!(fake.steps(), [""; 0]);
    stand.pass(1);
    work(&stand).await;
    assert_eq!(fake.steps(), ["create"]);
    stand.pass(19);
    work(&stand).await;
    assert_eq!(fake.steps(), [""; 0]);
    stand.pass(1);
    work(&stand).await;
    assert_eq!(fake.steps(), ["create", "set", "test", "finish"]);
    assert_ne!(value(&stand, "ACSCurrent").await["AccountPassword"], "old");
}

/// The old value is read for ever, and the secret says that it cannot rotate.
#[tokio::test]
async fn a_rotation_that_fails_too_often_is_given_up() {
    for fails_at in ["create", "set", "test"] {
        let (stand, fake) = single().await;
        let params = [
            ("SecretName", "db"),
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "30d"),
        ];
        stand
            .call("UpdateSecretRotationPolicy", &params)
            .await
            .unwrap();
        rotate(&stand, "db", "v2").await.unwrap();
        for step in ["create", "set", "test"] {
            if step == fails_at {
                break;
            }
            assert!(stand.service.rotate("worker-1").await.unwrap());
        }
        for _ in 0..16 {
            fake.then(Act::Fail(RotatorError::Refused(503)));
        }
        for _ in 0..20 {
            work(&stand).await;
            stand.pass(3600);
        }
        assert_eq!(
            fake.steps()
                .iter()
                .filter(|step| **step == fails_at)
                .count(),
            16
        );
        assert_eq!(value(&stand, "ACSCurrent").await["AccountPassword"], "old");
        assert_eq!(told(&stand, "db").await["AutomaticRotation"], "Invalid");
        // A new one may begin, and heals it.
        rotate(&stand, "db", "v2").await.unwrap();
        work(&stand).await;
        assert_ne!(value(&stand, "ACSCurrent").await["AccountPassword"], "old");
        assert_eq!(told(&stand, "db").await["AutomaticRotation"], "Enabled");
    }
}

/// Answers that are no new value of this account.
#[tokio::test]
async fn a_wrong_answer_is_a_failure() {
    for wrong in [
        "",
        "{}",
        "canary",
        r#"{"AccountName":"somebody-else","AccountPassword":"x"}"#,
        r#"{"AccountName":"app","AccountPassword":""}"#,
        r#"{"UserName":"app","Password":"x"}"#,
    ] {
        let (stand, fake) = single().await;
        fake.then(Act::Answer(wrong));
        rotate(&stand, "db", "v2").await.unwrap();
        work(&stand).await;
        assert_eq!(fake.steps(), ["create"], "{wrong}");
        assert_eq!(value(&stand, "ACSCurrent").await["AccountPassword"], "old");
    }
    // One that is, counts.
    let (stand, fake) = single().await;
    fake.then(Act::Answer(
        r#"{"AccountName":"app","AccountPassword":"theirs"}"#,
    ));
    rotate(&stand, "db", "v2").await.unwrap();
    work(&stand).await;
    assert_eq!(
        value(&stand, "ACSCurrent").await["AccountPassword"],
        "theirs"
    );
}

/// What it was begun for is gone.
#[tokio::test]
async fn a_rotation_ends_with_its_secret() {
    let (stand, fake) = single().await;
    rotate(&stand, "db", "v2").await.unwrap();
    let params = [("SecretName", "db"), ("ForceDeleteWithoutRecovery", "true")];
    stand.call("DeleteSecret", &params).await.unwrap();
    work(&stand).await;
    assert_eq!(fake.steps(), [""; 0]);
    assert_eq!(
        stand.read("db", "ACSCurrent").await,
        Err(ErrorCode::ResourceNotFound)
    );
}

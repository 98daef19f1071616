//! What becomes of a rotation when something goes wrong, row by row of reference accesskey
//! §4.2.

use std::{pin::pin, sync::Arc, time::Duration};

use jiff::SignedDuration;
use kms_store::KeyStatus;
use tokio::{sync::Notify, time::sleep};

use super::*;

mod away;
mod ends;
mod full;
mod lost;

/// Long enough for any wait between tries.
const HOUR: u64 = 3600;

/// The worker dies in the next call of that kind, before or after its work.
async fn dies(world: &World, op: Op, is_done: bool) {
    let reached = Arc::new(Notify::new());
    let hang = Fault::Hang {
        is_done,
        reached: Arc::clone(&reached),
    };
    world.ram.next(op, hang);
    tokio::select! {
        () = world.work() => panic!("it hangs"),
        () = reached.notified() => {}
    }
    // Another one takes over when the lease is over.
    world.stand.pass(5 * 60 + 1);
}

/// Who lives keeps a rotation for as long as RAM takes; who is dropped does not.
#[tokio::test]
async fn a_worker_that_lives_keeps_its_rotation() {
    const LEASE: u64 = 3;
    let with = |rotation: &mut Rotation| {
        rotation.lease = SignedDuration::from_secs(LEASE.cast_signed());
    };
    let world = World::with(with, &[]).await;
    let old = world.key_at("ACSCurrent").await.unwrap();
    world.rotate("v2").await.unwrap();
    let reached = Arc::new(Notify::new());
    let hang = Fault::Hang {
        is_done: true,
        reached: Arc::clone(&reached),
    };
    world.ram.next(Op::Create, hang);
    let claimed = async || world.stand.service.rotate("worker-2").await.unwrap();
    {
        let mut alive = pin!(world.work());
        tokio::select! {
            () = &mut alive => panic!("it hangs"),
            () = reached.notified() => {}
        }
        for _ in 0..3 {
            world.stand.pass(LEASE - 1);
            let claimed = async {
                // A third of the lease, after which it is prolonged, and a little.
                sleep(Duration::from_millis(1_500)).await;
                claimed().await
            };
            tokio::select! {
                () = &mut alive => panic!("it hangs"),
                claimed = claimed => assert!(!claimed),
            }
        }
    }
    world.stand.pass(LEASE - 2);
    assert!(!claimed().await, "it may still be alive");
    world.stand.pass(2);
    assert!(claimed().await);
    world.after(48 * HOUR).await;
    is_replaced(&world, &old).await;
}

/// That a rotation from this key came to its end: one key is there, it is the current one and
/// another than before.
async fn is_replaced(world: &World, old: &str) {
    let new = world.key_at("ACSCurrent").await.unwrap();
    assert_ne!(new, old);
    assert_eq!(world.keys(), [(new, KeyStatus::Active)]);
    assert_eq!(
        world.key_at("ACSPrevious").await,
        Err(ErrorCode::ResourceNotFound)
    );
    assert!(world.ram.most_keys() <= 2);
}

/// That nothing came of it: the key before is the only one, and current.
async fn is_as_before(world: &World, old: &str) {
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
    assert_eq!(world.keys(), [(old.to_owned(), KeyStatus::Active)]);
}

async fn begun() -> (World, String) {
    let world = World::new().await;
    let old = world.key_at("ACSCurrent").await.unwrap();
    world.rotate("v2").await.unwrap();
    (world, old)
}

#[tokio::test]
async fn a_worker_dies_in_any_call_before_or_after_its_work() {
    for op in [Op::Keys, Op::Create, Op::Owner, Op::LastUsed, Op::Delete] {
        for is_done in [false, true] {
            let (world, old) = begun().await;
            if matches!(op, Op::LastUsed | Op::Delete) {
                world.work().await;
                world.stand.pass(48 * HOUR);
            }
            dies(&world, op, is_done).await;
            assert_ne!(world.keys(), [], "{op:?} {is_done}");
            world.work().await;
            world.after(48 * HOUR).await;
            world.after(HOUR).await;
            is_replaced(&world, &old).await;
            let events = world.events();
            assert_eq!(
                events
                    .iter()
                    .filter(|one| **one == RotationEvent::IsOver)
                    .count(),
                1,
                "{op:?} {is_done}: {events:?}"
            );
        }
    }
}

//! Answers that are lost, late or doubled, and keys that nobody knows the secret of.

use super::*;

/// Created, and nobody heard of it: the key of which nobody knows the secret goes.
#[tokio::test]
async fn an_orphan_goes_before_another_is_made() {
    for denied in [false, true] {
        let (world, old) = begun().await;
        if denied {
            world.ram.deny_last_used();
        }
        world.ram.next(Op::Create, Fault::Lost);
        world.work().await;
        assert_eq!(world.keys().len(), 2);
        let orphan = world.keys()[1].0.clone();
        world.after(10).await;
        let new = world.key_at("ACSCurrent").await.unwrap();
        assert_ne!(new, orphan);
        assert_eq!(world.ram.deleted(), [orphan]);
        world.after(48 * HOUR).await;
        is_replaced(&world, &old).await;
    }
}

/// Nobody takes away a key that was used, however it came there.
#[tokio::test]
async fn a_key_that_somebody_uses_is_no_orphan() {
    let (world, old) = begun().await;
    world.ram.next(Op::Create, Fault::Lost);
    world.work().await;
    let now = world.stand.clock.clone();
    world.ram.change("app", |keys| {
        keys[1].used = Some(kms_types::Clock::now(&now));
    });
    world.after(10).await;
    world.after(HOUR).await;
    assert_eq!(world.ram.deleted(), [""; 0]);
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
    let told = world.told();
    let last = told.last().unwrap();
    assert_eq!(last.event, RotationEvent::GivenUp);
    assert!(last.reason.contains(&world.keys()[1].0), "{}", last.reason);
}

/// The call does its work when another one is already in the other's place.
#[tokio::test]
async fn a_call_that_is_carried_out_late_does_no_harm() {
    // Before the next look, after the new key is there, and after the old one is gone.
    for moment in 0..3 {
        let (world, old) = begun().await;
        world.ram.next(Op::Create, Fault::Late);
        world.work().await;
        assert_eq!(world.keys().len(), 1);
        if moment == 0 {
            world.ram.catch_up();
        }
        world.after(10).await;
        if moment == 1 {
            world.ram.catch_up();
        }
        world.after(48 * HOUR).await;
        if moment == 2 {
            world.ram.catch_up();
            assert_eq!(world.keys().len(), 2);
            // The next rotation knows that it may be there.
            world.rotate("v3").await.unwrap();
            world.work().await;
            world.after(48 * HOUR).await;
        }
        is_replaced(&world, &old).await;
    }
}

/// A call of the rotation before does its work between the plan of the next one and its call.
#[tokio::test]
async fn a_call_of_the_rotation_before_that_is_carried_out_late_does_no_harm() {
    for denied in [false, true] {
        let (world, _first) = begun().await;
        if denied {
            world.ram.deny_last_used();
        }
        world.ram.next(Op::Create, Fault::Late);
        world.work().await;
        world.after(10).await;
        world.after(48 * HOUR).await;
        let old = world.key_at("ACSCurrent").await.unwrap();
        world.rotate("v3").await.unwrap();
        world.ram.next(Op::Create, Fault::Fail(RamError::Throttled));
        world.work().await;
        world.ram.catch_up();
        assert_eq!(world.keys().len(), 2);
        world.after(10).await;
        world.after(48 * HOUR).await;
        is_replaced(&world, &old).await;
    }
}

/// A request that is carried out twice meets RAM's own limit.
#[tokio::test]
async fn a_call_that_is_carried_out_twice_does_no_harm() {
    for op in [Op::Create, Op::Delete] {
        let (world, old) = begun().await;
        world.ram.next(op, Fault::Twice);
        world.work().await;
        world.after(48 * HOUR).await;
        is_replaced(&world, &old).await;
    }
}

//! How keys come to their end, or do not.

use super::*;

/// Nobody was there when the window ended: readers get a quarter of an hour, once.
#[tokio::test]
async fn a_missed_end_of_a_window_is_put_off_once() {
    let (world, old) = begun().await;
    world.work().await;
    world.after(50 * HOUR).await;
    assert_eq!(world.keys().len(), 2);
    world.after(15 * 60 - 1).await;
    assert_eq!(world.keys().len(), 2);
    world.after(1).await;
    is_replaced(&world, &old).await;

    let (world, old) = begun().await;
    world.work().await;
    world.after(50 * HOUR).await;
    world.after(2 * HOUR).await;
    is_replaced(&world, &old).await;
}

#[tokio::test]
async fn an_old_key_that_is_gone_is_no_trouble() {
    let (world, old) = begun().await;
    world.work().await;
    world
        .ram
        .change("app", |keys| keys.retain(|key| key.id != old));
    world.after(48 * HOUR).await;
    is_replaced(&world, &old).await;
    // Nor is a user that is gone, until the next time.
    let (world, _old) = begun().await;
    world.work().await;
    world.ram.remove_user("app");
    world.after(48 * HOUR).await;
    assert_eq!(world.events().last(), Some(&RotationEvent::IsOver));
    world.rotate("v3").await.unwrap();
    world.work().await;
    assert_eq!(world.events().last(), Some(&RotationEvent::GivenUp));
}

/// A key that should be dead is tried without end, and people are told.
#[tokio::test]
async fn an_old_key_that_ram_does_not_end_is_tried_without_end() {
    let (world, old) = begun().await;
    world.work().await;
    for _ in 0..40 {
        world.ram.next(
            Op::Delete,
            Fault::Fail(RamError::Denied("NoPermission".to_owned())),
        );
    }
    world.after(48 * HOUR).await;
    for _ in 0..40 {
        world.after(HOUR).await;
    }
    let events = world.events();
    assert_eq!(
        events,
        [
            RotationEvent::Begins,
            RotationEvent::IsCurrent,
            RotationEvent::Stalls,
            RotationEvent::IsOver
        ]
    );
    is_replaced(&world, &old).await;
}

/// What cannot be taken back is named, and goes with the next rotation.
#[tokio::test]
async fn a_new_key_that_cannot_be_taken_back_goes_next_time() {
    let (world, old) = begun().await;
    world.ram.set_unripe(1000);
    world
        .ram
        .next(Op::Delete, Fault::Fail(RamError::NoRole("it is gone")));
    for _ in 0..20 {
        world.after(64).await;
    }
    assert_eq!(world.keys().len(), 2);
    let left = world.keys()[1].0.clone();
    let last = world.told().pop().unwrap();
    assert_eq!(last.event, RotationEvent::GivenUp);
    assert!(last.reason.contains(&left), "{}", last.reason);
    world.ram.set_unripe(0);
    world.rotate("v3").await.unwrap();
    world.work().await;
    world.after(48 * HOUR).await;
    is_replaced(&world, &old).await;
}

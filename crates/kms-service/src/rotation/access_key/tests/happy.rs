//! Rotations to which nothing happens.

use kms_store::KeyStatus;

use super::*;

const HOURS: u64 = 3600;

#[tokio::test]
async fn a_key_is_replaced_and_goes_when_its_window_is_over() {
    let world = World::new().await;
    let old = world.key_at("ACSCurrent").await.unwrap();
    world.rotate("v2").await.unwrap();
    // Nothing changes before it is done.
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
    world.work().await;
    let new = world.key_at("ACSCurrent").await.unwrap();
    assert_ne!(new, old);
    assert_eq!(world.key_at("ACSPrevious").await.unwrap(), old);
    let both = [&old, &new].map(|id| (id.clone(), KeyStatus::Active));
    assert_eq!(world.keys(), both);

    world.after(48 * HOURS - 1).await;
    assert_eq!(world.keys(), both, "the window is not over");
    world.after(1).await;
    assert_eq!(world.keys(), [(new.clone(), KeyStatus::Active)]);
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), new);
    assert_eq!(
        world.key_at("ACSPrevious").await,
        Err(ErrorCode::ResourceNotFound)
    );
    let told = world.told();
    let events: Vec<_> = told.iter().map(|told| told.event).collect();
    assert_eq!(
        events,
        [
            RotationEvent::Begins,
            RotationEvent::IsCurrent,
            RotationEvent::IsOver
        ]
    );
    let last = told.last().unwrap();
    assert_eq!(
        (last.old_key.as_ref(), last.new_key.as_ref()),
        (Some(&old), Some(&new))
    );
    assert_eq!(last.version, "v2");
    // And once more.
    world.rotate("v3").await.unwrap();
    world.work().await;
    assert_eq!(world.key_at("ACSPrevious").await.unwrap(), new);
    world.after(48 * HOURS).await;
    assert_eq!(world.keys().len(), 1);
}

/// The journal does not grow for ever, and what is under way stays in it.
#[tokio::test]
async fn what_was_over_long_ago_is_forgotten() {
    let world = World::new().await;
    let service = &world.stand.service;
    world.rotate("v2").await.unwrap();
    world.work().await;
    world.after(48 * HOURS).await;
    world.stand.pass(90 * 24 * HOURS);
    assert_eq!(service.forget_rotations().await.unwrap(), 0);
    world.rotate("v3").await.unwrap();
    world.stand.pass(1);
    assert_eq!(service.forget_rotations().await.unwrap(), 1);
    assert_eq!(service.forget_rotations().await.unwrap(), 0);
    world.work().await;
    world.after(48 * HOURS).await;
    assert_eq!(world.keys().len(), 1);
    assert_eq!(world.events().last(), Some(&RotationEvent::IsOver));
}

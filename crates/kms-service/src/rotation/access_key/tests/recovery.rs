//! What becomes of a rotation when something goes wrong, row by row of reference accesskey
//! §4.2.

use std::sync::Arc;

use kms_store::KeyStatus;
use tokio::sync::Notify;

use super::*;

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

#[tokio::test]
async fn ram_that_is_away_is_asked_again() {
    for error in [
        RamError::Unreachable("test"),
        RamError::Throttled,
        RamError::Answer("test"),
    ] {
        for op in [Op::Keys, Op::Create, Op::Owner] {
            let (world, old) = begun().await;
            for _ in 0..6 {
                world.ram.next(op, Fault::Fail(error.clone()));
            }
            world.work().await;
            for _ in 0..6 {
                assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old, "still read");
                world.after(640).await;
            }
            world.after(48 * HOUR).await;
            is_replaced(&world, &old).await;
            // Somebody was told that it takes long, once.
            let events = world.events();
            let stalls = events.iter().filter(|one| **one == RotationEvent::Stalls);
            assert_eq!(stalls.count(), 1, "{op:?} {events:?}");
        }
    }
}

#[tokio::test]
async fn ram_that_stays_away_ends_a_rotation_that_made_nothing() {
    let (world, old) = begun().await;
    for _ in 0..16 {
        world
            .ram
            .next(Op::Keys, Fault::Fail(RamError::Unreachable("test")));
    }
    for _ in 0..17 {
        world.after(HOUR).await;
    }
    is_as_before(&world, &old).await;
    let told = world.told();
    let last = told.last().unwrap();
    assert_eq!(last.event, RotationEvent::GivenUp);
    assert_eq!(last.reason, "RAM does not answer: test");
    assert_eq!(world.described().await["AutomaticRotation"], "Disabled");
}

#[tokio::test]
async fn a_key_that_is_not_known_everywhere_yet_is_tried_again() {
    let (world, old) = begun().await;
    world.ram.set_unripe(4);
    world.work().await;
    for wait in [1, 2, 4] {
        assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
        world.after(wait).await;
    }
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
    world.after(8).await;
    assert_ne!(world.key_at("ACSCurrent").await.unwrap(), old);
}

/// Stored, and never accepted: it goes, the current one stays.
#[tokio::test]
async fn a_key_that_is_never_accepted_goes() {
    let (world, old) = begun().await;
    world.ram.set_unripe(1000);
    world.work().await;
    for _ in 0..10 {
        world.after(60).await;
        assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
    }
    assert_eq!(world.keys().len(), 2, "ten minutes are not over");
    for _ in 0..10 {
        world.after(64).await;
    }
    is_as_before(&world, &old).await;
    let told = world.told();
    let last = told.last().unwrap();
    assert_eq!(last.event, RotationEvent::GivenUp);
    assert!(last.reason.contains("InvalidAccessKeyId.NotFound"));
    world.ram.set_unripe(0);
    world.rotate("v2").await.unwrap();
    world.work().await;
    assert_ne!(world.key_at("ACSCurrent").await.unwrap(), old);
}

/// I16: what RAM gives for one user and is another's is never stored.
#[tokio::test]
async fn i16_a_key_of_another_user_is_never_stored() {
    let (world, old) = begun().await;
    world.ram.give("other");
    let reached = Arc::new(Notify::new());
    let hang = Fault::Hang {
        is_done: false,
        reached: Arc::clone(&reached),
    };
    world.ram.next(Op::Owner, hang);
    tokio::select! {
        () = world.work() => panic!("it hangs"),
        () = reached.notified() => {}
    }
    // The new key turns out to be the other user's.
    let mut moved = None;
    world.ram.change("app", |keys| moved = keys.pop());
    let moved = moved.unwrap();
    let id = moved.id.clone();
    world.ram.change("other", |keys| keys.push(moved));
    world.after(5 * 60 + 1).await;
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
    let last = world.told().pop().unwrap();
    assert_eq!(last.event, RotationEvent::GivenUp);
    assert_eq!(last.new_key, Some(id));
}

#[tokio::test]
async fn what_only_people_can_mend_is_said_and_stops_the_schedule() {
    for (error, words) in [
        (RamError::NoUser, "the RAM user does not exist"),
        (
            RamError::NoRole("the account has no such role"),
            "AliyunKMSManagedRAMCrendentialsRole",
        ),
        (RamError::Denied("NoPermission".to_owned()), "NoPermission"),
    ] {
        for op in [Op::Keys, Op::Create] {
            let automatic = [
                ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "30d"),
            ];
            let world = World::with(|_rotation| {}, &automatic).await;
            let old = world.key_at("ACSCurrent").await.unwrap();
            world.rotate("v2").await.unwrap();
            world.ram.next(op, Fault::Fail(error.clone()));
            world.work().await;
            is_as_before(&world, &old).await;
            let last = world.told().pop().unwrap();
            assert_eq!(last.event, RotationEvent::GivenUp);
            assert!(last.reason.contains(words), "{}", last.reason);
            assert_eq!(world.described().await["AutomaticRotation"], "Invalid");
            // Mended, it heals.
            world.rotate("v3").await.unwrap();
            world.work().await;
            assert_eq!(world.described().await["AutomaticRotation"], "Enabled");
            world.after(48 * HOUR).await;
            is_replaced(&world, &old).await;
        }
    }
}

/// Somebody else's second key.
#[tokio::test]
async fn a_full_list_is_a_failure_that_names_the_key() {
    let world = World::new().await;
    let old = world.key_at("ACSCurrent").await.unwrap();
    let (foreign, _secret) = world.ram.give("app");
    world.rotate("v2").await.unwrap();
    world.work().await;
    assert_eq!(world.keys().len(), 2);
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
    let last = world.told().pop().unwrap();
    assert_eq!(last.event, RotationEvent::GivenUp);
    assert!(last.reason.contains(&foreign), "{}", last.reason);
    assert_eq!(world.ram.deleted(), [""; 0]);
}

/// Somebody makes one between the plan and the call, or at the very moment of it.
#[tokio::test]
async fn a_list_that_fills_up_meanwhile_is_looked_at_again() {
    let (world, old) = begun().await;
    world.ram.next(Op::Create, Fault::Fail(RamError::KeyLimit));
    world.work().await;
    world.after(10).await;
    world.after(48 * HOUR).await;
    is_replaced(&world, &old).await;

    let (world, old) = begun().await;
    world.ram.next(Op::Create, Fault::Fail(RamError::Throttled));
    world.work().await;
    let (foreign, _secret) = world.ram.give("app");
    world.after(10).await;
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
    assert_eq!(world.ram.deleted(), [""; 0]);
    let last = world.told().pop().unwrap();
    assert!(last.reason.contains(&foreign), "{}", last.reason);
}

/// The second of two keys that were brought goes when nobody used it for as long as a window.
#[tokio::test]
async fn the_other_key_of_two_goes_when_it_is_idle() {
    let two = || async {
        let world = World::empty(|_rotation| {}).await;
        let (one, two) = (world.ram.give("app"), world.ram.give("app"));
        let data = json!({"AccessKeys": [
            {"AccessKeyId": one.0, "AccessKeySecret": one.1},
            {"AccessKeyId": two.0, "AccessKeySecret": two.1}]});
        world.host(CONFIG, &data, &[]).await.unwrap();
        (world, one.0, two.0)
    };
    // Never used, as RAM says.
    let (world, one, other) = two().await;
    world.rotate("v2").await.unwrap();
    world.work().await;
    assert_eq!(world.ram.deleted(), [other]);
    world.after(48 * HOUR).await;
    is_replaced(&world, &one).await;
    // Used a day ago.
    let (world, one, other) = two().await;
    let now = kms_types::Clock::now(&world.stand.clock);
    world.ram.change("app", |keys| keys[1].used = Some(now));
    world.stand.pass(24 * HOUR);
    world.rotate("v2").await.unwrap();
    world.work().await;
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), one);
    let last = world.told().pop().unwrap();
    assert!(last.reason.contains(&other), "{}", last.reason);
    world.stand.pass(24 * HOUR);
    world.rotate("v2").await.unwrap();
    world.work().await;
    assert_eq!(world.ram.deleted(), [other]);
    // RAM does not tell: two days from when it came.
    let (world, one, other) = two().await;
    world.ram.deny_last_used();
    world.stand.pass(48 * HOUR - 1);
    world.rotate("v2").await.unwrap();
    world.work().await;
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), one);
    world.stand.pass(1);
    world.rotate("v2").await.unwrap();
    world.work().await;
    assert_eq!(world.ram.deleted(), [other]);
}

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

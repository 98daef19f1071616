//! RAM is away, or refuses: what passes by itself, and what people have to mend.

use super::*;

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

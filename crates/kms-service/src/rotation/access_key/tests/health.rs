//! Current keys that somebody deleted or disabled by hand, long after any window.

use std::time::Duration;

use jiff::SignedDuration;

use super::*;
use crate::{HealthChecks, Service};

const HOUR: u64 = 3600;

fn checks(owner: &str) -> HealthChecks {
    HealthChecks::new(owner.to_owned(), SignedDuration::from_hours(1))
}

/// As a server does it, for so long, with a worker beside it.
async fn watch(world: &World, checks: &mut HealthChecks, seconds: u64) {
    let mut left = Duration::from_secs(seconds);
    while !left.is_zero() {
        let wait = world.stand.service.check_health(checks).await.unwrap();
        world.work().await;
        let wait = wait.min(left);
        world.stand.clock.advance(wait);
        left -= wait;
    }
}

/// Another user, whose key is hosted, too.
async fn host(world: &World, user: &str) {
    let key = world.ram.give(user);
    let config = CONFIG.replace("\"app\"", &format!("\"{user}\""));
    let data = json!({"AccessKeys": [{"AccessKeyId": key.0, "AccessKeySecret": key.1}]});
    world.host(&config, &data, &[]).await.unwrap();
}

#[tokio::test]
async fn a_key_that_was_deleted_or_disabled_is_replaced_within_the_interval() {
    for (is_deleted, words) in [(true, "was deleted"), (false, "was disabled")] {
        let world = World::new().await;
        let mut checks = checks("one");
        watch(&world, &mut checks, 3 * HOUR).await;
        assert_eq!(world.events(), []);
        let dead = world.key_at("ACSCurrent").await.unwrap();
        world.ram.change("app", |keys| {
            if is_deleted {
                keys.clear();
            } else {
                keys[0].status = KeyStatus::Inactive;
            }
        });
        watch(&world, &mut checks, HOUR + 60).await;
        let new = world.key_at("ACSCurrent").await.unwrap();
        assert_ne!(new, dead);
        let told = world.told();
        let events: Vec<_> = told.iter().map(|told| told.event).collect();
        assert_eq!(
            events[..3],
            [
                RotationEvent::KeyDead,
                RotationEvent::Begins,
                RotationEvent::IsCurrent
            ]
        );
        assert_eq!(told[0].version, "v1");
        assert_eq!(told[0].old_key.as_ref(), Some(&dead));
        assert!(told[0].reason.contains(words), "{}", told[0].reason);
        // Nobody needs the dead one: its window is as short as one may be.
        watch(&world, &mut checks, 10 * 60).await;
        assert_eq!(world.keys(), [(new, KeyStatus::Active)]);
        watch(&world, &mut checks, 3 * HOUR).await;
        let ends = [RotationEvent::IsOver];
        assert_eq!([&events[3..], &world.events()].concat(), ends);
    }
}

/// It is no call of anybody's, and takes no call's place.
#[tokio::test]
async fn it_does_not_count_among_the_rotations_of_an_hour() {
    let world = World::new().await;
    host(&world, "other").await;
    let give_up = async |number: u32| {
        world.ram.next(Op::Keys, Fault::Fail(RamError::NoUser));
        let rotated = world.rotate(&format!("r{number}")).await;
        world.work().await;
        rotated.map(drop)
    };
    for number in 0..49 {
        give_up(number).await.unwrap();
    }
    world.told();
    for user in ["other", "app"] {
        world.ram.change(user, Vec::clear);
    }
    let mut checks = checks("one");
    watch(&world, &mut checks, HOUR / 2 + 60).await;
    // `app` was given up not long ago, and is left alone.
    let dead = |events: Vec<RotationEvent>| {
        let dead = events.iter().filter(|one| **one == RotationEvent::KeyDead);
        dead.count()
    };
    assert_eq!(dead(world.events()), 1);
    assert_eq!(world.ram.listed("other").len(), 1);
    give_up(49).await.unwrap();
    assert_eq!(give_up(50).await, Err(ErrorCode::LimitExceeded));
}

/// Both places are taken: people are told, once, and nothing is taken away.
#[tokio::test]
async fn without_room_for_another_key_people_are_told() {
    let automatic = [
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "30d"),
    ];
    let world = World::with(|_rotation| {}, &automatic).await;
    world
        .ram
        .change("app", |keys| keys[0].status = KeyStatus::Inactive);
    let (foreign, _secret) = world.ram.give("app");
    watch(&world, &mut checks("one"), 24 * HOUR).await;
    let told = world.told();
    let events: Vec<_> = told.iter().map(|told| told.event).collect();
    assert_eq!(
        events,
        [
            RotationEvent::KeyDead,
            RotationEvent::Begins,
            RotationEvent::GivenUp
        ]
    );
    assert!(told[2].reason.contains(&foreign), "{}", told[2].reason);
    assert_eq!(world.ram.deleted(), [""; 0]);
    assert_eq!(world.described().await["AutomaticRotation"], "Invalid");
}

#[tokio::test]
async fn a_user_that_was_deleted_is_noticed() {
    let world = World::new().await;
    world.ram.remove_user("app");
    watch(&world, &mut checks("one"), HOUR).await;
    let told = world.told();
    assert_eq!(told[0].event, RotationEvent::KeyDead);
    assert_eq!(told[0].reason, "the RAM user was deleted");
    assert_eq!(told.last().unwrap().event, RotationEvent::GivenUp);
}

/// One list for each user in an hour, one after another, and nothing else.
#[tokio::test]
async fn ram_is_asked_about_one_user_after_another() {
    let world = World::new().await;
    for user in ["two", "three", "four"] {
        host(&world, user).await;
    }
    let mut checks = checks("one");
    watch(&world, &mut checks, HOUR).await;
    world.ram.forget_calls();
    for _ in 0..8 {
        watch(&world, &mut checks, HOUR / 4).await;
        assert_eq!(world.ram.calls(), [Op::Keys]);
    }
}

/// A list may be older than a key.
#[tokio::test]
async fn a_key_that_signs_is_not_dead_whatever_the_list_says() {
    let world = World::new().await;
    let old = world.key_at("ACSCurrent").await.unwrap();
    world.ram.give("elsewhere");
    let mut moved = None;
    world.ram.change("app", |keys| moved = keys.pop());
    world.ram.change("elsewhere", |keys| keys.extend(moved));
    watch(&world, &mut checks("one"), 2 * HOUR).await;
    assert_eq!(world.events(), []);
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), old);
}

/// That RAM cannot be asked says nothing about a key; and it is left alone for a while.
#[tokio::test]
async fn without_ram_no_key_is_dead() {
    for op in [Op::Keys, Op::Owner] {
        for error in [
            RamError::Unreachable("test"),
            RamError::Throttled,
            RamError::NoRole("test"),
            RamError::Denied("NoPermission".to_owned()),
        ] {
            let world = World::new().await;
            if op == Op::Owner {
                world.ram.change("app", Vec::clear);
            }
            world.ram.next(op, Fault::Fail(error));
            let mut checks = checks("one");
            watch(&world, &mut checks, HOUR - 1).await;
            assert_eq!(world.events(), [], "{op:?}");
        }
    }
    let world = World::new().await;
    for number in 0..120 {
        host(&world, &format!("user{number}")).await;
    }
    world.ram.forget_calls();
    let mut checks = checks("one");
    let service = &world.stand.service;
    let asked = async |checks: &mut HealthChecks| {
        world.stand.pass(30);
        service.check_health(checks).await.unwrap();
        world.ram.calls().len()
    };
    service.check_health(&mut checks).await.unwrap();
    assert_eq!(world.ram.calls().len(), 1);
    world.ram.next(Op::Keys, Fault::Fail(RamError::Throttled));
    assert_eq!(asked(&mut checks).await, 1);
    assert_eq!(asked(&mut checks).await, 0, "left alone");
    assert_eq!(asked(&mut checks).await, 1);
}

/// Of servers that share a store one does it, and another one if that is gone, from where the
/// first came to.
#[tokio::test]
async fn one_server_does_it_at_a_time() {
    let world = World::new().await;
    for user in ["two", "three", "four"] {
        host(&world, user).await;
    }
    world.ram.forget_calls();
    let other = Service::new(world.stand.parts.clone());
    other.set_rotation(world.stand.service.rotation().clone());
    let (mut first, mut second) = (checks("one"), checks("two"));
    let mut left = HOUR;
    while left > 0 {
        for (service, checks) in [(&world.stand.service, &mut first), (&other, &mut second)] {
            service.check_health(checks).await.unwrap();
        }
        world.stand.pass(30);
        left -= 30;
    }
    assert_eq!(world.ram.calls(), [Op::Keys; 4]);
    // The first is gone after half of its round.
    watch(&world, &mut first, HOUR / 2).await;
    world.ram.touched();
    world.stand.pass(5 * 60);
    while left < HOUR / 2 {
        other.check_health(&mut second).await.unwrap();
        world.stand.pass(30);
        left += 30;
    }
    let touched = world.ram.touched();
    assert_eq!(touched, ["four", "three"]);
}

/// Nor does it look at what is not to be rotated now, not even if that is so since the round
/// began.
#[tokio::test]
async fn a_secret_that_is_deleted_is_left_alone() {
    let world = World::new().await;
    host(&world, "two").await;
    world.ram.forget_calls();
    let mut checks = checks("one");
    let service = &world.stand.service;
    service.check_health(&mut checks).await.unwrap();
    assert_eq!(world.ram.calls(), [Op::Keys]);
    let all = async |action: &str| {
        for name in [NAME, "acs/ram/user/two"] {
            let name = [("SecretName", name)];
            world.stand.call(action, &name).await.unwrap();
        }
    };
    all("DeleteSecret").await;
    watch(&world, &mut checks, 2 * HOUR).await;
    assert_eq!(world.ram.calls(), []);
    all("RestoreSecret").await;
    watch(&world, &mut checks, HOUR + 60).await;
    assert_eq!(world.ram.calls()[..2], [Op::Keys; 2]);
}

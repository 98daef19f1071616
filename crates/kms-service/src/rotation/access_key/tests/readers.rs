//! Windows that go by who has read what.

use jiff::SignedDuration;

use super::*;
use crate::Caller;

const HOUR: u64 = 3600;

async fn reads(world: &World, caller: &Caller) {
    let params = [("SecretName", NAME)];
    let read = world.stand.call_as(caller, "GetSecretValue", &params).await;
    read.unwrap();
}

/// The same person at another machine.
fn elsewhere(caller: &Caller) -> Caller {
    Caller {
        source: "192.0.2.7".parse().unwrap(),
        ..caller.clone()
    }
}

/// The old key is stopped, and may be told to sign again, before it goes: only if all who read
/// it have the new one.
#[tokio::test]
async fn a_key_is_stopped_before_it_goes_if_all_have_moved() {
    for (moved, stops) in [(true, true), (false, false)] {
        let world = World::new().await;
        let here = world.stand.caller.clone();
        let there = elsewhere(&here);
        reads(&world, &here).await;
        reads(&world, &there).await;
        world.rotate("v2").await.unwrap();
        world.work().await;
        reads(&world, &here).await;
        if moved {
            reads(&world, &there).await;
        }
        world.after(48 * HOUR - 1).await;
        assert!(world.keys().iter().all(|key| key.1 == KeyStatus::Active));
        world.after(1).await;
        if !stops {
            assert_eq!(world.keys().len(), 1);
            continue;
        }
        let states: Vec<_> = world.keys().into_iter().map(|key| key.1).collect();
        assert_eq!(states, [KeyStatus::Inactive, KeyStatus::Active]);
        world.after(HOUR - 1).await;
        assert_eq!(world.keys().len(), 2);
        world.after(1).await;
        assert_eq!(world.keys().len(), 1);
        assert_eq!(world.events().last(), Some(&RotationEvent::IsOver));
    }
}

#[tokio::test]
async fn nobody_known_is_not_everybody() {
    let world = World::new().await;
    world.rotate("v2").await.unwrap();
    world.work().await;
    world.after(48 * HOUR).await;
    assert_eq!(world.keys().len(), 1);
    let calls = world.ram.calls();
    assert!(!calls.contains(&Op::SetStatus), "{calls:?}");
}

#[tokio::test]
async fn a_window_that_follows_its_readers_ends_when_all_have_moved() {
    let follows = |rotation: &mut Rotation| rotation.windows.follows_readers = true;
    let world = World::with(follows, &[]).await;
    let here = world.stand.caller.clone();
    reads(&world, &here).await;
    world.rotate("v2").await.unwrap();
    world.work().await;
    world.after(2 * HOUR).await;
    assert!(world.keys().iter().all(|key| key.1 == KeyStatus::Active));
    reads(&world, &here).await;
    world.after(5 * 60).await;
    assert_eq!(world.keys()[0].1, KeyStatus::Inactive);
    world.after(HOUR).await;
    assert_eq!(world.keys().len(), 1);
}

/// Not longer than twice, and never after an emergency.
#[tokio::test]
async fn a_window_that_follows_its_readers_waits_for_those_who_use_the_old_key() {
    let follows = |rotation: &mut Rotation| rotation.windows.follows_readers = true;
    for (window, most) in [(None, Some(96)), (Some("30m"), None)] {
        let world = World::with(follows, &[]).await;
        let old = world.key_at("ACSCurrent").await.unwrap();
        match window {
            None => world.rotate("v2").await.unwrap(),
            Some(window) => world
                .rotate_with("v2", &[("RotationWindow", window)])
                .await
                .unwrap(),
        };
        world.work().await;
        let mut hours = 0;
        while world.keys().len() == 2 {
            assert!(hours < 200);
            hours += 1;
            let now = kms_types::Clock::now(&world.stand.clock);
            world.ram.change("app", |keys| {
                for key in keys.iter_mut().filter(|key| key.id == old) {
                    key.used = Some(now + SignedDuration::from_secs(1));
                }
            });
            for _ in 0..12 {
                world.after(5 * 60).await;
            }
        }
        assert_eq!(hours, most.unwrap_or(1));
    }
}

#[tokio::test]
async fn a_reader_is_written_down_once_for_each_version() {
    let world = World::new().await;
    let here = world.stand.caller.clone();
    for _ in 0..3 {
        reads(&world, &here).await;
        reads(&world, &elsewhere(&here)).await;
    }
    let name = NAME.parse().unwrap();
    let store = &world.stand.parts.store;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let account = crate::stand::account();
    let secret = tx.secrets().find(&account, &name).await.unwrap().unwrap();
    let place = format!("readers/{}/v1", secret.id.0);
    let noted = tx.markers().get(&place).await.unwrap().unwrap();
    assert_eq!(noted.matches("user/").count(), 2, "{noted}");
    // Who is known is not written again.
    tx.markers().remove(&place).await.unwrap();
    tx.commit().await.unwrap();
    reads(&world, &here).await;
    let mut tx = store.begin(Mode::Read).await.unwrap();
    assert_eq!(tx.markers().get(&place).await.unwrap(), None);
}

//! Both of a user's places are taken.

use super::*;

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

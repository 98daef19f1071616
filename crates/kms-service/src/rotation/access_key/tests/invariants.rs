//! The invariants of reference accesskey §4.3 that one rotation shows; those that need a storm
//! are in `storm`.

use kms_types::Clock;

use super::*;

const HOUR: u64 = 3600;
const AUTOMATIC: [(&str, &str); 2] = [
    ("EnableAutomaticRotation", "true"),
    ("RotationInterval", "30d"),
];

async fn begun() -> (World, String) {
    let world = World::new().await;
    let old = world.key_at("ACSCurrent").await.unwrap();
    world.rotate("v2").await.unwrap();
    world.work().await;
    (world, old)
}

/// Lets the key rotate by itself so often.
async fn plan(world: &World, interval: &str) -> Result<(), ErrorCode> {
    let policy = [
        ("SecretName", NAME),
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", interval),
    ];
    let changed = world.stand.call("UpdateSecretRotationPolicy", &policy);
    changed.await.map(drop)
}

#[tokio::test]
async fn i8_a_version_that_was_used_changes_nothing() {
    let (world, old) = begun().await;
    world.rotate("v2").await.unwrap();
    world.after(48 * HOUR).await;
    let new = world.key_at("ACSCurrent").await.unwrap();
    assert_ne!(old, new);
    world.ram.forget_calls();
    // The current one, and one whose value is gone with its key.
    for version in ["v2", "v1"] {
        world.rotate(version).await.unwrap();
        world.work().await;
        assert_eq!(world.ram.calls(), [], "{version}");
    }
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), new);
}

#[tokio::test]
async fn i9_while_one_runs_others_and_changes_of_the_policy_are_refused() {
    let (world, _old) = begun().await;
    let keys = world.keys();
    world.ram.forget_calls();
    let refused = Err(ErrorCode::InvalidRequest);
    for more in [&[][..], &[("RotationWindow", "30m")], &[("DryRun", "true")]] {
        assert_eq!(world.rotate_with("v3", more).await, refused);
    }
    let changed = plan(&world, "30d").await;
    assert_eq!(changed, refused.map(drop));
    assert_eq!(world.ram.calls(), []);
    assert_eq!(world.keys(), keys);
    world.after(48 * HOUR).await;
    plan(&world, "30d").await.unwrap();
    world.rotate("v3").await.unwrap();
}

/// What begins by schedule does not count.
#[tokio::test]
async fn i10_calls_rotate_fifty_times_an_hour() {
    let world = World::new().await;
    let one = || RamError::NoRole("test");
    for number in 0..49 {
        world.ram.next(Op::Keys, Fault::Fail(one()));
        world.rotate(&format!("r{number}")).await.unwrap();
        world.work().await;
    }
    plan(&world, "6h").await.unwrap();
    world.stand.pass(6 * HOUR);
    for number in 0..49 {
        world.ram.next(Op::Keys, Fault::Fail(one()));
        world.rotate(&format!("s{number}")).await.unwrap();
        world.work().await;
    }
    // The schedule's own, which is not the fiftieth.
    plan(&world, "6h").await.unwrap();
    world.ram.next(Op::Keys, Fault::Fail(one()));
    world.after(1).await;
    let begun = world.events();
    let begun = begun.iter().filter(|one| **one == RotationEvent::Begins);
    assert_eq!(begun.count(), 99);
    world.ram.next(Op::Keys, Fault::Fail(one()));
    world.rotate("s49").await.unwrap();
    world.work().await;
    assert_eq!(world.rotate("s50").await, Err(ErrorCode::LimitExceeded));
    world.stand.pass(HOUR + 1);
    world.rotate("s50").await.unwrap();
}

/// The new key is there when clients come for it, and what is told of the next time is never
/// over.
#[tokio::test]
async fn i11_the_next_rotation_is_an_interval_after_the_last_and_not_in_the_past() {
    let world = World::with(|_rotation| {}, &AUTOMATIC).await;
    let first = world.described().await;
    assert_eq!(first["NextRotationDate"], "2025-02-02T07:59:17Z");
    assert_eq!(first["AutomaticRotation"], "Enabled");
    assert_eq!(first["RotationInterval"], "2592000s");
    world.after(30 * 24 * HOUR - 601).await;
    assert_eq!(world.events(), []);
    world.after(1).await;
    let after = world.described().await;
    assert_eq!(after["LastRotationDate"], "2025-02-02T07:49:17Z");
    assert_eq!(after["NextRotationDate"], "2025-03-04T07:49:17Z");
    // Nobody works: the time is over, and told to be a minute away.
    world.stand.pass(31 * 24 * HOUR);
    assert_eq!(
        world.described().await["NextRotationDate"],
        "2025-03-05T07:50:17Z"
    );
    // A shorter interval that is over already: at once.
    world.work().await;
    world.after(15 * 60).await;
    world.after(48 * HOUR).await;
    plan(&world, "6h").await.unwrap();
    world.told();
    world.work().await;
    assert_eq!(world.events()[0], RotationEvent::Begins);
}

#[tokio::test]
async fn i14_reads_go_on_without_ram() {
    let (world, _old) = begun().await;
    let new = world.key_at("ACSCurrent").await.unwrap();
    world.ram.forget_calls();
    for op in [Op::Keys, Op::Owner, Op::LastUsed] {
        world
            .ram
            .next(op, Fault::Fail(RamError::Unreachable("test")));
    }
    assert_eq!(world.read("ACSCurrent").await.unwrap(), new);
    world.read("ACSPrevious").await.unwrap();
    world.described().await;
    assert_eq!(world.ram.calls(), [], "RAM is not even asked");
}

/// A key that cannot be sealed is not made.
#[tokio::test]
async fn i18_a_disabled_key_stops_reads_and_lets_no_rotation_start() {
    let world = World::empty(|_rotation| {}).await;
    let made = world.stand.call("CreateKey", &[]).await.unwrap();
    let id = made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let key = world.ram.give("app");
    let data = json!({"AccessKeys": [{"AccessKeyId": key.0, "AccessKeySecret": key.1}]});
    let mut more = vec![("EncryptionKeyId", id.as_str())];
    more.extend(AUTOMATIC);
    world.host(CONFIG, &data, &more).await.unwrap();
    let named = [("KeyId", id.as_str())];
    world.stand.call("DisableKey", &named).await.unwrap();
    world.ram.forget_calls();
    let disabled = Err(ErrorCode::KeyDisabled);
    assert_eq!(world.read("ACSCurrent").await, disabled);
    assert_eq!(
        world.rotate("v2").await.map(drop),
        disabled.clone().map(drop)
    );
    let rehearsed = world.rotate_with("v2", &[("DryRun", "true")]).await;
    assert_eq!(rehearsed.map(drop), disabled.map(drop));
    // Nor by schedule.
    world.after(30 * 24 * HOUR).await;
    for _ in 0..20 {
        world.after(HOUR).await;
    }
    assert_eq!(world.ram.calls(), []);
    assert!(world.events().contains(&RotationEvent::GivenUp));
    world.stand.call("EnableKey", &named).await.unwrap();
    world.rotate("v2").await.unwrap();
    world.work().await;
    assert_ne!(world.key_at("ACSCurrent").await.unwrap(), key.0);
    // Disabled between the making and the trying: it waits, and nothing is lost.
    world.after(48 * HOUR).await;
}

#[tokio::test]
async fn i19_deleting_the_secret_leaves_ram_alone_and_restoring_it_brings_the_labels_back() {
    let (world, old) = begun().await;
    let new = world.key_at("ACSCurrent").await.unwrap();
    let name = [("SecretName", NAME)];
    world.stand.call("DeleteSecret", &name).await.unwrap();
    let keys = world.keys();
    world.ram.forget_calls();
    for _ in 0..72 {
        world.after(HOUR).await;
    }
    assert_eq!(world.ram.calls(), []);
    assert_eq!(world.keys(), keys);
    world.stand.call("RestoreSecret", &name).await.unwrap();
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), new);
    assert_eq!(world.key_at("ACSPrevious").await.unwrap(), old);
    // And the rotation goes on, with time for readers.
    world.after(HOUR).await;
    assert_eq!(world.keys(), keys);
    world.after(16 * 60).await;
    assert_eq!(world.keys(), [(new.clone(), KeyStatus::Active)]);

    // Gone for good: what is there at RAM stays.
    world.rotate("v3").await.unwrap();
    world.work().await;
    let keys = world.keys();
    let force = [("SecretName", NAME), ("ForceDeleteWithoutRecovery", "true")];
    world.stand.call("DeleteSecret", &force).await.unwrap();
    world.told();
    world.after(48 * HOUR).await;
    assert_eq!(world.keys(), keys);
    assert_eq!(world.events(), [RotationEvent::IsOver]);
}

/// What nobody was given yet is taken back.
#[tokio::test]
async fn a_secret_that_goes_before_promotion_leaves_no_key_behind() {
    for force in [false, true] {
        let world = World::new().await;
        let old = world.key_at("ACSCurrent").await.unwrap();
        world.ram.set_unripe(3);
        world.rotate("v2").await.unwrap();
        world.work().await;
        assert_eq!(world.keys().len(), 2);
        let force = [
            ("SecretName", NAME),
            (
                "ForceDeleteWithoutRecovery",
                if force { "true" } else { "false" },
            ),
        ];
        world.stand.call("DeleteSecret", &force).await.unwrap();
        world.after(60).await;
        assert_eq!(world.keys(), [(old, KeyStatus::Active)]);
        assert_eq!(world.events().last(), Some(&RotationEvent::GivenUp));
    }
}

#[tokio::test]
async fn i22_a_clock_that_is_set_shortens_no_window() {
    let quarter = jiff::SignedDuration::from_mins(15);
    for forward in [true, false] {
        let (world, old) = begun().await;
        world.after(HOUR).await;
        let now = world.stand.clock.now();
        world.stand.clock.jump_to(if forward {
            now + quarter
        } else {
            now - quarter
        });
        // In real time the window has 47 hours to go.
        for _ in 0..46 {
            world.after(HOUR).await;
            assert_eq!(world.keys().len(), 2);
        }
        world.after(HOUR - 1).await;
        let id = &world.keys()[0];
        assert_eq!(*id, (old, KeyStatus::Active), "forward: {forward}");
        for seconds in [1, 14 * 60, 60] {
            world.after(seconds).await;
        }
        assert_eq!(world.keys().len(), 1);
    }
}

#[tokio::test]
async fn a_window_that_a_call_asks_for_is_kept() {
    for (window, seconds) in [("600s", 600), ("30m", 1800), ("2d", 48 * HOUR)] {
        let world = World::new().await;
        world
            .rotate_with("v2", &[("RotationWindow", window)])
            .await
            .unwrap();
        world.work().await;
        world.after(seconds - 1).await;
        assert_eq!(world.keys().len(), 2, "{window}");
        world.after(1).await;
        assert_eq!(world.keys().len(), 1, "{window}");
    }
    let world = World::new().await;
    for window in ["599s", "172801s"] {
        assert_eq!(
            world.rotate_with("v2", &[("RotationWindow", window)]).await,
            Err(ErrorCode::InvalidParameter),
            "{window}"
        );
    }
    // The usual one is no longer than half of the interval.
    let mut often = AUTOMATIC;
    often[1].1 = "6h";
    let world = World::with(|_rotation| {}, &often).await;
    world.rotate("v2").await.unwrap();
    world.work().await;
    world.after(3 * HOUR - 1).await;
    assert_eq!(world.keys().len(), 2);
    world.after(1).await;
    assert_eq!(world.keys().len(), 1);
}

#[tokio::test]
async fn a_rehearsal_looks_at_everything_and_changes_nothing() {
    let world = World::new().await;
    let old = world.keys();
    let rehearse = || world.rotate_with("v2", &[("DryRun", "true")]);
    assert_eq!(rehearse().await, Err(ErrorCode::DryRunOperation));
    assert_eq!(world.ram.calls(), [Op::Keys, Op::Owner]);
    for (op, error, code) in [
        (Op::Keys, RamError::NoUser, ErrorCode::InvalidRequest),
        (
            Op::Keys,
            RamError::NoRole("test"),
            ErrorCode::InvalidRequest,
        ),
        (
            Op::Keys,
            RamError::Unreachable("test"),
            ErrorCode::ServiceUnavailable,
        ),
        (
            Op::Owner,
            RamError::KeyRefused("test".to_owned()),
            ErrorCode::InvalidRequest,
        ),
    ] {
        world.ram.next(op, Fault::Fail(error));
        assert_eq!(rehearse().await, Err(code), "{op:?}");
    }
    let (_foreign, _secret) = world.ram.give("app");
    assert_eq!(rehearse().await, Err(ErrorCode::InvalidRequest), "no room");
    world.ram.change("app", |keys| drop(keys.pop()));
    world.work().await;
    assert_eq!(world.keys(), old);
    assert_eq!(world.events(), []);
}

/// Somebody deleted the new key by hand while the old one is good: there is another one soon,
/// and the old one keeps its time.
#[tokio::test]
async fn a_current_key_that_was_deleted_by_hand_is_replaced() {
    let (world, old) = begun().await;
    let dead = world.key_at("ACSCurrent").await.unwrap();
    world
        .ram
        .change("app", |keys| keys.retain(|key| key.id != dead));
    world.after(HOUR).await;
    let new = world.key_at("ACSCurrent").await.unwrap();
    assert_ne!(new, dead);
    let both = [&old, &new].map(|id| (id.clone(), KeyStatus::Active));
    assert_eq!(world.keys(), both);
    world.after(47 * HOUR - 1).await;
    assert_eq!(world.keys(), both);
    world.after(1).await;
    assert_eq!(world.keys(), [(new, KeyStatus::Active)]);
}

/// One that was disabled opens nothing either; it is replaced as soon as there is room.
#[tokio::test]
async fn a_current_key_that_was_disabled_by_hand_is_replaced() {
    let (world, old) = begun().await;
    let dead = world.key_at("ACSCurrent").await.unwrap();
    world
        .ram
        .change("app", |keys| keys[1].status = KeyStatus::Inactive);
    world.after(HOUR).await;
    assert_eq!(world.key_at("ACSCurrent").await.unwrap(), dead, "no room");
    world
        .ram
        .change("app", |keys| keys.retain(|key| key.id != old));
    world.after(HOUR).await;
    let new = world.key_at("ACSCurrent").await.unwrap();
    assert_ne!(new, dead);
    // What is left of the first window.
    world.after(46 * HOUR).await;
    assert_eq!(world.keys(), [(new, KeyStatus::Active)]);
}

//! I17 and I27: what is written down of rotations holds ids of keys and never a secret.

use std::fs;

use kms_testkit::LeakCheck;

use super::*;
use crate::stand::Log;

#[tokio::test]
async fn i17_no_secret_is_on_disk_in_logs_in_errors_or_in_news() {
    let (log, _guard) = Log::start();
    let world = World::new().await;
    // Through a failure of each kind that has words, to the end.
    for op in [Op::Keys, Op::Create, Op::Owner] {
        for error in [
            RamError::Unreachable("test"),
            RamError::Throttled,
            RamError::Answer("test"),
        ] {
            world.ram.next(op, Fault::Fail(error));
        }
    }
    world.ram.next(
        Op::Owner,
        Fault::Fail(RamError::KeyRefused("test".to_owned())),
    );
    world.rotate("v2").await.unwrap();
    for _ in 0..20 {
        world.after(640).await;
    }
    let id = world.key_at("ACSCurrent").await.unwrap();
    let mut secrets = Vec::new();
    world.ram.change("app", |keys| {
        secrets.extend(keys.iter().map(|key| key.secret.clone()));
    });
    assert_eq!(secrets.len(), 2);
    let check = secrets.iter().fold(LeakCheck::default(), |check, secret| {
        check.with("an AccessKey's secret", secret.as_bytes())
    });
    let read = world.stand.read(NAME, "ACSCurrent").await.unwrap();
    assert!(!check.find(read.as_bytes()).is_empty(), "the search works");

    world.after(48 * 3600).await;
    let told = format!("{:?} {}", world.told(), world.described().await);
    assert!(told.contains(&id));
    check.assert_clean("what is told", told.as_bytes());
    check.assert_clean("the log", &log.read());
    let mut has_id = false;
    for entry in fs::read_dir(world.stand.dir.path().join("data")).unwrap() {
        let entry = entry.unwrap();
        let content = fs::read(entry.path()).unwrap();
        check.assert_clean(&format!("{:?}", entry.file_name()), &content);
        has_id |= content.windows(id.len()).any(|at| at == id.as_bytes());
    }
    assert!(has_id, "the search looks where the journal is");
}

#[tokio::test]
async fn i27_each_rotation_has_one_end_that_names_its_keys() {
    let world = World::new().await;
    let old = world.key_at("ACSCurrent").await.unwrap();
    // One that fails, one that does not.
    world.ram.next(Op::Keys, Fault::Fail(RamError::NoUser));
    world.rotate("v2").await.unwrap();
    world.work().await;
    world.rotate("v3").await.unwrap();
    world.work().await;
    world.after(48 * 3600).await;
    let new = world.key_at("ACSCurrent").await.unwrap();
    let told = world.told();
    for (version, end) in [
        ("v2", RotationEvent::GivenUp),
        ("v3", RotationEvent::IsOver),
    ] {
        let ends: Vec<_> = told
            .iter()
            .filter(|told| told.version == version)
            .filter(|told| matches!(told.event, RotationEvent::GivenUp | RotationEvent::IsOver))
            .collect();
        assert_eq!(ends.len(), 1, "{version}");
        assert_eq!(ends[0].event, end);
        assert_eq!(ends[0].old_key.as_ref(), Some(&old));
        let made = (end == RotationEvent::IsOver).then_some(&new);
        assert_eq!(ends[0].new_key.as_ref(), made);
    }
}

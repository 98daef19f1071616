//! What is synced at first and after each change, and what is told when a ClientKey does not open the instance.

use std::{collections::BTreeMap, process::Child, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use kms_testkit::LeakCheck;
use kms_types::{Clock as _, SystemClock};
use kube::api::DynamicObject;
use serde_json::Value;

use super::{
    keys::ClientKey,
    scene::{RAM, SHOP, Scene},
};
use crate::test::{Stage, kubernetes::Kind, life, operator::expected::contains, stage::pause};

/// For a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long a ClientKey lives that is seen to end.
const SHORT: SignedDuration = SignedDuration::from_secs(8);

/// Killed when dropped.
struct Running(Child);

pub(super) fn run(stage: &mut Stage<'_>, scene: Scene) -> Result<()> {
    let (operator, log) = scene.operator(stage)?;
    let mut operator = Running(operator);
    scene.apply()?;
    stage.check(
        "a-generic-a-ram-and-an-rds-secret-are-synced",
        are(&scene, "first.yaml"),
    );

    let rotated = change(&scene).and_then(|()| are(&scene, "rotated.yaml"));
    stage.check("secrets-follow-changes-and-rotations", rotated);

    let own = ClientKey::of_dev(&scene)?;
    let wrong = refused(&scene, "wrong-password", 3, || {
        own.put_with(&scene, "not-the-password-but-a-canary")
    });
    stage.check("a-wrong-password-is-told-and-the-secret-stays", wrong);
    let back = own.put(&scene).and_then(|()| password(&scene, 3));
    stage.check("the-right-password-is-taken-again", back);

    let mut keys = Vec::new();
    let expired = refused(&scene, "expired", 4, || {
        let (begin, end) = (SystemClock.now(), SystemClock.now() + SHORT);
        let words = [whole_seconds(begin)?, whole_seconds(end)?];
        let [begin, end] = words.each_ref().map(Timestamp::to_string);
        let key = ClientKey::create(&scene, &["--not-before", &begin, "--not-after", &end])?;
        key.put(&scene)?;
        keys.push(key);
        Ok(())
    });
    stage.check("an-expired-clientkey-is-told-and-the-secret-stays", expired);
    let renewed = ClientKey::create(&scene, &[])?;
    let back = renewed.put(&scene).and_then(|()| password(&scene, 4));
    stage.check("a-new-clientkey-takes-its-place", back);

    let deleted = refused(&scene, "deleted", 5, || renewed.delete(&scene));
    stage.check("a-deleted-clientkey-is-told-and-the-secret-stays", deleted);
    let back = own.put(&scene).and_then(|()| password(&scene, 5));
    stage.check("and-another-takes-its-place", back);

    let keys: Vec<&ClientKey> = keys.iter().chain([&own, &renewed]).collect();
    let canaries = scene.canaries(&keys)?;
    stage.check("no-status-holds-a-secret", told(&scene, &canaries));
    let ended = life::end_well(&mut operator.0).and_then(|()| {
        let text = std::fs::read(&log).context("reading a log")?;
        ensure!(!text.is_empty(), "it logged nothing");
        let found = canaries.find(&text);
        ensure!(found.is_empty(), "its log holds {}", found.join(", "));
        Ok(())
    });
    stage.check("the-operator-ends-well-and-logs-no-secret", ended);
    let ended = scene.server.stop_clean(canaries);
    stage.check("kms-server-ends-well-and-logs-no-secret", ended);
    Ok(())
}

/// Changes the generic secret, and rotates the two others.
fn change(scene: &Scene) -> Result<()> {
    value(
        scene,
        2,
        r#"{"user":"shop","password":"hunter3-of-seed-004"}"#,
    )?;
    let [old, _] = scene.access_key()?;
    for secret in ["seed/rds", RAM] {
        let name = format!("SecretName={secret}");
        scene.call(&["RotateSecret", &name, "VersionId=v2"], "")?;
    }
    let end = SystemClock.monotonic() + PATIENCE;
    loop {
        let [new, _] = scene.access_key()?;
        if new != old {
            let keys = scene.keys_at_ram()?;
            ensure!(keys.contains(&new), "RAM has not {new}, but {keys:?}");
            return Ok(());
        }
        ensure!(SystemClock.monotonic() < end, "{RAM} is not rotated");
        pause(Duration::from_millis(100));
    }
}

/// Does what makes KMS, or the key's own file, refuse; then this is told, and the generic Secret has the value
/// before this version.
fn refused(
    scene: &Scene,
    name: &str,
    version: usize,
    refuse: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let wanted = scene.refusal(name)?;
    let before = versions(scene)?;
    refuse()?;
    for (kind, object) in [("SecretStore", "instance"), ("ExternalSecret", "generic")] {
        let wanted = wanted.get(kind).with_context(|| format!("no {kind}"))?;
        let kind = Kind::named(kind);
        scene.client.until(&kind, SHOP, object, PATIENCE, |found| {
            let found = found.context("it is not there")?;
            contains(&serde_json::to_value(found)?, wanted, "")
        })?;
    }
    // What nobody may read now.
    value(scene, version, &generic(version))?;
    // A look each second; two of them and more.
    pause(Duration::from_secs(3));
    let after = versions(scene)?;
    ensure!(
        before == after,
        "Secrets were written: {before:?}, {after:?}"
    );
    Ok(())
}

/// Waits until the generic Secret has the value of this version.
fn password(scene: &Scene, version: usize) -> Result<()> {
    let wanted = BTreeMap::from([
        ("whole".to_owned(), generic(version)),
        ("password".to_owned(), format!("hunter{version}")),
    ]);
    is(scene, "generic", &wanted)
}

fn generic(version: usize) -> String {
    format!(r#"{{"password":"hunter{version}"}}"#)
}

fn value(scene: &Scene, version: usize, value: &str) -> Result<()> {
    scene.call(
        &[
            "PutSecretValue",
            "SecretName=seed/generic",
            &format!("VersionId=v{version}"),
            "SecretData=@-",
        ],
        value,
    )?;
    Ok(())
}

/// Waits until all Secrets are as a file says.
fn are(scene: &Scene, file: &str) -> Result<()> {
    for (name, wanted) in scene.expected(file)? {
        is(scene, &name, &wanted)?;
    }
    Ok(())
}

fn is(scene: &Scene, name: &str, wanted: &BTreeMap<String, String>) -> Result<()> {
    let kind = Kind::named("Secret");
    let met = scene.client.until(&kind, SHOP, name, PATIENCE, |secret| {
        let found = texts(secret.context("it is not there")?)?;
        ensure!(found == *wanted, "it holds {found:?}, not {wanted:?}");
        Ok(())
    });
    met.or_else(|error| {
        let object = scene
            .client
            .get(&Kind::named("ExternalSecret"), SHOP, name)?;
        let status = object.and_then(|object| object.data.get("status").cloned());
        bail!("{error:#}; its ExternalSecret says {status:?}")
    })
}

fn texts(secret: &DynamicObject) -> Result<BTreeMap<String, String>> {
    let data = secret.data.get("data").and_then(Value::as_object);
    data.into_iter()
        .flatten()
        .map(|(key, value)| {
            let bytes = BASE64_STANDARD.decode(value.as_str().unwrap_or_default());
            let text = String::from_utf8(bytes.context("a value")?).context("a value")?;
            Ok((key.clone(), text))
        })
        .collect()
}

/// Of the three Secrets.
fn versions(scene: &Scene) -> Result<Vec<Option<String>>> {
    let kind = Kind::named("Secret");
    ["generic", "ram", "rds"]
        .into_iter()
        .map(|name| {
            let secret = scene.client.get(&kind, SHOP, name)?;
            let secret = secret.with_context(|| format!("{name} is gone"))?;
            Ok(secret.metadata.resource_version)
        })
        .collect()
}

/// What objects and events tell.
fn told(scene: &Scene, canaries: &LeakCheck) -> Result<()> {
    for kind in ["ExternalSecret", "SecretStore", "Event"] {
        for object in scene.client.list(&Kind::named(kind), SHOP)? {
            let found = canaries.find(object.data.to_string().as_bytes());
            ensure!(found.is_empty(), "{kind} tells {}", found.join(", "));
        }
    }
    Ok(())
}

fn whole_seconds(time: Timestamp) -> Result<Timestamp> {
    Timestamp::from_second(time.as_second()).context("a time")
}

impl Drop for Running {
    fn drop(&mut self) {
        // After it has ended there is nobody left to kill.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

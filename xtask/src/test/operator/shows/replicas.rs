use anyhow::{Context as _, Result, ensure};
use rustix::process::Signal;
use serde_json::Value;

use super::{
    super::operators::{Operator, Replica},
    PATIENCE, Show,
};
use crate::test::kubernetes::Kind;

/// Two replicas of which the leader is paused; the other one takes over. When the first one goes on it
/// finds that it leads no more.
pub(super) fn show(show: &Show<'_>) -> Result<()> {
    show.put("a", "one", 1)?;
    show.apply("test", "a")?;
    let first = start(show, "replica-1")?;
    show.until("test", "one")?;
    leads(show, "replica-1")?;
    let second = start(show, "replica-2")?;

    first.signal(Signal::STOP)?;
    show.put("a", "two", 2)?;
    leads(show, "replica-2")?;
    show.until("test", "two")?;

    // Whatever it was about to write, it must not write it any more.
    let before = version(show)?;
    first.signal(Signal::CONT)?;
    let remote = show.remote("a");
    show.scene.gate.until_called(&remote, 4, PATIENCE)?;
    let after = version(show)?;
    ensure!(before == after, "it was written again: {before}, {after}");
    leads(show, "replica-2")?;

    // One change in KMS is one write.
    show.put("a", "three", 3)?;
    show.until("test", "three")?;
    let once = version(show)?;
    show.scene.gate.until_called(&remote, 3, PATIENCE)?;
    let after = version(show)?;
    ensure!(once == after, "it was written twice: {once}, {after}");
    drop((first, second));
    Ok(())
}

fn start(show: &Show<'_>, pod: &str) -> Result<Operator> {
    let replica = Replica {
        pod: pod.to_owned(),
        namespace: show.namespace.to_owned(),
    };
    Operator::start(show.program, show.scene, &replica, &show.flags())
}

/// Waits until it holds the lease.
fn leads(show: &Show<'_>, pod: &str) -> Result<()> {
    const LEASE: &str = "ack-secret-manager-lock";
    let kind = Kind::named("Lease");
    show.client()
        .until(&kind, show.namespace, LEASE, PATIENCE, |lease| {
            let lease = lease.context("there is none")?;
            let holder = lease.data.pointer("/spec/holderIdentity");
            let holder = holder.and_then(Value::as_str).unwrap_or_default();
            ensure!(holder.contains(pod), "{holder:?} holds it");
            Ok(())
        })
}

fn version(show: &Show<'_>) -> Result<String> {
    let kind = Kind::named("Secret");
    let secret = show.client().get(&kind, show.namespace, "test")?;
    let secret = secret.context("it is not there")?;
    secret.metadata.resource_version.context("no version")
}

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use kms_types::{Clock as _, SystemClock};
use serde_json::Value;

use super::{
    super::{
        cases::make_namespace,
        operators::{Operator, Replica},
    },
    PATIENCE, Show,
};
use crate::test::kubernetes::Kind;

/// Two of each shard.
const NAMESPACES: [&str; 4] = [
    "show-shards",
    "show-shards-b",
    "show-shards-c",
    "show-shards-d",
];

/// One operator becomes two, each with a part of the namespaces and a Lease of its own, and one again:
/// each ExternalSecret is one operator's, and what is as it should be is not written anew.
pub(super) fn show(show: &Show<'_>) -> Result<()> {
    let shows: Vec<Show<'_>> = NAMESPACES
        .iter()
        .map(|namespace| Show { namespace, ..*show })
        .collect();
    for one in &shows {
        make_namespace(one.scene, one.namespace, &BTreeMap::new())?;
        one.put("a", "one", 1)?;
        one.apply("first", "a")?;
    }
    let alone = start(show, "alone", &[])?;
    until(&shows, "first", "one")?;
    let before = versions(&shows)?;
    alone.end()?;

    let two = |index: &str| start(show, &format!("shards-{index}"), &["--shards=2"]);
    let (first, second) = (two("0")?, two("1")?);
    for one in &shows {
        one.apply("second", "a")?;
    }
    until(&shows, "second", "one")?;
    let mut told = BTreeSet::new();
    for one in &shows {
        let by = told_by(one, "second")?;
        ensure!(by.len() == 1, "{} was synced by {by:?}", one.namespace);
        told.extend(by);
    }
    let both = BTreeSet::from(["shards-0".to_owned(), "shards-1".to_owned()]);
    ensure!(told == both, "{told:?} did all");
    let during = versions(&shows)?;
    ensure!(before == during, "written anew: {before:?}, {during:?}");
    for one in &shows {
        one.put("a", "two", 2)?;
    }
    until(&shows, "first", "two")?;
    let before = versions(&shows)?;
    first.end()?;
    second.end()?;

    let alone = start(show, "alone", &[])?;
    for one in &shows {
        let remote = one.remote("a");
        one.scene.gate.until_called(&remote, 3, PATIENCE)?;
    }
    let during = versions(&shows)?;
    ensure!(before == during, "written anew: {before:?}, {during:?}");
    for one in &shows {
        one.put("a", "three", 3)?;
    }
    until(&shows, "first", "three")?;
    until(&shows, "second", "three")?;
    alone.end()
}

fn start(show: &Show<'_>, pod: &str, more: &[&str]) -> Result<Operator> {
    let replica = Replica {
        pod: pod.to_owned(),
        namespace: show.namespace.to_owned(),
    };
    let namespaces = format!("--watch-namespaces={}", NAMESPACES.join(","));
    let more = more.iter().map(|flag| (*flag).to_owned());
    let flags: Vec<String> = [namespaces].into_iter().chain(more).collect();
    Operator::start(show.program, show.scene, &replica, &flags)
}

fn until(shows: &[Show<'_>], name: &str, value: &str) -> Result<()> {
    for one in shows {
        one.until(name, value)
            .with_context(|| format!("{}/{name}", one.namespace))?;
    }
    Ok(())
}

/// Of the Secrets that were there from the beginning.
fn versions(shows: &[Show<'_>]) -> Result<Vec<String>> {
    let version = |one: &Show<'_>| {
        let secret = one
            .client()
            .get(&Kind::named("Secret"), one.namespace, "first")?;
        let secret = secret.context("it is not there")?;
        secret.metadata.resource_version.context("no version")
    };
    shows.iter().map(version).collect()
}

/// Which processes told events of an ExternalSecret, once one did.
fn told_by(show: &Show<'_>, name: &str) -> Result<BTreeSet<String>> {
    let end = SystemClock.monotonic() + PATIENCE;
    let mut by = BTreeSet::new();
    while by.is_empty() {
        ensure!(SystemClock.monotonic() < end, "nobody tells of {name}");
        for event in show.client().list(&Kind::named("Event"), show.namespace)? {
            let text = |path: &str| event.data.pointer(path).and_then(Value::as_str);
            if text("/regarding/name") == Some(name) {
                by.extend(text("/reportingInstance").map(str::to_owned));
            }
        }
    }
    Ok(by)
}

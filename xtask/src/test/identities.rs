//! The agent as each identity in turn, in front of `kms-server dev`. Each is read from without
//! a pause while its credentials come to their end, and no read may be refused.
//!
//! The end is real: server, agents and SDKs go by one clock, and the suite lets an hour pass.

use std::time::Duration;

use anyhow::Result;

use super::Stage;

mod identity;
mod reader;
mod scene;

use identity::Identity;
use reader::{Reader, until};
use scene::Scene;

/// An agent under one identity, which is read all the time.
struct Served {
    identity: Identity,
    reader: Reader,
}

/// Credentials last an hour. With so much gone, whoever can looks for others.
const NEAR_THE_END: Duration = Duration::from_mins(50);

/// With so much more gone, the first ones have ended.
const PAST_THE_END: Duration = Duration::from_mins(12);

/// So many reads in a row count as serving.
const READS: usize = 10;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let scene = Scene::set(stage)?;
    let mut all = Vec::new();
    for identity in Identity::ALL {
        if let Some(served) = start(stage, &scene, identity) {
            all.push(served);
        }
    }
    go_on(stage, &all, "serves");

    let before = scene.searches();
    scene.pass(NEAR_THE_END)?;
    scene.renew(stage)?;
    // Nobody can change the environment of a process; another takes its place.
    if let Some(next) = start(stage, &scene, Identity::StsToken)
        && let Some(first) = all.iter_mut().find(|one| one.identity == next.identity)
    {
        let ended = std::mem::replace(first, next);
        stop(stage, &scene, ended, "was-never-refused-as-the-first");
    }
    let others = until("search for others", || {
        let now = scene.searches();
        Ok(now.iter().zip(&before).all(|(now, before)| now > before))
    });
    stage.check("role-cli-ecs-rrsa-look-for-others-before-the-end", others);

    scene.pass(PAST_THE_END)?;
    go_on(stage, &all, "serves-past-the-end");
    // The counter-proof: what the agents began with is over.
    scene.first_ones_are_refused(stage)?;

    // While there is no role, nobody could have it.
    let held: Vec<_> = all.iter().map(|one| one.reader.hold()).collect();
    scene.end_sessions(stage)?;
    drop(held);
    go_on(stage, &all, "serves-though-its-session-was-ended");

    for served in all {
        stop(stage, &scene, served, "was-never-refused");
    }
    let clean = scene.stop();
    stage.check("ends-well-and-logs-no-secret", clean);
    Ok(())
}

fn start(stage: &mut Stage<'_>, scene: &Scene, identity: Identity) -> Option<Served> {
    match scene.agent(identity).and_then(Reader::start) {
        Ok(reader) => Some(Served { identity, reader }),
        Err(error) => {
            stage.failed(&named(identity, "starts"), &format!("{error:#}"));
            None
        }
    }
}

fn go_on(stage: &mut Stage<'_>, all: &[Served], what: &str) {
    for Served { identity, reader } in all {
        stage.check(&named(*identity, what), reader.goes_on(READS));
    }
}

fn stop(stage: &mut Stage<'_>, scene: &Scene, served: Served, what: &str) {
    let name = named(served.identity, what);
    let stopped = scene
        .canaries()
        .and_then(|canaries| served.reader.stop(&canaries))
        .map(|reads| stage.note(&format!("{name}: {reads} reads")));
    stage.check(&name, stopped);
}

fn named(identity: Identity, what: &str) -> String {
    format!("{}-{what}", identity.name())
}

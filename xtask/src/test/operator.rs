//! ack-secret-manager as a cluster has it: a real API server, kms-server, and the operator's program
//! outside of it. What is to come of it stands in suite/operator/cases, a file for each case.

use anyhow::Result;

use super::Stage;

mod case;
mod cases;
mod cluster;
pub(super) mod expected;
mod gate;
mod operators;
mod rights;
mod scene;
mod shows;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let scene = scene::Scene::set(stage)?;
    cluster::check(stage, &scene);
    cases::run(stage, &scene)?;
    let scene = shows::run(stage, scene)?;
    cluster::asked_for_few_secrets(stage, &scene);
    scene.end(stage);
    Ok(())
}

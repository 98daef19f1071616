//! Seed 004 from its first to its last step: the chart with the seed's four values, and secrets of three types that
//! ack-secret-manager reads at a KMS instance's own endpoint, with a ClientKey out of Kubernetes Secrets.
//!
//! Objects and what has to come of them stand in suite/seed-004. The instance's host name leads to
//! kms-server's instance gateway, for the operator alone, by a hosts file of its own.

use anyhow::Result;

use super::Stage;

mod database;
mod gateway;
mod keys;
mod scene;
mod shows;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let scene = scene::Scene::set(stage)?;
    shows::run(stage, scene)
}

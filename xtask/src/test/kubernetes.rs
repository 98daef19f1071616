//! A cluster of Kubernetes without nodes: etcd and the API server, started for a part and ended with it.
//! Nothing runs in it and nobody tidies it: namespaces stay `Terminating`, and what an owner leaves behind
//! stays as well.

mod client;
mod cluster;
mod stored;

pub(crate) use client::{Client, Kind};
pub(crate) use cluster::{ADMIN, Cluster, Logs, STRANGER};

use anyhow::Result;

use super::Stage;
use crate::tools;

/// Builds the programs, if it has to, beside the parts that wait.
pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let project = stage.project;
    let programs =
        tools::kubernetes_programs(&project.root, &project.cache, project.kubernetes.as_deref())?;
    for program in [&programs.etcd, &programs.api_server] {
        let said = stage.succeed(std::process::Command::new(program).arg("--version"))?;
        stage.say(said.lines().next().unwrap_or_default());
        stage.passed(1);
    }
    Ok(())
}

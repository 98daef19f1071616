//! deploy/helm/ack-secret-manager: what it renders for the values of suite/chart, a folder for each case; and
//! helm's install, upgrade and uninstall against a real API server.

use anyhow::Result;

use super::Stage;
use crate::tools;

pub(super) mod helm;
mod installed;
mod rendered;

use helm::Helm;

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let project = stage.project;
    let program = tools::helm_program(&project.root, &project.cache)?;
    let operator = project.program(stage, "ack-secret-manager")?;
    let helm = Helm::new(program, &project.root)?;
    rendered::check(stage, &helm, &operator)?;
    installed::check(stage, &helm, &operator)
}

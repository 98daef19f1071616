//! What the cluster of the suite has to be for all else to mean something.

use anyhow::{Context as _, Result, ensure};

use super::scene::Scene;
use crate::test::{
    Stage,
    kubernetes::{Kind, STRANGER},
};

pub(super) fn check(stage: &mut Stage<'_>, scene: &Scene) {
    stage.check("the-cluster-refuses-who-has-no-rights", rights(scene));
}

fn rights(scene: &Scene) -> Result<()> {
    let client = scene.cluster.client(STRANGER)?;
    let listed = client.list(&Kind::named("Secret"), "default");
    let refusal = listed.err().context("a stranger may list Secrets")?;
    ensure!(
        format!("{refusal:#}").contains("Unauthorized"),
        "it says {refusal:#}"
    );
    Ok(())
}

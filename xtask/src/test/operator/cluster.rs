//! What the cluster of the suite has to be for all else to mean something.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::{
    rights::{EVERYWHERE, NAMESPACED},
    scene::Scene,
};
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

/// No operator asked for a Secret of somebody else's: whatever it listed or watched was one that it was
/// told of by name, or those with its own label (reference k8s-sync §2.14).
pub(super) fn asked_for_few_secrets(stage: &mut Stage<'_>, scene: &Scene) {
    stage.check("asks-for-no-secret-of-others", few_secrets(scene));
}

fn few_secrets(scene: &Scene) -> Result<()> {
    const MANAGED: &str = "labelSelector=ack.secrets-manager.alibabacloud.com%2Fmanaged";
    const NAMED: &str = "fieldSelector=metadata.name%3D";
    let (mut of_label, mut of_name) = (0, 0);
    for event in scene.cluster.audited()? {
        let text = |path: &str| event.pointer(path).and_then(Value::as_str);
        let user = text("/user/username").unwrap_or_default();
        let asked = text("/requestURI").context("an event without its request")?;
        if ![EVERYWHERE, NAMESPACED].contains(&user) || text("/verb") == Some("get") {
            continue;
        }
        let [labelled, named] = [MANAGED, NAMED].map(|selector| asked.contains(selector));
        ensure!(labelled || named, "{user} asked for {asked}");
        of_label += usize::from(labelled);
        of_name += usize::from(named);
    }
    ensure!(of_label > 0 && of_name > 0, "{of_label} and {of_name}");
    Ok(())
}

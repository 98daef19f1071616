use std::{collections::BTreeMap, path::Path};

use anyhow::{Result, ensure};

use super::{
    super::{
        cases::make_namespace,
        operators::{Operator, Replica},
        scene::Scene,
    },
    PATIENCE, Show,
};
use crate::test::kubernetes::Kind;

const NAMESPACE: &str = "show-outage";

/// KMS is killed: all Secrets stay as they are. Afterwards a change arrives.
pub(super) fn show(scene: &mut Scene, program: &Path) -> Result<()> {
    make_namespace(scene, NAMESPACE, &BTreeMap::new())?;
    let operator = {
        let show = of(scene, program);
        for name in ["a", "b"] {
            show.put(name, "one", 1)?;
            show.apply(name, name)?;
        }
        let replica = Replica {
            pod: "outage".to_owned(),
            namespace: NAMESPACE.to_owned(),
        };
        let operator = Operator::start(program, scene, &replica, &show.flags())?;
        show.until("a", "one")?;
        show.until("b", "one")?;
        operator
    };
    let before = versions(&of(scene, program))?;

    scene.server.kill()?;
    let show = of(scene, program);
    scene.gate.until_called(&show.remote("a"), 4, PATIENCE)?;
    let during = versions(&show)?;
    ensure!(
        before == during,
        "Secrets were written: {before:?}, {during:?}"
    );

    scene.server.restart()?;
    let show = of(scene, program);
    show.put("a", "two", 2)?;
    show.until("a", "two")?;
    show.until("b", "one")?;
    drop(operator);
    Ok(())
}

fn of<'a>(scene: &'a Scene, program: &'a Path) -> Show<'a> {
    Show {
        scene,
        program,
        namespace: NAMESPACE,
    }
}

/// Of all Secrets there.
fn versions(show: &Show<'_>) -> Result<Vec<(Option<String>, Option<String>)>> {
    let secrets = show.client().list(&Kind::named("Secret"), show.namespace)?;
    let secrets = secrets.into_iter();
    Ok(secrets
        .map(|one| (one.metadata.name, one.metadata.resource_version))
        .collect())
}

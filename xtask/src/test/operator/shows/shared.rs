use anyhow::{Result, ensure};

use super::{
    super::operators::{Operator, Replica},
    Show,
};

const MANY: usize = 20;

/// However many name a remote secret, it is read once; and all have its new value (k8s-sync §2.12).
pub(super) fn show(show: &Show<'_>) -> Result<()> {
    show.put("a", "one", 1)?;
    for number in 0..MANY {
        show.apply(&format!("s{number}"), "a")?;
    }
    let replica = Replica {
        pod: "shared".to_owned(),
        namespace: show.namespace.to_owned(),
    };
    let flags = [show.flags(), vec!["--polling-interval=10s".to_owned()]].concat();
    let _operator = Operator::start(show.program, show.scene, &replica, &flags)?;
    for number in 0..MANY {
        show.until(&format!("s{number}"), "one")?;
    }
    let calls = show.scene.gate.calls(&show.remote("a")).len();
    // A second one, on a machine so slow that the interval is over.
    ensure!(calls <= 2, "{calls} calls for {MANY} ExternalSecrets");
    show.put("a", "two", 2)?;
    for number in 0..MANY {
        show.until(&format!("s{number}"), "two")?;
    }
    let calls = show.scene.gate.calls(&show.remote("a")).len();
    ensure!(calls <= 5, "{calls} calls for one change");
    Ok(())
}

use anyhow::{Result, ensure};
use kms_types::{Clock as _, SystemClock};

use super::{
    super::operators::{Operator, Replica},
    PATIENCE, Show,
};
use crate::test::kubernetes::Kind;

/// So many that an operator is amid them when it is killed.
const MANY: usize = 60;

/// An operator is killed while it writes, more than once; the next one completes what was begun.
pub(super) fn show(show: &Show<'_>) -> Result<()> {
    show.put("a", "one", 1)?;
    for number in 0..MANY {
        show.apply(&format!("s{number}"), "a")?;
    }
    let kind = Kind::named("Secret");
    let client = show.client();
    for part in [1, MANY / 3, MANY / 2] {
        let mut operator = start(show)?;
        let end = SystemClock.monotonic() + PATIENCE;
        while client.list(&kind, show.namespace)?.len() < part {
            ensure!(SystemClock.monotonic() < end, "fewer than {part} Secrets");
        }
        operator.kill()?;
        for secret in client.list(&kind, show.namespace)? {
            let whole = secret.data.pointer("/data/value").is_some();
            ensure!(whole, "{:?} is half written", secret.metadata.name);
        }
    }
    show.put("a", "two", 2)?;
    let _operator = start(show)?;
    for number in 0..MANY {
        show.until(&format!("s{number}"), "two")?;
    }
    Ok(())
}

/// Without a lease: that of one who was killed is held for a while.
fn start(show: &Show<'_>) -> Result<Operator> {
    let replica = Replica {
        pod: "crash".to_owned(),
        namespace: show.namespace.to_owned(),
    };
    let flags = [show.flags(), vec!["--leader-elect=false".to_owned()]].concat();
    Operator::start(show.program, show.scene, &replica, &flags)
}

//! `doctor`.

use std::{
    io::{self, Write as _},
    path::Path,
    sync::Arc,
};

use kms_server::doctor::{self, Verdict};
use kms_telemetry::{Exit, Failure};
use kms_types::{Clock, Env, SystemClock};

use super::{
    daemon::{failed, runtime},
    load,
};

pub(super) fn run(config: &Path, env: &Env) -> Result<(), Failure> {
    let config = load(config, env)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let found = runtime()
        .map_err(failed)?
        .block_on(doctor::examine(&config, env, &clock));
    let mut out = io::stdout().lock();
    // Nobody reads: the exit code tells.
    drop(write!(out, "{found}").and_then(|()| out.flush()));
    if found.worst() == Verdict::Fail {
        return Err(Failure::new(
            Exit::Failure,
            "something is not right; see above",
        ));
    }
    Ok(())
}

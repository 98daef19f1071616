//! `ctl`: the clock for [`ctl::run`].

use std::sync::Arc;

use kms_server::ctl::{self, Ctl};
use kms_telemetry::Failure;
use kms_types::{Clock, Env, SystemClock};

pub(super) fn run(said: &Ctl, env: &Env) -> Result<(), Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    ctl::run(said, env, &clock)
}

//! `check`: everything that a start needs, tried once, step by step.

use std::{path::Path, sync::Arc};

use kms_agent::{program, token::TokenSource};
use kms_telemetry::{Exit, Failure};
use kms_types::{Env, SystemClock};

use super::{load, print, say, small_runtime};

pub(super) fn run(path: Option<&Path>, env: &Env) -> Result<(), Failure> {
    let config = load(path)?;
    match path {
        Some(path) => print(format_args!("configuration: {} is fine", path.display()))?,
        None => print("configuration: no file, every key has its default")?,
    }
    config.warnings.iter().for_each(say);

    let settings = &config.settings;
    let source = TokenSource::find(env, &settings.server.ssrf_env_variables)
        .map_err(|error| Failure::new(Exit::Usage, error))?;
    if source.is_missing() {
        print(format_args!(
            "token: {source} is not there yet; the agent makes it when it starts"
        ))?;
    } else {
        source
            .read(false)
            .map_err(|error| Failure::new(Exit::Usage, error))?;
        print(format_args!("token: {source} is fine"))?;
    }

    let endpoint = &settings.kms.endpoint;
    let answer = small_runtime()?
        .block_on(program::check(&settings.kms, env, Arc::new(SystemClock)))
        .map_err(|error| Failure::new(error.exit(), error))?;
    print(format_args!(
        "KMS: {endpoint} knows this identity (it answered {answer})"
    ))
}

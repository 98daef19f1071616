//! `credential`: a hosted AccessKey as an External process of the CLI's profiles prints it.

use kms_client::AccessKeyPair;
use kms_telemetry::{Exit, Failure};
use kms_types::{Env, SecretRef};
use serde::Serialize;

use super::get;

/// What the CLI and the SDKs read from the program (reference kms-api §6.2). Without an
/// expiration they run it for every call, so each has the key of that moment.
#[derive(Serialize)]
struct Printed<'a> {
    mode: &'static str,
    access_key_id: &'a str,
    access_key_secret: &'a str,
}

pub(super) fn run(name: &SecretRef, env: &Env) -> Result<(), Failure> {
    let failed = |error| Failure::new(Exit::Failure, error);
    let answer = get::ask(name, &format!("/secretsmanager/get?secretId={name}"), env)?;
    let value = get::value(&answer, None).map_err(failed)?;
    let key = AccessKeyPair::signing_key_in(&value)
        .map_err(|why| failed(anyhow::anyhow!("the value of {name} {why}")))?;
    let printed = Printed {
        mode: "AK",
        access_key_id: key.access_key_id.as_str(),
        // EXPOSE: to whoever asked for it, on standard output.
        access_key_secret: key.access_key_secret.expose(),
    };
    let line = serde_json::to_string(&printed).map_err(|error| failed(error.into()))?;
    super::print(zeroize::Zeroizing::new(line).as_str())
}

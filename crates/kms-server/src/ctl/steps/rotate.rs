//! A rotation, and how it goes on until the new value is current.

use std::time::Duration;

use clap::ArgMatches;
use kms_client::{CallError, Client};
use kms_types::ErrorCode;
use kms_wire::{Params, Product};
use serde_json::Value;
use tokio::time::sleep;

use crate::ctl::{
    CtlError,
    output::{self, Form},
    pages::{call, parse},
    show,
    table::Verb,
};

/// How often it is asked how far the rotation is.
const PERIOD: Duration = Duration::from_secs(1);

/// How far a rotation is.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Progress {
    /// The new value is not current yet; what is being done, as far as that is told.
    Goes(String),
    /// It is; until when the AccessKey before stays good, if that is told.
    IsCurrent(String),
    /// It never will be, and why.
    GivenUp(String),
}

/// Begins it, and watches if that was asked for.
pub(super) async fn rotate(
    verb: &Verb,
    matches: &ArgMatches,
    client: &Client,
    params: Params,
) -> Result<(), CtlError> {
    let secret = params.get("SecretName").unwrap_or_default().to_owned();
    let version = params.get("VersionId").unwrap_or_default().to_owned();
    let is_rehearsal = params.get("DryRun").is_some();
    let done = client.call_by_name(verb.product, verb.action, params).await;
    let body = match done {
        Err(CallError::Service { code, .. })
            if is_rehearsal && code == ErrorCode::DryRunOperation.as_str() =>
        {
            return output::text("a rehearsal: the rotation would begin\n");
        }
        done => done.map_err(|reason| CtlError::call(verb.action, reason))?,
    };
    if Form::of(matches) == Form::Json {
        // EXPOSE: names and a version, as they came.
        output::secret_line(body.expose())?;
    } else {
        output::text(&show::record(&parse(&body)?, ""))?;
    }
    if matches.get_flag("watch") {
        watch(client, &secret, &version).await
    } else {
        Ok(())
    }
}

/// A line for each thing that happens, until the new value is current.
async fn watch(client: &Client, secret: &str, version: &str) -> Result<(), CtlError> {
    let mut said = None;
    loop {
        let progress = look(client, secret, version).await?;
        if said.as_ref() != Some(&progress) {
            match &progress {
                Progress::Goes(what) => output::text(&format!("{version}: {what}\n"))?,
                Progress::IsCurrent(what) => {
                    return output::text(&format!("{version}: is current{what}\n"));
                }
                Progress::GivenUp(why) => {
                    return Err(CtlError::Answer(format!(
                        "the rotation was given up: {why}; the value before stays"
                    )));
                }
            }
        }
        said = Some(progress);
        sleep(PERIOD).await;
    }
}

async fn look(client: &Client, secret: &str, version: &str) -> Result<Progress, CtlError> {
    let mut params = Params::default();
    params.push("SecretName", secret);
    let describe = Verb::of(Product::Kms, "describe", "DescribeSecret", "");
    let told = parse(&call(client, &describe, params.clone()).await?)?;
    if let Some(progress) = told.get("LatestRotation").and_then(|own| of(own, version)) {
        return Ok(progress);
    }
    // The cloud does not tell: what is current is all there is to see.
    let list = Verb::of(Product::Kms, "versions", "ListSecretVersionIds", "");
    let versions = parse(&call(client, &list, params).await?)?;
    let is_current = versions
        .pointer("/VersionIds/VersionId")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .any(|one| is_current(one, version));
    if is_current {
        return Ok(Progress::IsCurrent(String::new()));
    }
    match told.get("AutomaticRotation").and_then(Value::as_str) {
        Some("Invalid") => Ok(Progress::GivenUp("AutomaticRotation is Invalid".to_owned())),
        _ => Ok(Progress::Goes("is being made".to_owned())),
    }
}

/// What a server of ours says of its newest rotation, if it is this one.
fn of(told: &Value, version: &str) -> Option<Progress> {
    let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("VersionId") != version {
        return None;
    }
    if text("State") == "Failed" {
        return Some(Progress::GivenUp(text("Error").to_owned()));
    }
    let step = match text("Step") {
        "plan" => "the user's AccessKeys are looked at",
        "create" => "a new value is made",
        "set" => "the new value is given to what it opens",
        "verify" | "test" => "the new value is tried",
        "promote" => "the new value becomes current",
        "abort" => "it cannot go on: what was made is taken away",
        _ => {
            let until = text("WindowEnd");
            return Some(Progress::IsCurrent(if until.is_empty() {
                String::new()
            } else {
                format!("; the AccessKey before stays good until {until}")
            }));
        }
    };
    let error = text("Error");
    Some(Progress::Goes(if error.is_empty() {
        step.to_owned()
    } else {
        format!("{step}; again, for: {error}")
    }))
}

fn is_current(one: &Value, version: &str) -> bool {
    let stages = one.pointer("/VersionStages/VersionStage");
    one.get("VersionId").and_then(Value::as_str) == Some(version)
        && stages
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|stage| stage == "ACSCurrent")
}

#[cfg(test)]
mod tests;

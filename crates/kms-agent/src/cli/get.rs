//! `get`: one value for a shell script.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use anyhow::{Context as _, anyhow};
use kms_agent::{
    ServerSettings,
    loopback::{AgentUrl, Answer},
    token::TokenSource,
};
use kms_telemetry::{Exit, Failure};
use kms_types::{Env, Secret, SecretRef};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Get;

/// The agent itself waits for KMS for a minute at most.
const PATIENCE: Duration = Duration::from_secs(75);

pub(super) fn run(get: &Get, env: &Env) -> Result<(), Failure> {
    let answer = ask(&get.name, &get.target(), env)?;
    let value =
        value(&answer, get.field.as_deref()).map_err(|error| Failure::new(Exit::Failure, error))?;
    let mut out = io::stdout().lock();
    // EXPOSE: to whoever asked for it, on standard output.
    out.write_all(value.expose().as_bytes())
        .and_then(|()| {
            if out.is_terminal() {
                out.write_all(b"\n")?;
            }
            out.flush()
        })
        .map_err(|error| Failure::new(Exit::Failure, error))
}

/// Asks the agent that the environment names, for this secret at this target.
pub(super) fn ask(name: &SecretRef, target: &str, env: &Env) -> Result<Answer, Failure> {
    let usage = |error| Failure::new(Exit::Usage, error);
    let defaults = ServerSettings::default();
    let url = match env.get("KMS_AGENT") {
        Some(url) => url
            .parse()
            .map_err(|error| usage(anyhow!("KMS_AGENT: {error}")))?,
        None => AgentUrl::at_port(defaults.http_port),
    };
    let token = TokenSource::find(env, &defaults.ssrf_env_variables)
        .and_then(|source| source.read(false))
        .map_err(|error| usage(error.into()))?;
    let answer = super::small_runtime()?
        .block_on(url.get(target, Some(&token), PATIENCE))
        .map_err(|error| Failure::new(Exit::Unavailable, error))?;
    if answer.status != 200 {
        return Err(refused(name, &answer));
    }
    Ok(answer)
}

impl Get {
    /// Names, ids and stages hold nothing that a query would need to escape.
    fn target(&self) -> String {
        let mut target = format!("/secretsmanager/get?secretId={}", self.name);
        if let Some(id) = &self.version_id {
            target.push_str("&versionId=");
            target.push_str(id.as_str());
        }
        if let Some(stage) = &self.version_stage {
            target.push_str("&versionStage=");
            target.push_str(stage.as_str());
        }
        target
    }
}

/// The value's place in the three kinds of answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Value<'a> {
    /// KMS.
    #[serde(borrow)]
    secret_data: Option<&'a RawValue>,
    /// AWS, text.
    secret_string: Option<&'a RawValue>,
    /// AWS, base64.
    secret_binary: Option<&'a RawValue>,
    /// Vault.
    #[serde(rename = "data")]
    data: Option<&'a RawValue>,
}

/// The value, or one field of it.
pub(super) fn value(answer: &Answer, field: Option<&str>) -> anyhow::Result<Secret<String>> {
    // EXPOSE: to find the value in it. Errors of the parser are not shown: they may quote.
    let body = answer.body.expose().as_slice();
    let unreadable = || anyhow!("the answer is none of an agent's");
    let fields: Value<'_> = serde_json::from_slice(body).map_err(|_quoting| unreadable())?;
    let raw = fields
        .secret_data
        .or(fields.secret_string)
        .or(fields.secret_binary)
        .or(fields.data)
        .ok_or_else(unreadable)?;
    let value = text(raw);
    let Some(field) = field else {
        return Ok(value);
    };
    // EXPOSE: to find the field in it.
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(value.expose())
        .map_err(|_quoting| anyhow!("the value is no JSON object, so it has no fields"))?;
    fields
        .get(field)
        .map(|raw| text(raw))
        .context("the value has no such field")
}

/// A string's text; anything else as it is written, numbers untouched.
fn text(raw: &RawValue) -> Secret<String> {
    Secret::new(serde_json::from_str(raw.get()).unwrap_or_else(|_no_string| raw.get().to_owned()))
}

/// The error's place in the three kinds of answer.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    #[serde(rename = "Code")]
    code: String,
    #[serde(rename = "__type")]
    kind: String,
    #[serde(rename = "Message", alias = "message")]
    message: String,
    errors: Vec<String>,
}

fn refused(name: &SecretRef, answer: &Answer) -> Failure {
    let status = answer.status.as_u16();
    let exit = match status {
        403 => Exit::Refused,
        429 | 502..=504 => Exit::Unavailable,
        _ => Exit::Failure,
    };
    // EXPOSE: an answer without a value.
    let body = answer.body.expose();
    let refused: Refused = serde_json::from_slice(body).unwrap_or_default();
    let parts = [refused.code, refused.kind, refused.message];
    let said: Vec<_> = parts
        .into_iter()
        .chain(refused.errors)
        .filter(|part| !part.is_empty())
        .collect();
    let said = if said.is_empty() {
        "no reason given".to_owned()
    } else {
        said.join(": ")
    };
    Failure::new(exit, anyhow!("cannot read {name}: {said} (HTTP {status})"))
}

#[cfg(test)]
mod tests;

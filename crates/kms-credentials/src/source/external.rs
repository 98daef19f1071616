//! A program that prints credentials: mode `External` of the CLI's configuration.

use std::{str::FromStr, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{Hidden, SourceError, answer, signing_key};
use crate::{Credentials, Surroundings};

/// What it prints (reference kms-api §6.2).
#[derive(Deserialize)]
struct Printed {
    #[serde(default)]
    mode: String,
    access_key_id: String,
    access_key_secret: Hidden,
    sts_token: Option<Hidden>,
    expiration: Option<String>,
}

const PATIENCE: Duration = Duration::from_mins(1);
const LARGEST: usize = 64 << 10;

/// The official SDKs run the program for every call if it tells no expiration; here what
/// it printed is good for this long.
const UNTOLD: SignedDuration = SignedDuration::from_mins(5);

pub(super) async fn load(line: &str, around: &Surroundings) -> Result<Credentials, SourceError> {
    // The line may hold secrets in its arguments, so only the program is named.
    let program = line.split_whitespace().next().unwrap_or("process_command");
    let who = format!("the program {program}");
    let broken = |why: String| SourceError::Broken(format!("{who} {why}"));
    let output = around
        .commands
        .run(line, LARGEST, PATIENCE)
        .await
        .map_err(|error| broken(format!("failed: {error}")))?;
    // EXPOSE: into the typed output, whose secrets are secrets again.
    let printed: Printed = serde_json::from_slice(output.expose())
        .map_err(|error| broken(format!("printed {}", answer::describe(&error))))?;
    // EXPOSE: looked at for its length.
    let token = printed
        .sts_token
        .filter(|token| !token.0.expose().is_empty());
    if printed.mode == "StsToken" && token.is_none() {
        return Err(broken("printed mode StsToken without sts_token".to_owned()));
    }
    if !matches!(&*printed.mode, "AK" | "StsToken" | "") {
        return Err(broken(
            "printed a mode other than AK and StsToken".to_owned(),
        ));
    }
    // EXPOSE: looked at for its length.
    if printed.access_key_secret.0.expose().is_empty() {
        return Err(broken("printed an empty access_key_secret".to_owned()));
    }
    let key = signing_key(
        ["access_key_id", "access_key_secret", "sts_token"],
        &printed.access_key_id,
        printed.access_key_secret.0,
        token.map(|token| token.0),
    )
    .map_err(|why| broken(format!("printed what is no key: {why}")))?;
    let expires = match printed
        .expiration
        .as_deref()
        .filter(|text| !text.is_empty())
    {
        Some(text) => Timestamp::from_str(text)
            .map_err(|_invalid| broken("printed an expiration that is no time".to_owned()))?,
        None => around
            .clock
            .now()
            .saturating_add(UNTOLD)
            .unwrap_or(Timestamp::MAX),
    };
    Ok(Credentials {
        key,
        expires: Some(expires),
        provider: String::new(),
    })
}

//! What was said, as parameters.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use clap::ArgMatches;
use jiff::Timestamp;
use kms_wire::{Params, write_timestamp};
use serde_json::{Map, Value, json};

use super::{
    CtlError, digest, input,
    table::{Arg, Kind, Verb},
    words::{BINARY, DIGEST, KEEP_NEWLINE},
};

/// The parameters of a verb.
pub(super) fn read(verb: &Verb, matches: &ArgMatches, now: Timestamp) -> Result<Params, CtlError> {
    let mut params = Params::default();
    for (name, value) in verb.fixed {
        params.push(*name, *value);
    }
    let mut filters = Vec::new();
    for arg in verb.args {
        if let Kind::Filter(key) = arg.kind {
            let values = many(arg, matches);
            if !values.is_empty() {
                filters.push(json!({"Key": key, "Values": values}));
            }
        } else if arg.kind.is_streamed() {
            push_stream(arg, matches, &mut params)?;
        } else if arg.kind.is_many() {
            push_many(arg, &many(arg, matches), &mut params)?;
        } else {
            push_one(arg, matches, now, &mut params)?;
        }
    }
    if !filters.is_empty() {
        params.push("Filters", Value::Array(filters).to_string());
    }
    Ok(params)
}

/// The text of an argument that may be absent.
pub(super) fn said<'a>(matches: &'a ArgMatches, name: &str) -> Option<&'a str> {
    let one = matches.try_get_one::<String>(name).ok().flatten();
    one.map(String::as_str)
}

fn push_one(
    arg: &Arg,
    matches: &ArgMatches,
    now: Timestamp,
    params: &mut Params,
) -> Result<(), CtlError> {
    if let Kind::Flag(value) = arg.kind {
        if matches.get_flag(arg.name) {
            params.push(arg.param, value);
        }
        return Ok(());
    }
    if matches!(arg.kind, Kind::Local | Kind::LocalFlag) {
        return Ok(());
    }
    match (arg.kind, said(matches, arg.name)) {
        (Kind::Default(value), None) => params.push(arg.param, value),
        (Kind::Stamp, None) => params.push(arg.param, stamp(now)),
        (_, None) => {}
        (Kind::SecretDocument, Some(text)) if !text.starts_with('@') => {
            return Err(CtlError::usage(format!(
                "--{name} on the command line would be seen by every user of this machine; \
                 --{name} @FILE or @- (standard input) keeps it secret",
                name = arg.name,
            )));
        }
        (Kind::Document | Kind::SecretDocument, Some(text)) => {
            let text = input::document(text)?;
            // EXPOSE: into the request; `Params` wipes it.
            params.push(arg.param, text.expose().trim_end());
        }
        (Kind::With(name, value), Some(text)) => {
            params.push(name, value);
            params.push(arg.param, text);
        }
        (_, Some(text)) => params.push(arg.param, text),
    }
    Ok(())
}

fn push_many(arg: &Arg, values: &[String], params: &mut Params) -> Result<(), CtlError> {
    if values.is_empty() {
        return Ok(());
    }
    match arg.kind {
        Kind::Joined => params.push(arg.param, values.join(",")),
        Kind::Numbered => {
            for (at, value) in values.iter().enumerate() {
                params.push(format!("{}.{}", arg.param, at + 1), value.as_str());
            }
        }
        Kind::NumberedTags => {
            for (at, (key, value)) in pairs(arg, values)?.into_iter().enumerate() {
                params.push(format!("Tag.{}.Key", at + 1), key);
                params.push(format!("Tag.{}.Value", at + 1), value);
            }
        }
        Kind::Tags => {
            let tags = pairs(arg, values)?
                .into_iter()
                .map(|(key, value)| json!({"TagKey": key, "TagValue": value}));
            params.push(arg.param, Value::Array(tags.collect()).to_string());
        }
        Kind::Object => {
            let object = pairs(arg, values)?
                .into_iter()
                .map(|(key, value)| (key.to_owned(), Value::from(value)));
            params.push(
                arg.param,
                Value::Object(object.collect::<Map<_, _>>()).to_string(),
            );
        }
        Kind::NetworkRules => params.push(arg.param, json!({"NetworkRules": values}).to_string()),
        _ => params.push(arg.param, json!(values).to_string()),
    }
    Ok(())
}

fn push_stream(arg: &Arg, matches: &ArgMatches, params: &mut Params) -> Result<(), CtlError> {
    if arg.kind == Kind::Material {
        // Its step reads it.
        return Ok(());
    }
    if arg.kind == Kind::Digest
        && let Some(digest) = said(matches, DIGEST)
    {
        params.push(arg.param, digest);
        return Ok(());
    }
    let prompt = match arg.kind {
        Kind::Value => "Value",
        Kind::Base64 => "Ciphertext in base64",
        _ => "Message",
    };
    let bytes = input::stream(matches, prompt)?;
    match arg.kind {
        Kind::Value if matches.get_flag(BINARY) => {
            params.push("SecretDataType", "binary");
            // EXPOSE: into the request; `Params` wipes it.
            params.push(arg.param, BASE64_STANDARD.encode(bytes.expose()));
        }
        Kind::Value => {
            let text = input::utf8(&bytes, "the value (--binary takes any bytes)")?;
            let text = if matches.get_flag(KEEP_NEWLINE) {
                text
            } else {
                input::without_line_end(&text)
            };
            // EXPOSE: into the request; `Params` wipes it.
            params.push(arg.param, text.expose().as_str());
        }
        Kind::Base64 => {
            let text = input::utf8(&bytes, "the base64")?;
            // EXPOSE: into the request; `Params` wipes it.
            params.push(arg.param, text.expose().trim());
        }
        Kind::Digest => {
            let algorithm = said(matches, "algorithm").unwrap_or_default();
            let digest = digest::of(algorithm, &bytes)?;
            params.push(arg.param, BASE64_STANDARD.encode(digest));
        }
        _ => {
            // EXPOSE: into the request; `Params` wipes it.
            params.push(arg.param, BASE64_STANDARD.encode(bytes.expose()));
        }
    }
    Ok(())
}

fn many(arg: &Arg, matches: &ArgMatches) -> Vec<String> {
    let values = matches.get_many::<String>(arg.name);
    values
        .map(|values| values.cloned().collect())
        .unwrap_or_default()
}

fn pairs<'a>(arg: &Arg, values: &'a [String]) -> Result<Vec<(&'a str, &'a str)>, CtlError> {
    let pair = |text: &'a String| {
        text.split_once('=')
            .ok_or_else(|| CtlError::usage(format!("{} is KEY=VALUE", arg.name)))
    };
    values.iter().map(pair).collect()
}

/// `v20261128T192501Z`.
fn stamp(now: Timestamp) -> String {
    format!("v{}", write_timestamp(now).replace(['-', ':'], ""))
}

#[cfg(test)]
mod tests;

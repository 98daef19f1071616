//! `[[webhook]]`.

use std::{fmt::Display, str::FromStr};

use kms_types::SecretType;

use super::{
    Wrong,
    lists::{Entry, List},
    value::{Value, path},
    words::{list, optional, shown as shown_path},
};
use crate::{
    settings::WebhookSettings,
    webhook::{LONGEST_PATIENCE, WebhookUrl},
};

pub(super) const LIST: List = List {
    name: "webhook",
    keys: &[
        "url",
        "signing_key_file",
        "account",
        "types",
        "names",
        "timeout_seconds",
        "ca_file",
    ],
    apply: |to, entries| {
        to.webhooks = entries.iter().map(one).collect::<Result<_, _>>()?;
        Ok(())
    },
    show: |of| of.webhooks.iter().map(shown).collect(),
};

fn one(entry: &Entry<'_, '_>) -> Result<WebhookSettings, Wrong> {
    let url: WebhookUrl = entry.need("url", "the url that is called", Value::parsed)?;
    let key = "signing_key_file, the key that its calls are signed with";
    let ca_file = entry.get("ca_file", path)?;
    if ca_file.is_some() && !url.is_tls() {
        return Err(entry.wrong("ca_file is for a url that begins with https://"));
    }
    let usual = WebhookSettings::new(url, entry.need("signing_key_file", key, path)?);
    let longest = LONGEST_PATIENCE.as_secs();
    Ok(WebhookSettings {
        account: entry.get("account", Value::parsed)?,
        types: entry.get("types", types)?.unwrap_or(usual.types),
        names: entry.get("names", filled)?.unwrap_or(usual.names),
        patience: entry
            .get("timeout_seconds", |value| value.seconds(1..=longest))?
            .unwrap_or(usual.patience),
        ca_file,
        ..usual
    })
}

fn types(value: &Value<'_, '_>) -> Result<Vec<SecretType>, Wrong> {
    let types: Vec<SecretType> = filled(value)?;
    match types
        .iter()
        .find(|kind| !WebhookSettings::TYPES.contains(kind))
    {
        Some(other) => {
            let rotated = list(WebhookSettings::TYPES);
            Err(value.wrong(format_args!(
                "{other} is not rotated by a webhook; {rotated} are"
            )))
        }
        None => Ok(types),
    }
}

/// A list that would match nothing is a mistake.
fn filled<T: FromStr<Err: Display>>(value: &Value<'_, '_>) -> Result<Vec<T>, Wrong> {
    let items = value.list()?;
    if items.is_empty() {
        return Err(value.wrong("is empty; leave the key out for all of them"));
    }
    Ok(items)
}

fn shown(webhook: &WebhookSettings) -> Vec<String> {
    let account = webhook.account.as_ref();
    vec![
        webhook.url.to_string(),
        shown_path(&webhook.signing_key_file),
        account.map_or_else(String::new, ToString::to_string),
        list(&webhook.types),
        list(&webhook.names),
        webhook.patience.as_secs().to_string(),
        optional(webhook.ca_file.as_ref()),
    ]
}

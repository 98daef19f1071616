//! `[[event_webhook]]`.

use kms_service::Level;

use super::{
    Wrong,
    lists::{Entry, List},
    value::{Value, path},
    words::{optional, shown as shown_path},
};
use crate::{settings::EventWebhookSettings, webhook::WebhookUrl};

pub(super) const LIST: List = List {
    name: "event_webhook",
    keys: &["url", "signing_key_file", "level", "target", "ca_file"],
    apply: |to, entries| {
        to.event_webhooks = entries.iter().map(one).collect::<Result<_, _>>()?;
        Ok(())
    },
    show: |of| of.event_webhooks.iter().map(shown).collect(),
};

fn one(entry: &Entry<'_, '_>) -> Result<EventWebhookSettings, Wrong> {
    let url: WebhookUrl = entry.need("url", "the url that is called", Value::parsed)?;
    let key = "signing_key_file, the key that its calls are signed with";
    let ca_file = entry.get("ca_file", path)?;
    if ca_file.is_some() && !url.is_tls() {
        return Err(entry.wrong("ca_file is for a url that begins with https://"));
    }
    let target = entry.get("target", |value| Ok(value.text()?.to_owned()))?;
    let level = entry.get("level", level)?;
    if target.is_some() && level.is_some() {
        return Err(entry.wrong("target and level: a channel's own condition says which findings"));
    }
    Ok(EventWebhookSettings {
        url,
        signing_key_file: entry.need("signing_key_file", key, path)?,
        level: level.unwrap_or(Level::Info),
        target,
        ca_file,
    })
}

/// `info`, `warn` or `critical`.
pub(super) fn level(value: &Value<'_, '_>) -> Result<Level, Wrong> {
    match value.text()? {
        "info" => Ok(Level::Info),
        "warn" => Ok(Level::Warn),
        "critical" => Ok(Level::Critical),
        _ => Err(value.wrong("must be info, warn or critical")),
    }
}

fn shown(webhook: &EventWebhookSettings) -> Vec<String> {
    vec![
        webhook.url.to_string(),
        shown_path(&webhook.signing_key_file),
        webhook.level.as_str().to_ascii_lowercase(),
        webhook.target.clone().unwrap_or_default(),
        optional(webhook.ca_file.as_ref()),
    ]
}

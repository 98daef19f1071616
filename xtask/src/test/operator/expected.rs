//! Whether an object is as a case says.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use kube::api::DynamicObject;
use serde_json::Value;

use super::case::Expected;

// === impl Expected ===

impl Expected {
    /// What it lacks is the error.
    pub(super) fn met_by(&self, object: Option<&DynamicObject>) -> Result<()> {
        let Some(object) = object else {
            ensure!(self.absent, "it is not there");
            return Ok(());
        };
        ensure!(!self.absent, "it is still there");
        let whole = serde_json::to_value(object).context("an object")?;
        if let Some(data) = &self.data {
            let wanted: BTreeMap<&str, String> = data
                .iter()
                .map(|(key, text)| (key.as_str(), text.escape_debug().to_string()))
                .chain(
                    self.bytes
                        .iter()
                        .map(|(key, bytes)| (key.as_str(), bytes.clone())),
                )
                .collect();
            let found = self.shown(&whole)?;
            ensure!(wanted == found, "it holds {found:?}, not {wanted:?}");
        }
        if let Some(has) = &self.has {
            contains(&whole, has, "")?;
        }
        for pointer in &self.lacks {
            let found = whole.pointer(pointer);
            ensure!(
                found.is_none(),
                "{pointer} is {}",
                found.unwrap_or_default()
            );
        }
        Ok(())
    }

    /// Keys and values of a Secret as a case writes them.
    fn shown<'a>(&self, whole: &'a Value) -> Result<BTreeMap<&'a str, String>> {
        let data = whole.get("data").and_then(Value::as_object);
        let pairs = data.into_iter().flatten().map(|(key, value)| {
            let base64 = value.as_str().context("a value that is no text")?;
            let bytes = BASE64_STANDARD.decode(base64).context("a value")?;
            let shown = match String::from_utf8(bytes) {
                Ok(text) if !self.bytes.contains_key(key) => text.escape_debug().to_string(),
                _ => base64.to_owned(),
            };
            Ok((key.as_str(), shown))
        });
        pairs.collect()
    }
}

/// Whether all that is wanted is in there: keys of maps, and of lists some element each.
pub(in crate::test) fn contains(found: &Value, wanted: &Value, at: &str) -> Result<()> {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            for (key, wanted) in wanted {
                let at = format!("{at}/{key}");
                let found = found.get(key).with_context(|| format!("{at} is missing"))?;
                contains(found, wanted, &at)?;
            }
            Ok(())
        }
        (Value::Array(elements), Value::Array(wanted)) => {
            for wanted in wanted {
                let met = elements
                    .iter()
                    .any(|found| contains(found, wanted, at).is_ok());
                ensure!(met, "{at} has no {wanted}, but {found}");
            }
            Ok(())
        }
        // A text that has to be somewhere in it.
        (Value::String(found), Value::String(wanted)) if wanted.starts_with('~') => {
            let part = wanted.trim_start_matches('~');
            ensure!(found.contains(part), "{at} is {found:?}, without {part:?}");
            Ok(())
        }
        _ if found == wanted => Ok(()),
        _ => bail!("{at} is {found}, not {wanted}"),
    }
}

#[cfg(test)]
mod tests;

//! `[[Render]]`, which may stand there several times.

use std::path::PathBuf;

use kms_types::SecretName;
use toml::{Spanned, de::DeValue};

use super::{Wrong, in_order, refuse_access_keys, value::Value};
use crate::{RenderFormat, RenderSettings, Settings};

pub(super) const NAME: &str = "Render";

const KEYS: [&str; 5] = ["Secret", "File", "Format", "Profile", "Mode"];

/// One entry as far as it was read.
#[derive(Default)]
struct Entry {
    secret: Option<SecretName>,
    file: Option<PathBuf>,
    format: Option<RenderFormat>,
    profile: Option<String>,
    group: bool,
}

/// Reads all of them.
pub(super) fn entries(settings: &mut Settings, value: &Spanned<DeValue<'_>>) -> Result<(), Wrong> {
    let tables = value.get_ref().as_array().filter(|list| {
        list.iter()
            .all(|entry| entry.get_ref().as_table().is_some())
    });
    let Some(tables) = tables else {
        return Err(Wrong {
            at: value.span(),
            reason: "Render may stand there several times: write [[Render]]".to_owned(),
        });
    };
    for table in tables {
        let entry = entry(table)?;
        if settings.render.iter().any(|other| other.file == entry.file) {
            return Err(Wrong {
                at: table.span(),
                reason: "two [[Render]] write the same File".to_owned(),
            });
        }
        settings.render.push(entry);
    }
    Ok(())
}

fn entry(table: &Spanned<DeValue<'_>>) -> Result<RenderSettings, Wrong> {
    let mut entry = Entry::default();
    let mut seen = Vec::new();
    let members = table.get_ref().as_table().map(in_order).unwrap_or_default();
    for (name, value) in members {
        let wrong = |reason: String| Wrong {
            at: name.span(),
            reason,
        };
        let text = name.get_ref();
        refuse_access_keys(text).map_err(wrong)?;
        let Some(key) = KEYS.iter().find(|key| text.eq_ignore_ascii_case(key)) else {
            return Err(wrong(format!(
                "unknown key {text} in [[Render]]; the keys are {}",
                KEYS.join(", ")
            )));
        };
        super::note(&mut seen, (NAME, key)).map_err(wrong)?;
        entry.take(key, &Value::new(key, value))?;
    }
    entry.finish(table)
}

// === impl Entry ===

impl Entry {
    fn take(&mut self, key: &str, value: &Value<'_, '_>) -> Result<(), Wrong> {
        match key {
            "Secret" => self.secret = Some(value.parsed()?),
            "File" => self.file = Some(PathBuf::from(value.text()?)),
            "Format" => {
                self.format = Some(match value.text()? {
                    "profile" => RenderFormat::Profile,
                    "ini" => RenderFormat::Ini,
                    "env" => RenderFormat::Env,
                    _ => return Err(value.wrong("is \"profile\", \"ini\" or \"env\"")),
                });
            }
            "Profile" => {
                let name = value.text()?;
                let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
                if !name.bytes().all(plain) {
                    return Err(value.wrong("may hold letters, digits and -_."));
                }
                self.profile = Some(name.to_owned());
            }
            _ => {
                self.group = match value.text()? {
                    "0600" => false,
                    "0640" => true,
                    _ => return Err(value.wrong("is \"0600\" or \"0640\": it is for nobody else")),
                };
            }
        }
        Ok(())
    }

    fn finish(self, table: &Spanned<DeValue<'_>>) -> Result<RenderSettings, Wrong> {
        let missing = |key: &str| Wrong {
            at: table.span(),
            reason: format!("[[Render]] lacks {key}; it needs Secret, File and Format"),
        };
        Ok(RenderSettings {
            secret: self.secret.ok_or_else(|| missing("Secret"))?,
            file: self.file.ok_or_else(|| missing("File"))?,
            format: self.format.ok_or_else(|| missing("Format"))?,
            profile: self.profile.unwrap_or_else(|| "default".to_owned()),
            group: self.group,
        })
    }
}

//! `config.toml` becomes [`Settings`]: each key known, each value possible, or one error
//! that says where it stands and what to write instead.

use std::{
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

use thiserror::Error;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use self::{keys::SECTIONS, value::Value};
use crate::Settings;

mod keys;
mod render;
mod value;

/// A configuration that was read.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What it says, defaults filled in.
    pub settings: Settings,
    /// What is allowed but unwise, for the log.
    pub warnings: Vec<String>,
}

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error("{}:{place}: {reason}", path.display())]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// Where in it.
        place: Place,
        /// What, and what to write instead.
        reason: String,
    },
}

/// A line and a column, both from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    line: usize,
    column: usize,
}

/// Something wrong in the text, at a range of bytes.
struct Wrong {
    at: Range<usize>,
    reason: String,
}

/// The longest file that is read: a configuration has a few hundred bytes.
const MAX_LEN: u64 = 1 << 20;

/// Reads the file.
///
/// # Errors
/// [`ConfigError`] for the first thing that is wrong.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    let read = |source| ConfigError::Read {
        path: path.to_owned(),
        source,
    };
    let metadata = fs::metadata(path).map_err(read)?;
    if metadata.len() > MAX_LEN {
        return Err(read(io::Error::other("it is larger than 1 MiB")));
    }
    let text = fs::read_to_string(path).map_err(read)?;
    Ok(Config {
        settings: parse(path, &text)?,
        warnings: warnings(path, &metadata),
    })
}

/// Reads a file's text that is at hand; errors call it `path`.
///
/// # Errors
/// [`ConfigError::Wrong`] for the first thing that is wrong.
pub fn parse(path: &Path, text: &str) -> Result<Settings, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    document(text).map_err(|wrong| ConfigError::Wrong {
        path: path.to_owned(),
        place: Place::of(text, wrong.at.start),
        reason: wrong.reason,
    })
}

fn document(text: &str) -> Result<Settings, Wrong> {
    let document = DeTable::parse(text).map_err(|error| Wrong {
        at: error.span().unwrap_or(0..0),
        reason: error.message().to_owned(),
    })?;
    let mut settings = Settings::default();
    let mut seen = Vec::new();
    // In the order of the text, so that the first thing wrong is the one reported.
    for (name, value) in in_order(document.get_ref()) {
        section(&mut settings, &mut seen, name, value)?;
    }
    Ok(settings)
}

fn section(
    settings: &mut Settings,
    seen: &mut Vec<(&'static str, &'static str)>,
    name: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
) -> Result<(), Wrong> {
    let wrong = |reason: String| Wrong {
        at: name.span(),
        reason,
    };
    let text = name.get_ref();
    refuse_access_keys(text).map_err(wrong)?;
    if text.eq_ignore_ascii_case(render::NAME) {
        note(seen, (render::NAME, "")).map_err(wrong)?;
        return render::entries(settings, value);
    }
    let Some(section) = SECTIONS
        .iter()
        .find(|known| text.eq_ignore_ascii_case(known.name))
    else {
        return Err(wrong(keys::unknown_section(
            text,
            value.get_ref().is_table(),
        )));
    };
    note(seen, (section.name, "")).map_err(wrong)?;
    let Some(table) = value.get_ref().as_table() else {
        return Err(wrong(format!(
            "{0} is a section: write [{0}] on a line of its own",
            section.name
        )));
    };
    for (name, value) in in_order(table) {
        let wrong = |reason: String| Wrong {
            at: name.span(),
            reason,
        };
        let text = name.get_ref();
        refuse_access_keys(text).map_err(wrong)?;
        let Some(key) = section
            .keys
            .iter()
            .find(|known| text.eq_ignore_ascii_case(known.name))
        else {
            return Err(wrong(keys::unknown_key(section, text)));
        };
        note(seen, (section.name, key.name)).map_err(wrong)?;
        (key.apply)(settings, &Value::new(key.name, value))?;
    }
    if section.name == "Kms" && !seen.contains(&("Kms", "Endpoint")) {
        settings.kms.endpoint = format!("kms.{}.aliyuncs.com", settings.kms.region);
    }
    Ok(())
}

/// TOML refuses a key that is there twice; this one refuses it in two spellings as well.
fn note(
    seen: &mut Vec<(&'static str, &'static str)>,
    name: (&'static str, &'static str),
) -> Result<(), String> {
    if seen.contains(&name) {
        let shown = if name.1.is_empty() { name.0 } else { name.1 };
        return Err(format!(
            "{shown} is given twice, in different cases; keep one"
        ));
    }
    seen.push(name);
    Ok(())
}

/// Seed 002: no AccessKey in the configuration.
fn refuse_access_keys(name: &str) -> Result<(), String> {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let looks_like_one = ["accesskey", "secretkey", "securitytoken", "stoken"]
        .iter()
        .any(|word| plain.contains(word))
        || matches!(plain.as_str(), "ak" | "sk" | "aksk");
    if looks_like_one {
        return Err(format!(
            "{name}: no AccessKey is read from the configuration; remove it from this file and \
             use an ECS RAM role, RRSA, or the variables ALIBABA_CLOUD_ACCESS_KEY_ID and \
             ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        ));
    }
    Ok(())
}

fn in_order<'a, 'i>(
    table: &'a DeTable<'i>,
) -> Vec<(
    &'a Spanned<std::borrow::Cow<'i, str>>,
    &'a Spanned<DeValue<'i>>,
)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

#[cfg(unix)]
fn warnings(path: &Path, metadata: &fs::Metadata) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt;

    if metadata.permissions().mode() & 0o002 == 0 {
        return Vec::new();
    }
    let shown = path.display();
    vec![format!(
        "{shown} can be written by every user of this machine, who could send secrets elsewhere: \
         chmod o-w {shown}"
    )]
}

#[cfg(not(unix))]
fn warnings(_path: &Path, _metadata: &fs::Metadata) -> Vec<String> {
    Vec::new()
}

impl Place {
    fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count();
        Self {
            line: before.matches('\n').count() + 1,
            column: column + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests;

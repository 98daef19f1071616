//! A file becomes [`Settings`]: each key known, each value possible, each with the place
//! where it was said; or one error that says where it stands and what to write instead.
//! Variables `KMS_SERVER_<SECTION>_<KEY>` come before the file.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

use kms_types::Env;
use thiserror::Error;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use self::{
    keys::SECTIONS,
    lists::{Lines, List},
    value::Value,
};
use crate::settings::Settings;

mod deliveries;
mod event_webhooks;
mod identity;
mod instances;
mod keys;
mod lists;
mod mail;
mod near;
mod rams;
mod rules;
mod show;
mod unknown;
mod value;
mod webhooks;
mod words;

pub use show::Shown;

/// A configuration that was read.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What it says, defaults filled in.
    pub settings: Settings,
    /// What is allowed but unwise, for the log.
    pub warnings: Vec<String>,
    /// What was said, and where; all else is a default.
    origins: BTreeMap<(&'static str, &'static str), Origin>,
    /// The same for tables of lists, by their place in the list.
    lines: BTreeMap<(&'static str, usize), Lines>,
}

/// Where a value comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The file, at this line.
    File(usize),
    /// The environment's variable.
    Variable(String),
}

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}", path.display())]
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
        place: Position,
        /// What, and what to write instead.
        reason: String,
    },
    /// A variable of the environment is wrong.
    #[error("variable {name}: {reason}")]
    Variable {
        /// Its name.
        name: String,
        /// What, and what to write instead.
        reason: String,
    },
    /// Two values do not go together.
    #[error("{}: {reason}", path.display())]
    Together {
        /// Which file.
        path: PathBuf,
        /// What, and what to write instead.
        reason: String,
    },
}

/// A line and a column, both from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Position {
    line: usize,
    column: usize,
}

/// Something wrong in the text, at a range of bytes.
struct Wrong {
    at: Range<usize>,
    reason: String,
}

/// The longest file that is read: a configuration has a few thousand bytes.
const MAX_LEN: u64 = 1 << 20;

/// What variables of ours begin with.
const PREFIX: &str = "KMS_SERVER_";

/// Every list.
const LISTS: &[List] = &[
    instances::LIST,
    rams::LIST,
    webhooks::LIST,
    event_webhooks::LIST,
    mail::LIST,
    deliveries::LIST,
];

type Name<'i> = Spanned<Cow<'i, str>>;

/// Reads the file, and the variables that come before it.
///
/// # Errors
/// [`ConfigError`] for the first thing that is wrong.
pub fn load(path: &Path, env: &Env) -> Result<Config, ConfigError> {
    let read = |source| ConfigError::Read {
        path: path.to_owned(),
        source,
    };
    let metadata = fs::metadata(path).map_err(read)?;
    if metadata.len() > MAX_LEN {
        return Err(read(io::Error::other("it is larger than 1 MiB")));
    }
    let text = fs::read_to_string(path).map_err(read)?;
    let mut config = parse(path, &text, env)?;
    config
        .warnings
        .extend(rules::warn(path, &metadata, &config.settings));
    Ok(config)
}

/// Reads a file's text that is at hand; errors call it `path`.
///
/// # Errors
/// All of [`ConfigError`] but `Read`.
pub fn parse(path: &Path, text: &str, env: &Env) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut config = Config::default();
    document(&mut config, text).map_err(|wrong| ConfigError::Wrong {
        path: path.to_owned(),
        place: Position::of(text, wrong.at.start),
        reason: wrong.reason,
    })?;
    variables(&mut config, env)?;
    rules::check(&config.settings).map_err(|reason| ConfigError::Together {
        path: path.to_owned(),
        reason,
    })?;
    Ok(config)
}

fn document(config: &mut Config, text: &str) -> Result<(), Wrong> {
    let document = DeTable::parse(text).map_err(|error| Wrong {
        at: error.span().unwrap_or(0..0),
        reason: error.message().to_owned(),
    })?;
    let mut seen = Vec::new();
    // In the order of the text, so that the first thing wrong is the one reported.
    for (name, value) in in_order(document.get_ref()) {
        let mut lists = LISTS.iter();
        if let Some(list) = lists.find(|list| name.get_ref().eq_ignore_ascii_case(list.name)) {
            note(&mut seen, list.name, name)?;
            let entries = list.read(value)?;
            (list.apply)(&mut config.settings, &entries)?;
            for (place, entry) in entries.iter().enumerate() {
                config.lines.insert((list.name, place), entry.lines(text));
            }
            continue;
        }
        section(config, &mut seen, text, name, value)?;
    }
    Ok(())
}

fn section(
    config: &mut Config,
    seen: &mut Vec<&'static str>,
    text: &str,
    name: &Name<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<(), Wrong> {
    let wrong = |reason: String| Wrong {
        at: name.span(),
        reason,
    };
    let Some(section) = SECTIONS
        .iter()
        .find(|known| name.get_ref().eq_ignore_ascii_case(known.name))
    else {
        return Err(wrong(unknown::section(name.get_ref(), value.get_ref())));
    };
    note(seen, section.name, name)?;
    let Some(table) = value.get_ref().as_table() else {
        return Err(wrong(format!(
            "{0} is a section: write [{0}] on a line of its own",
            section.name
        )));
    };
    let mut seen = Vec::new();
    for (name, value) in in_order(table) {
        let Some(key) = section
            .keys
            .iter()
            .find(|known| name.get_ref().eq_ignore_ascii_case(known.name))
        else {
            return Err(Wrong {
                at: name.span(),
                reason: unknown::key(section, name.get_ref()),
            });
        };
        note(&mut seen, key.name, name)?;
        (key.apply)(&mut config.settings, &Value::of_file(key.name, value))?;
        let line = Position::of(text, name.span().start).line;
        config
            .origins
            .insert((section.name, key.name), Origin::File(line));
    }
    Ok(())
}

/// The environment says more than the file: it is what a container is given.
fn variables(config: &mut Config, env: &Env) -> Result<(), ConfigError> {
    for section in SECTIONS {
        for key in section.keys {
            let name = variable(section.name, key.name);
            let Some(text) = env.get(&name) else { continue };
            (key.apply)(&mut config.settings, &Value::of_variable(key.name, text)).map_err(
                |wrong| ConfigError::Variable {
                    name: name.clone(),
                    reason: wrong.reason,
                },
            )?;
            config
                .origins
                .insert((section.name, key.name), Origin::Variable(name));
        }
    }
    Ok(())
}

fn variable(section: &str, key: &str) -> String {
    format!("{PREFIX}{section}_{key}").to_ascii_uppercase()
}

/// TOML refuses a key that is there twice; this one refuses it in two spellings as well.
fn note(seen: &mut Vec<&'static str>, known: &'static str, name: &Name<'_>) -> Result<(), Wrong> {
    if seen.contains(&known) {
        return Err(Wrong {
            at: name.span(),
            reason: format!("{known} is given twice, in different cases; keep one"),
        });
    }
    seen.push(known);
    Ok(())
}

fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<(&'a Name<'i>, &'a Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

// === impl Position ===

impl Position {
    fn of(text: &str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests;

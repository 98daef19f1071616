//! Every key of every section, in the order of the sample.

use std::{path::PathBuf, time::Duration};

use kms_types::Secret;
use toml::de::DeValue;

use super::{Wrong, lists::LISTS, value::Value};
use crate::settings::{CertificateFiles, LogLevel, Settings};

/// A section and its keys.
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) keys: &'static [Key],
}

/// A key, what it does to the settings, and what they say then.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) apply: fn(&mut Settings, &Value<'_, '_>) -> Result<(), Wrong>,
    pub(super) show: fn(&Settings) -> String,
}

macro_rules! keys {
    ($($name:literal => |$to:ident, $value:ident| $set:expr, |$of:ident| $show:expr;)*) => {
        &[$(Key {
            name: $name,
            apply: |$to, $value| {
                $set;
                Ok(())
            },
            show: |$of| $show,
        },)*]
    };
}

pub(super) const SECTIONS: &[Section] = &[
    Section {
        name: "server",
        keys: keys! {
            "region" => |to, value| to.region = value.parsed()?, |of| of.region.to_string();
            "data_dir" => |to, value| to.data_dir = path(value)?, |of| shown(&of.data_dir);
        },
    },
    Section {
        name: "listen",
        keys: keys! {
            "https" => |to, value| to.listen.https = value.list()?, |of| list(&of.listen.https);
            "http" => |to, value| to.listen.http = value.list()?, |of| list(&of.listen.http);
            "proxies" => |to, value| to.listen.proxies = value.list()?,
                |of| list(&of.listen.proxies);
            "instance" => |to, value| to.listen.instance = value.list()?,
                |of| list(&of.listen.instance);
            "admin" => |to, value| to.listen.admin = value.list()?, |of| list(&of.listen.admin);
        },
    },
    Section {
        name: "tls",
        keys: keys! {
            "cert_file" => |to, value| files(to).certificate = path(value)?,
                |of| optional(of.tls.files.as_ref().map(|files| &files.certificate));
            "key_file" => |to, value| files(to).key = path(value)?,
                |of| optional(of.tls.files.as_ref().map(|files| &files.key));
            "names" => |to, value| to.tls.names = value.list()?, |of| list(&of.tls.names);
        },
    },
    Section {
        name: "store",
        keys: keys! {
            "file" => |to, value| to.store.file = Some(path(value)?),
                |of| optional(of.store.file.as_ref());
            "url" => |to, value| to.store.url = Some(Secret::from(value.text()?)),
                |of| if of.store.url.is_some() { "(set, not shown)" } else { "" }.to_owned();
            "url_file" => |to, value| to.store.url_file = Some(path(value)?),
                |of| optional(of.store.url_file.as_ref());
            "connections" => |to, value| to.store.connections = small(value, 1, 1000)?,
                |of| of.store.connections.to_string();
            "statement_timeout_seconds" => |to, value|
                to.store.statement_timeout = value.seconds(1..=3600)?,
                |of| of.store.statement_timeout.as_secs().to_string();
        },
    },
    Section {
        name: "root_key",
        keys: keys! {
            "current" => |to, value| to.root_key.current = value.parsed()?,
                |of| of.root_key.current.to_string();
            "previous" => |to, value| to.root_key.previous = Some(value.parsed()?),
                |of| of.root_key.previous.as_ref().map(ToString::to_string).unwrap_or_default();
            "same_filesystem" => |to, value| to.root_key.same_filesystem = value.boolean()?,
                |of| of.root_key.same_filesystem.to_string();
        },
    },
    Section {
        name: "audit",
        keys: keys! {
            "file" => |to, value| to.audit.file = Some(path(value)?),
                |of| optional(of.audit.file.as_ref());
            "server" => |to, value| to.audit.server = Some(value.text()?.to_owned()),
                |of| of.audit.server.clone().unwrap_or_default();
            "max_size_mb" => |to, value| to.audit.max_size = value.number(1..=100_000)? << 20,
                |of| (of.audit.max_size >> 20).to_string();
            "reserve_mb" => |to, value| to.audit.reserve = value.number(0..=100_000)? << 20,
                |of| (of.audit.reserve >> 20).to_string();
            "socket" => |to, value| to.audit.socket = Some(path(value)?),
                |of| optional(of.audit.socket.as_ref());
        },
    },
    Section {
        name: "log",
        keys: keys! {
            "dir" => |to, value| to.log.dir = Some(path(value)?), |of| optional(of.log.dir.as_ref());
            "level" => |to, value| to.log.level = value.parsed()?, |of| of.log.level.to_string();
            "max_size_mb" => |to, value| to.log.max_size = value.number(1..=100_000)? << 20,
                |of| (of.log.max_size >> 20).to_string();
            "backups" => |to, value| to.log.backups = value.size(0..=10_000)?,
                |of| of.log.backups.to_string();
        },
    },
    Section {
        name: "limits",
        keys: keys! {
            "connections" => |to, value| to.limits.connections = value.size(1..=100_000)?,
                |of| of.limits.connections.to_string();
            "body_bytes" => |to, value| to.limits.body = value.size(65_536..=16_777_216)?,
                |of| of.limits.body.to_string();
            "head_seconds" => |to, value| to.limits.head_time = value.seconds(1..=3600)?,
                |of| of.limits.head_time.as_secs().to_string();
            "body_seconds" => |to, value| to.limits.body_time = value.seconds(1..=3600)?,
                |of| of.limits.body_time.as_secs().to_string();
            "idle_seconds" => |to, value| to.limits.idle_time = value.seconds(1..=3600)?,
                |of| of.limits.idle_time.as_secs().to_string();
            "drain_seconds" => |to, value| to.limits.drain_time = value.seconds(0..=3600)?,
                |of| of.limits.drain_time.as_secs().to_string();
            "concurrency" => |to, value| to.rates.concurrency = value.size(1..=100_000)?,
                |of| of.rates.concurrency.to_string();
            "queue_ms" => |to, value| to.rates.patience = Duration::from_millis(value.number(0..=10_000)?),
                |of| of.rates.patience.as_millis().to_string();
            "calls_per_second" => |to, value| to.rates.per_second = small(value, 0, 1_000_000)?,
                |of| of.rates.per_second.to_string();
            "burst" => |to, value| to.rates.burst = small(value, 1, 1_000_000)?,
                |of| of.rates.burst.to_string();
            "nonces" => |to, value| to.nonces = value.size(1..=1_000_000_000)?,
                |of| of.nonces.to_string();
        },
    },
];

/// What to say about a name at the top that is no section.
pub(super) fn unknown_section(name: &str, value: &DeValue<'_>) -> String {
    let is_list = |value: &DeValue<'_>| {
        let items = value.as_array();
        items.is_some_and(|items| items.iter().any(|item| item.get_ref().is_table()))
    };
    if value.is_table() || is_list(value) {
        let sections = SECTIONS.iter().map(|section| section.name);
        let lists = LISTS.iter().map(|list| list.name);
        let written = |name: &str| {
            if LISTS.iter().any(|list| list.name == name) {
                format!("[[{name}]]")
            } else {
                format!("[{name}]")
            }
        };
        let all: Vec<_> = sections.chain(lists).collect();
        if let Some(near) = nearest(name, all.iter().copied()) {
            let near = written(near);
            return format!("there is no section [{name}]; did you mean {near}?");
        }
        let all: Vec<_> = all.into_iter().map(written).collect();
        return format!("there is no section [{name}]; there are {}", all.join(", "));
    }
    if let Some(home) = home_of(name) {
        return format!("{name} belongs into section [{home}]");
    }
    let keys = SECTIONS.iter().flat_map(|section| section.keys);
    let near = nearest(name, keys.map(|key| key.name));
    format!("unknown key {name}{}", did_you_mean(near))
}

/// What to say about a name that is no key of this section.
pub(super) fn unknown_key(section: &Section, name: &str) -> String {
    let here = section.name;
    let near = nearest(name, section.keys.iter().map(|key| key.name));
    match (near, home_of(name)) {
        (None, Some(home)) => format!("{name} belongs into section [{home}], not [{here}]"),
        _ => format!(
            "unknown key {name} in section [{here}]{}",
            did_you_mean(near)
        ),
    }
}

pub(super) fn did_you_mean(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

/// The name that was meant, if one is near enough.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    known
        .map(|known| (strsim::damerau_levenshtein(&name, known), known))
        .filter(|(distance, known)| *distance <= known.len().max(name.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

fn home_of(name: &str) -> Option<&'static str> {
    let has = |section: &&Section| {
        let mut keys = section.keys.iter();
        keys.any(|key| key.name.eq_ignore_ascii_case(name))
    };
    SECTIONS.iter().find(has).map(|section| section.name)
}

pub(super) fn path(value: &Value<'_, '_>) -> Result<PathBuf, Wrong> {
    let path = PathBuf::from(value.text()?);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err(value.wrong("write the path from the root on: a service has no folder to start from"))
    }
}

fn small(value: &Value<'_, '_>, least: u32, most: u32) -> Result<u32, Wrong> {
    let number = value.number(least.into()..=most.into())?;
    u32::try_from(number).map_err(|why| value.wrong(why))
}

/// Both stand in one place; `rules` sees to it that both were said.
fn files(to: &mut Settings) -> &mut CertificateFiles {
    to.tls.files.get_or_insert_with(|| CertificateFiles {
        certificate: PathBuf::new(),
        key: PathBuf::new(),
    })
}

pub(super) fn shown(path: &std::path::Path) -> String {
    path.display().to_string()
}

pub(super) fn optional(path: Option<&PathBuf>) -> String {
    path.map(|path| shown(path)).unwrap_or_default()
}

pub(super) fn list<T: ToString>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    items.join(", ")
}

impl std::str::FromStr for LogLevel {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Debug, Self::Info, Self::Warn, Self::Error];
        all.into_iter()
            .find(|level| level.to_string().eq_ignore_ascii_case(text))
            .ok_or("is debug, info, warn or error")
    }
}

impl std::fmt::Display for LogLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        })
    }
}

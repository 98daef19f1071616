//! Every key of every section, in the order of the sample.

use std::{path::PathBuf, time::Duration};

use jiff::SignedDuration;
use kms_types::Secret;

use super::{
    Wrong,
    value::{Value, path, small, span, span_or_never},
    words::{list, optional, shown, shown_span},
};
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
            "instance_connect_time" => |to, value|
                to.instance_connect_time = span_or_never(value, LONGEST_CONNECT)?,
                |of| shown_span(of.instance_connect_time);
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
        name: "dns",
        keys: keys! {
            "listen" => |to, value| to.dns = value.list()?, |of| list(&of.dns);
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
    Section {
        name: "rotation",
        keys: keys! {
            "workers" => |to, value| to.rotation.workers = value.size(1..=64)?,
                |of| of.rotation.workers.to_string();
            "window" => |to, value| to.rotation.windows.usual = span(value, LONGEST_WINDOW)?,
                |of| shown_span(of.rotation.windows.usual);
            "least_window" => |to, value|
                to.rotation.windows.least = span(value, LONGEST_WINDOW)?,
                |of| shown_span(of.rotation.windows.least);
            "follows_readers" => |to, value|
                to.rotation.windows.follows_readers = value.boolean()?,
                |of| of.rotation.windows.follows_readers.to_string();
            "least_interval" => |to, value|
                to.rotation.least_interval = span(value, LONGEST_INTERVAL)?,
                |of| shown_span(of.rotation.least_interval);
            "health_check_interval" => |to, value|
                to.rotation.health_check_interval = span_or_never(value, LONGEST_HEALTH_CHECK)?,
                |of| shown_span(of.rotation.health_check_interval);
        },
    },
];

/// Of an instance: twice what the cloud takes (reference accesskey §1, row 9).
const LONGEST_CONNECT: SignedDuration = SignedDuration::from_hours(1);

/// Of an AccessKey that was replaced, as in the cloud (reference accesskey §1, row 24).
const LONGEST_WINDOW: SignedDuration = SignedDuration::from_hours(48);

/// What is dead for longer is noticed by those who sign with it.
const LONGEST_HEALTH_CHECK: SignedDuration = SignedDuration::from_hours(168);

/// Between rotations: what one may ask for at most (reference kms-api §2.1).
const LONGEST_INTERVAL: SignedDuration = SignedDuration::from_hours(8760);

/// Both stand in one place; `rules` sees to it that both were said.
fn files(to: &mut Settings) -> &mut CertificateFiles {
    to.tls.files.get_or_insert_with(|| CertificateFiles {
        certificate: PathBuf::new(),
        key: PathBuf::new(),
    })
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

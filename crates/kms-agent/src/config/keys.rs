//! Every key of seed 002's full configuration, and ours.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use http::HeaderName;
use kms_client::Endpoint;
use kms_types::RegionId;

use super::{Wrong, value::Value};
use crate::{LogLevel, ResponseType, Rule, Settings, UriToken, hosted};

/// A section and its keys, in the spelling of the seeds.
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) keys: &'static [Key],
}

/// A key and what it does to the settings.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) apply: fn(&mut Settings, &Value<'_, '_>) -> Result<(), Wrong>,
}

pub(super) const SECTIONS: &[Section] = &[
    Section {
        name: "Server",
        keys: &[
            key("HttpPort", |to, value| {
                let port = value.number(0..=65_535)?;
                to.server.http_port = u16::try_from(port).map_err(|why| value.wrong(why))?;
                Ok(())
            }),
            key("SSRFHeaders", |to, value| {
                to.server.ssrf_headers = header_names(value)?;
                Ok(())
            }),
            key("SSRFEnvVariables", |to, value| {
                to.server.ssrf_env_variables = variables(value)?;
                Ok(())
            }),
            key("PathPrefix", |to, value| {
                to.server.path_prefix = path_prefix(value)?;
                no_collision(to, value)
            }),
            key("MaxConn", |to, value| {
                to.server.max_conn = value.size(1..=100_000)?;
                Ok(())
            }),
            key("ResponseType", |to, value| {
                to.server.response_type = match value.number(0..=2)? {
                    1 => ResponseType::Aws,
                    2 => ResponseType::Vault,
                    _ => ResponseType::Kms,
                };
                Ok(())
            }),
            key("IgnoreTransientErrors", |to, value| {
                to.server.ignore_transient_errors = value.boolean()?;
                Ok(())
            }),
            key("VaultMounts", |to, value| {
                to.server.vault_mounts = vault_mounts(value)?;
                Ok(())
            }),
            key("CredentialsUriSecrets", |to, value| {
                for part in value.list()? {
                    to.server.credentials_uri_secrets.push(part.parsed()?);
                }
                no_collision(to, value)
            }),
            key("CredentialsUriToken", |to, value| {
                to.server.credentials_uri_token = match value.text()? {
                    "header" => UriToken::Header,
                    "query" => UriToken::Query,
                    "path" => UriToken::Path,
                    _ => return Err(value.wrong("is \"header\", \"query\" or \"path\"")),
                };
                Ok(())
            }),
            key("RelaxedRules", |to, value| {
                to.server.relaxed_rules = rules(value)?;
                Ok(())
            }),
        ],
    },
    Section {
        name: "Kms",
        keys: &[
            key("Region", |to, value| {
                to.kms.region = value.parsed::<RegionId>()?.into();
                Ok(())
            }),
            key("Endpoint", |to, value| {
                value.parsed::<Endpoint>()?;
                value.text()?.clone_into(&mut to.kms.endpoint);
                Ok(())
            }),
            key("CaFile", |to, value| {
                to.kms.ca_file = Some(PathBuf::from(value.text()?));
                Ok(())
            }),
            key("ClientKeyFile", |to, value| {
                to.kms.client_key_file = Some(PathBuf::from(value.text()?));
                Ok(())
            }),
            key("ClientKeyPasswordFile", |to, value| {
                to.kms.client_key_password_file = Some(PathBuf::from(value.text()?));
                Ok(())
            }),
        ],
    },
    Section {
        name: "Cache",
        keys: &[
            key("CacheType", |_to, value| {
                if value.text()?.eq_ignore_ascii_case("InMemory") {
                    return Ok(());
                }
                Err(value.wrong("the one kind of cache is \"InMemory\""))
            }),
            key("CacheSize", |to, value| {
                to.cache.size = value.size(0..=1_000_000)?;
                Ok(())
            }),
            key("TtlSeconds", |to, value| {
                to.cache.ttl = seconds(value)?;
                Ok(())
            }),
            key("EnableLRU", |to, value| {
                to.cache.lru = value.boolean()?;
                Ok(())
            }),
            key("NegativeTtlSeconds", |to, value| {
                to.cache.negative_ttl = seconds(value)?;
                Ok(())
            }),
            key("MaxStaleSeconds", |to, value| {
                let bound = seconds(value)?;
                to.cache.max_stale = (!bound.is_zero()).then_some(bound);
                Ok(())
            }),
        ],
    },
    Section {
        name: "Log",
        keys: &[
            key("LogLevel", |to, value| {
                to.log.level = match value.text()?.to_ascii_lowercase().as_str() {
                    "debug" => LogLevel::Debug,
                    "info" => LogLevel::Info,
                    "warn" => LogLevel::Warn,
                    "error" => LogLevel::Error,
                    _ => return Err(value.wrong("the levels are Debug, Info, Warn and Error")),
                };
                Ok(())
            }),
            key("LogPath", |to, value| {
                to.log.path = PathBuf::from(value.text()?);
                Ok(())
            }),
            key("MaxSize", |to, value| {
                to.log.max_size = value.number(1..=102_400)? * 1024 * 1024;
                Ok(())
            }),
            key("MaxBackups", |to, value| {
                to.log.max_backups = value.size(0..=10_000)?;
                Ok(())
            }),
        ],
    },
];

const YEAR_SECONDS: u64 = 365 * 24 * 60 * 60;

/// What to say about a name that stands where a section would.
pub(super) fn unknown_section(name: &str, is_table: bool) -> String {
    if !is_table && let Some(home) = home_of(name) {
        return format!("{name} belongs into section [{home}]");
    }
    let names = SECTIONS.iter().map(|section| section.name);
    match nearest(name, names) {
        Some(near) if is_table => format!("there is no section [{name}]; did you mean [{near}]?"),
        _ if is_table => {
            format!(
                "there is no section [{name}]; the sections are Server, Kms, Cache, Log and [[Render]]"
            )
        }
        _ => {
            let keys = SECTIONS
                .iter()
                .flat_map(|section| section.keys)
                .map(|key| key.name);
            format!("unknown key {name}{}", did_you_mean(nearest(name, keys)))
        }
    }
}

/// What to say about a name that is no key of this section.
pub(super) fn unknown_key(section: &Section, name: &str) -> String {
    let here = section.name;
    if let Some(home) = home_of(name) {
        return format!("{name} belongs into section [{home}], not [{here}]");
    }
    let near = nearest(name, section.keys.iter().map(|key| key.name));
    format!(
        "unknown key {name} in section [{here}]{}",
        did_you_mean(near)
    )
}

const fn key(
    name: &'static str,
    apply: fn(&mut Settings, &Value<'_, '_>) -> Result<(), Wrong>,
) -> Key {
    Key { name, apply }
}

fn home_of(name: &str) -> Option<&'static str> {
    let mut sections = SECTIONS.iter();
    sections
        .find(|section| {
            section
                .keys
                .iter()
                .any(|key| name.eq_ignore_ascii_case(key.name))
        })
        .map(|section| section.name)
}

fn nearest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    known
        .map(|known| {
            (
                strsim::damerau_levenshtein(&name, &known.to_ascii_lowercase()),
                known,
            )
        })
        .min()
        .filter(|(distance, known)| *distance <= known.len() / 2)
        .map(|(_, known)| known)
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

fn seconds(value: &Value<'_, '_>) -> Result<Duration, Wrong> {
    Ok(Duration::from_secs(value.number(0..=YEAR_SECONDS)?))
}

fn header_names(value: &Value<'_, '_>) -> Result<Vec<String>, Wrong> {
    let mut names = Vec::new();
    for part in value.list()? {
        let name = HeaderName::from_bytes(part.text()?.as_bytes())
            .map_err(|_invalid| part.wrong("is no name of an HTTP header"))?;
        let name = name.as_str().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

fn variables(value: &Value<'_, '_>) -> Result<Vec<String>, Wrong> {
    let mut names = Vec::new();
    for part in value.list()? {
        let name = part.text()?;
        if name.contains(['=', '\0']) {
            return Err(part.wrong("is no name of an environment variable"));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

fn path_prefix(value: &Value<'_, '_>) -> Result<String, Wrong> {
    let prefix = value.text()?;
    if !prefix.starts_with('/') || !prefix.ends_with('/') {
        return Err(value.wrong("must begin and end with /, as \"/v1/\" does"));
    }
    let inner = prefix.trim_matches('/');
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    let bad_segment = |segment: &str| matches!(segment, "." | "..");
    if prefix.contains("//") || !inner.bytes().all(plain) || inner.split('/').any(bad_segment) {
        return Err(value.wrong(
            "may hold letters, digits and -._~ between single slashes, and no dot segments",
        ));
    }
    Ok(prefix.to_owned())
}

/// One path must not lead to two answers.
fn no_collision(settings: &Settings, value: &Value<'_, '_>) -> Result<(), Wrong> {
    let server = &settings.server;
    let prefix = &server.path_prefix;
    let within = hosted::PREFIX.starts_with(&**prefix) || prefix.starts_with(hosted::PREFIX);
    if within && !server.credentials_uri_secrets.is_empty() {
        return Err(value.wrong(
            "CredentialsUriSecrets are answered under /credentials/, which PathPrefix must leave free",
        ));
    }
    Ok(())
}

fn vault_mounts(value: &Value<'_, '_>) -> Result<BTreeMap<String, u8>, Wrong> {
    let mut mounts = BTreeMap::new();
    for (name, version) in value.members()? {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
        let clean = name.trim_matches('/');
        if clean.is_empty() || !clean.bytes().all(plain) || clean.contains("//") {
            return Err(version.wrong("a mount's name holds letters, digits and -_./"));
        }
        let version = if version.number(1..=2)? == 1 { 1 } else { 2 };
        mounts.insert(clean.to_owned(), version);
    }
    Ok(mounts)
}

fn rules(value: &Value<'_, '_>) -> Result<Vec<String>, Wrong> {
    let mut rules = Vec::new();
    for part in value.list()? {
        rules.push(part.parsed::<Rule>()?.as_str().to_owned());
    }
    Ok(rules)
}

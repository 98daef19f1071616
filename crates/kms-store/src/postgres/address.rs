//! From a URL to what the driver connects with. Read here and not by the driver, which logs
//! parameters that it does not know, values and all.

use std::net::IpAddr;

use kms_types::Secret;
use percent_encoding::percent_decode_str;
use sqlx::{
    ConnectOptions as _,
    postgres::{PgConnectOptions, PgSslMode},
};
use url::Url;

use crate::StoreError;

#[cfg(test)]
mod tests;

const PORT: u16 = 5432;

pub(super) fn options(url: &Secret<String>) -> Result<PgConnectOptions, StoreError> {
    // EXPOSE: to the parser; its parts go to the driver, which keeps them.
    let url = Url::parse(url.expose()).map_err(|_quotes| StoreError::Address("it is no URL"))?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(StoreError::Address("it does not begin with postgres://"));
    }
    let user = decoded(url.username())?;
    if user.is_empty() {
        return Err(StoreError::Address("it names no user"));
    }
    let database = decoded(url.path().trim_start_matches('/'))?;
    if database.is_empty() {
        return Err(StoreError::Address("it names no database"));
    }
    let mut options = PgConnectOptions::new_without_pgpass()
        .application_name("kms-server")
        .username(&user)
        // Said even if empty, or else the driver takes one from the environment.
        .password(&decoded(url.password().unwrap_or_default())?)
        .database(&database)
        .port(url.port().unwrap_or(PORT))
        .disable_statement_logging();
    let mut host = decoded(url.host_str().unwrap_or_default())?;
    let mut tls = None;
    for (name, value) in url.query_pairs() {
        match &*name {
            "host" => host = value.into_owned(),
            "sslmode" => tls = Some(ssl_mode(&value)?),
            "sslrootcert" => options = options.ssl_root_cert(&*value),
            "sslcert" => options = options.ssl_client_cert(&*value),
            "sslkey" => options = options.ssl_client_key(&*value),
            "options" => options = with_options(options, &value)?,
            _ => {
                return Err(StoreError::Address(
                    "of parameters it may have host, sslmode, sslrootcert, sslcert, sslkey, options",
                ));
            }
        }
    }
    if host.is_empty() {
        return Err(StoreError::Address("it names no host"));
    }
    let tls = tls.unwrap_or_else(|| default_tls(&host));
    options = options.ssl_mode(tls);
    Ok(if host.starts_with('/') {
        options.socket(&host)
    } else {
        options.host(host.trim_start_matches('[').trim_end_matches(']'))
    })
}

/// Whoever listens on this machine reads along anyway; nobody else may.
fn default_tls(host: &str) -> PgSslMode {
    let is_here = host.starts_with('/')
        || host == "localhost"
        || host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .is_ok_and(|ip: IpAddr| ip.is_loopback());
    if is_here {
        PgSslMode::Disable
    } else {
        PgSslMode::VerifyFull
    }
}

/// The modes that keep their promise: the others fall back to clear text, or to anybody.
fn ssl_mode(name: &str) -> Result<PgSslMode, StoreError> {
    match name {
        "disable" => Ok(PgSslMode::Disable),
        "require" => Ok(PgSslMode::Require),
        "verify-ca" => Ok(PgSslMode::VerifyCa),
        "verify-full" => Ok(PgSslMode::VerifyFull),
        _ => Err(StoreError::Address(
            "sslmode is disable, require, verify-ca or verify-full",
        )),
    }
}

/// `-c name=value`, as often as needed.
fn with_options(options: PgConnectOptions, value: &str) -> Result<PgConnectOptions, StoreError> {
    const SHAPE: StoreError = StoreError::Address("options is -c name=value, and so on");
    let mut settings = Vec::new();
    let mut words = value.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("-c") {
            Some("") => words.next().ok_or(SHAPE)?,
            Some(setting) => setting,
            None => return Err(SHAPE),
        };
        settings.push(setting.split_once('=').ok_or(SHAPE)?);
    }
    Ok(options.options(settings))
}

fn decoded(part: &str) -> Result<String, StoreError> {
    percent_decode_str(part)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_bytes| StoreError::Address("it is not UTF-8"))
}

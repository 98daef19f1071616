//! Where calls go, and as whom.

use std::{path::PathBuf, sync::Arc};

use clap::ArgMatches;
use kms_client::{Client, Connection, Endpoint, Source};
use kms_types::{Clock, Env, RegionId};

use super::{
    CtlError,
    words::{CA_FILE, ENDPOINT, PROFILE, REGION},
};

/// The region in signatures and paths where none is said: that of servers of one's own.
const NO_REGION: &str = "cn-hangzhou";

/// A client as the command line and the environment say.
pub(super) fn client(
    matches: &ArgMatches,
    env: &Env,
    clock: &Arc<dyn Clock>,
) -> Result<Client, CtlError> {
    let said = |name| matches.get_one::<String>(name).map(String::as_str);
    let place = Place::of(said(ENDPOINT), said(REGION), env)?;
    let mut connection = Connection::new(env.clone(), place.region)
        .endpoint(place.endpoint)
        .clock(Arc::clone(clock));
    let ca_file = matches.get_one::<PathBuf>(CA_FILE).cloned();
    if let Some(ca_file) = ca_file.or(place.ca_file) {
        connection = connection.ca_file(ca_file);
    }
    if let Some(profile) = said(PROFILE) {
        connection = connection.source(Source::CliProfile(profile.to_owned()));
    }
    let builder = connection.builder().map_err(CtlError::Setup)?;
    Ok(builder
        .user_agent(concat!("kms-server-ctl/", env!("CARGO_PKG_VERSION")))
        .build())
}

/// Where.
#[derive(Debug, Eq, PartialEq)]
struct Place {
    endpoint: Endpoint,
    region: RegionId,
    /// Of the environment; not for the cloud, whose certificates are public.
    ca_file: Option<PathBuf>,
}

// === impl Place ===

impl Place {
    fn of(endpoint: Option<&str>, region: Option<&str>, env: &Env) -> Result<Self, CtlError> {
        let parse_region = |text: &str| {
            text.parse::<RegionId>()
                .map_err(|_wrong| CtlError::usage("the region is none such as cn-hangzhou"))
        };
        let in_env = env
            .get("ALIBABA_CLOUD_REGION_ID")
            .or_else(|| env.get("ALIBABA_CLOUD_REGION"));
        let known = parse_region(region.or(in_env).unwrap_or(NO_REGION))?;
        let endpoint = if let Some(text) = endpoint {
            parse("--endpoint", text)?
        } else if region.is_some() {
            Endpoint::shared(&known)
        } else if let Some(text) = env.get("KMS_TLS_ENDPOINT") {
            parse("KMS_TLS_ENDPOINT", text)?
        } else if let Some(text) = env.get("KMS_ENDPOINT") {
            parse("KMS_ENDPOINT", text)?
        } else if in_env.is_some() {
            Endpoint::shared(&known)
        } else {
            return Err(CtlError::usage(
                "where to? `source .kms-dev/env` of a server, or say --endpoint or --region",
            ));
        };
        let ca_file = env.get("KMS_CA_FILE").map(PathBuf::from);
        Ok(Self {
            ca_file: ca_file.filter(|_| !endpoint.is_cloud()),
            endpoint,
            region: known,
        })
    }
}

/// As SDKs are given it in KMS_ENDPOINT, without a scheme: there it is HTTP to this machine.
fn parse(whose: &str, text: &str) -> Result<Endpoint, CtlError> {
    let parsed = text.parse::<Endpoint>().and_then(|endpoint| {
        if whose == "KMS_ENDPOINT" && !text.contains("://") && endpoint.is_loopback() {
            return format!("http://{text}").parse();
        }
        Ok(endpoint)
    });
    parsed.map_err(|reason| CtlError::usage(format!("{whose} {reason}")))
}

#[cfg(test)]
mod tests;

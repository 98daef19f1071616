//! A URL that answers with credentials, as a sidecar does.

use std::{net::IpAddr, time::Duration};

use http::{Uri, uri::Scheme};
use kms_types::Env;

use super::{
    Recipe, SourceError,
    answer::{self, LARGEST, Temporary},
};
use crate::{Credentials, Limits, Surroundings, is_loopback};

pub(crate) const VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

/// By its variable.
pub(crate) fn find(env: &Env) -> Result<Recipe, SourceError> {
    let url = env
        .get(VARIABLE)
        .ok_or_else(|| SourceError::Absent(format!("{VARIABLE} is not set")))?;
    check(VARIABLE, url)?;
    Ok(Recipe::Uri(url.to_owned()))
}

/// Credentials travel unencrypted only within the machine or its private network, where
/// sidecars and metadata services live.
pub(crate) fn check(key: &str, url: &str) -> Result<(), SourceError> {
    let wrong = |why| SourceError::Broken(format!("{key} {why}"));
    let uri: Uri = url.parse().map_err(|_invalid| wrong("is no URL"))?;
    let host = uri.host().ok_or_else(|| wrong("is no URL with a host"))?;
    match uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTPS => Ok(()),
        Some(scheme) if *scheme == Scheme::HTTP && is_near(host) => Ok(()),
        Some(scheme) if *scheme == Scheme::HTTP => Err(wrong(
            "would bring credentials unprotected over the network; use https://",
        )),
        _ => Err(wrong("is neither http:// nor https://")),
    }
}

pub(super) async fn load(url: &str, around: &Surroundings) -> Result<Credentials, SourceError> {
    let limits = Limits {
        time: Duration::from_secs(10),
        body: LARGEST,
        proxy: true,
    };
    let request = answer::get(url.to_owned(), limits);
    let who = format!("the credentials URI at {}", request.origin());
    let response = answer::ask(&who, request, around).await?;
    answer::read::<Temporary>(&who, &response)?.credentials(&who)
}

fn is_near(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    is_loopback(host)
        || match bare.parse() {
            Ok(IpAddr::V4(address)) => address.is_private() || address.is_link_local(),
            Ok(IpAddr::V6(address)) => address.is_unique_local(),
            Err(_) => false,
        }
}

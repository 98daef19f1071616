//! The certificate of `dev`: for this machine's names and its one instance's.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use rustls::ServerConfig;

use super::{home::Home, names::INSTANCE};
use crate::{
    settings::INSTANCE_DOMAIN,
    tls::{self, Authority, Certificates, Chosen, TlsError},
};

/// What the server is reached by.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Reads the certificates, or makes them.
///
/// # Errors
/// [`TlsError`].
pub(super) fn server_config(home: &Home, now: Timestamp) -> Result<Arc<ServerConfig>, TlsError> {
    let authority = Authority {
        dir: home.tls(),
        ca: home.ca(),
        name: "kms-server dev",
    };
    let mut names = NAMES.map(str::to_owned).to_vec();
    // And an instance's gateway, as it is called in the cloud.
    names.push(format!("{INSTANCE}.{INSTANCE_DOMAIN}"));
    let (default, end) = authority.certified("server", &names, now)?;
    tls::server_config(Certificates::new(Chosen {
        default,
        by_name: BTreeMap::new(),
        first_end: Some(end),
    }))
}

#[cfg(test)]
mod tests;

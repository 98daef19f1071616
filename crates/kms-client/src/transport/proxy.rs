//! The proxy variables, read from a value and not from the process.

use kms_types::Env;
use reqwest::{NoProxy, Proxy, Url};

use super::TransportError;

/// The proxy for HTTPS, if the variables name one. Plain HTTP only goes to this machine
/// and to the metadata service, and there never through a proxy.
pub(super) fn from_env(env: &Env) -> Result<Option<Proxy>, TransportError> {
    let Some((variable, text)) = VARIABLES
        .iter()
        .find_map(|name| env.get(name).map(|text| (*name, text)))
    else {
        return Ok(None);
    };
    // The value may hold a password, so it is in no message.
    let wrong = |reason| TransportError::Proxy { variable, reason };
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&with_scheme).map_err(|_invalid| wrong("is no URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("is no http:// or https:// URL of a proxy"));
    }
    let except = ["NO_PROXY", "no_proxy"]
        .iter()
        .find_map(|name| env.get(name))
        .and_then(NoProxy::from_string);
    let proxy = Proxy::https(url).map_err(|_invalid| wrong("is no URL of a proxy"))?;
    Ok(Some(proxy.no_proxy(except)))
}

/// In the order of the official SDKs, the general one last.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

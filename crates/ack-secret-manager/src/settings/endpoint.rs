use std::{fmt, str::FromStr};

use kms_client::Endpoint;

use super::RemoteSettings;

/// A domain whose hosts entries and stores may name as endpoints besides the cloud's: the domain itself
/// and every host below it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EndpointSuffix(String);

impl EndpointSuffix {
    /// Whether this host, without a port, is the domain or below it.
    pub fn covers(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        host.strip_suffix(&self.0)
            .is_some_and(|above| above.is_empty() || above.ends_with('.'))
    }
}

/// With or without a dot in front; a name that says a whole domain of the world is refused.
impl FromStr for EndpointSuffix {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let name = text.strip_prefix('.').unwrap_or(text).to_ascii_lowercase();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !name.split('.').all(label) || name.len() > 253 {
            return Err("is a domain such as kms.example.internal, without a port");
        }
        if !name.contains('.') && name != "localhost" {
            return Err("names a whole top-level domain; write more of it");
        }
        Ok(Self(name))
    }
}

impl fmt::Display for EndpointSuffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// === impl RemoteSettings ===

impl RemoteSettings {
    /// Whether an entry or a store may name this endpoint: hosts of KMS, as the original has it since
    /// 0.6.4 (reference k8s-sync §1.4), and below domains that `--allowed-endpoint-suffix` names. Any
    /// other would let whoever may write an ExternalSecret send the operator anywhere.
    pub fn allows(&self, endpoint: &Endpoint) -> bool {
        let host = endpoint.host();
        is_kms_host(host)
            || self
                .allowed_suffixes
                .iter()
                .any(|suffix| suffix.covers(host))
    }
}

/// `kms.<region>.aliyuncs.com`, `kms-vpc.<region>.aliyuncs.com`, `<id>.cryptoservice.kms.aliyuncs.com`.
pub(crate) fn is_kms_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let Some(above) = host.strip_suffix(".aliyuncs.com") else {
        return false;
    };
    match above.split_once('.') {
        Some(("kms" | "kms-vpc", region)) => label(region),
        Some((instance, "cryptoservice.kms")) => label(instance),
        _ => false,
    }
}

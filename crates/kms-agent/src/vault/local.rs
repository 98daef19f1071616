use std::collections::BTreeMap;

/// A route that is answered without KMS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Local {
    /// `auth/token/lookup-self`.
    LookupSelf,
    /// `auth/token/renew-self`.
    RenewSelf,
    /// `auth/token/revoke-self`.
    RevokeSelf,
    /// `sys/health`.
    Health,
    /// `sys/seal-status`.
    SealStatus,
    /// `sys/internal/ui/mounts`: all of them.
    Mounts,
    /// `sys/internal/ui/mounts/<path>`: the one that the path lies in.
    Mount(Option<(String, u8)>),
    /// Anything else under `sys/` and `auth/`, which Vault keeps for itself.
    Reserved,
}

impl Local {
    /// The route at a decoded path below the prefix, if it is one of these.
    pub(crate) fn at(path: &str, mounts: &BTreeMap<String, u8>) -> Option<Self> {
        Some(match path {
            "auth/token/lookup-self" => Self::LookupSelf,
            "auth/token/renew-self" => Self::RenewSelf,
            "auth/token/revoke-self" => Self::RevokeSelf,
            "sys/health" => Self::Health,
            "sys/seal-status" => Self::SealStatus,
            "sys/internal/ui/mounts" | "sys/internal/ui/mounts/" => Self::Mounts,
            _ => match path.strip_prefix("sys/internal/ui/mounts/") {
                Some(inner) => Self::Mount(
                    mount_of(inner, mounts).map(|(name, version)| (name.to_owned(), version)),
                ),
                None if path.starts_with("sys/") || path.starts_with("auth/") => Self::Reserved,
                None => return None,
            },
        })
    }

    /// The methods that it takes.
    pub(crate) fn methods(&self) -> &'static [&'static str] {
        match self {
            Self::RenewSelf | Self::RevokeSelf => &["POST", "PUT"],
            Self::Health => &["GET", "HEAD"],
            _ => &["GET"],
        }
    }
}

/// The configured mount that a path lies in, the longest of several, and its version.
pub(crate) fn mount_of<'a>(path: &str, mounts: &'a BTreeMap<String, u8>) -> Option<(&'a str, u8)> {
    mounts
        .iter()
        .filter(|(mount, _)| {
            path.strip_prefix(mount.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
        .max_by_key(|(mount, _)| mount.len())
        .map(|(mount, version)| (mount.as_str(), *version))
}

use std::fmt;

/// A remote secret as it is asked for. Two objects that name the same one have it fetched once.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Remote {
    /// As whom it is asked for.
    pub store: Store,
    /// Of whom.
    pub provider: Provider,
    /// At which host, where an entry says so.
    pub endpoint: Option<String>,
    /// The name of the secret or parameter.
    pub name: String,
    /// This version, if not the current one.
    pub version_id: Option<String>,
    /// The version with this stage label, if not the current one.
    pub version_stage: Option<String>,
}

/// Who keeps remote secrets.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Provider {
    /// Key Management Service.
    Kms,
    /// Parameter Store of Operation Orchestration Service.
    Oos,
}

/// As whom remote secrets are asked for.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Store {
    /// As the operator itself, by its environment.
    Operator,
    /// As a SecretStore says.
    Namespaced {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
    /// As a ClusterSecretStore of this name says.
    Cluster(String),
}

// === impl Provider ===

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kms => "KMS",
            Self::Oos => "OOS",
        })
    }
}

// === impl Store ===

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => f.write_str("the operator's own identity"),
            Self::Namespaced { namespace, name } => write!(f, "SecretStore {namespace}/{name}"),
            Self::Cluster(name) => write!(f, "ClusterSecretStore {name}"),
        }
    }
}

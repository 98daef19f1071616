//! What an ExternalSecret asks for, entry by entry (reference k8s-sync §1.1, §1.5).

use thiserror::Error;

use super::{Provider, Remote, Store};
use crate::api::{DataSource, ExternalSecretSpec, JmesPath, ReplaceRule, StoreRef};

/// One entry of `data` or `dataProcess`: a remote secret and what becomes of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// What status calls it: the name of the remote secret.
    pub key: String,
    /// Which remote secret, or why that cannot be said.
    pub remote: Result<Remote, EntryError>,
    /// What becomes of it.
    pub take: Take,
}

/// What becomes of a remote secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Take {
    /// All of it goes under this key.
    Whole(String),
    /// Parts of it go under keys of their own.
    Parts {
        /// The key for all of it.
        name: String,
        /// The parts.
        paths: Vec<JmesPath>,
    },
    /// Its keys become keys of the Secret.
    Extract {
        /// Keys that are called otherwise.
        renames: Vec<JmesPath>,
        /// What is changed in keys.
        rules: Vec<ReplaceRule>,
    },
}

/// Why an entry names no remote secret.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum EntryError {
    /// Of the whole object.
    #[error("provider is {0:?}: it is kms (also if left out) or oos")]
    Provider(String),
    /// An item of dataProcess says nothing.
    #[error("dataProcess[{0}] has no extract: it says which document is taken apart")]
    NoExtract(usize),
    /// An entry without a remote secret.
    #[error("{0} has no key: it names the secret in KMS or the parameter in OOS")]
    NoKey(String),
    /// A store of another kind.
    #[error(
        "secretStoreRef.kind is {0:?}: it is SecretStore (also if left out) or ClusterSecretStore"
    )]
    StoreKind(String),
    /// A store without a name.
    #[error("secretStoreRef has no name")]
    StoreName,
    /// Somebody else's store (reference k8s-sync §2.15).
    #[error(
        "cross namespace SecretStore reference is disabled: {0} is in another namespace; use a \
         ClusterSecretStore, or start the operator with --enable-cross-namespace-secret-store"
    )]
    CrossNamespace(Store),
    /// A store whose conditions the namespace does not meet.
    #[error(
        "namespace {namespace} is not allowed to access {store}: it meets none of its conditions"
    )]
    Denied {
        /// The ExternalSecret's.
        namespace: String,
        /// Which store.
        store: Store,
    },
}

/// What entries may do.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct EntryPolicy {
    /// Whether a SecretStore of another namespace may be named.
    pub cross_namespace_stores: bool,
}

/// The entries, those of `data` first, in the order in which later ones win.
pub fn entries(namespace: &str, spec: &ExternalSecretSpec, policy: EntryPolicy) -> Vec<Entry> {
    let provider = provider(&spec.provider);
    let mut entries = Vec::new();
    for (index, source) in spec.data.iter().enumerate() {
        let name = if source.name.is_empty() {
            &source.key
        } else {
            &source.name
        };
        let take = if source.jmes_path.is_empty() {
            Take::Whole(name.clone())
        } else {
            Take::Parts {
                name: name.clone(),
                paths: source.jmes_path.clone(),
            }
        };
        let place = format!("data[{index}]");
        entries.push(entry(&place, namespace, &provider, source, take, policy));
    }
    for (index, process) in spec.data_process.iter().enumerate() {
        let Some(source) = &process.extract else {
            entries.push(Entry {
                key: format!("dataProcess[{index}]"),
                remote: Err(EntryError::NoExtract(index)),
                take: Take::Extract {
                    renames: Vec::new(),
                    rules: Vec::new(),
                },
            });
            continue;
        };
        let take = Take::Extract {
            renames: source.jmes_path.clone(),
            rules: process.replace_rule.clone(),
        };
        let place = format!("dataProcess[{index}].extract");
        entries.push(entry(&place, namespace, &provider, source, take, policy));
    }
    entries
}

/// Who keeps the remote secrets, of all entries.
///
/// # Errors
/// [`EntryError::Provider`]: nobody of that name.
pub fn provider(text: &str) -> Result<Provider, EntryError> {
    match text {
        "" | "kms" => Ok(Provider::Kms),
        "oos" => Ok(Provider::Oos),
        _ => Err(EntryError::Provider(text.to_owned())),
    }
}

fn entry(
    place: &str,
    namespace: &str,
    provider: &Result<Provider, EntryError>,
    source: &DataSource,
    take: Take,
    policy: EntryPolicy,
) -> Entry {
    let remote = || {
        let provider = provider.clone()?;
        if source.key.is_empty() {
            return Err(EntryError::NoKey(place.to_owned()));
        }
        // A parameter of OOS is at one place and has one version. As in the original, what is said of others
        // is left out, and so is white space around an endpoint (its 0.6.6).
        let some =
            |text: &str| (provider == Provider::Kms && !text.is_empty()).then(|| text.to_owned());
        Ok(Remote {
            store: match &source.secret_store_ref {
                Some(reference) => store(namespace, reference, policy)?,
                None => Store::Operator,
            },
            provider,
            endpoint: some(source.kms_endpoint.trim()),
            name: source.key.clone(),
            version_id: some(&source.version_id),
            version_stage: some(&source.version_stage),
        })
    };
    let key = if source.key.is_empty() {
        place.to_owned()
    } else {
        source.key.clone()
    };
    Entry {
        key,
        remote: remote(),
        take,
    }
}

fn store(namespace: &str, reference: &StoreRef, policy: EntryPolicy) -> Result<Store, EntryError> {
    if reference.name.is_empty() {
        return Err(EntryError::StoreName);
    }
    match reference.kind.as_str() {
        "" | "SecretStore" => {
            let own = reference.namespace.is_empty() || reference.namespace == namespace;
            let store = Store::Namespaced {
                namespace: if own {
                    namespace.to_owned()
                } else {
                    reference.namespace.clone()
                },
                name: reference.name.clone(),
            };
            if own || policy.cross_namespace_stores {
                Ok(store)
            } else {
                Err(EntryError::CrossNamespace(store))
            }
        }
        // The original looks at no namespace then, and neither do we.
        "ClusterSecretStore" => Ok(Store::Cluster(reference.name.clone())),
        other => Err(EntryError::StoreKind(other.to_owned())),
    }
}

#[cfg(test)]
mod tests;

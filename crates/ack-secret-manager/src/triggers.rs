//! Who is to be looked at again, told by whoever saw a change.

use std::{fmt, sync::Arc};

use kube::runtime::reflector::ObjectRef;
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    api::{ClusterSecretStore, ExternalSecret, SecretStore},
    plan::Store,
};

/// A namespace and a name within it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct ObjectName {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
}

/// Who depends on something that was seen to change.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Dependant {
    /// An ExternalSecret.
    ExternalSecret(ObjectName),
    /// A store, but never the operator's own identity.
    Store(Store),
}

/// The queues of all controllers. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Triggers(Arc<Queues>);

/// A queue for each part of the cluster that is watched by itself.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    /// Of ExternalSecrets.
    pub external_secrets: Vec<Queue<ExternalSecret>>,
    /// Of SecretStores.
    pub secret_stores: Vec<Queue<SecretStore>>,
    /// Of ClusterSecretStores, where these are watched.
    pub cluster_stores: Option<UnboundedSender<ObjectRef<ClusterSecretStore>>>,
}

/// The queue of what is in one namespace, or in all.
#[derive(Debug)]
pub(crate) struct Queue<K: kube::runtime::reflector::Lookup> {
    /// Which namespace; all if none.
    pub namespace: Option<String>,
    /// Its end.
    pub sender: UnboundedSender<ObjectRef<K>>,
}

// === impl ObjectName ===

impl ObjectName {
    /// Of these two.
    pub(crate) fn new(namespace: &str, name: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

// === impl Triggers ===

impl Triggers {
    /// Over these queues.
    pub(crate) fn new(queues: Queues) -> Self {
        Self(Arc::new(queues))
    }

    /// Has it looked at again. What is not watched any more is let go.
    pub(crate) fn touch(&self, dependant: &Dependant) {
        match dependant {
            Dependant::ExternalSecret(name) => {
                touch(&self.0.external_secrets, &name.namespace, &name.name);
            }
            Dependant::Store(Store::Namespaced { namespace, name }) => {
                touch(&self.0.secret_stores, namespace, name);
            }
            Dependant::Store(Store::Cluster(name)) => {
                if let Some(queue) = &self.0.cluster_stores {
                    // Fails when the controllers have ended, and nobody looks at anything.
                    drop(queue.send(ObjectRef::new(name)));
                }
            }
            Dependant::Store(Store::Operator) => {}
        }
    }
}

fn touch<K>(queues: &[Queue<K>], namespace: &str, name: &str)
where
    K: kube::Resource<DynamicType = ()>,
{
    let holds = |queue: &&Queue<K>| {
        let only = queue.namespace.as_deref();
        only.is_none_or(|only| only == namespace)
    };
    if let Some(queue) = queues.iter().find(holds) {
        // Fails when the controllers have ended, and nobody looks at anything.
        drop(queue.sender.send(ObjectRef::new(name).within(namespace)));
    }
}

#[cfg(test)]
mod tests;

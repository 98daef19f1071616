//! The parts of the cluster that are watched: each of the namespaces that were named, or all of them
//! together.

use std::sync::Arc;

use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope};
use kube::{
    Api, Client, Resource,
    runtime::reflector::{self, ObjectRef},
};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::{controller::Part, settings::Namespaces, triggers::Queue};

/// The parts of one kind, the ends of their queues, and what is kept of them.
pub(super) struct Parts<K: Resource<DynamicType = ()> + Clone + 'static> {
    pub(super) watched: Vec<Part<K>>,
    pub(super) queues: Vec<Queue<K>>,
    pub(super) stores: Vec<reflector::Store<K>>,
}

/// Of a kind that lives in namespaces.
///
/// `excluded` says whose namespace is none of this replica's business.
pub(super) fn namespaced<K>(
    client: &Client,
    namespaces: &Namespaces,
    excluded: &Arc<dyn Fn(&str) -> bool + Send + Sync>,
) -> Parts<K>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
        + Clone
        + DeserializeOwned
        + 'static,
{
    let mut all = Parts {
        watched: Vec::new(),
        queues: Vec::new(),
        stores: Vec::new(),
    };
    for namespace in watched(namespaces) {
        let api = match &namespace {
            Some(namespace) => Api::namespaced(client.clone(), namespace),
            None => Api::all(client.clone()),
        };
        let (store, writer) = reflector::store();
        let (sender, queue) = unbounded_channel();
        all.stores.push(store);
        all.queues.push(Queue {
            namespace: namespace.clone(),
            sender,
        });
        all.watched.push(Part {
            namespace,
            api,
            writer,
            queue,
            excluded: Arc::clone(excluded),
        });
    }
    all
}

/// Of a kind that lives in no namespace.
pub(super) fn cluster<K>(
    client: &Client,
) -> (Part<K>, UnboundedSender<ObjectRef<K>>, reflector::Store<K>)
where
    K: Resource<DynamicType = (), Scope = ClusterResourceScope>
        + Clone
        + DeserializeOwned
        + 'static,
{
    let (store, writer) = reflector::store();
    let (sender, queue) = unbounded_channel();
    let part = Part {
        namespace: None,
        api: Api::all(client.clone()),
        writer,
        queue,
        excluded: Arc::new(|_| false),
    };
    (part, sender, store)
}

/// The namespaces that are watched each by itself, or none for all together.
pub(super) fn watched(namespaces: &Namespaces) -> Vec<Option<String>> {
    match namespaces.watched() {
        Some(names) => names.iter().map(|name| Some(name.to_string())).collect(),
        None => vec![None],
    }
}

//! One SecretStore or ClusterSecretStore: its reader is made, and whoever reads by it looks again.

use std::{collections::BTreeSet, fmt::Debug, sync::Arc};

use futures_util::future::{BoxFuture, FutureExt as _};
use kube::{
    Api, Resource, ResourceExt as _,
    api::Patch,
    runtime::{
        controller::Action,
        reflector::{self, ObjectRef},
    },
};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{
    Context, Failure, holding,
    merging::{merged, written_or_gone},
};
use crate::{
    api::{ClusterSecretStore, SecretStore, SecretStoreSpec, SecretStoreStatus, TRIGGER},
    plan::Store,
    status::{self, Ready},
    triggers::{Dependant, ObjectName},
};

/// Opens a SecretStore.
pub(crate) fn secret_store(
    object: Arc<SecretStore>,
    context: Arc<Context>,
) -> BoxFuture<'static, Result<Action, Failure>> {
    async move {
        let namespace = object.namespace().unwrap_or_default();
        let api = Api::namespaced(context.client.clone(), &namespace);
        let (spec, status) = (&object.spec, object.status.as_ref());
        open(&api, &*object, spec, status, &context).await
    }
    .boxed()
}

/// Opens a ClusterSecretStore.
pub(crate) fn cluster_store(
    object: Arc<ClusterSecretStore>,
    context: Arc<Context>,
) -> BoxFuture<'static, Result<Action, Failure>> {
    async move {
        let api = Api::all(context.client.clone());
        let (spec, status) = (&object.spec, object.status.as_ref());
        open(&api, &*object, spec, status, &context).await
    }
    .boxed()
}

/// Closes those of a part of the cluster that are not there any more.
pub(crate) fn gone<K>(context: &Context, present: &reflector::Store<K>, part: Option<&str>)
where
    K: Resource<DynamicType = ()> + Clone + 'static,
{
    // Those in other namespaces are there as well, and nobody is going to open them.
    let covered = |store: &Store| match store {
        Store::Namespaced { namespace, .. } => context.policy.namespaces.cover(namespace),
        Store::Cluster(_) | Store::Operator => true,
    };
    let present = present.state();
    let present = present.iter().map(|one| store_of(&**one));
    let stores: BTreeSet<Store> = present.filter(covered).collect();
    let cluster = K::kind(&()) == ClusterSecretStore::kind(&());
    let watched_here = |store: &Store| match store {
        Store::Operator => false,
        Store::Cluster(_) => cluster,
        Store::Namespaced { namespace, .. } => {
            !cluster && part.is_none_or(|part| part == namespace)
        }
    };
    for store in context.stores.open_ones() {
        if watched_here(&store) && !stores.contains(&store) {
            context.stores.close(&store);
            changed(context, &store);
        }
    }
    context.stores.told(part, cluster, stores);
}

async fn open<K>(
    api: &Api<K>,
    object: &K,
    spec: &SecretStoreSpec,
    old: Option<&SecretStoreStatus>,
    context: &Context,
) -> Result<Action, Failure>
where
    K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned,
{
    let store = store_of(object);
    if object.meta().deletion_timestamp.is_some() {
        // The original's, from before a move: nothing of ours waits for a store's end.
        holding::hold(api, object, false).await?;
        return Ok(Action::await_change());
    }
    let opened = context.stores.open(&store, spec).await;
    changed(context, &store);
    let shard = context.policy.shard;
    let tells = match &store {
        Store::Namespaced { namespace, .. } => shard.holds(namespace),
        Store::Cluster(_) | Store::Operator => shard.is_first(),
    };
    if !tells {
        return Ok(Action::await_change());
    }
    let ready = match opened.trouble {
        None => Ready::yes("Opened", "secrets are read as this store says".to_owned()),
        Some(trouble) => Ready::no("Invalid", trouble),
    };
    let now = context.clock.now();
    let now = now.round(jiff::Unit::Second).unwrap_or(now).to_string();
    let generation = object.meta().generation;
    if let Some(status) = status::store(old, generation, opened.generation, &ready, &now) {
        let patch = Patch::Merge(json!({"status": status}));
        let written = api
            .patch_status(&object.name_any(), &merged(), &patch)
            .await;
        written_or_gone("writing the status of a store", written)?;
    }
    if object.annotations().contains_key(TRIGGER) {
        let patch = Patch::Merge(json!({"metadata": {"annotations": {TRIGGER: null}}}));
        let written = api.patch(&object.name_any(), &merged(), &patch).await;
        written_or_gone("writing annotations of a store", written)?;
    }
    Ok(Action::await_change())
}

/// Whoever reads by it looks again, and whoever may not yet or may no more.
fn changed(context: &Context, store: &Store) {
    context.remotes.look_again(store);
    let Store::Cluster(name) = store else {
        return;
    };
    for one in context
        .external_secrets
        .iter()
        .flat_map(reflector::Store::state)
    {
        let spec = &one.spec;
        let documents = spec
            .data_process
            .iter()
            .filter_map(|one| one.extract.as_ref());
        let mut references = spec
            .data
            .iter()
            .chain(documents)
            .filter_map(|source| source.secret_store_ref.as_ref());
        if references.any(|reference| reference.name == *name) {
            let name = ObjectName::new(&one.namespace().unwrap_or_default(), &one.name_any());
            context.triggers.touch(&Dependant::ExternalSecret(name));
        }
    }
}

fn store_of<K: Resource<DynamicType = ()>>(object: &K) -> Store {
    let reference = ObjectRef::from_obj(object);
    match reference.namespace {
        Some(namespace) => Store::Namespaced {
            namespace,
            name: reference.name,
        },
        None => Store::Cluster(reference.name),
    }
}

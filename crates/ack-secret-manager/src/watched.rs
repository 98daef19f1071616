//! Objects that others name: Secrets with AccessKeys, ServiceAccounts, ConfigMaps with templates. Each
//! is watched by itself, so that the rest of the cluster's Secrets never come here (reference
//! k8s-sync §2.14).

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt::Debug,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt as _;
use k8s_openapi::NamespaceResourceScope;
use kube::{
    Api, Client, Resource,
    runtime::{WatchStreamExt as _, watcher::watch_object},
};
use serde::de::DeserializeOwned;
use tokio::{sync::watch, task::AbortHandle, time};

use crate::triggers::{Dependant, ObjectName, Triggers};

/// Objects of one kind, of which `T` is kept.
pub(crate) struct Watched<K, T> {
    client: Client,
    triggers: Triggers,
    objects: Mutex<HashMap<ObjectName, Object<T>>>,
    kind: std::marker::PhantomData<fn() -> K>,
}

struct Object<T> {
    seen: watch::Receiver<Seen<T>>,
    dependants: Arc<Mutex<HashSet<Dependant>>>,
    /// Whether somebody waited in vain for the first look.
    missed: Arc<AtomicBool>,
    watching: AbortHandle,
}

/// What is known of an object.
#[derive(Clone, Debug)]
enum Seen<T> {
    NotYet,
    Is(Option<Arc<T>>),
    Not(String),
}

/// So long the first look may take.
const PATIENCE: Duration = Duration::from_secs(10);

// === impl Watched ===

impl<K, T> Watched<K, T>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
        + Clone
        + Debug
        + DeserializeOwned
        + Send
        + 'static,
    T: From<K> + Send + Sync + 'static,
{
    /// None yet.
    pub(crate) fn new(client: Client, triggers: Triggers) -> Self {
        Self {
            client,
            triggers,
            objects: Mutex::default(),
            kind: std::marker::PhantomData,
        }
    }

    /// What is kept of the object, none if it is not there; from now on `who` is told of changes.
    ///
    /// # Errors
    /// Why nobody knows, in a sentence: no right to watch it, no answer.
    pub(crate) async fn get(
        &self,
        who: &Dependant,
        name: &ObjectName,
    ) -> Result<Option<Arc<T>>, String> {
        let (mut seen, missed) = self.watch(who, name);
        let first = seen.wait_for(|seen| !matches!(seen, Seen::NotYet));
        if time::timeout(PATIENCE, first).await.is_err() {
            // Whoever goes without is told when it comes. It may have come this moment.
            missed.store(true, Ordering::SeqCst);
        }
        match &*seen.borrow() {
            Seen::Is(object) => Ok(object.clone()),
            Seen::Not(reason) => Err(reason.clone()),
            Seen::NotYet => Err(silence::<K>(name)),
        }
    }

    /// Lets go of what `who` names no more.
    pub(crate) fn keep(&self, who: &Dependant, names: &BTreeSet<ObjectName>) {
        lock(&self.objects).retain(|name, object| {
            let mut dependants = lock(&object.dependants);
            if !names.contains(name) {
                dependants.remove(who);
            }
            !dependants.is_empty()
        });
    }

    fn watch(
        &self,
        who: &Dependant,
        name: &ObjectName,
    ) -> (watch::Receiver<Seen<T>>, Arc<AtomicBool>) {
        let mut objects = lock(&self.objects);
        let object = objects
            .entry(name.clone())
            .or_insert_with(|| self.start(name));
        lock(&object.dependants).insert(who.clone());
        (object.seen.clone(), Arc::clone(&object.missed))
    }

    fn start(&self, name: &ObjectName) -> Object<T> {
        let (told, seen) = watch::channel(Seen::NotYet);
        let dependants = Arc::new(Mutex::new(HashSet::new()));
        let api: Api<K> = Api::namespaced(self.client.clone(), &name.namespace);
        let mut changes = watch_object(api, &name.name).default_backoff().boxed();
        let (whom, triggers) = (Arc::clone(&dependants), self.triggers.clone());
        let missed = Arc::new(AtomicBool::new(false));
        let in_vain = Arc::clone(&missed);
        let task = tokio::spawn(async move {
            while let Some(change) = changes.next().await {
                let now = match change {
                    Ok(object) => Seen::Is(object.map(|object| Arc::new(T::from(object)))),
                    // What was seen before is better than nothing.
                    Err(_) if matches!(*told.borrow(), Seen::Is(_)) => continue,
                    Err(error) => Seen::Not(error.to_string()),
                };
                let first = matches!(told.send_replace(now), Seen::NotYet);
                if first && !in_vain.load(Ordering::SeqCst) {
                    // Whoever asked waits for it.
                    continue;
                }
                let dependants: Vec<Dependant> = lock(&whom).iter().cloned().collect();
                for dependant in dependants {
                    triggers.touch(&dependant);
                }
            }
        });
        Object {
            seen,
            dependants,
            missed,
            watching: task.abort_handle(),
        }
    }
}

// === impl Object ===

impl<T> Drop for Object<T> {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

fn silence<K: Resource<DynamicType = ()>>(name: &ObjectName) -> String {
    format!("the API server tells nothing of {} {name}", K::kind(&()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;

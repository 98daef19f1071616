//! What was written, and what became of it: a Secret that somebody edits or deletes is written again
//! at once (reference k8s-sync §2.7). Only metadata is watched, and only of Secrets with our label.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::StreamExt as _;
use k8s_openapi::api::core::v1::Secret;
use kube::{
    Api, ResourceExt as _,
    core::PartialObjectMeta,
    runtime::{
        WatchStreamExt as _,
        watcher::{self, Event, watcher},
    },
};

use super::Context;
use crate::{
    apply::{self, Desired, Written},
    plan::Kept,
    triggers::{Dependant, ObjectName},
};

/// All Secrets of ours.
#[derive(Default)]
pub(crate) struct Drift {
    states: [RandomState; 2],
    secrets: Mutex<HashMap<ObjectName, Known>>,
}

/// What is known of a Secret.
#[derive(Debug, Default)]
struct Known {
    owner: String,
    /// Its version as it was seen last.
    seen: u64,
    /// Its version as it was written last by this process.
    written: u64,
    /// Whether this process is writing it now, so that what is seen may be its own doing.
    writing: bool,
    /// What was written, in short.
    digest: Option<[u64; 2]>,
    other_type: Option<String>,
}

// === impl Drift ===

impl Drift {
    /// The last write, if it is as wanted already: written like this, and touched by nobody since.
    pub(super) fn holds(&self, desired: &Desired) -> Option<Written> {
        let digest = self.digest(desired);
        let secrets = self.lock();
        let known = secrets.get(&name_of(desired))?;
        let same = known.digest == Some(digest) && known.seen <= known.written;
        same.then(|| Written {
            resource_version: known.written.to_string(),
            other_type: known.other_type.clone(),
        })
    }

    /// It is about to be written.
    pub(super) fn writes(&self, desired: &Desired) {
        let mut secrets = self.lock();
        let known = secrets.entry(name_of(desired)).or_default();
        desired.owner.clone_into(&mut known.owner);
        known.writing = true;
    }

    /// It was written, or could not be. Whether somebody else wrote it since.
    pub(super) fn wrote(&self, desired: &Desired, written: Option<&Written>) -> bool {
        let digest = self.digest(desired);
        let mut secrets = self.lock();
        let known = secrets.entry(name_of(desired)).or_default();
        known.writing = false;
        let Some(written) = written else {
            known.digest = None;
            return false;
        };
        known.written = version(&written.resource_version);
        known.digest = Some(digest);
        known.other_type.clone_from(&written.other_type);
        known.seen > known.written
    }

    /// Other Secrets of an ExternalSecret: it was told another name since.
    pub(super) fn others(&self, owner: &ObjectName, but: &str) -> Vec<String> {
        let secrets = self.lock();
        let others = secrets.iter().filter(|(name, known)| {
            name.namespace == owner.namespace && known.owner == owner.name && name.name != but
        });
        others.map(|(name, _)| name.name.clone()).collect()
    }

    /// It is not there any more.
    pub(super) fn removed(&self, name: &ObjectName) {
        self.lock().remove(name);
    }

    /// What was seen of a Secret; the ExternalSecret to be looked at, if it was not this process who
    /// changed it.
    fn saw(&self, secret: &PartialObjectMeta<Secret>) -> Option<ObjectName> {
        let namespace = secret.namespace()?;
        let owner = apply::owner(&secret.metadata)?;
        let seen = version(
            secret
                .metadata
                .resource_version
                .as_deref()
                .unwrap_or_default(),
        );
        let mut secrets = self.lock();
        let known = secrets
            .entry(ObjectName::new(&namespace, &secret.name_any()))
            .or_default();
        owner.clone_into(&mut known.owner);
        known.seen = seen;
        (seen > known.written && !known.writing).then(|| ObjectName::new(&namespace, owner))
    }

    /// A digest that nobody can compute who does not run this process.
    fn digest(&self, desired: &Desired) -> [u64; 2] {
        struct Parts<'a>(&'a Desired);
        impl Hash for Parts<'_> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                let Desired {
                    namespace: _,
                    name: _,
                    owner,
                    secret_type,
                    data,
                    labels,
                    annotations,
                    kept,
                } = self.0;
                owner.hash(state);
                secret_type.hash(state);
                labels.hash(state);
                annotations.hash(state);
                match kept {
                    Kept::Keys(keys) => keys.hash(state),
                    Kept::All => true.hash(state),
                }
                for (key, value) in data {
                    key.hash(state);
                    // EXPOSE: into a keyed digest that stays in this process.
                    value.expose().hash(state);
                }
            }
        }
        let [first, second] = &self.states;
        [
            first.hash_one(Parts(desired)),
            second.hash_one(Parts(desired)),
        ]
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ObjectName, Known>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Watches the Secrets of a part of the cluster, until it is dropped.
pub(crate) async fn watch(api: Api<PartialObjectMeta<Secret>>, context: &Context) {
    let config = watcher::Config::default().labels(apply::MANAGED);
    let mut events = watcher(api, config).default_backoff().boxed();
    while let Some(event) = events.next().await {
        let touched = match event {
            Ok(Event::Apply(secret) | Event::InitApply(secret)) => context.drift.saw(&secret),
            Ok(Event::Delete(secret)) => {
                let namespace = secret.namespace().unwrap_or_default();
                let name = ObjectName::new(&namespace, &secret.name_any());
                context.drift.removed(&name);
                let owner = apply::owner(&secret.metadata);
                owner.map(|owner| ObjectName::new(&namespace, owner))
            }
            Ok(Event::Init | Event::InitDone) => None,
            Err(error) => {
                tracing::warn!(%error, "watching Secrets");
                None
            }
        };
        if let Some(owner) = touched {
            context.triggers.touch(&Dependant::ExternalSecret(owner));
        }
    }
}

fn name_of(desired: &Desired) -> ObjectName {
    ObjectName::new(&desired.namespace, &desired.name)
}

/// Versions are numbers that go up, though for a long time nobody promised it; what is none counts as
/// changed.
fn version(text: &str) -> u64 {
    text.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;

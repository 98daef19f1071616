//! What was written, and what became of it: a Secret that somebody edits or deletes is written again
//! at once (reference k8s-sync §2.7). Only metadata is watched, and only of Secrets with our label.

use std::{
    collections::{HashMap, HashSet},
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

    /// All Secrets of a part of the cluster were told; whose are not among them, though they were
    /// there: nobody told that they went.
    fn absent(&self, part: Option<&str>, present: &HashSet<ObjectName>) -> Vec<ObjectName> {
        let mut owners = Vec::new();
        self.lock().retain(|name, known| {
            let here = part.is_none_or(|part| part == name.namespace);
            let gone = here && !known.writing && !present.contains(name);
            if gone {
                owners.push(ObjectName::new(&name.namespace, &known.owner));
            }
            !gone
        });
        owners
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

/// Watches the Secrets of a part of the cluster, all of it or a namespace, until it is dropped.
pub(crate) async fn watch(
    api: Api<PartialObjectMeta<Secret>>,
    part: Option<&str>,
    context: &Context,
) {
    let mut present = HashSet::new();
    let config = watcher::Config::default().labels(apply::MANAGED);
    let mut events = watcher(api, config).default_backoff().boxed();
    while let Some(event) = events.next().await {
        let touched: Vec<ObjectName> = match event {
            Ok(Event::Apply(secret)) => context.drift.saw(&secret).into_iter().collect(),
            Ok(Event::InitApply(secret)) => {
                present.insert(name_of_seen(&secret));
                context.drift.saw(&secret).into_iter().collect()
            }
            Ok(Event::Delete(secret)) => {
                let name = name_of_seen(&secret);
                context.drift.removed(&name);
                let owner = apply::owner(&secret.metadata);
                let owner = owner.map(|owner| ObjectName::new(&name.namespace, owner));
                owner.into_iter().collect()
            }
            Ok(Event::Init) => {
                present.clear();
                continue;
            }
            Ok(Event::InitDone) => context.drift.absent(part, &std::mem::take(&mut present)),
            Err(error) => {
                tracing::warn!(%error, "watching Secrets");
                continue;
            }
        };
        for owner in touched {
            context.triggers.touch(&Dependant::ExternalSecret(owner));
        }
    }
}

fn name_of_seen(secret: &PartialObjectMeta<Secret>) -> ObjectName {
    ObjectName::new(&secret.namespace().unwrap_or_default(), &secret.name_any())
}

fn name_of(desired: &Desired) -> ObjectName {
    ObjectName::new(&desired.namespace, &desired.name)
}

/// Versions are numbers that go up, though for a long time nobody promised it; what is none counts as
/// changed.
pub(super) fn version(text: &str) -> u64 {
    text.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;

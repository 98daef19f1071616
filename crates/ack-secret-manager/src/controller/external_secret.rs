//! One ExternalSecret: what it names is read, its Secret written, its status told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use futures_util::future::{BoxFuture, FutureExt as _};
use kube::{
    Api, ResourceExt as _,
    api::Patch,
    runtime::{controller::Action, reflector},
};
use serde_json::json;

use super::{
    Context, Failure, holding,
    merging::{merged, written_or_gone},
};
use crate::{
    api::{ExternalSecret, SyncStatus},
    apply::{self, ApplyError, Desired, Written},
    plan::{self, Answer, Composed, Entry, NOTHING_LEFT, Outcome, Store, Verdict, compose},
    settings::{Interval, ParseIntervalError},
    status::{self, Ready},
    triggers::{Dependant, ObjectName},
};

mod template;
mod told;

pub(crate) use template::Moments;
pub(crate) use told::Told;

/// Between two looks where the interval is no time at all: the original looks once then, and not again until
/// the object or its store changes. More than a century.
const NEVER: Duration = Duration::from_hours(1_000_000);

/// The reason in the condition of one whose spec is of no use as it is.
const REFUSED: &str = "Invalid";

/// Makes its Secret what it says.
pub(crate) fn reconcile(
    object: Arc<ExternalSecret>,
    context: Arc<Context>,
) -> BoxFuture<'static, Result<Action, Failure>> {
    async move {
        let one = One {
            name: ObjectName::new(&object.namespace().unwrap_or_default(), &object.name_any()),
            object: &object,
            context: &context,
        };
        if object.metadata.deletion_timestamp.is_some() {
            one.end().await?;
        } else {
            one.sync().await?;
        }
        Ok(Action::await_change())
    }
    .boxed()
}

/// Lets go of what those named that are not there any more.
pub(crate) fn gone(
    context: &Context,
    present: &reflector::Store<ExternalSecret>,
    part: Option<&str>,
) {
    let there: BTreeSet<ObjectName> = present
        .state()
        .iter()
        .map(|one| ObjectName::new(&one.namespace().unwrap_or_default(), &one.name_any()))
        .collect();
    for one in present.state_filter(was_refused) {
        // Who was in its way may be gone.
        let name = ObjectName::new(&one.namespace().unwrap_or_default(), &one.name_any());
        context.triggers.touch(&Dependant::ExternalSecret(name));
    }
    for name in context.remotes.dependants() {
        if part.is_none_or(|part| part == name.namespace) && !there.contains(&name) {
            context.remotes.forget(&name);
            context.moments.forget(&name);
            context.told.forget(&name);
            let who = Dependant::ExternalSecret(name);
            context.config_maps.keep(&who, &BTreeSet::new());
            context.secrets.keep(&who, &BTreeSet::new());
        }
    }
}

/// One, while it is looked at.
struct One<'a> {
    name: ObjectName,
    object: &'a ExternalSecret,
    context: &'a Context,
}

// === impl One ===

impl One<'_> {
    async fn sync(&self) -> Result<(), Failure> {
        let spec = &self.object.spec;
        let interval = match &spec.rotation_interval {
            None => self.context.policy.interval,
            Some(text) => match text.parse::<Interval>() {
                Ok(interval) => interval.get(),
                Err(ParseIntervalError::NotPositive) => NEVER,
                Err(error) => {
                    let reason =
                        format!("rotationInterval is {text:?}, and a rotation interval {error}");
                    return self.refuse(&reason).await;
                }
            },
        };
        if let Some(older) = self.rival() {
            let secret = self.secret_name();
            return self
                .refuse(&format!(
                    "Secret {secret} belongs to ExternalSecret {older}, which is older: choose another target.name"
                ))
                .await;
        }
        let entries = match self.entries().await {
            Ok(entries) => entries,
            Err(reason) => {
                let outcome = Outcome::new("secretStoreRef", SyncStatus::Failed, reason.clone());
                self.tell(&[outcome], &Ready::no("NotSynced", reason.clone()))
                    .await?;
                let operation = "looking at stores";
                return Err(Failure::Api { operation, reason });
            }
        };
        let template = spec
            .target
            .as_ref()
            .and_then(|target| target.template.as_ref());
        let Some(composed) = self.compose(&entries, interval, template.is_some()) else {
            return Ok(());
        };
        // When it is deleted, its Secret goes with it, where that is so.
        holding::hold(&self.api(), self.object, self.context.policy.delete).await?;
        let mut outcomes = composed.outcomes.clone();
        let ready = match self.write(&composed, template, &mut outcomes).await {
            Ok(ready) => ready,
            Err(failure) => {
                outcomes.push(Outcome::new(
                    "update_operation",
                    SyncStatus::Failed,
                    failure.to_string(),
                ));
                let ready = Ready::no("WriteFailed", failure.to_string());
                self.tell(&outcomes, &ready).await?;
                return Err(failure);
            }
        };
        self.tell(&outcomes, &ready).await
    }

    /// Its entries, but for those whose store does not let its namespace in.
    ///
    /// # Errors
    /// Whether one does is not known yet, in a sentence.
    async fn entries(&self) -> Result<Vec<Entry>, String> {
        let context = self.context;
        let mut entries = plan::entries(
            &self.name.namespace,
            &self.object.spec,
            context.policy.entries,
        );
        let labels = self.labels();
        for entry in &mut entries {
            let denied = match &entry.remote {
                Ok(remote) if matches!(remote.store, Store::Cluster(_)) => {
                    let (stores, namespace) = (&context.stores, &self.name.namespace);
                    !stores.admits(&remote.store, namespace, &labels).await?
                }
                _ => false,
            };
            if denied && let Ok(remote) = &entry.remote {
                entry.remote = Err(plan::EntryError::Denied {
                    namespace: self.name.namespace.clone(),
                    store: remote.store.clone(),
                });
            }
        }
        Ok(entries)
    }

    /// The labels of its namespace, none where namespaces are not watched.
    fn labels(&self) -> BTreeMap<String, String> {
        let namespaces = self.context.namespaces.as_ref();
        let namespace = namespaces.and_then(|namespaces| {
            namespaces.find(|one| one.metadata.name.as_deref() == Some(&self.name.namespace))
        });
        namespace
            .and_then(|namespace| namespace.metadata.labels.clone())
            .unwrap_or_default()
    }

    /// What the answers make; nothing before each remote secret was looked at, which has this one
    /// looked at again.
    fn compose(&self, entries: &[Entry], interval: Duration, template: bool) -> Option<Composed> {
        let remotes: BTreeSet<_> = entries
            .iter()
            .filter_map(|entry| entry.remote.as_ref().ok().cloned())
            .collect();
        let remotes = self
            .context
            .remotes
            .answers(&self.name, remotes, interval)?;
        let answer = |remote: &_| {
            let unknown = || Answer::Missing("it was not looked at".to_owned());
            remotes.get(remote).cloned().unwrap_or_else(unknown)
        };
        let policy = self.context.policy.compose;
        Some(compose(entries, answer, template, policy))
    }

    /// Does with the Secret what was decided.
    async fn write(
        &self,
        composed: &Composed,
        template: Option<&crate::api::Template>,
        outcomes: &mut Vec<Outcome>,
    ) -> Result<Ready, Failure> {
        let secret = self.secret_name();
        let former = self.context.drift.others(&self.name, &secret);
        for other in &former {
            self.leave_to_others(other);
        }
        match composed.verdict {
            Verdict::Write => {}
            Verdict::Withhold => return Ok(told::withheld(outcomes, &secret)),
            Verdict::Remove => {
                self.remove(&secret).await?;
                return Ok(told::removed(outcomes, &secret));
            }
        }
        let desired = self.desired(composed, template, outcomes).await;
        let Some(desired) = desired else {
            return Ok(told::withheld(outcomes, &secret));
        };
        let written = match self.context.drift.holds(&desired) {
            Some(written) => written,
            None => self.put(&desired).await?,
        };
        if self.context.policy.delete {
            for other in &former {
                self.remove(other).await?;
            }
        }
        Ok(told::written(
            outcomes,
            &desired,
            written.other_type.as_deref(),
        ))
    }

    async fn put(&self, desired: &Desired) -> Result<Written, ApplyError> {
        let adopt = self.context.policy.adopt;
        self.context.drift.writes(desired);
        let written = apply::write(&self.context.client, desired, adopt).await;
        let touched = self.context.drift.wrote(desired, written.as_ref().ok());
        let outcome = if written.is_ok() { "ok" } else { "failed" };
        self.context.metrics.wrote(outcome);
        let written = written?;
        if touched {
            let again = Dependant::ExternalSecret(self.name.clone());
            self.context.triggers.touch(&again);
        }
        tracing::info!(secret = %ObjectName::new(&desired.namespace, &desired.name), "written");
        Ok(written)
    }

    async fn desired(
        &self,
        composed: &Composed,
        template: Option<&crate::api::Template>,
        outcomes: &mut Vec<Outcome>,
    ) -> Option<Desired> {
        let spec = &self.object.spec;
        let mut desired = Desired {
            namespace: self.name.namespace.clone(),
            name: self.secret_name(),
            owner: self.name.name.clone(),
            secret_type: if spec.secret_type.is_empty() {
                "Opaque".to_owned()
            } else {
                spec.secret_type.clone()
            },
            data: composed.data.clone(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            kept: composed.kept.clone(),
        };
        let Some(template) = template else {
            // Lets go of what an earlier one was taken from; asks for nothing, and so does not fail.
            drop(self.sources(None).await);
            return Some(desired);
        };
        match self.render(template, &composed.data).await {
            Ok(templated) if templated.data.is_empty() => {
                let reason = "no template gave a key: the Secret stays as it is".to_owned();
                outcomes.push(Outcome::new(NOTHING_LEFT, SyncStatus::Failed, reason));
                None
            }
            Ok(templated) => {
                template::put(templated, &mut desired, outcomes);
                Some(desired)
            }
            Err(reason) => {
                let outcome = Outcome::new("template_processing", SyncStatus::Failed, reason);
                outcomes.push(outcome);
                None
            }
        }
    }

    /// What makes no sense as a whole; nothing is read or written.
    async fn refuse(&self, reason: &str) -> Result<(), Failure> {
        self.context.remotes.forget(&self.name);
        let outcome = Outcome::new("spec", SyncStatus::Failed, reason.to_owned());
        let ready = Ready::no(REFUSED, reason.to_owned());
        self.tell(&[outcome], &ready).await
    }

    /// An older ExternalSecret that wants the same Secret: two would overwrite each other for ever
    /// (reference k8s-sync §2.6).
    fn rival(&self) -> Option<String> {
        let own = age(self.object);
        let older =
            |one: &ExternalSecret| one.metadata.deletion_timestamp.is_none() && age(one) < own;
        let secret = secret_name(self.object);
        let mut stores = self.context.external_secrets.iter();
        let rival =
            stores.find_map(|store| store.find(|one| self.wants(one, secret) && older(one)));
        rival.map(|rival| rival.name_any())
    }

    /// Has those looked at again that want this Secret, too: it is theirs now.
    fn leave_to_others(&self, secret: &str) {
        for store in &self.context.external_secrets {
            for one in store.state_filter(|one| self.wants(one, secret)) {
                let name = ObjectName::new(&self.name.namespace, &one.name_any());
                if name != self.name {
                    let other = Dependant::ExternalSecret(name);
                    self.context.triggers.touch(&other);
                }
            }
        }
    }

    /// Whether one of its own namespace wants this Secret. Asked of all, so nothing is copied.
    fn wants(&self, one: &ExternalSecret, secret: &str) -> bool {
        one.metadata.namespace.as_deref() == Some(&self.name.namespace)
            && secret_name(one) == secret
    }

    fn secret_name(&self) -> String {
        secret_name(self.object).to_owned()
    }

    /// Its Secret goes with it, where that is so; then it may go itself.
    async fn end(&self) -> Result<(), Failure> {
        self.context.remotes.forget(&self.name);
        if !holding::is_held(self.object) {
            return Ok(());
        }
        if self.context.policy.delete {
            let secret = self.secret_name();
            // One that an older one wants is that one's.
            if self.rival().is_none() {
                self.remove(&secret).await?;
                self.leave_to_others(&secret);
            }
            for other in self.context.drift.others(&self.name, &secret) {
                self.remove(&other).await?;
                self.leave_to_others(&other);
            }
        }
        holding::hold(&self.api(), self.object, false).await
    }

    async fn remove(&self, secret: &str) -> Result<(), ApplyError> {
        let namespace = &self.name.namespace;
        apply::remove(&self.context.client, namespace, secret, &self.name.name).await?;
        self.context
            .drift
            .removed(&ObjectName::new(namespace, secret));
        Ok(())
    }

    async fn tell(&self, outcomes: &[Outcome], ready: &Ready) -> Result<(), Failure> {
        self.context.metrics.looked(ready.reason);
        let now = self.context.clock.now();
        let now = now.round(jiff::Unit::Second).unwrap_or(now).to_string();
        let old = self.object.status.as_ref();
        let generation = self.object.metadata.generation;
        let status = status::external_secret(old, generation, outcomes, ready, &now);
        let seen = self.object.metadata.resource_version.as_deref();
        let status = match (status, old) {
            (Some(status), _) => status,
            // What is seen is not what was told last: that says something else.
            (None, Some(old)) if self.context.told.since(&self.name, seen) => old.clone(),
            (None, _) => return Ok(()),
        };
        // A merge, for the schema of an older version may lack fields of ours, and an apply patch
        // with such is refused as a whole (reference k8s-sync §6, route B).
        let patch = Patch::Merge(json!({"status": status}));
        let api = self.api();
        let written = api.patch_status(&self.name.name, &merged(), &patch).await;
        let version = written
            .as_ref()
            .ok()
            .and_then(kube::ResourceExt::resource_version);
        written_or_gone("writing the status", written)?;
        self.context.told.note(&self.name, version.as_deref());
        told::event(self.context, self.object, old, ready).await;
        Ok(())
    }

    fn api(&self) -> Api<ExternalSecret> {
        Api::namespaced(self.context.client.clone(), &self.name.namespace)
    }
}

/// Whether it was told that its spec is of no use as it is.
fn was_refused(object: &ExternalSecret) -> bool {
    let conditions = object.status.iter().flat_map(|status| &status.conditions);
    conditions.into_iter().any(|one| one.reason == REFUSED)
}

fn secret_name(object: &ExternalSecret) -> &str {
    let target = object.spec.target.as_ref().map(|target| &target.name);
    match target.filter(|name| !name.is_empty()) {
        Some(name) => name,
        None => object.metadata.name.as_deref().unwrap_or_default(),
    }
}

/// Who was first; of two of one second, the first by name.
fn age(object: &ExternalSecret) -> (Option<k8s_openapi::jiff::Timestamp>, Option<&str>) {
    let since = object.metadata.creation_timestamp.as_ref();
    (since.map(|time| time.0), object.metadata.name.as_deref())
}

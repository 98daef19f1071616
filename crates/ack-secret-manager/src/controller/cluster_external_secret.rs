//! One ClusterExternalSecret: an ExternalSecret in each namespace that meets its conditions, and none
//! in others (reference k8s-sync §1.3).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use data_encoding::HEXLOWER;
use futures_util::future::{BoxFuture, FutureExt as _};
use kube::{
    Api, ResourceExt as _,
    api::{DeleteParams, Patch, PatchParams},
    runtime::{controller::Action, reflector},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    Context, Failure, holding,
    merging::{merged, written_or_gone},
};
use crate::{
    api::{ClusterExternalSecret, ClusterExternalSecretStatus, ExternalSecret, FailedNamespace},
    apply::FIELD_MANAGER,
    plan::conditions,
    status::{self, Ready},
};

/// A label on ExternalSecrets: the ClusterExternalSecret that made them.
pub(super) const MADE_BY: &str = "ack.secrets-manager.alibabacloud.com/cluster-external-secret";

/// A label has room for this many characters; a name may have 253.
const LABEL: usize = 63;

/// So much of a name's hash stands in for what has no room.
const DIGITS: usize = 16;

/// Makes the ExternalSecrets that it says.
pub(crate) fn reconcile(
    object: Arc<ClusterExternalSecret>,
    context: Arc<Context>,
) -> BoxFuture<'static, Result<Action, Failure>> {
    async move {
        let one = One {
            object: &object,
            context: &context,
        };
        if object.metadata.deletion_timestamp.is_some() {
            one.end().await?;
        } else {
            one.spread().await?;
        }
        Ok(Action::await_change())
    }
    .boxed()
}

/// Nothing is kept of those that are not there any more.
pub(crate) fn gone(_: &Context, _: &reflector::Store<ClusterExternalSecret>, _: Option<&str>) {}

/// One, while it is looked at.
struct One<'a> {
    object: &'a ClusterExternalSecret,
    context: &'a Context,
}

// === impl One ===

impl One<'_> {
    async fn spread(&self) -> Result<(), Failure> {
        holding::hold(&self.api(), self.object, true).await?;
        // What is not known yet must not be taken for gone.
        let ready = Failure::api_ended("waiting for the first look at namespaces");
        for store in &self.context.external_secrets {
            store.wait_until_ready().await.map_err(&ready)?;
        }
        if let Some(namespaces) = &self.context.namespaces {
            namespaces.wait_until_ready().await.map_err(&ready)?;
        }
        let wanted = self.namespaces();
        let mut status = ClusterExternalSecretStatus {
            external_secret_name: self.name_of_each(),
            ..ClusterExternalSecretStatus::default()
        };
        for namespace in &wanted {
            match self.put(namespace).await {
                Ok(()) => status.provisioned_namespaces.push(namespace.clone()),
                Err(error) => status.failed_namespaces.push(FailedNamespace {
                    namespace: namespace.clone(),
                    reason: error.to_string(),
                }),
            }
        }
        self.take_back(&wanted).await?;
        let failed = status.failed_namespaces.first().cloned();
        self.tell(status).await?;
        // What could not be written is tried again.
        failed.map_or(Ok(()), |one| {
            Err(Failure::Api {
                operation: "writing an ExternalSecret",
                reason: format!("in namespace {}: {}", one.namespace, one.reason),
            })
        })
    }

    /// Those that meet its conditions and are not about to go.
    fn namespaces(&self) -> BTreeSet<String> {
        let Some(namespaces) = &self.context.namespaces else {
            return BTreeSet::new();
        };
        let spec = &self.object.spec;
        let here = namespaces.state();
        let here = here
            .iter()
            .filter(|one| one.metadata.deletion_timestamp.is_none());
        here.filter(|one| {
            let none = BTreeMap::new();
            let labels = one.metadata.labels.as_ref().unwrap_or(&none);
            let mut selectors = spec.namespace_selectors.iter();
            match (selectors.len(), spec.conditions.len()) {
                (0, _) => conditions::meets(&spec.conditions, &one.name_any(), labels),
                (_, 0) => selectors.any(|selector| conditions::selects(selector, labels)),
                _ => {
                    selectors.any(|selector| conditions::selects(selector, labels))
                        || conditions::meets(&spec.conditions, &one.name_any(), labels)
                }
            }
        })
        .map(|one| one.name_any())
        .collect()
    }

    async fn put(&self, namespace: &str) -> Result<(), kube::Error> {
        let spec = &self.object.spec;
        let metadata = spec.external_secret_metadata.clone().unwrap_or_default();
        let mut labels = metadata.labels;
        labels.insert(MADE_BY.to_owned(), label_of(&self.object.name_any()));
        let mut wanted = spec.external_secret_spec.clone();
        if wanted.rotation_interval.is_none() {
            wanted.rotation_interval.clone_from(&spec.rotation_interval);
        }
        let patch = Patch::Apply(json!({
            "apiVersion": "alibabacloud.com/v1alpha1",
            "kind": "ExternalSecret",
            "metadata": {
                "name": self.name_of_each(),
                "labels": labels,
                "annotations": metadata.annotations,
            },
            "spec": wanted,
        }));
        let params = PatchParams::apply(FIELD_MANAGER).force();
        let api: Api<ExternalSecret> = Api::namespaced(self.context.client.clone(), namespace);
        api.patch_metadata(&self.name_of_each(), &params, &patch)
            .await
            .map(drop)
    }

    /// Takes away those that it made elsewhere, or under another name.
    async fn take_back(&self, wanted: &BTreeSet<String>) -> Result<(), Failure> {
        let (own, name) = (label_of(&self.object.name_any()), self.name_of_each());
        for one in self
            .context
            .external_secrets
            .iter()
            .flat_map(reflector::Store::state)
        {
            let namespace = one.namespace().unwrap_or_default();
            let made_here = one.labels().get(MADE_BY) == Some(&own);
            if !made_here || wanted.contains(&namespace) && one.name_any() == name {
                continue;
            }
            let api: Api<ExternalSecret> = Api::namespaced(self.context.client.clone(), &namespace);
            let deleted = api.delete(&one.name_any(), &DeleteParams::default()).await;
            written_or_gone("deleting an ExternalSecret", deleted)?;
        }
        Ok(())
    }

    async fn end(&self) -> Result<(), Failure> {
        if !holding::is_held(self.object) {
            return Ok(());
        }
        self.take_back(&BTreeSet::new()).await?;
        holding::hold(&self.api(), self.object, false).await
    }

    async fn tell(&self, mut status: ClusterExternalSecretStatus) -> Result<(), Failure> {
        let ready = if status.failed_namespaces.is_empty() {
            let number = status.provisioned_namespaces.len();
            Ready::yes("Spread", format!("in {number} namespaces"))
        } else {
            let number = status.failed_namespaces.len();
            Ready::no("PartlySpread", format!("not in {number} namespaces"))
        };
        let now = self.context.clock.now();
        let now = now.round(jiff::Unit::Second).unwrap_or(now).to_string();
        let old = self.object.status.as_ref();
        let before = old.map(|old| old.conditions.as_slice()).unwrap_or_default();
        status.conditions =
            status::conditions(before, self.object.metadata.generation, &ready, &now);
        if old == Some(&status) {
            return Ok(());
        }
        let patch = Patch::Merge(json!({"status": status}));
        let (api, name) = (self.api(), self.object.name_any());
        let written = api.patch_status(&name, &merged(), &patch).await;
        written_or_gone("writing the status", written)
    }

    fn name_of_each(&self) -> String {
        let named = &self.object.spec.external_secret_name;
        if named.is_empty() {
            self.object.name_any()
        } else {
            named.clone()
        }
    }

    fn api(&self) -> Api<ClusterExternalSecret> {
        Api::all(self.context.client.clone())
    }
}

/// A name as the value of a label: itself, or what there is room for and a part of its hash.
fn label_of(name: &str) -> String {
    if name.len() <= LABEL {
        return name.to_owned();
    }
    let digest = HEXLOWER.encode(&Sha256::digest(name));
    let room = LABEL.saturating_sub(DIGITS).saturating_sub(1);
    // Names of objects are ASCII, and what a label begins with, they begin with (RFC 1123).
    let begin: String = name.chars().take(room).collect();
    let end: String = digest.chars().take(DIGITS).collect();
    format!("{begin}-{end}")
}

#[cfg(test)]
mod tests;

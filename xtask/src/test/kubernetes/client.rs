use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use kube::{
    Api, Config,
    api::{
        ApiResource, DeleteParams, DynamicObject, GroupVersionKind, ListParams, Patch, PatchParams,
    },
    config::{KubeConfigOptions, Kubeconfig},
    runtime::wait::await_condition,
};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// A client for programs with threads.
#[derive(Clone)]
pub(crate) struct Client {
    inner: kube::Client,
    runtime: Arc<Runtime>,
}

/// Of what kind an object is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Kind(GroupVersionKind);

/// In whose name this one applies.
const MANAGER: &str = "suite";

/// What has no namespace, of the kinds that the suite uses.
const OF_THE_CLUSTER: &[&str] = &[
    "ClusterExternalSecret",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterSecretStore",
    "CustomResourceDefinition",
    "MutatingWebhookConfiguration",
    "Namespace",
    "ValidatingWebhookConfiguration",
];

// === impl Kind ===

impl Kind {
    /// A kind of these words; its group by its name alone.
    pub(crate) fn named(kind: &str) -> Self {
        let (group, version) = match kind {
            "ExternalSecret" | "SecretStore" | "ClusterExternalSecret" | "ClusterSecretStore" => {
                ("alibabacloud.com", "v1alpha1")
            }
            "ClusterRole" | "ClusterRoleBinding" | "Role" | "RoleBinding" => {
                ("rbac.authorization.k8s.io", "v1")
            }
            "CustomResourceDefinition" => ("apiextensions.k8s.io", "v1"),
            "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" => {
                ("admissionregistration.k8s.io", "v1")
            }
            "Deployment" => ("apps", "v1"),
            "Event" => ("events.k8s.io", "v1"),
            "Job" => ("batch", "v1"),
            "Lease" => ("coordination.k8s.io", "v1"),
            _ => ("", "v1"),
        };
        Self(GroupVersionKind::gvk(group, version, kind))
    }

    /// That of an object.
    fn of(object: &DynamicObject) -> Result<Self> {
        let types = object.types.as_ref().context("an object without a kind")?;
        Ok(Self(GroupVersionKind::try_from(types).context("a kind")?))
    }

    fn has_namespace(&self) -> bool {
        !OF_THE_CLUSTER.contains(&self.0.kind.as_str())
    }
}

// === impl Client ===

impl Client {
    /// As the user of this file.
    pub(super) fn new(kubeconfig: &Path) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("starting a runtime")?;
        let file = Kubeconfig::read_from(kubeconfig).context("reading a kubeconfig")?;
        let inner = runtime.block_on(async {
            let options = KubeConfigOptions::default();
            let config = Config::from_custom_kubeconfig(file, &options).await?;
            Ok::<_, anyhow::Error>(kube::Client::try_from(config)?)
        })?;
        Ok(Self {
            inner,
            runtime: Arc::new(runtime),
        })
    }

    /// What a path answers.
    pub(crate) fn text(&self, path: &str) -> Result<String> {
        let request = http::Request::get(path).body(Vec::new())?;
        Ok(self.runtime.block_on(self.inner.request_text(request))?)
    }

    /// A token of a ServiceAccount for the API server, as the kubelet asks for one.
    pub(crate) fn token(&self, namespace: &str, account: &str) -> Result<String> {
        let wanted =
            json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
        let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token");
        let request = http::Request::post(path).body(wanted.to_string().into_bytes())?;
        let answer: Value = self
            .runtime
            .block_on(self.inner.request(request))
            .with_context(|| format!("asking for a token of {account}"))?;
        let token = answer.pointer("/status/token").and_then(Value::as_str);
        Ok(token.context("the answer has no token")?.to_owned())
    }

    /// Makes an object what it is said to be (server-side apply); what it is then.
    pub(crate) fn apply(&self, namespace: &str, object: &Value) -> Result<DynamicObject> {
        let object: DynamicObject = serde_json::from_value(object.clone()).context("an object")?;
        let kind = Kind::of(&object)?;
        let namespace = object.metadata.namespace.as_deref().unwrap_or(namespace);
        let name = object
            .metadata
            .name
            .as_deref()
            .context("an object without a name")?;
        let parameters = PatchParams::apply(MANAGER).force();
        let api = self.api(&kind, namespace);
        self.runtime
            .block_on(api.patch(name, &parameters, &Patch::Apply(&object)))
            .with_context(|| format!("applying {} {name}", kind.0.kind))
    }

    /// Merges this into an object.
    pub(crate) fn merge(
        &self,
        kind: &Kind,
        namespace: &str,
        name: &str,
        change: &Value,
    ) -> Result<DynamicObject> {
        let api = self.api(kind, namespace);
        self.runtime
            .block_on(api.patch(name, &PatchParams::default(), &Patch::Merge(change)))
            .with_context(|| format!("changing {} {name}", kind.0.kind))
    }

    /// Merges this into what is told of an object, as its controller does.
    pub(crate) fn merge_status(
        &self,
        kind: &Kind,
        namespace: &str,
        name: &str,
        status: &Value,
    ) -> Result<()> {
        let api = self.api(kind, namespace);
        let change = Patch::Merge(json!({ "status": status }));
        self.runtime
            .block_on(api.patch_status(name, &PatchParams::default(), &change))
            .with_context(|| format!("telling of {} {name}", kind.0.kind))?;
        Ok(())
    }

    /// The object, if it is there.
    pub(crate) fn get(
        &self,
        kind: &Kind,
        namespace: &str,
        name: &str,
    ) -> Result<Option<DynamicObject>> {
        let api = self.api(kind, namespace);
        self.runtime
            .block_on(api.get_opt(name))
            .with_context(|| format!("reading {} {name}", kind.0.kind))
    }

    /// All of a kind in a namespace, or in all if none is named.
    pub(crate) fn list(&self, kind: &Kind, namespace: &str) -> Result<Vec<DynamicObject>> {
        let api = self.api(kind, namespace);
        let list = self
            .runtime
            .block_on(api.list(&ListParams::default()))
            .with_context(|| format!("listing {}", kind.0.kind))?;
        Ok(list.items)
    }

    /// Asks for an object to be deleted, which finalizers may put off.
    pub(crate) fn delete(&self, kind: &Kind, namespace: &str, name: &str) -> Result<()> {
        let api = self.api(kind, namespace);
        self.runtime
            .block_on(api.delete(name, &DeleteParams::default()))
            .with_context(|| format!("deleting {} {name}", kind.0.kind))?;
        Ok(())
    }

    /// Watches an object until it is so, or is gone if that is what is waited for; no longer than
    /// this. What it lacked at the last look is the error.
    pub(crate) fn until(
        &self,
        kind: &Kind,
        namespace: &str,
        name: &str,
        patience: Duration,
        is_so: impl Fn(Option<&DynamicObject>) -> Result<()> + Send + Sync,
    ) -> Result<()> {
        let api = self.api(kind, namespace);
        let met = self.runtime.block_on(async {
            let condition = |object: Option<&DynamicObject>| is_so(object).is_ok();
            let wait = await_condition(api, name, condition);
            match tokio::time::timeout(patience, wait).await {
                Ok(ended) => ended.map(drop).map_err(|error| anyhow!(error)),
                Err(late) => Err(late.into()),
            }
        });
        met.or_else(|late| {
            let object = self.get(kind, namespace, name)?;
            is_so(object.as_ref()).with_context(|| {
                format!(
                    "{} {name} after {} s ({late})",
                    kind.0.kind,
                    patience.as_secs()
                )
            })
        })
    }

    fn api(&self, kind: &Kind, namespace: &str) -> Api<DynamicObject> {
        let resource = ApiResource::from_gvk(&kind.0);
        if kind.has_namespace() && !namespace.is_empty() {
            Api::namespaced_with(self.inner.clone(), namespace, &resource)
        } else {
            Api::all_with(self.inner.clone(), &resource)
        }
    }
}

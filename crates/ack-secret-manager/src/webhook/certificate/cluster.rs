//! The Secret and the configurations of a real cluster.

use std::{fmt::Debug, pin::Pin};

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures_util::{Stream, StreamExt as _, stream};
use k8s_openapi::{
    ByteString,
    api::{
        admissionregistration::v1::{MutatingWebhookConfiguration, ValidatingWebhookConfiguration},
        core::v1::Secret as KubernetesSecret,
    },
};
use kms_types::Secret;
use kube::{
    Api, Client, Resource,
    api::{ApiResource, DynamicObject, ObjectMeta, Patch, PatchParams, PostParams},
    core::PartialObjectMeta,
    runtime::{WatchStreamExt as _, watcher},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    CertificateError,
    keeper::{Configuration, Objects, Stored, Written},
    kept::Data,
};

/// Where they are.
pub(crate) struct Cluster {
    client: Client,
    secrets: Api<KubernetesSecret>,
    /// Without the key, which a watch need not hold.
    metadata: Api<PartialObjectMeta<KubernetesSecret>>,
    secret: String,
    validating: Option<String>,
    mutating: Option<String>,
}

/// Of which kind a configuration is.
const VALIDATING: &str = "ValidatingWebhookConfiguration";

const MUTATING: &str = "MutatingWebhookConfiguration";

// === impl Cluster ===

impl Cluster {
    pub(crate) fn new(
        client: Client,
        namespace: &str,
        secret: &str,
        validating: Option<String>,
        mutating: Option<String>,
    ) -> Self {
        Self {
            secrets: Api::namespaced(client.clone(), namespace),
            metadata: Api::namespaced(client.clone(), namespace),
            client,
            secret: secret.to_owned(),
            validating,
            mutating,
        }
    }

    /// An item whenever one of them changed: also by somebody else, a `helm upgrade` for one.
    pub(crate) fn changes(&self) -> impl Stream<Item = ()> + Send + use<> {
        let mut all: Vec<Pin<Box<dyn Stream<Item = ()> + Send>>> =
            vec![changes(self.metadata.clone(), &self.secret)];
        if let Some(name) = &self.validating {
            let all_of_them = Api::all(self.client.clone());
            all.push(changes::<ValidatingWebhookConfiguration>(all_of_them, name));
        }
        if let Some(name) = &self.mutating {
            let all_of_them = Api::all(self.client.clone());
            all.push(changes::<MutatingWebhookConfiguration>(all_of_them, name));
        }
        stream::select_all(all)
    }

    fn api(&self, kind: &'static str) -> Api<DynamicObject> {
        let resource = if kind == VALIDATING {
            ApiResource::erase::<ValidatingWebhookConfiguration>(&())
        } else {
            ApiResource::erase::<MutatingWebhookConfiguration>(&())
        };
        Api::all_with(self.client.clone(), &resource)
    }

    fn named(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let validating = self.validating.as_ref().map(|name| (VALIDATING, name));
        let mutating = self.mutating.as_ref().map(|name| (MUTATING, name));
        validating.into_iter().chain(mutating)
    }
}

#[async_trait]
impl Objects for Cluster {
    async fn secret(&self) -> Result<Option<Stored>, CertificateError> {
        let what = || format!("read the Secret {}", self.secret);
        let found = self.secrets.get_opt(&self.secret).await;
        let found = found.map_err(|error| failed(what(), &error))?;
        Ok(found.map(|found| Stored {
            version: found.metadata.resource_version.unwrap_or_default(),
            data: found
                .data
                .unwrap_or_default()
                .into_iter()
                .map(|(field, ByteString(value))| (field, Secret::new(value)))
                .collect(),
        }))
    }

    async fn write(&self, data: Data, version: Option<&str>) -> Result<Written, CertificateError> {
        // EXPOSE: into the Secret that all replicas share.
        let bytes = |value: &Secret<Vec<u8>>| ByteString(value.expose().clone());
        let secret = KubernetesSecret {
            metadata: ObjectMeta {
                name: Some(self.secret.clone()),
                resource_version: version.map(str::to_owned),
                ..ObjectMeta::default()
            },
            data: Some(
                data.iter()
                    .map(|(field, value)| (field.clone(), bytes(value)))
                    .collect(),
            ),
            ..KubernetesSecret::default()
        };
        let written = if version.is_some() {
            let params = PatchParams::default();
            self.secrets
                .patch(&self.secret, &params, &Patch::Merge(&secret))
                .await
        } else {
            let params = PostParams::default();
            self.secrets.create(&params, &secret).await
        };
        written_or_late(written, || format!("write the Secret {}", self.secret))
    }

    async fn configurations(&self) -> Result<Vec<Configuration>, CertificateError> {
        let mut all = Vec::new();
        for (kind, name) in self.named() {
            let found = self.api(kind).get_opt(name).await;
            let found = found.map_err(|error| failed(format!("read the {kind} {name}"), &error))?;
            all.push(read(kind, name, found));
        }
        Ok(all)
    }

    async fn tell(
        &self,
        configuration: &Configuration,
        authorities: &str,
    ) -> Result<Written, CertificateError> {
        let Configuration { kind, name, .. } = configuration;
        let bundle = BASE64_STANDARD.encode(authorities);
        let webhooks: Vec<Value> = configuration
            .webhooks
            .iter()
            .map(|(webhook, _)| json!({"name": webhook, "clientConfig": {"caBundle": bundle}}))
            .collect();
        // Webhooks are merged by their name; the version makes it a change of what was looked at.
        let patch = json!({
            "metadata": {"resourceVersion": configuration.version},
            "webhooks": webhooks,
        });
        let written = self
            .api(kind)
            .patch(name, &PatchParams::default(), &Patch::Strategic(patch))
            .await;
        written_or_late(written, || format!("patch the {kind} {name}"))
    }
}

fn read(kind: &'static str, name: &str, found: Option<DynamicObject>) -> Configuration {
    let webhooks = |object: &DynamicObject| {
        let webhooks = object.data.get("webhooks").and_then(Value::as_array);
        webhooks.into_iter().flatten().map(webhook).collect()
    };
    Configuration {
        kind,
        name: name.to_owned(),
        webhooks: found.as_ref().map(webhooks).unwrap_or_default(),
        version: found.and_then(|found| found.metadata.resource_version),
    }
}

/// Its name, and whom it believes; nobody, if that cannot be read.
fn webhook(webhook: &Value) -> (String, String) {
    let text = |path: &str| {
        webhook
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let bundle = BASE64_STANDARD.decode(text("/clientConfig/caBundle"));
    let bundle = bundle.unwrap_or_default();
    (
        text("/name").to_owned(),
        String::from_utf8(bundle).unwrap_or_default(),
    )
}

/// Watches one object by its name, for as long as it takes.
fn changes<K>(api: Api<K>, name: &str) -> Pin<Box<dyn Stream<Item = ()> + Send>>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let only = watcher::Config::default().fields(&format!("metadata.name={name}"));
    let changed = watcher(api, only)
        .default_backoff()
        .filter_map(|event| async move {
            match event {
                Ok(_) => Some(()),
                Err(error) => {
                    tracing::debug!(%error, "a watch ended");
                    None
                }
            }
        });
    Box::pin(changed)
}

fn written_or_late<K>(
    written: Result<K, kube::Error>,
    what: impl FnOnce() -> String,
) -> Result<Written, CertificateError> {
    match written {
        Ok(_) => Ok(Written::Done),
        // Somebody wrote in between, made it, or took it away.
        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(Written::Late),
        Err(error) => Err(failed(what(), &error)),
    }
}

fn failed(what: String, error: &kube::Error) -> CertificateError {
    CertificateError::Cluster {
        what,
        reason: error.to_string(),
    }
}

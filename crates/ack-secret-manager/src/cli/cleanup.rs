//! `cleanup`: takes the finalizers away after the operator is gone. Objects and Secrets stay: with the
//! finalizer gone nobody deletes a Secret with its ExternalSecret any more.

use std::time::Duration;

use ack_secret_manager::{
    api::{ClusterExternalSecret, ClusterSecretStore, ExternalSecret, FINALIZER, SecretStore},
    settings::NamespaceName,
};
use anyhow::{Context as _, bail};
use clap::Args;
use kms_telemetry::{Exit, Failure, say};
use kube::{
    Api, Client, ResourceExt as _,
    api::{ApiResource, DynamicObject, ListParams, Patch, PatchParams},
};
use serde_json::json;

use super::NAME;

/// Where to clean up.
#[derive(Args, Debug)]
pub(crate) struct Cleanup {
    #[arg(
        long,
        value_name = "NAME[,…]",
        value_delimiter = ',',
        help = "Only these namespaces, and no kinds of the whole cluster [default: all]"
    )]
    watch_namespaces: Vec<NamespaceName>,
}

pub(crate) const HELP: &str = "\
Run it when the operator is gone; one that still runs puts the finalizers back. The chart does so after an
uninstall. Reaches the cluster as kubectl does, or as a pod.";

/// How often one looks whether finalizers are gone for good.
const ROUNDS: u32 = 30;

/// Between two looks: an operator that is about to end may still put one back.
const PAUSE: Duration = Duration::from_secs(3);

pub(super) fn run(cleanup: &Cleanup) -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")
        .and_then(|runtime| runtime.block_on(clean_up(&cleanup.watch_namespaces)))
        .map_err(|error| Failure::new(Exit::Failure, error))
}

/// Until two looks in a row find none.
async fn clean_up(namespaces: &[NamespaceName]) -> anyhow::Result<()> {
    let client = Client::try_default()
        .await
        .context("no cluster is configured; set KUBECONFIG")?;
    let mut clean = 0;
    for _ in 0..ROUNDS {
        let found = round(&client, namespaces).await?;
        clean = if found == 0 { clean + 1 } else { 0 };
        if clean == 2 {
            say(NAME, "no object holds our finalizer");
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    bail!("finalizers come back: does the operator still run?")
}

/// Takes them away; says of how many objects.
async fn round(client: &Client, namespaces: &[NamespaceName]) -> anyhow::Result<usize> {
    let narrow = [
        ApiResource::erase::<ExternalSecret>(&()),
        ApiResource::erase::<SecretStore>(&()),
    ];
    let mut found = 0;
    for kind in &narrow {
        if namespaces.is_empty() {
            found += let_go(client, kind, &Api::all_with(client.clone(), kind)).await?;
        }
        for namespace in namespaces {
            let api = Api::namespaced_with(client.clone(), namespace.as_str(), kind);
            found += let_go(client, kind, &api).await?;
        }
    }
    if namespaces.is_empty() {
        for kind in [
            ApiResource::erase::<ClusterSecretStore>(&()),
            ApiResource::erase::<ClusterExternalSecret>(&()),
        ] {
            found += let_go(client, &kind, &Api::all_with(client.clone(), &kind)).await?;
        }
    }
    Ok(found)
}

/// Takes the finalizers of one kind away; a kind that is not installed has none.
async fn let_go(
    client: &Client,
    kind: &ApiResource,
    all: &Api<DynamicObject>,
) -> anyhow::Result<usize> {
    let listed = match all.list_metadata(&ListParams::default()).await {
        Ok(listed) => listed,
        Err(kube::Error::Api(status)) if status.code == 404 => return Ok(0),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", kind.plural)),
    };
    let mut found = 0;
    for object in listed {
        let finalizers = object.finalizers();
        if !finalizers.iter().any(|name| name == FINALIZER) {
            continue;
        }
        found += 1;
        let kept: Vec<_> = finalizers
            .iter()
            .filter(|name| *name != FINALIZER)
            .collect();
        let patch = json!({"metadata": {
            "finalizers": kept,
            "resourceVersion": object.resource_version(),
        }});
        let api: Api<DynamicObject> = match object.namespace() {
            Some(namespace) => Api::namespaced_with(client.clone(), &namespace, kind),
            None => Api::all_with(client.clone(), kind),
        };
        let patched = api
            .patch_metadata(
                &object.name_any(),
                &PatchParams::default(),
                &Patch::Merge(patch),
            )
            .await;
        match patched {
            // Somebody was faster; the next round looks again.
            Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => {}
            other => {
                let what = || format!("cannot take the finalizer of one of {} away", kind.plural);
                other.with_context(what)?;
            }
        }
    }
    Ok(found)
}

use futures_util::StreamExt as _;
use k8s_openapi::api::core::v1::Namespace;
use kube::{
    Api, ResourceExt as _,
    core::PartialObjectMeta,
    runtime::{
        WatchStreamExt as _,
        reflector::store::Writer,
        watcher::{self, Event, watcher},
    },
};

use super::Context;
use crate::triggers::{Dependant, ObjectName};

/// Watches namespaces: a new label may let ExternalSecrets in, or keep them out.
pub(crate) async fn watch(
    api: Api<PartialObjectMeta<Namespace>>,
    writer: Writer<PartialObjectMeta<Namespace>>,
    context: &Context,
    changed: &(dyn Fn() + Send + Sync),
) {
    let mut events = watcher(api, watcher::Config::default())
        .default_backoff()
        .modify(|namespace| {
            namespace.managed_fields_mut().clear();
            namespace.annotations_mut().clear();
        })
        .reflect(writer)
        .boxed();
    while let Some(event) = events.next().await {
        let namespace = match event {
            Ok(Event::Apply(namespace) | Event::Delete(namespace)) => namespace.name_any(),
            Ok(Event::InitDone) => String::new(),
            Ok(Event::Init | Event::InitApply(_)) => continue,
            Err(error) => {
                tracing::warn!(%error, "watching namespaces");
                continue;
            }
        };
        changed();
        for store in &context.external_secrets {
            for one in store.state() {
                let within = one.namespace().unwrap_or_default();
                if namespace.is_empty() || within == namespace {
                    let name = ObjectName::new(&within, &one.name_any());
                    context.triggers.touch(&Dependant::ExternalSecret(name));
                }
            }
        }
    }
}

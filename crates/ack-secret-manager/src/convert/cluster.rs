//! A ClusterExternalSecret.

use super::{Fields, Manifest, external_secret, namespaces, stores::Stores};
use crate::api::{ClusterExternalSecretSpec, NamespaceCondition, ObjectLabels};

/// A ClusterExternalSecret as ours.
pub(super) fn convert(fields: &mut Fields<'_>, stores: &Stores) -> Option<Manifest> {
    let metadata = external_secret::metadata(fields);
    let spec = fields.within("spec", |fields| spec(fields, stores))?;
    let inner = &spec.external_secret_spec;
    if inner.data.is_empty() && inner.data_process.is_empty() {
        fields.lose("is left out: nothing is left of it");
        return None;
    }
    if spec.conditions.is_empty() {
        // There that is no namespace; here it would be every one.
        fields.lose("is left out: it selects no namespace");
        return None;
    }
    Manifest::new("ClusterExternalSecret", metadata, &spec)
}

fn spec(fields: &mut Fields<'_>, stores: &Stores) -> ClusterExternalSecretSpec {
    let selectors = namespaces::selectors(fields, "namespaceSelectors");
    let single = namespaces::selector(fields, "namespaceSelector");
    let names = fields.texts("namespaces");
    let mut conditions: Vec<_> = single
        .into_iter()
        .chain(selectors)
        .map(|selector| NamespaceCondition {
            namespace_selector: Some(selector),
            ..NamespaceCondition::default()
        })
        .collect();
    if !names.is_empty() {
        conditions.push(NamespaceCondition {
            namespaces: names,
            ..NamespaceCondition::default()
        });
    }
    ClusterExternalSecretSpec {
        external_secret_spec: fields
            .within("externalSecretSpec", |fields| {
                external_secret::spec(fields, stores, String::new())
            })
            .unwrap_or_default(),
        external_secret_name: fields.text("externalSecretName").unwrap_or_default(),
        external_secret_metadata: fields
            .within("externalSecretMetadata", |fields| ObjectLabels {
                labels: fields.map("labels"),
                annotations: fields.map("annotations"),
            })
            .filter(|labels| *labels != ObjectLabels::default()),
        namespace_selectors: Vec::new(),
        conditions,
        rotation_interval: Some(external_secret::interval(fields, "refreshTime")),
    }
}

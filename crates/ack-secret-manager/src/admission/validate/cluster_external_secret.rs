use super::{
    conditions,
    external_secret::{self, interval},
    findings::{Findings, quoted},
    schema::field,
};
use crate::{
    api::ClusterExternalSecretSpec,
    plan::template::names::{is_annotation_key, is_domain, is_label_key, is_label_value},
};

/// An ExternalSecret for namespaces that are not known yet.
pub(super) fn look(spec: &ClusterExternalSecretSpec, findings: &mut Findings) {
    let each = &spec.external_secret_spec;
    external_secret::look("spec.externalSecretSpec", each, Some(""), findings);
    let at = "spec.externalSecretName";
    if !spec.external_secret_name.is_empty() && !is_domain(&spec.external_secret_name) {
        let text = format!(
            "no ExternalSecret can be called {}",
            quoted(&spec.external_secret_name)
        );
        findings.mistake(at, text);
    }
    let metadata = spec.external_secret_metadata.clone().unwrap_or_default();
    for (key, value) in &metadata.labels {
        if !is_label_key(key) || !is_label_value(value) {
            let at = field("spec.externalSecretMetadata.labels", key);
            findings.mistake(
                at,
                "Kubernetes takes no such label, and no ExternalSecret with it",
            );
        }
    }
    for key in metadata.annotations.keys() {
        if !is_annotation_key(key) {
            let at = field("spec.externalSecretMetadata.annotations", key);
            findings.mistake(
                at,
                "Kubernetes takes no such annotation, and no ExternalSecret with it",
            );
        }
    }
    if let Some(text) = &spec.rotation_interval {
        let at = "spec.rotationInterval";
        if each.rotation_interval.is_some() {
            findings.warn(at, "is of no effect beside that of externalSecretSpec");
        } else {
            interval(at, text, findings);
        }
    }
    let mut can_be_met = spec.conditions.is_empty() && spec.namespace_selectors.is_empty();
    for (index, condition) in spec.conditions.iter().enumerate() {
        can_be_met |= conditions::one(&format!("spec.conditions[{index}]"), condition, findings);
    }
    for (index, selector) in spec.namespace_selectors.iter().enumerate() {
        let at = format!("spec.namespaceSelectors[{index}]");
        can_be_met |= conditions::selector(&at, selector, findings);
    }
    if !can_be_met {
        let at = if spec.conditions.is_empty() {
            "spec.namespaceSelectors"
        } else {
            "spec.conditions"
        };
        findings.mistake(at, conditions::NOBODY);
    }
}

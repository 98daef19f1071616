//! Whose a Secret is, and whose its keys are: seen from its metadata alone.

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// A label: the Secret is written by this program, so it is watched.
pub const MANAGED: &str = "ack.secrets-manager.alibabacloud.com/managed";

/// An annotation: the ExternalSecret that wants it.
pub const OWNER: &str = "ack.secrets-manager.alibabacloud.com/external-secret";

/// Whether this program wrote it.
pub fn is_ours(metadata: &ObjectMeta) -> bool {
    let labels = metadata.labels.as_ref();
    labels.is_some_and(|labels| labels.contains_key(MANAGED))
}

/// The ExternalSecret that wants it, if this program wrote it.
pub fn owner(metadata: &ObjectMeta) -> Option<&str> {
    let annotations = metadata.annotations.as_ref()?;
    let owner = annotations.get(OWNER)?;
    is_ours(metadata).then_some(owner.as_str())
}

/// Whether the API server noted that this program wrote it; labels and annotations can be copied.
pub(super) fn is_written_by_us(metadata: &ObjectMeta) -> bool {
    let mut managers = metadata.managed_fields.iter().flatten();
    managers.any(|one| one.manager.as_deref() == Some(super::FIELD_MANAGER))
}

/// The keys of its data: the API server notes of each who wrote it.
pub(super) fn data_keys(metadata: &ObjectMeta) -> BTreeSet<String> {
    let managers = metadata.managed_fields.iter().flatten();
    managers
        .filter_map(|manager| manager.fields_v1.as_ref()?.0.get("f:data")?.as_object())
        .flat_map(|fields| fields.keys())
        .filter_map(|field| field.strip_prefix("f:"))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests;

//! Which namespaces are meant: the same in both worlds.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::Value;

use super::Fields;
use crate::api::NamespaceCondition;

/// Conditions of a store.
pub(super) fn conditions(fields: &mut Fields<'_>) -> Vec<NamespaceCondition> {
    fields.each("conditions", |fields| {
        Some(NamespaceCondition {
            namespace_selector: selector(fields, "namespaceSelector"),
            namespaces: fields.texts("namespaces"),
            namespace_regexes: fields.texts("namespaceRegexes"),
        })
    })
}

/// A selector of labels, if there is one that can be read.
pub(super) fn selector(fields: &mut Fields<'_>, name: &str) -> Option<LabelSelector> {
    let value = fields.take(name)?;
    read(value).or_else(|| {
        fields.lose_field(name, "is no selector of labels");
        None
    })
}

/// All selectors of a list.
pub(super) fn selectors(fields: &mut Fields<'_>, name: &str) -> Vec<LabelSelector> {
    fields.list(name).into_iter().filter_map(read).collect()
}

fn read(value: Value) -> Option<LabelSelector> {
    serde_json::from_value(value).ok()
}

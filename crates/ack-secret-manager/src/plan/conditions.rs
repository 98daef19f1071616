//! Whether a namespace meets the conditions of a ClusterSecretStore or ClusterExternalSecret
//! (reference k8s-sync §1.2, §1.3).

use std::collections::BTreeMap;

use super::pattern::Pattern;
use crate::api::NamespaceCondition;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// A namespace's labels.
pub type Labels = BTreeMap<String, String>;

/// Whether it meets one of them; everybody meets none. A selector or expression that cannot be read
/// is met by nobody.
pub fn meets(conditions: &[NamespaceCondition], namespace: &str, labels: &Labels) -> bool {
    conditions.is_empty()
        || conditions
            .iter()
            .any(|condition| meets_one(condition, namespace, labels))
}

/// Whether labels are selected; an empty selector selects all, as everywhere in Kubernetes.
pub fn selects(selector: &LabelSelector, labels: &Labels) -> bool {
    let equal = selector.match_labels.iter().flatten();
    let mut equal = equal.map(|(name, value)| labels.get(name) == Some(value));
    let wanted = selector.match_expressions.iter().flatten();
    let mut wanted = wanted.map(|wanted| {
        let value = labels.get(&wanted.key);
        let listed = || {
            let mut values = wanted.values.iter().flatten();
            value.is_some_and(|value| values.any(|one| one == value))
        };
        match wanted.operator.as_str() {
            "In" => listed(),
            "NotIn" => !listed(),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    });
    equal.all(|met| met) && wanted.all(|met| met)
}

/// Whether this is an expression that a name could be matched by.
pub fn is_expression(text: &str) -> bool {
    Pattern::compile(text).is_ok()
}

fn meets_one(condition: &NamespaceCondition, namespace: &str, labels: &Labels) -> bool {
    let selected = || {
        let selector = condition.namespace_selector.as_ref();
        selector.is_some_and(|selector| selects(selector, labels))
    };
    let named = || condition.namespaces.iter().any(|name| name == namespace);
    // Go's regexp.MatchString finds the expression anywhere in the name, as 0.6.7 has it.
    let matched = || {
        let mut expressions = condition.namespace_regexes.iter();
        expressions
            .any(|text| Pattern::compile(text).is_ok_and(|pattern| pattern.is_match(namespace)))
    };
    selected() || named() || matched()
}

#[cfg(test)]
mod tests;

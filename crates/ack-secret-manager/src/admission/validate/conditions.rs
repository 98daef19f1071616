//! Whether any namespace could meet conditions (reference k8s-sync §1.2, §1.3).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::findings::{Findings, quoted};
use crate::{
    api::{NamespaceCondition, ReplaceRule},
    plan::{conditions::is_expression, replace},
    settings::NamespaceName,
};

/// Conditions of which one is enough; without any, all namespaces meet them.
pub(super) fn look(at: &str, conditions: &[NamespaceCondition], findings: &mut Findings) {
    let mut can_be_met = conditions.is_empty();
    for (index, condition) in conditions.iter().enumerate() {
        can_be_met |= one(&format!("{at}[{index}]"), condition, findings);
    }
    if !can_be_met {
        findings.mistake(at, NOBODY);
    }
}

/// What is said where nobody could.
pub(super) const NOBODY: &str = "no namespace can ever meet these; leave them out for all";

/// Whether anybody could meet it; what is wrong with parts of it is told.
pub(super) fn one(at: &str, condition: &NamespaceCondition, findings: &mut Findings) -> bool {
    let NamespaceCondition {
        namespace_selector,
        namespaces,
        namespace_regexes,
    } = condition;
    if namespace_selector.is_none() && namespaces.is_empty() && namespace_regexes.is_empty() {
        findings.warn(at, "says nothing, and no namespace meets it");
        return false;
    }
    let mut can_be_met = namespace_selector.as_ref().is_some_and(|selector| {
        let at = format!("{at}.namespaceSelector");
        self::selector(&at, selector, findings)
    });
    for (index, name) in namespaces.iter().enumerate() {
        if name.parse::<NamespaceName>().is_ok() {
            can_be_met = true;
        } else {
            let at = format!("{at}.namespaces[{index}]");
            let text = format!(
                "no namespace is called {}; an expression goes to namespaceRegexes",
                quoted(name)
            );
            findings.warn(at, text);
        }
    }
    for (index, text) in namespace_regexes.iter().enumerate() {
        if is_expression(text) {
            can_be_met = true;
            continue;
        }
        let at = format!("{at}.namespaceRegexes[{index}]");
        // What Go takes, the original may have let somebody in by.
        can_be_met |= replace::check(&ReplaceRule {
            source: text.clone(),
            target: String::new(),
        })
        .is_ok();
        findings.warn(
            at,
            format!(
                "{} is no regular expression, and matches none",
                quoted(text)
            ),
        );
    }
    can_be_met
}

/// Whether any labels could be selected.
pub(super) fn selector(at: &str, selector: &LabelSelector, findings: &mut Findings) -> bool {
    let mut can_be_met = true;
    for (index, wanted) in selector.match_expressions.iter().flatten().enumerate() {
        let at = format!("{at}.matchExpressions[{index}]");
        let has_values = wanted
            .values
            .as_ref()
            .is_some_and(|values| !values.is_empty());
        match wanted.operator.as_str() {
            "In" if !has_values => {
                findings.warn(at, "names no values, and no namespace meets it");
                can_be_met = false;
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            _ => {
                let at = format!("{at}.operator");
                findings.warn(at, "is none of In, NotIn, Exists and DoesNotExist");
                can_be_met = false;
            }
        }
    }
    can_be_met
}

use serde_json::json;

use super::{Labels, meets};
use crate::api::NamespaceCondition;

fn conditions(value: serde_json::Value) -> Vec<NamespaceCondition> {
    serde_json::from_value(value).unwrap()
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn everybody_meets_no_conditions() {
    assert!(meets(&[], "team", &labels(&[])));
}

#[test]
fn one_of_them_is_enough() {
    let any = conditions(json!([
        {"namespaces": ["a"]},
        {"namespaceRegexes": ["^b-"]},
        {"namespaceSelector": {"matchLabels": {"team": "x"}}},
    ]));
    assert!(meets(&any, "a", &labels(&[])));
    assert!(meets(&any, "b-1", &labels(&[])));
    assert!(meets(&any, "c", &labels(&[("team", "x")])));
    assert!(!meets(&any, "c", &labels(&[("team", "y")])));
    assert!(!meets(&any, "ab-1", &labels(&[])));
}

#[test]
fn an_expression_is_found_anywhere_in_the_name() {
    let any = conditions(json!([{"namespaceRegexes": ["prod"]}]));
    assert!(meets(&any, "my-prod-1", &labels(&[])));
}

#[test]
fn expressions_are_gos() {
    // In Go, `&&` stands for itself.
    let any = conditions(json!([{"namespaceRegexes": ["^[a&&b]$"]}]));
    assert!(meets(&any, "a", &labels(&[])));
    // And what is repeated is not repeated again.
    let none = conditions(json!([{"namespaceRegexes": ["a**"]}]));
    assert!(!meets(&none, "a", &labels(&[])));
}

#[test]
fn nobody_meets_what_cannot_be_read() {
    let any = conditions(json!([
        {"namespaceRegexes": ["("]},
        {"namespaceSelector": {"matchExpressions": [{"key": "team", "operator": "Like", "values": ["x"]}]}},
        {},
    ]));
    assert!(!meets(&any, "team", &labels(&[("team", "x")])));
}

#[test]
fn selectors_mean_what_they_mean_in_kubernetes() {
    let cases = [
        (json!({}), true),
        (json!({"matchLabels": {"team": "x"}}), true),
        (json!({"matchLabels": {"team": "x", "stage": "dev"}}), false),
        (
            json!({"matchExpressions": [{"key": "team", "operator": "In", "values": ["x", "y"]}]}),
            true,
        ),
        (
            json!({"matchExpressions": [{"key": "stage", "operator": "In", "values": ["dev"]}]}),
            false,
        ),
        (
            json!({"matchExpressions": [{"key": "stage", "operator": "NotIn", "values": ["dev"]}]}),
            true,
        ),
        (
            json!({"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["x"]}]}),
            false,
        ),
        (
            json!({"matchExpressions": [{"key": "team", "operator": "Exists"}]}),
            true,
        ),
        (
            json!({"matchExpressions": [{"key": "stage", "operator": "DoesNotExist"}]}),
            true,
        ),
        (
            json!({"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]}),
            false,
        ),
    ];
    for (selector, expected) in cases {
        let any = conditions(json!([{"namespaceSelector": selector}]));
        assert_eq!(
            meets(&any, "a", &labels(&[("team", "x")])),
            expected,
            "{any:?}"
        );
    }
}

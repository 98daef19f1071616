use serde_json::json;

use super::*;

fn said(expected: &Value, found: &Value) -> Option<String> {
    let expected: Expected = serde_json::from_value(expected.clone()).expect("what is expected");
    let found: DynamicObject = serde_json::from_value(found.clone()).expect("an object");
    let met = expected.met_by(Some(&found));
    met.err().map(|error| format!("{error:#}"))
}

fn secret() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "labels": {"b": "c"}},
        "data": {"text": "dG9tCg==", "bytes": "AAEC/w=="},
    })
}

#[test]
fn keys_and_bytes_are_these_and_no_others() {
    let bytes = json!({"bytes": "AAEC/w=="});
    let right = json!({"name": "a", "data": {"text": "tom\n"}, "bytes": bytes});
    assert_eq!(said(&right, &secret()), None);
    for wrong in [
        json!({"name": "a", "data": {"text": "tom"}, "bytes": bytes}),
        json!({"name": "a", "data": {"text": "tom\n"}}),
        json!({"name": "a", "data": {"text": "tom\n", "more": ""}, "bytes": bytes}),
        json!({"name": "a", "data": {}}),
    ] {
        assert!(said(&wrong, &secret()).is_some(), "{wrong}");
    }
}

#[test]
fn an_object_may_have_more_but_not_less() {
    let found = json!({"list": [{"a": 1, "b": "one of two"}, {"a": 2}], "c": null});
    for right in [
        json!({}),
        json!({"list": [{"a": 2}, {"b": "~one of"}]}),
        json!({"c": null}),
    ] {
        assert_eq!(contains(&found, &right, "").ok(), Some(()), "{right}");
    }
    for wrong in [
        json!({"d": null}),
        json!({"list": [{"a": 1, "b": "~three"}]}),
        json!({"list": [{"a": 3}]}),
        json!({"list": {}}),
    ] {
        assert!(contains(&found, &wrong, "").is_err(), "{wrong}");
    }
}

#[test]
fn what_is_gone_and_what_is_missing_are_told_apart() {
    let gone: Expected = serde_json::from_value(json!({"name": "a", "absent": true})).expect("one");
    assert!(gone.met_by(None).is_ok());
    assert_eq!(
        said(&json!({"name": "a", "absent": true}), &secret()).as_deref(),
        Some("it is still there")
    );
    let there: Expected = serde_json::from_value(json!({"name": "a"})).expect("one");
    assert!(there.met_by(None).is_err());
}

#[test]
fn what_it_is_to_lack_is_named() {
    let lacks = json!({"name": "a", "lacks": ["/metadata/labels/b"]});
    assert_eq!(
        said(&lacks, &secret()).as_deref(),
        Some("/metadata/labels/b is \"c\"")
    );
}

use std::{collections::BTreeSet, fs, path::Path};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::*;
use crate::api::{ClusterExternalSecret, ClusterSecretStore, ExternalSecret, SecretStore};

/// A kind's schema, and our type of it there and back.
struct Kind {
    crd: Value,
    round: Round,
}

type Round = fn(&Value) -> Result<Value, serde_json::Error>;

fn kinds() -> [Kind; 4] {
    fn round<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, serde_json::Error> {
        serde_json::to_value(serde_json::from_value::<T>(value.clone())?)
    }
    let rounds: [Round; 4] = [
        round::<ExternalSecret>,
        round::<SecretStore>,
        round::<ClusterSecretStore>,
        round::<ClusterExternalSecret>,
    ];
    let mut rounds = rounds.into_iter();
    ALL.map(|document| Kind {
        crd: yaml(document),
        round: rounds.next().unwrap(),
    })
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

fn schema(kind: &Kind) -> &Value {
    &kind.crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
}

/// An object with everything that a schema knows, or with what it requires.
fn example(schema: &Value, whole: bool) -> Value {
    if let Some(values) = schema["enum"].as_array() {
        return values.last().unwrap().clone();
    }
    match schema["type"].as_str() {
        Some("string") => match (schema["format"].as_str(), schema["pattern"].as_str()) {
            (Some("date-time"), _) => json!("2026-01-02T03:04:05Z"),
            (_, Some(pattern)) if pattern.contains("ms|s|m|h") => json!("2m0s"),
            _ => json!("x"),
        },
        Some("integer") => json!(7),
        Some("boolean") => json!(true),
        Some("array") => json!([example(&schema["items"], whole)]),
        Some("object") => match schema["properties"].as_object() {
            None => {
                let values = &schema["additionalProperties"];
                if values.is_object() {
                    json!({"k": example(values, whole)})
                } else {
                    json!({})
                }
            }
            Some(properties) => {
                let required = |name: &str| {
                    let required = schema["required"].as_array();
                    required.is_some_and(|required| required.contains(&json!(name)))
                };
                let mut object = Map::new();
                for (name, property) in properties {
                    // Read into remoteRamRoleARN, see api/secret_store.
                    let misspelt = name == "remoteRamRoleArn";
                    if (whole || required(name)) && !misspelt {
                        object.insert(name.clone(), example(property, whole));
                    }
                }
                object.into()
            }
        },
        other => panic!("a schema of type {other:?}"),
    }
}

/// An object of this kind; the status of an entry is one that the type knows.
fn object(kind: &Kind, whole: bool) -> Value {
    let mut object = example(schema(kind), whole);
    object["apiVersion"] = json!("alibabacloud.com/v1alpha1");
    object["kind"] = kind.crd["spec"]["names"]["kind"].clone();
    object["metadata"] = json!({"name": "x"});
    if let Some(result) = object.pointer_mut("/status/dataSyncResults/0/status") {
        *result = json!("Failed");
    }
    object
}

#[test]
fn what_the_schemas_know_survives_our_types() {
    for kind in kinds() {
        let mut wanted = object(&kind, true);
        let read = (kind.round)(&wanted).unwrap();
        // Types of one kind are not told which they are.
        let fields = wanted.as_object_mut().unwrap();
        fields.retain(|name, _| !matches!(name.as_str(), "apiVersion" | "kind"));
        assert_eq!(read, wanted);
    }
}

#[test]
fn what_the_schemas_require_is_enough_for_our_types() {
    for kind in kinds() {
        (kind.round)(&object(&kind, false)).unwrap();
        (kind.round)(&json!({"metadata": {"name": "x"}})).unwrap();
    }
}

#[test]
fn every_published_field_is_known() {
    for (kind, version) in [
        (0, "externalsecrets"),
        (1, "secretstores"),
        (2, "clustersecretstores"),
        (3, "clusterexternalsecrets"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/crds")
            .join(format!("{version}.txt"));
        let mut ours = BTreeSet::new();
        paths(schema(&kinds()[kind]), "", &mut ours);
        let published = fs::read_to_string(path).unwrap();
        for field in published.lines().filter(|line| !line.starts_with('#')) {
            assert!(ours.contains(field), "{version}: {field}");
        }
    }
}

/// Every field as `spec.data[].key`, a map's values as `{}`.
fn paths(schema: &Value, at: &str, into: &mut BTreeSet<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        for (name, property) in properties {
            let below = if at.is_empty() {
                name.clone()
            } else {
                format!("{at}.{name}")
            };
            paths(property, &below, into);
            into.insert(below);
        }
    }
    if schema["items"].is_object() {
        paths(&schema["items"], &format!("{at}[]"), into);
    }
    if schema["additionalProperties"].is_object() {
        into.insert(format!("{at}{{}}"));
    }
}

#[test]
fn manifests_of_both_versions_are_read_and_fit() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let documents: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
        let spelt = text.replace("remoteRamRoleArn", "remoteRamRoleARN");
        let spelt: Vec<Value> = serde_saphyr::from_multiple(&spelt).unwrap();
        for (document, spelt) in documents.into_iter().zip(spelt) {
            let kinds = kinds();
            let kind = kinds
                .iter()
                .find(|kind| kind.crd["spec"]["names"]["kind"] == document["kind"])
                .unwrap();
            let at = format!("{} {}", path.display(), document["metadata"]["name"]);
            fits(schema(kind), &document, &at);
            let read = (kind.round)(&document).unwrap();
            assert_eq!(read["spec"], spelt["spec"], "{at}");
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen} manifests");
}

/// What an API server looks at: types, required fields, how many, enumerations; and no field unknown,
/// for it would be dropped.
fn fits(schema: &Value, value: &Value, at: &str) {
    let kind = match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Null => panic!("{at} is null"),
    };
    assert_eq!(schema["type"], kind, "{at}");
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(value), "{at}");
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        let pattern = regex::Regex::new(pattern).unwrap();
        assert!(pattern.is_match(value.as_str().unwrap()), "{at}");
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(&schema["items"], item, &format!("{at}[{index}]"));
    }
    let Some(fields) = value.as_object() else {
        return;
    };
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(
            fields.contains_key(required.as_str().unwrap()),
            "{at} lacks {required}"
        );
    }
    let count = |name: &str| schema[name].as_u64();
    let length = u64::try_from(fields.len()).unwrap();
    assert!(
        count("minProperties").is_none_or(|least| length >= least),
        "{at}"
    );
    assert!(
        count("maxProperties").is_none_or(|most| length <= most),
        "{at}"
    );
    for (name, field) in fields {
        let known = &schema["properties"][name];
        let known = if known.is_object() {
            known
        } else {
            &schema["additionalProperties"]
        };
        if known.is_object() {
            fits(known, field, &format!("{at}.{name}"));
        } else {
            assert!(at.ends_with("metadata"), "{at}.{name} is not known");
        }
    }
}

#[test]
fn schemas_are_structural() {
    for kind in kinds() {
        structural(schema(&kind), "");
    }
}

/// What an API server asks of a schema besides: a type everywhere, and only keywords that it takes.
fn structural(schema: &Value, at: &str) {
    let known = [
        "type",
        "description",
        "properties",
        "required",
        "items",
        "additionalProperties",
        "enum",
        "default",
        "format",
        "pattern",
        "minLength",
        "maxLength",
        "minProperties",
        "maxProperties",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-validations",
    ];
    for (name, _) in schema.as_object().unwrap() {
        assert!(known.contains(&name.as_str()), "{at}: {name}");
    }
    assert!(schema["type"].is_string(), "{at} has no type");
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        structural(property, &format!("{at}.{name}"));
        let described = property["description"].is_string() || name == "metadata";
        assert!(described, "{at}.{name} has no description");
    }
    for below in ["items", "additionalProperties"] {
        if schema[below].is_object() {
            structural(&schema[below], &format!("{at}[]"));
        }
    }
}

#[test]
fn the_chart_carries_the_same() {
    let chart = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy/helm/ack-secret-manager/files/crds");
    for kind in kinds() {
        let plural = kind.crd["spec"]["names"]["plural"].as_str().unwrap();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("crds");
        let file = format!("{plural}.yaml");
        assert_eq!(
            fs::read_to_string(chart.join(&file)).unwrap(),
            fs::read_to_string(own.join(&file)).unwrap(),
            "cp crates/ack-secret-manager/crds/* deploy/helm/ack-secret-manager/files/crds/"
        );
    }
}

#[test]
fn names_are_the_published_ones() {
    let names: Vec<_> = kinds()
        .iter()
        .map(|kind| kind.crd["metadata"]["name"].clone())
        .collect();
    assert_eq!(
        names,
        [
            "externalsecrets.alibabacloud.com",
            "secretstores.alibabacloud.com",
            "clustersecretstores.alibabacloud.com",
            "clusterexternalsecrets.alibabacloud.com",
        ]
    );
    for (kind, short) in kinds().iter().zip([None, None, Some("css"), Some("ces")]) {
        assert_eq!(kind.crd["spec"]["names"]["shortNames"][0].as_str(), short);
        assert_eq!(
            kind.crd["metadata"]["annotations"]["helm.sh/resource-policy"],
            "keep"
        );
    }
    let documents: Vec<Value> = serde_saphyr::from_multiple(&stream()).unwrap();
    assert_eq!(documents.len(), 4);
}

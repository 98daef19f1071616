//! Verdicts: each folder of tests/validate, whatever was ever taken, and whatever JSON there is.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use proptest::{collection, prelude::*};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::*;

mod page;
mod taken;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Expected {
    mistakes: Vec<String>,
    warnings: Vec<String>,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn yaml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

fn kind(object: &Value) -> Option<Kind> {
    let ours = object["apiVersion"] == "alibabacloud.com/v1alpha1";
    let kind = object["kind"].as_str().filter(|_| ours)?;
    Some(kind.parse().expect("one of the four kinds"))
}

#[test]
fn verdicts_are_as_they_should_be() {
    let mut wrong = String::new();
    let mut seen = 0;
    for case in fs::read_dir(folder("tests/validate")).unwrap() {
        let case = case.unwrap().path();
        let object = yaml(&case.join("object.yaml"));
        let before = case.join("before.yaml");
        let before = before.exists().then(|| yaml(&before));
        let expected = fs::read_to_string(case.join("verdict.yaml")).unwrap();
        let expected: Expected = serde_saphyr::from_str(&expected).unwrap();
        let Verdict { mistakes, warnings } =
            validate(kind(&object).unwrap(), &object, before.as_ref());
        let made = Expected { mistakes, warnings };
        if made != expected {
            writeln!(
                wrong,
                "{}: {made:#?}\nand not {expected:#?}",
                case.display()
            )
            .unwrap();
        }
        seen += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(seen >= 60, "{seen} cases");
}

/// What the suite puts to a real API server.
#[test]
fn the_suite_expects_what_is_said() {
    let mut seen = 0;
    for name in ["refused", "taken"] {
        for entry in fs::read_dir(folder("../../suite/webhook").join(name)).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let expected = text.lines().next().unwrap();
            let mut object = yaml(&path);
            object["metadata"]["namespace"] = json!("shop");
            let verdict = validate(kind(&object).unwrap(), &object, None);
            let (at, said) = match name {
                "refused" => ("# says: ", &verdict.mistakes),
                _ => ("# warns: ", &verdict.warnings),
            };
            match expected.strip_prefix(at) {
                Some(expected) => {
                    assert!(
                        said.iter().any(|said| said.starts_with(expected)),
                        "{path:?}: {said:?}"
                    );
                }
                None => assert!(said.is_empty(), "{path:?}: {said:?}"),
            }
            assert_eq!(name == "refused", !verdict.mistakes.is_empty(), "{path:?}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen} objects");
}

#[test]
fn a_secret_that_stands_in_a_store_is_not_repeated() {
    let canary = "CANARYcanary7f3a";
    for value in [
        json!(canary),
        json!([canary]),
        json!({canary: "x"}),
        json!({"value": canary}),
        json!({"name": canary, "key": canary, "namespace": canary}),
        json!({"name": canary}),
    ] {
        for field in [
            "accessKey",
            "accessKeySecret",
            "serviceAccountRef",
            "roleSessionExpiration",
            "ramRoleARN",
            "oidcProviderARN",
            "remoteRamRoleARN",
            "oidcTokenFilePath",
        ] {
            let auth = json!({field: value});
            let dedicated = json!({"clientKeyContent": value, "password": value, "ca": value, "endpoint": value});
            for spec in [
                json!({"KMS": {"KMSAuth": auth}}),
                json!({"OOS": {"OOSAuth": auth}}),
                json!({"KMS": {"dedicatedKMSAuth": dedicated}}),
            ] {
                for kind in [Kind::SecretStore, Kind::ClusterSecretStore] {
                    let object = json!({"metadata": {"name": "a", "namespace": "b"}, "spec": spec});
                    let said = format!("{:?}", validate(kind, &object, None));
                    assert!(!said.contains(canary), "{object}: {said}");
                }
            }
        }
    }
}

/// JSON of fields that our kinds have, and others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        proptest::sample::select(vec![
            "kms",
            "oos",
            "{{ .a",
            "(",
            "a[",
            "1h",
            "ClusterSecretStore"
        ])
        .prop_map(Value::from),
    ];
    let names = vec![
        "spec",
        "metadata",
        "data",
        "dataProcess",
        "extract",
        "key",
        "name",
        "namespace",
        "jmesPath",
        "path",
        "objectAlias",
        "replaceRule",
        "source",
        "target",
        "template",
        "templateFrom",
        "configMap",
        "items",
        "literal",
        "secretStoreRef",
        "kind",
        "KMS",
        "KMSAuth",
        "OOS",
        "OOSAuth",
        "dedicatedKMSAuth",
        "accessKey",
        "accessKeySecret",
        "conditions",
        "namespaceSelector",
        "matchExpressions",
        "operator",
        "externalSecretSpec",
        "deletionTimestamp",
        "provider",
        "kmsEndpoint",
        "rotationInterval",
    ];
    let name = prop_oneof![
        proptest::sample::select(names).prop_map(str::to_owned),
        "\\PC{0,6}"
    ];
    leaf.prop_recursive(8, 128, 6, move |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            collection::hash_map(name.clone(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

const KINDS: [Kind; 4] = [
    Kind::ExternalSecret,
    Kind::SecretStore,
    Kind::ClusterSecretStore,
    Kind::ClusterExternalSecret,
];

proptest! {
    #[test]
    fn nothing_panics_and_warnings_are_short(
        spec in any_json(),
        other in any_json(),
        before in proptest::option::of(any_json()),
    ) {
        for kind in KINDS {
            for object in [json!({"spec": spec}), other.clone()] {
                let verdict = validate(kind, &object, before.as_ref());
                prop_assert!(verdict.warnings.len() <= 6);
                for warning in &verdict.warnings {
                    prop_assert!(warning.chars().count() < 120, "{}", warning);
                }
            }
        }
    }

    #[test]
    fn whoever_goes_and_whoever_stays_as_it_is_may(spec in any_json(), label in any_json()) {
        for kind in KINDS {
            let goes = json!({"metadata": {"deletionTimestamp": "2026-11-30T00:00:00Z"}, "spec": spec});
            prop_assert!(validate(kind, &goes, None).mistakes.is_empty());
            let same = json!({"metadata": {"labels": label}, "spec": spec});
            let before = json!({"spec": spec});
            prop_assert!(validate(kind, &same, Some(&before)).mistakes.is_empty());
        }
    }
}

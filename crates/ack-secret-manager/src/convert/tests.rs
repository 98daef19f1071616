use std::{fmt::Write as _, fs, path::Path};

use super::*;

/// Each folder of tests/convert: what goes in, what comes out, and what is said. The operator runs in
/// cn-hangzhou.
#[test]
fn manifests_come_out_as_they_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/convert");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let case = entry.unwrap().path();
        let texts: Vec<_> = ["in.yaml", "more.yaml"]
            .iter()
            .filter_map(|name| fs::read_to_string(case.join(name)).ok())
            .collect();
        let made = convert(texts.iter().map(String::as_str), Some("cn-hangzhou")).unwrap();
        let mut remarks = String::new();
        for remark in &made.remarks {
            writeln!(remarks, "{remark}").unwrap();
        }
        same(&case.join("out.yaml"), &made.stream());
        same(&case.join("remarks.txt"), &remarks);
        seen += 1;
    }
    assert!(seen >= 6, "{seen} cases");
}

fn same(path: &Path, made: &str) {
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(made, expected, "{}", path.display());
}

/// What comes out is what our own types read.
#[test]
fn what_comes_out_is_read_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/convert");
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path().join("out.yaml")).unwrap();
        let documents: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
        for document in documents {
            let spec = document["spec"].clone();
            let again = match document["kind"].as_str().unwrap() {
                "ExternalSecret" => again::<crate::api::ExternalSecretSpec>(&spec),
                "ClusterExternalSecret" => again::<crate::api::ClusterExternalSecretSpec>(&spec),
                _ => again::<crate::api::SecretStoreSpec>(&spec),
            };
            assert_eq!(again, spec);
        }
    }
}

fn again<T: serde::de::DeserializeOwned + Serialize>(spec: &Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(spec.clone()).unwrap()).unwrap()
}

#[test]
fn what_is_no_yaml_is_said_with_its_place() {
    let error = convert(["a: 1\nb: [CANARY"], None).unwrap_err().to_string();
    assert!(!error.contains("CANARY"), "{error}");
    assert!(error.contains("line"), "{error}");
}

#[test]
fn entries_of_any_region_get_an_endpoint_if_the_operators_is_not_said() {
    let text = include_str!("../../tests/convert/two-files/in.yaml");
    let store = include_str!("../../tests/convert/two-files/more.yaml");
    let made = convert([text, store], None).unwrap().stream();
    assert!(
        made.contains("kmsEndpoint: kms.cn-hangzhou.aliyuncs.com"),
        "{made}"
    );
}

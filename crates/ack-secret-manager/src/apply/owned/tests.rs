use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::json;

use super::{data_keys, is_ours, owner};

fn metadata(value: serde_json::Value) -> ObjectMeta {
    serde_json::from_value(value).unwrap()
}

#[test]
fn keys_are_those_of_all_managers() {
    let both = metadata(json!({"managedFields": [
        {"manager": "kubectl", "operation": "Update", "fieldsV1": {"f:data": {".": {}, "f:a": {}, "f:b.c": {}}}},
        {"manager": "ack-secret-manager", "operation": "Apply", "fieldsV1": {
            "f:data": {"f:a": {}, "f:d": {}}, "f:type": {}, "f:metadata": {"f:labels": {"f:x": {}}},
        }},
    ]}));
    let keys: Vec<String> = data_keys(&both).into_iter().collect();
    assert_eq!(keys, ["a", "b.c", "d"]);
    assert!(data_keys(&metadata(json!({}))).is_empty());
}

#[test]
fn a_secret_is_ours_by_its_label() {
    let ours = metadata(json!({
        "labels": {"ack.secrets-manager.alibabacloud.com/managed": "true"},
        "annotations": {"ack.secrets-manager.alibabacloud.com/external-secret": "db"},
    }));
    assert!(is_ours(&ours));
    assert_eq!(owner(&ours), Some("db"));
    let copied = metadata(json!({
        "annotations": {"ack.secrets-manager.alibabacloud.com/external-secret": "db"},
    }));
    assert!(!is_ours(&copied));
    assert_eq!(owner(&copied), None);
}

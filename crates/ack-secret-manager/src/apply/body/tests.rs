use std::collections::{BTreeMap, BTreeSet};

use kms_types::Secret;
use serde_json::json;

use super::Body;
use crate::{apply::Desired, plan::Kept};

fn desired() -> Desired {
    Desired {
        namespace: "team".to_owned(),
        name: "db".to_owned(),
        owner: "db-es".to_owned(),
        secret_type: "Opaque".to_owned(),
        data: BTreeMap::from([("password".to_owned(), Secret::new(b"canary-7".to_vec()))]),
        labels: BTreeMap::from([("app".to_owned(), "x".to_owned())]),
        annotations: BTreeMap::new(),
        kept: Kept::Keys(BTreeSet::new()),
    }
}

#[test]
fn an_applied_secret_says_what_it_is_and_whose() {
    let desired = desired();
    assert_eq!(
        serde_json::to_value(Body::new(&desired, "Opaque")).unwrap(),
        json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": "db",
                "labels": {"app": "x", "ack.secrets-manager.alibabacloud.com/managed": "true"},
                "annotations": {"ack.secrets-manager.alibabacloud.com/external-secret": "db-es"},
            },
            "type": "Opaque",
            "data": {"password": "Y2FuYXJ5LTc="},
        })
    );
}

#[test]
fn additions_say_no_type() {
    let desired = desired();
    let body = serde_json::to_value(Body::additions(&desired)).unwrap();
    let mut keys: Vec<&str> = body
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(keys, ["data", "metadata"]);
}

#[test]
fn debug_shows_keys_and_no_value() {
    let desired = desired();
    let shown = format!("{:?} {:?}", Body::new(&desired, "Opaque"), desired);
    assert!(shown.contains("password"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.contains("Y2FuYXJ5"), "{shown}");
}

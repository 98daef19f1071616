use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::Secret;
use kms_types::Secret as Custody;
use kube::core::PartialObjectMeta;
use serde_json::json;

use super::Drift;
use crate::{
    apply::{Desired, Written},
    plan::Kept,
    triggers::ObjectName,
};

fn desired(value: &str) -> Desired {
    Desired {
        namespace: "team".to_owned(),
        name: "db".to_owned(),
        owner: "db-es".to_owned(),
        secret_type: "Opaque".to_owned(),
        data: BTreeMap::from([("k".to_owned(), Custody::new(value.as_bytes().to_vec()))]),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        kept: Kept::Keys(BTreeSet::new()),
    }
}

fn wrote(drift: &Drift, value: &str, version: &str) {
    let written = Written {
        resource_version: version.to_owned(),
        other_type: None,
    };
    drift.writes(&desired(value));
    drift.wrote(&desired(value), Some(&written));
}

fn seen(version: &str) -> PartialObjectMeta<Secret> {
    serde_json::from_value(json!({
        "apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadata",
        "metadata": {
            "namespace": "team", "name": "db", "resourceVersion": version,
            "labels": {"ack.secrets-manager.alibabacloud.com/managed": "true"},
            "annotations": {"ack.secrets-manager.alibabacloud.com/external-secret": "db-es"},
        },
    }))
    .unwrap()
}

#[test]
fn what_was_written_and_left_alone_is_not_written_again() {
    let drift = Drift::default();
    assert!(drift.holds(&desired("1")).is_none());
    wrote(&drift, "1", "7");
    assert!(drift.holds(&desired("1")).is_some());
    assert!(drift.holds(&desired("2")).is_none());
}

#[test]
fn ones_own_write_is_no_drift_whether_it_is_seen_before_or_after() {
    let drift = Drift::default();
    drift.saw(&seen("7"));
    wrote(&drift, "1", "7");
    assert!(drift.holds(&desired("1")).is_some());
    assert_eq!(drift.saw(&seen("7")), None);
    assert!(drift.holds(&desired("1")).is_some());
}

#[test]
fn what_is_seen_during_a_write_is_judged_when_it_ends() {
    let drift = Drift::default();
    let written = Written {
        resource_version: "7".to_owned(),
        other_type: None,
    };
    drift.writes(&desired("1"));
    assert_eq!(drift.saw(&seen("7")), None);
    assert!(!drift.wrote(&desired("1"), Some(&written)));
    assert!(drift.holds(&desired("1")).is_some());

    drift.writes(&desired("1"));
    assert_eq!(drift.saw(&seen("9")), None);
    assert!(drift.wrote(&desired("1"), Some(&written)));
    assert!(drift.holds(&desired("1")).is_none());
}

#[test]
fn a_write_that_failed_leaves_nothing_to_rely_on() {
    let drift = Drift::default();
    wrote(&drift, "1", "7");
    drift.writes(&desired("1"));
    assert!(!drift.wrote(&desired("1"), None));
    assert!(drift.holds(&desired("1")).is_none());
    assert_eq!(
        drift.saw(&seen("9")),
        Some(ObjectName::new("team", "db-es"))
    );
}

#[test]
fn an_edit_is_seen_and_written_over() {
    let drift = Drift::default();
    wrote(&drift, "1", "7");
    let owner = ObjectName::new("team", "db-es");
    assert_eq!(drift.saw(&seen("9")), Some(owner));
    assert!(drift.holds(&desired("1")).is_none());
}

#[test]
fn one_that_was_deleted_is_written_again() {
    let drift = Drift::default();
    wrote(&drift, "1", "7");
    drift.removed(&ObjectName::new("team", "db"));
    assert!(drift.holds(&desired("1")).is_none());
}

#[test]
fn a_secret_of_a_former_name_is_known() {
    let drift = Drift::default();
    drift.saw(&seen("7"));
    let owner = ObjectName::new("team", "db-es");
    assert_eq!(drift.others(&owner, "other"), ["db"]);
    assert!(drift.others(&owner, "db").is_empty());
    assert!(
        drift
            .others(&ObjectName::new("else", "db-es"), "other")
            .is_empty()
    );
}

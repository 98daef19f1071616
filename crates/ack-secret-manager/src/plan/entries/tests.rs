use serde_json::json;

use super::{EntryError, EntryPolicy, Take, entries};
use crate::{
    api::ExternalSecretSpec,
    plan::{Provider, Store},
};

fn spec(value: serde_json::Value) -> ExternalSecretSpec {
    serde_json::from_value(value).unwrap()
}

#[test]
fn data_comes_before_documents_and_is_called_by_its_name_or_key() {
    let spec = spec(json!({
        "data": [
            {"key": "a", "name": "A", "versionId": "v1"},
            {"key": "b"},
            {"key": "c", "jmesPath": [{"path": "x", "objectAlias": "X"}]},
        ],
        "dataProcess": [{"extract": {"key": "d"}, "replaceRule": [{"source": "a", "target": "b"}]}],
    }));
    let found = entries("team", &spec, EntryPolicy::default());
    let keys: Vec<&str> = found.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["a", "b", "c", "d"]);
    assert_eq!(found[0].take, Take::Whole("A".to_owned()));
    assert_eq!(found[1].take, Take::Whole("b".to_owned()));
    assert!(
        matches!(&found[2].take, Take::Parts { name, paths } if name == "c" && paths.len() == 1)
    );
    assert!(matches!(&found[3].take, Take::Extract { rules, .. } if rules.len() == 1));
    let first = found[0].remote.as_ref().unwrap();
    assert_eq!(first.provider, Provider::Kms);
    assert_eq!(first.store, Store::Operator);
    assert_eq!(first.version_id.as_deref(), Some("v1"));
    assert_eq!(first.version_stage, None);
}

#[test]
fn a_remote_secret_is_all_that_says_which_value_is_meant() {
    let spec = spec(json!({"data": [
        {"key": "a", "versionStage": "ACSPrevious", "kmsEndpoint": " kms.cn-beijing.aliyuncs.com"},
        {"key": "a", "versionStage": "ACSPrevious"},
        {"key": "a", "versionId": "v1"},
    ]}));
    let found = entries("team", &spec, EntryPolicy::default());
    let first = found[0].remote.as_ref().unwrap();
    assert_eq!(first.name, "a");
    assert_eq!(first.version_id, None);
    assert_eq!(first.version_stage.as_deref(), Some("ACSPrevious"));
    assert_eq!(
        first.endpoint.as_deref(),
        Some("kms.cn-beijing.aliyuncs.com")
    );
    assert_ne!(found[0].remote, found[1].remote);
    assert_ne!(found[1].remote, found[2].remote);
}

#[test]
fn what_is_said_for_kms_is_no_business_of_oos() {
    let spec = spec(json!({"provider": "oos", "data": [
        {"key": "a", "versionStage": "ACSPrevious", "kmsEndpoint": "kms.cn-beijing.aliyuncs.com"},
        {"key": "a", "versionId": "v1"},
        {"key": "a", "kmsEndpoint": " "},
    ]}));
    let found = entries("team", &spec, EntryPolicy::default());
    let first = found[0].remote.as_ref().unwrap();
    assert_eq!(first.provider, Provider::Oos);
    assert_eq!(first.version_stage, None);
    assert_eq!(first.endpoint, None);
    assert_eq!(found[0].remote, found[1].remote);
    assert_eq!(found[1].remote, found[2].remote);
}

#[test]
fn two_entries_that_differ_in_their_keys_alone_name_one_remote_secret() {
    let spec = spec(json!({
        "data": [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}],
        "dataProcess": [{"extract": {"key": "a"}}],
    }));
    let found = entries("team", &spec, EntryPolicy::default());
    assert_eq!(found[0].remote, found[1].remote);
    assert_eq!(found[0].remote, found[2].remote);
}

#[test]
fn what_names_no_remote_secret_is_told_of_where_it_stands() {
    let bad = spec(json!({"provider": "vault", "data": [{"key": "a"}]}));
    let found = entries("team", &bad, EntryPolicy::default());
    assert_eq!(
        found[0].remote,
        Err(EntryError::Provider("vault".to_owned()))
    );

    let bad = spec(json!({"data": [{"name": "x"}], "dataProcess": [{}, {"extract": {}}]}));
    let found = entries("team", &bad, EntryPolicy::default());
    let keys: Vec<&str> = found.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(
        keys,
        ["data[0]", "dataProcess[0]", "dataProcess[1].extract"]
    );
    assert_eq!(
        found[0].remote,
        Err(EntryError::NoKey("data[0]".to_owned()))
    );
    assert_eq!(found[1].remote, Err(EntryError::NoExtract(0)));
    assert_eq!(
        found[2].remote,
        Err(EntryError::NoKey("dataProcess[1].extract".to_owned()))
    );
}

#[test]
fn a_store_of_another_namespace_needs_a_switch() {
    let spec = spec(json!({"data": [
        {"key": "a", "secretStoreRef": {"name": "s"}},
        {"key": "a", "secretStoreRef": {"name": "s", "namespace": "team"}},
        {"key": "a", "secretStoreRef": {"name": "s", "namespace": "other"}},
        {"key": "a", "secretStoreRef": {"name": "s", "namespace": "other", "kind": "ClusterSecretStore"}},
        {"key": "a", "secretStoreRef": {"name": "s", "kind": "Store"}},
        {"key": "a", "secretStoreRef": {}},
    ]}));
    let own = Store::Namespaced {
        namespace: "team".to_owned(),
        name: "s".to_owned(),
    };
    let others = Store::Namespaced {
        namespace: "other".to_owned(),
        name: "s".to_owned(),
    };
    let stores = |policy| -> Vec<Result<Store, EntryError>> {
        entries("team", &spec, policy)
            .into_iter()
            .map(|entry| entry.remote.map(|remote| remote.store))
            .collect()
    };
    let mut expected = vec![
        Ok(own.clone()),
        Ok(own),
        Err(EntryError::CrossNamespace(others.clone())),
        Ok(Store::Cluster("s".to_owned())),
        Err(EntryError::StoreKind("Store".to_owned())),
        Err(EntryError::StoreName),
    ];
    assert_eq!(stores(EntryPolicy::default()), expected);
    expected[2] = Ok(others);
    assert_eq!(
        stores(EntryPolicy {
            cross_namespace_stores: true
        }),
        expected
    );
}

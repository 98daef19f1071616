use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use kms_types::Secret;
use serde_json::{Value, json};

use super::{ApplyError, Desired, remove, write};
use crate::{fake_cluster::FakeCluster, plan::Kept};

const PATH: &str = "/api/v1/namespaces/team/secrets/db";

fn desired(data: &[(&str, &str)]) -> Desired {
    let data = data.iter();
    Desired {
        namespace: "team".to_owned(),
        name: "db".to_owned(),
        owner: "db-es".to_owned(),
        secret_type: "Opaque".to_owned(),
        data: data
            .map(|(key, value)| ((*key).to_owned(), Secret::new(value.as_bytes().to_vec())))
            .collect(),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        kept: Kept::Keys(BTreeSet::new()),
    }
}

/// What somebody else made with kubectl.
fn foreign() -> Value {
    json!({
        "type": "Opaque",
        "metadata": {
            "labels": {"app": "x"}, "annotations": {"note": "mine"},
            "managedFields": [{"manager": "kubectl", "operation": "Update", "fieldsV1": {
                "f:data": {"f:theirs": {}, "f:user": {}},
            }}],
        },
        "data": {"theirs": "dA==", "user": "dQ=="},
    })
}

fn keys(cluster: &FakeCluster) -> Vec<String> {
    let secret = cluster.get(PATH).unwrap();
    secret["data"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

#[tokio::test]
async fn a_secret_that_was_there_keeps_all_but_its_data() {
    let cluster = FakeCluster::new();
    cluster.put(PATH, foreign());
    let written = write(
        &cluster.client(),
        &desired(&[("user", "a"), ("new", "b")]),
        true,
    )
    .await;
    let secret = cluster.get(PATH).unwrap();
    assert_eq!(secret["data"], json!({"new": "Yg==", "user": "YQ=="}));
    assert_eq!(secret["metadata"]["labels"]["app"], "x");
    assert_eq!(secret["metadata"]["annotations"]["note"], "mine");
    let version = secret["metadata"]["resourceVersion"].as_str();
    assert_eq!(Some(written.unwrap().resource_version.as_str()), version);
    // Who wrote in between is not overwritten unseen.
    let asked = cluster.asked();
    let taken_out = &asked.last().unwrap().body;
    assert_eq!(taken_out["data"], json!({"theirs": null}));
    assert!(taken_out["metadata"]["resourceVersion"].is_string());
}

#[tokio::test]
async fn a_key_that_is_wanted_no_more_goes() {
    let cluster = FakeCluster::new();
    let client = cluster.client();
    write(&client, &desired(&[("a", "1"), ("b", "2")]), true)
        .await
        .unwrap();
    write(&client, &desired(&[("a", "1")]), true).await.unwrap();
    assert_eq!(keys(&cluster), ["a"]);
}

#[tokio::test]
async fn what_is_as_it_should_be_is_written_once() {
    let cluster = FakeCluster::new();
    let client = cluster.client();
    let first = write(&client, &desired(&[("a", "1")]), true).await.unwrap();
    assert_eq!(cluster.writes().len(), 1, "{:?}", cluster.writes());
    let second = write(&client, &desired(&[("a", "1")]), true).await.unwrap();
    assert_eq!(first, second);
}

#[tokio::test]
async fn somebody_elses_is_left_alone_where_that_was_asked_for() {
    let cluster = FakeCluster::new();
    cluster.put(PATH, foreign());
    let before = cluster.get(PATH);
    let client = cluster.client();
    let refused = write(&client, &desired(&[("user", "a")]), false).await;
    assert!(
        matches!(refused, Err(ApplyError::Foreign(_))),
        "{refused:?}"
    );
    assert_eq!(cluster.get(PATH), before);
    assert!(cluster.writes().is_empty());

    cluster.take(PATH);
    write(&client, &desired(&[("user", "a")]), false)
        .await
        .unwrap();
    write(&client, &desired(&[("user", "b")]), false)
        .await
        .unwrap();
    assert_eq!(cluster.get(PATH).unwrap()["data"]["user"], "Yg==");
}

#[tokio::test]
async fn what_could_not_be_read_stays() {
    for kept in [Kept::Keys(BTreeSet::from(["b".to_owned()])), Kept::All] {
        let cluster = FakeCluster::new();
        let client = cluster.client();
        write(&client, &desired(&[("a", "1"), ("b", "2")]), true)
            .await
            .unwrap();
        let some = Desired {
            kept,
            ..desired(&[("a", "3")])
        };
        write(&client, &some, true).await.unwrap();
        let data = cluster.get(PATH).unwrap()["data"].clone();
        assert_eq!(data, json!({"a": "Mw==", "b": "Mg=="}));

        // Where there is none, what could be read is written all the same.
        cluster.take(PATH);
        write(&client, &some, true).await.unwrap();
        assert_eq!(keys(&cluster), ["a"]);
    }
}

#[tokio::test]
async fn a_type_that_is_there_stays() {
    let cluster = FakeCluster::new();
    let client = cluster.client();
    let mut other = foreign();
    other["type"] = json!("example.com/other");
    cluster.put(PATH, other);
    let written = write(&client, &desired(&[("a", "1")]), true).await.unwrap();
    assert_eq!(written.other_type.as_deref(), Some("example.com/other"));
    assert_eq!(keys(&cluster), ["a"]);
    assert_eq!(cluster.get(PATH).unwrap()["type"], "example.com/other");
}

#[tokio::test]
async fn what_the_api_server_takes_for_wrong_is_told() {
    let cluster = FakeCluster::new();
    let client = cluster.client();
    cluster.put(PATH, foreign());
    cluster.refuse(&Method::PATCH, 422);
    let refused = write(&client, &desired(&[("a", "1")]), true)
        .await
        .unwrap_err();
    assert_eq!(refused.to_string(), "writing Secret db: as the test says");
    assert_eq!(keys(&cluster), ["theirs", "user"]);
}

#[tokio::test]
async fn ones_own_is_taken_away() {
    let cluster = FakeCluster::new();
    let client = cluster.client();
    write(&client, &desired(&[("a", "1")]), true).await.unwrap();
    let metadata = cluster.get(PATH).unwrap()["metadata"].clone();
    remove(&client, "team", "db", "db-es").await.unwrap();
    assert_eq!(cluster.get(PATH), None);
    // As it was when it was looked at, and no other.
    assert_eq!(
        cluster.asked().last().unwrap().body["preconditions"],
        json!({"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]})
    );
    remove(&client, "team", "db", "db-es").await.unwrap();
}

#[tokio::test]
async fn nobody_elses_is_taken_away() {
    let cluster = FakeCluster::new();
    let client = cluster.client();
    write(&client, &desired(&[("a", "1")]), true).await.unwrap();
    let own = cluster.get(PATH).unwrap();
    remove(&client, "team", "db", "other-es").await.unwrap();
    assert_eq!(cluster.get(PATH), Some(own.clone()));

    // A copy that somebody made of it, with its labels and annotations.
    let mut copy = own.clone();
    copy["metadata"]["managedFields"] = json!([{"manager": "kubectl", "operation": "Update"}]);
    cluster.put("/api/v1/namespaces/team/secrets/copy", copy);
    remove(&client, "team", "copy", "db-es").await.unwrap();
    assert!(
        cluster
            .get("/api/v1/namespaces/team/secrets/copy")
            .is_some()
    );

    let mut unlabelled = own;
    unlabelled["metadata"]["labels"] = json!({});
    cluster.put(PATH, unlabelled);
    remove(&client, "team", "db", "db-es").await.unwrap();
    assert!(cluster.get(PATH).is_some());
}

#[tokio::test]
async fn who_cannot_take_it_away_says_so() {
    let cluster = FakeCluster::new();
    let client = cluster.client();
    write(&client, &desired(&[("a", "1")]), true).await.unwrap();
    for status in [409, 500] {
        cluster.refuse(&Method::DELETE, status);
        let refused = remove(&client, "team", "db", "db-es").await;
        assert!(refused.is_err(), "{status}");
    }
}

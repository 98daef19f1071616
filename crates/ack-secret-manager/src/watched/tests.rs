use std::{collections::BTreeSet, sync::Arc, time::Duration};

use http::Method;
use k8s_openapi::api::core::v1::Secret;
use kube::runtime::reflector::ObjectRef;
use serde_json::json;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time,
};

use super::Watched;
use crate::{
    api::ExternalSecret,
    fake_cluster::{FakeCluster, Line},
    stores::SecretData,
    triggers::{Dependant, ObjectName, Queue, Queues, Triggers},
};

const PATH: &str = "/api/v1/namespaces/team/secrets/keys";

struct World {
    cluster: FakeCluster,
    line: Line,
    watched: Watched<Secret, SecretData>,
    touched: UnboundedReceiver<ObjectRef<ExternalSecret>>,
}

fn world() -> World {
    let (cluster, line) = (FakeCluster::new(), Line::new());
    let (sender, touched) = unbounded_channel();
    let triggers = Triggers::new(Queues {
        external_secrets: vec![Queue {
            namespace: None,
            sender,
        }],
        ..Queues::default()
    });
    World {
        watched: Watched::new(cluster.client_over(&line), triggers),
        cluster,
        line,
        touched,
    }
}

fn who(name: &str) -> Dependant {
    Dependant::ExternalSecret(ObjectName::new("team", name))
}

fn keys() -> ObjectName {
    ObjectName::new("team", "keys")
}

impl World {
    /// What somebody is given who asks for it.
    async fn get(&self, name: &str) -> Result<Option<Arc<SecretData>>, String> {
        self.watched.get(&who(name), &keys()).await
    }

    /// Who was told in the next minute.
    async fn told(&mut self) -> Vec<String> {
        time::sleep(Duration::from_mins(1)).await;
        let mut names = Vec::new();
        while let Ok(object) = self.touched.try_recv() {
            names.push(object.name);
        }
        names.sort();
        names
    }

    fn put(&self, value: &str) {
        self.cluster.put(PATH, json!({"data": {"id": value}}));
    }
}

#[tokio::test(start_paused = true)]
async fn who_names_it_is_told_of_changes_and_not_of_the_first_look() {
    let mut world = world();
    world.put("YQ==");
    let first = world.get("a").await.unwrap();
    assert_eq!(first.unwrap().0["id"].expose(), b"a");
    world.get("b").await.unwrap();
    assert!(world.told().await.is_empty());

    world.put("Yg==");
    assert_eq!(world.told().await, ["a", "b"]);
    let second = world.get("a").await.unwrap();
    assert_eq!(second.unwrap().0["id"].expose(), b"b");

    world.cluster.take(PATH);
    assert_eq!(world.told().await, ["a", "b"]);
    assert!(world.get("a").await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn who_names_it_no_more_is_told_no_more() {
    let mut world = world();
    world.put("YQ==");
    world.get("a").await.unwrap();
    world.get("b").await.unwrap();
    world.watched.keep(&who("a"), &BTreeSet::new());
    world.put("Yg==");
    assert_eq!(world.told().await, ["b"]);
    world.watched.keep(&who("b"), &BTreeSet::from([keys()]));
    world.put("YQ==");
    assert_eq!(world.told().await, ["b"]);
    world.watched.keep(&who("b"), &BTreeSet::new());
    world.put("Yg==");
    assert!(world.told().await.is_empty());
    // And nobody watches it any more: whoever did would begin anew.
    let asked = world.cluster.asked().len();
    world.cluster.expire();
    world.told().await;
    assert_eq!(world.cluster.asked().len(), asked);
}

#[tokio::test(start_paused = true)]
async fn who_waited_in_vain_is_told_when_it_comes() {
    let mut world = world();
    world.put("YQ==");
    world.line.cut(true);
    let silence = world.get("a").await;
    assert!(silence.is_err());
    assert!(world.told().await.is_empty());
    world.line.cut(false);
    assert_eq!(world.told().await, ["a"]);
    assert!(world.get("a").await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_while_nobody_listened_is_told() {
    let mut world = world();
    world.put("YQ==");
    world.get("a").await.unwrap();
    world.cluster.take(PATH);
    world.cluster.expire();
    assert_eq!(world.told().await, ["a"]);
    assert!(world.get("a").await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn nothing_else_is_asked_for() {
    let world = world();
    world.put("YQ==");
    world.get("a").await.unwrap();
    time::sleep(Duration::from_secs(1)).await;
    let asked = world.cluster.asked();
    assert!(asked.len() >= 2, "{asked:?}");
    for one in asked {
        let only = "/api/v1/namespaces/team/secrets?";
        assert!(one.target.starts_with(only), "{one:?}");
        assert!(
            one.target.contains("fieldSelector=metadata.name%3Dkeys"),
            "{one:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_seen_stays_while_nobody_answers() {
    let mut world = world();
    world.put("YQ==");
    world.get("a").await.unwrap();
    world.cluster.refuse(&Method::GET, 500);
    world.cluster.expire();
    assert!(world.told().await.is_empty());
    let still = world.get("a").await.unwrap();
    assert_eq!(still.unwrap().0["id"].expose(), b"a");
}

#[tokio::test(start_paused = true)]
async fn why_nobody_knows_is_told_and_so_is_what_comes() {
    let mut world = world();
    world.put("YQ==");
    world.cluster.refuse(&Method::GET, 403);
    let error = world.get("a").await.err().unwrap();
    assert!(error.contains("as the test says"), "{error}");
    world.told().await;
    world.cluster.refuse(&Method::GET, 0);
    assert_eq!(world.told().await, ["a"]);
    assert!(world.get("a").await.unwrap().is_some());
}

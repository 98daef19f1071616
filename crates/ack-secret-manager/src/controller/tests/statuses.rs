//! What is told of objects.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokio::time;

use super::scene::Scene;
use crate::{api::ExternalSecret, controller::external_secret, plan::Store};

#[tokio::test(start_paused = true)]
async fn a_status_is_not_taken_for_told_by_what_is_seen_of_it_late() {
    let mut scene = Scene::start();
    scene.remote.say("k", "one");
    scene.apply("a", "x", "k", 0);
    let synced = |scene: &Scene| scene.reason("a").as_deref() == Some("Synced");
    scene.until("synced", synced).await;
    time::sleep(Duration::from_secs(5)).await;
    // From here on the watch has the object of now, whatever becomes of it.
    scene.stop();
    let seen: ExternalSecret = serde_json::from_value(scene.object("a").unwrap()).unwrap();
    let seen = Arc::new(seen);

    scene.remote.refuse("k");
    scene.context.remotes.look_again(&Store::Operator);
    time::sleep(Duration::from_secs(1)).await;
    let looked = external_secret(Arc::clone(&seen), Arc::clone(&scene.context)).await;
    assert!(looked.is_ok());
    assert_eq!(scene.reason("a").as_deref(), Some("PartlySynced"));

    // The value is back before what was told is seen.
    scene.remote.say("k", "one");
    scene.context.remotes.look_again(&Store::Operator);
    time::sleep(Duration::from_secs(1)).await;
    let looked = external_secret(seen, Arc::clone(&scene.context)).await;
    assert!(looked.is_ok());
    assert_eq!(scene.reason("a").as_deref(), Some("Synced"));
}

#[tokio::test(start_paused = true)]
async fn who_names_a_store_of_which_nobody_tells_is_told_so() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    let path = "/apis/alibabacloud.com/v1alpha1/namespaces/team/externalsecrets/a";
    scene.cluster.put(
        path,
        json!({
            "apiVersion": "alibabacloud.com/v1alpha1", "kind": "ExternalSecret",
            "metadata": {"generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z"},
            "spec": {"data": [{"key": "k", "name": "value", "secretStoreRef": {
                "name": "shared", "kind": "ClusterSecretStore",
            }}]},
        }),
    );
    scene.until_says("a", "NotSynced").await;
    assert_eq!(scene.secret("a"), None);
    let object = scene.object("a").unwrap();
    let message = object["status"]["conditions"][0]["message"]
        .as_str()
        .unwrap();
    assert!(
        message.contains("nothing is known yet of ClusterSecretStore shared"),
        "{message}"
    );
}

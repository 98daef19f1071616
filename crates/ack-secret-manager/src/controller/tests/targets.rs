//! What becomes of Secrets.

use std::time::Duration;

use http::Method;
use serde_json::json;
use tokio::time;

use super::scene::{Scene, secret_path};
use crate::{
    api::FINALIZER,
    controller::external_secret,
    triggers::{Dependant, ObjectName},
};

#[tokio::test(start_paused = true)]
async fn a_secret_follows_its_remote_secret_and_goes_with_its_object() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    scene.apply("a", "x", "k", 0);
    scene.until_written("x").await;
    scene.remote.say("k", "two");
    scene.until_holds("x", "dHdv").await;
    scene.remote.refuse("k");
    scene.until_says("a", "PartlySynced").await;
    assert_eq!(scene.secret("x").as_deref(), Some("dHdv"));

    scene.delete("a").await;
    scene.until_gone("a").await;
    assert_eq!(scene.secret("x"), None);
    time::sleep(Duration::from_secs(1)).await;
    assert!(scene.followed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_object_waits_until_its_secret_is_gone() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    scene.apply("a", "x", "k", 0);
    scene.until_says("a", "Synced").await;
    scene.delete("a").await;
    scene.cluster.refuse(&Method::DELETE, 500);
    time::sleep(Duration::from_mins(1)).await;
    // The first try may have been before it was refused.
    let (object, secret) = (scene.object("a"), scene.secret("x"));
    assert_eq!(object.is_some(), secret.is_some());
    scene.cluster.refuse(&Method::DELETE, 0);
    scene.until_gone("a").await;
    assert_eq!(scene.secret("x"), None);
}

#[tokio::test(start_paused = true)]
async fn at_rest_nothing_is_written() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    for name in ["a", "b", "c"] {
        scene.apply(name, name, "k", 0);
    }
    scene
        .until("synced", |scene| {
            ["a", "b", "c"]
                .iter()
                .all(|name| scene.reason(name).as_deref() == Some("Synced"))
        })
        .await;
    time::sleep(Duration::from_secs(5)).await;
    let before = scene.cluster.writes();
    time::sleep(Duration::from_hours(1)).await;
    assert_eq!(scene.cluster.writes(), before);
    // Nor because somebody has all of them looked at.
    for name in ["a", "b", "c"] {
        let name = ObjectName::new("team", name);
        let triggers = &scene.context.triggers;
        triggers.touch(&Dependant::ExternalSecret(name));
    }
    time::sleep(Duration::from_mins(1)).await;
    assert_eq!(scene.cluster.writes(), before);
    // A finalizer, a Secret, a status and an event for each.
    assert_eq!(before.len(), 12, "{before:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_went_while_nobody_listened_is_written_again() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    scene.apply("a", "x", "k", 0);
    scene.until_says("a", "Synced").await;
    time::sleep(Duration::from_secs(5)).await;
    scene.cluster.take(&secret_path("x"));
    scene.cluster.expire();
    scene.until_written("x").await;
}

#[tokio::test(start_paused = true)]
async fn only_metadata_of_labelled_secrets_is_watched() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    scene.apply("a", "x", "k", 0);
    scene.until_written("x").await;
    let asked = scene.cluster.asked();
    let of_secrets = asked.iter().filter(|one| one.target.contains("/secrets"));
    let read: Vec<_> = of_secrets.filter(|one| one.method == Method::GET).collect();
    assert!(!read.is_empty());
    for one in read {
        assert!(one.metadata, "{one:?}");
        let labelled = "labelSelector=ack.secrets-manager.alibabacloud.com%2Fmanaged";
        assert!(one.target.contains(labelled), "{one:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_name_moves_the_secret() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    scene.apply("a", "x", "k", 0);
    scene.until_written("x").await;
    scene.apply("a", "y", "k", 0);
    scene.until_written("y").await;
    scene.until_no_secret("x").await;
}

#[tokio::test(start_paused = true)]
async fn of_two_that_want_a_secret_the_older_one_has_it() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    scene.remote.say("l", "two");
    scene.apply("young", "x", "l", 9);
    scene.apply("old", "x", "k", 1);
    scene.until_says("young", "Invalid").await;
    scene.until_holds("x", "b25l").await;
    scene.delete("old").await;
    scene.until_holds("x", "dHdv").await;
}

#[tokio::test(start_paused = true)]
async fn who_was_refused_leaves_no_secret_of_a_former_name_behind() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    scene.apply("old", "y", "k", 1);
    scene.apply("young", "x", "k", 9);
    scene.until_written("x").await;
    scene.apply("young", "y", "k", 9);
    scene.until_says("young", "Invalid").await;
    scene.delete("young").await;
    scene.until_gone("young").await;
    assert_eq!(scene.secret("x"), None);
    assert!(scene.secret("y").is_some());
}

#[tokio::test(start_paused = true)]
async fn who_moves_away_leaves_its_secret_to_who_waits_for_it() {
    for delete in [true, false] {
        let scene = Scene::start_with(external_secret, |policy| policy.delete = delete);
        scene.remote.say("k", "one");
        scene.remote.say("l", "two");
        scene.apply("old", "x", "k", 1);
        scene.until_written("x").await;
        scene.apply("young", "x", "l", 9);
        scene.until_says("young", "Invalid").await;
        scene.apply("old", "y", "k", 1);
        scene.until_holds("x", "dHdv").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_kept_stays_when_its_object_goes() {
    let scene = Scene::start_with(external_secret, |policy| policy.delete = false);
    scene.remote.say("k", "one");
    scene.apply("a", "x", "k", 0);
    scene.until_says("a", "Synced").await;
    scene.delete("a").await;
    scene.until_gone("a").await;
    time::sleep(Duration::from_mins(1)).await;
    assert!(scene.secret("x").is_some());
}

#[tokio::test(start_paused = true)]
async fn others_may_hold_an_object_longer_than_its_secret() {
    let scene = Scene::start();
    scene.remote.say("k", "one");
    scene.remote.say("l", "two");
    scene.apply("old", "x", "k", 1);
    scene.hold("old", "example.com/other");
    scene.until_says("old", "Synced").await;
    let both = json!(["example.com/other", FINALIZER]);
    assert_eq!(scene.object("old").unwrap()["metadata"]["finalizers"], both);
    // Whoever puts one on at the same time is not overwritten unseen.
    let asked = scene.cluster.asked();
    let mut held = asked
        .iter()
        .filter(|one| !one.body["metadata"]["finalizers"].is_null());
    assert!(held.all(|one| one.body["metadata"]["resourceVersion"].is_string()));

    scene.apply("young", "x", "l", 9);
    scene.until_says("young", "Invalid").await;
    scene.delete("old").await;
    scene.until_holds("x", "dHdv").await;
    let other = json!(["example.com/other"]);
    assert_eq!(
        scene.object("old").unwrap()["metadata"]["finalizers"],
        other
    );
}

//! Stores in namespaces that are none of the operator's business.

use std::collections::BTreeSet;

use kube::runtime::{reflector, watcher::Event};
use serde_json::json;

use super::scene::Scene;
use crate::{
    api::SecretStore,
    controller::{external_secret, store_gone},
    plan::Store,
    remotes::Readers as _,
    settings::Namespaces,
};

#[tokio::test(start_paused = true)]
async fn one_that_nobody_opens_is_not_waited_for() {
    let scene = Scene::start_with(external_secret, |policy| {
        let excluded = BTreeSet::from(["elsewhere".parse().unwrap()]);
        policy.namespaces = Namespaces::new(BTreeSet::new(), excluded).unwrap();
    });
    let (store, mut writer) = reflector::store::<SecretStore>();
    let object: SecretStore = serde_json::from_value(json!({
        "metadata": {"namespace": "elsewhere", "name": "s"},
    }))
    .unwrap();
    for event in [Event::Init, Event::InitApply(object), Event::InitDone] {
        writer.apply_watcher_event(&event);
    }
    store_gone(&scene.context, &store, None);
    let name = Store::Namespaced {
        namespace: "elsewhere".to_owned(),
        name: "s".to_owned(),
    };
    let error = scene.context.stores.reader(&name).await.err().unwrap();
    assert!(error.ends_with("does not exist"), "{error}");
}

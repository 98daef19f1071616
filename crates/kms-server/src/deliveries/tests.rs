//! A server's rounds, to places that take, refuse and are not there.

use std::{fs, sync::Arc, time::Duration};

use kms_client::delivery::LogGroup;
use kms_service::Service;
use kms_telemetry::{Lifecycle, Shutdown};
use kms_testkit::{FakeStorage, LeakCheck, Stored};
use kms_types::Env;
use kms_wire::{Action, Params, Request};
use prost::Message as _;
use serde_json::{Value, json};

use super::{Deliveries, DeliveryCounts};
use crate::{
    config,
    dev::stand::{Kms, Stand, caller},
    settings::Settings,
};

mod places;

const ID: &str = "LTAI5tDelivery";
const SECRET: &str = "canary-delivery-secret";

/// A service with findings to deliver, and where they go.
struct Scene {
    stand: Stand,
    kms: Kms,
    storage: FakeStorage,
    dir: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Self {
        let stand = Stand::new();
        let kms = stand.open().await;
        Self {
            stand,
            kms,
            storage: FakeStorage::start(ID, SECRET).unwrap(),
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn service(&self) -> &Service {
        &self.kms.backend.service
    }

    async fn call(&self, action: Action, said: &[(&str, &str)]) -> Value {
        let caller = caller(&self.kms).await;
        let mut params = Params::default();
        for (name, value) in said {
            params.push(*name, *value);
        }
        let request = Request::parse(action, &params).unwrap();
        serde_json::to_value(self.service().call(&caller, request).await.unwrap()).unwrap()
    }
}

const ACCOUNT: &str = "1000000000000001";

impl Scene {
    /// What a configuration comes to in which `STORAGE` is the place and `KEY` the AccessKey's file.
    fn settings(&self, text: &str) -> Settings {
        let key = self.dir.path().join("key.json");
        let written = json!({"AccessKeyId": ID, "AccessKeySecret": SECRET});
        crate::files::write_private(&key, written.to_string().as_bytes()).unwrap();
        let text = text
            .replace("STORAGE", &self.storage.url())
            .replace("KEY", key.to_str().unwrap())
            .replace("FOLDER", self.dir.path().to_str().unwrap());
        let parsed = config::parse("k.toml".as_ref(), &text, &Env::default());
        parsed.unwrap().settings
    }

    fn open(&self, text: &str) -> Arc<Deliveries> {
        let clock: Arc<dyn kms_types::Clock> = Arc::new(self.stand.clock.clone());
        let opened = Deliveries::open(&self.settings(text), &Env::default(), &clock);
        Arc::new(opened.unwrap())
    }

    fn counts(&self) -> DeliveryCounts {
        DeliveryCounts::new(Arc::new(self.stand.clock.clone()))
    }

    /// A channel; its id.
    async fn channel(&self, kind: &str, target: &str, more: &[(&str, &str)]) -> String {
        let mut said = vec![
            ("DeliveryChannelType", kind),
            ("DeliveryChannelTargetArn", target),
        ];
        said.extend(more);
        let made = self.call(Action::CreateConfigDeliveryChannel, &said).await;
        made["DeliveryChannelId"].as_str().unwrap().to_owned()
    }

    async fn show(&self, channel: &str) -> Value {
        let said = [("DeliveryChannelId", channel)];
        let shown = self.call(Action::GetConfigDeliveryChannel, &said).await;
        shown["DeliveryChannel"].clone()
    }

    /// Each user's keys are found to be old, one user after the other.
    async fn findings(&self, users: usize) {
        let rule = [
            ("ConfigRuleName", "rule"),
            ("SourceOwner", "ALIYUN"),
            (
                "SourceIdentifier",
                "ram-user-access-key-rotated-in-specific-time",
            ),
            ("InputParameters", r#"{"days":1}"#),
            ("RiskLevel", "2"),
        ];
        self.call(Action::CreateConfigRule, &rule).await;
        self.stand.clock.advance(Duration::from_hours(49));
        self.service().evaluate_rules("one").await.unwrap();
        for user in 1..users {
            let name = format!("user-{user}");
            let said = [("UserName", name.as_str())];
            self.call(Action::CreateUser, &said).await;
            self.call(Action::CreateAccessKey, &said).await;
            self.stand.clock.advance(Duration::from_hours(49));
            self.service().evaluate_rules("one").await.unwrap();
        }
    }

    async fn round(&self, deliveries: &Arc<Deliveries>, counts: &DeliveryCounts) {
        let (_handle, lifecycle) = Lifecycle::new();
        let shutdown: Shutdown = lifecycle.shutdown;
        let round = deliveries.round(self.service(), "one", counts, &shutdown);
        round.await.unwrap();
    }
}

fn time(stored: &Stored) -> u64 {
    let body: Value = match LogGroup::decode(&*stored.body) {
        Ok(group) => {
            let mut contents = group.logs[0].contents.iter();
            let time = contents.find(|one| one.key == "notificationCreationTime");
            json!({"notificationCreationTime": time.unwrap().value})
        }
        Err(_not_logs) => serde_json::from_slice(&stored.body).unwrap(),
    };
    let time = body["notificationCreationTime"].as_str().unwrap();
    time.parse().unwrap()
}

fn text(counts: &DeliveryCounts) -> String {
    let mut registry = prometheus_client::registry::Registry::default();
    counts.register(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    text
}

#[tokio::test]
async fn what_fails_is_tried_again_after_a_restart_and_nothing_overtakes_it() {
    let mut scene = Scene::new().await;
    let target = format!("acs:oss:cn-hangzhou:{ACCOUNT}:audit");
    let text_of_config = format!(
        "[[delivery]]\ntarget = \"{target}\"\nservice = \"oss\"\nendpoint = \"STORAGE\"\n\
         path_style = true\naccess_key_file = \"KEY\"\n"
    );
    let id = scene.channel("OSS", &target, &[]).await;
    // Another one, of nobody's making: it does not wait.
    let other = scene
        .channel(
            "SLS",
            &format!("acs:log:cn-hangzhou:{ACCOUNT}:project/p/logstore/l"),
            &[],
        )
        .await;
    scene.findings(4).await;
    let deliveries = scene.open(&text_of_config);
    let counts = scene.counts();
    scene.storage.refuse_next(503, "ServiceUnavailable");
    scene.round(&deliveries, &counts).await;
    assert_eq!(
        scene.storage.all().len(),
        1,
        "none after the one that failed"
    );
    let shown = scene.show(&id).await;
    assert_eq!(shown["LastDeliveryStatus"], "Failure");
    assert_eq!(shown["LastDeliveryError"], "ServiceUnavailable (HTTP 503)");
    let waiting = shown["WaitingDeliveries"].as_u64().unwrap();
    assert!(waiting >= 4, "{waiting}");
    assert_eq!(scene.show(&other).await["WaitingDeliveries"], 0);
    scene.round(&deliveries, &counts).await;
    assert_eq!(scene.storage.all().len(), 1, "it is not time yet");
    counts.set(scene.service().count_channels().await.unwrap());
    let metrics = text(&counts);
    for line in [
        r#"deliveries_total{place="oss",result="failed"} 1"#,
        &format!(r#"deliveries_waiting{{type="OSS"}} {waiting}"#),
        r#"delivery_channels_failing{type="OSS"} 1"#,
        r#"delivery_channels_failing{type="SLS"} 0"#,
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }

    scene.kms.backend.close().await;
    scene.kms = scene.stand.open().await;
    scene.stand.clock.advance(Duration::from_mins(3));
    let deliveries = scene.open(&text_of_config);
    scene.round(&deliveries, &counts).await;
    let taken = scene.storage.taken();
    assert_eq!(u64::try_from(taken.len()).unwrap(), waiting);
    assert_eq!(taken[0].path, scene.storage.all()[0].path, "the same name");
    assert!(taken.iter().map(time).collect::<Vec<_>>().is_sorted());
    let mut paths: Vec<_> = taken.iter().map(|one| one.path.clone()).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), taken.len(), "each has a name of its own");
    let start = format!("/audit/AliyunLogs/Config/{ACCOUNT}/2026/11/27/NonCompliantNotification/");
    assert!(taken[0].path.starts_with(&start), "{}", taken[0].path);
    let shown = scene.show(&id).await;
    assert_eq!(shown["LastDeliveryStatus"], "Success");
    assert_eq!(shown["WaitingDeliveries"], 0);
    scene.round(&deliveries, &counts).await;
    assert_eq!(scene.storage.taken().len(), taken.len(), "once");
    scene.kms.backend.close().await;
}

#[tokio::test]
async fn what_goes_wrong_tells_no_secret_and_nothing_of_the_server() {
    let scene = Scene::new().await;
    let target = format!("acs:log:cn-hangzhou:{ACCOUNT}:project/p/logstore/l");
    let id = scene.channel("SLS", &target, &[]).await;
    scene.findings(1).await;
    let deliveries = scene.open(&format!(
        "[[delivery]]\ntarget = \"{target}\"\nservice = \"sls\"\nendpoint = \"STORAGE\"\n\
         path_style = true\naccess_key_file = \"KEY\"\n"
    ));
    scene.storage.refuse_next(403, "Unauthorized");
    scene.round(&deliveries, &scene.counts()).await;
    let shown = scene.show(&id).await;
    assert_eq!(shown["LastDeliveryError"], "Unauthorized (HTTP 403)");
    let canaries = LeakCheck::default().with("secret", SECRET.as_bytes());
    canaries.assert_clean("the channel", shown.to_string().as_bytes());
    scene.kms.backend.close().await;
}

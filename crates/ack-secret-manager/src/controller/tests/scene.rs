use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use kms_testkit::MockClock;
use kms_types::{Env, Secret};
use kube::{
    Api,
    core::PartialObjectMeta,
    runtime::{
        events::{Recorder, Reporter},
        reflector,
    },
};
use serde_json::{Value as Json, json};
use tokio::{sync::mpsc::unbounded_channel, task::JoinSet, time};

use super::super::{
    Context, ControllerPolicy, Drift, Failures, Moments, Part, Reconcile, Told, drive,
    external_secret, external_secret_gone, watch_secrets,
};
use crate::{
    api::ExternalSecret,
    backend::{Around, IssueToken, Policy, ReadError, Reader, Transports},
    fake_cluster::FakeCluster,
    metrics::Metrics,
    plan::{ComposePolicy, EntryPolicy, Remote, Store, Value},
    remotes::{Looks, Pace, Readers, Remotes},
    settings::{Namespaces, Settings},
    stores::Stores,
    triggers::{Queue, Queues, Triggers},
    watched::Watched,
};

/// The controller of ExternalSecrets at work.
pub(super) struct Scene {
    pub(super) cluster: FakeCluster,
    pub(super) remote: RemoteSecrets,
    pub(super) context: Arc<Context>,
    running: JoinSet<()>,
}

/// What remote secrets hold; what is not named cannot be read.
#[derive(Clone, Default)]
pub(super) struct RemoteSecrets(Arc<Mutex<BTreeMap<String, String>>>);

struct NoTokens;

/// Longer than any pause between two tries.
const PATIENCE: Duration = Duration::from_mins(20);

// === impl RemoteSecrets ===

impl RemoteSecrets {
    pub(super) fn say(&self, name: &str, value: &str) {
        let mut all = self.0.lock().unwrap();
        all.insert(name.to_owned(), value.to_owned());
    }

    pub(super) fn refuse(&self, name: &str) {
        self.0.lock().unwrap().remove(name);
    }
}

#[async_trait]
impl Reader for RemoteSecrets {
    async fn read(&self, remote: &Remote) -> Result<Value, ReadError> {
        let text = self.0.lock().unwrap().get(&remote.name).cloned();
        text.map(|text| Secret::new(text.into_bytes()))
            .ok_or_else(|| ReadError::Refused {
                code: "Forbidden".to_owned(),
                reason: "no right".to_owned(),
            })
    }
}

#[async_trait]
impl Readers for RemoteSecrets {
    async fn reader(&self, _store: &Store) -> Result<Arc<dyn Reader>, String> {
        Ok(Arc::new(self.clone()))
    }
}

#[async_trait]
impl IssueToken for NoTokens {
    async fn token(&self, _: &str, _: &str, _: &[String]) -> Result<Secret<String>, String> {
        Err("there are none".to_owned())
    }
}

// === impl Scene ===

impl Scene {
    /// With the defaults.
    pub(super) fn start() -> Self {
        Self::start_with(external_secret, |_| {})
    }

    /// With another way to look at an object, and other ways to do things.
    pub(super) fn start_with(
        reconcile: Reconcile<ExternalSecret>,
        change: impl FnOnce(&mut ControllerPolicy),
    ) -> Self {
        let mut policy = ControllerPolicy {
            interval: Duration::from_mins(1),
            entries: EntryPolicy::default(),
            compose: ComposePolicy::default(),
            adopt: true,
            delete: true,
            shard: settings().scope.shard,
            namespaces: Namespaces::default(),
        };
        change(&mut policy);
        let (cluster, remote) = (FakeCluster::new(), RemoteSecrets::default());
        let client = cluster.client();
        let (sender, queue) = unbounded_channel();
        let triggers = Triggers::new(Queues {
            external_secrets: vec![Queue {
                namespace: None,
                sender,
            }],
            ..Queues::default()
        });
        let (store, writer) = reflector::store();
        let metrics = Arc::new(Metrics::new());
        let clock = Arc::new(MockClock::at("2026-01-01T00:00:00Z".parse().unwrap()));
        let looks = Looks {
            polling: true,
            spread: "0%".parse().unwrap(),
            kms: Arc::new(Pace::per_second(1000)),
            oos: Arc::new(Pace::per_second(1000)),
            metrics: Arc::clone(&metrics),
        };
        let foreign = Policy {
            cross_namespace_auth: false,
        };
        // One part that never tells of its stores.
        let stores = Stores::new(&client, &triggers, Arc::new(around()), foreign, 1);
        let reporter = Reporter {
            controller: "test".to_owned(),
            instance: None,
        };
        let context = Arc::new(Context {
            client: client.clone(),
            triggers: triggers.clone(),
            remotes: Remotes::new(looks, Arc::new(remote.clone()), triggers.clone()),
            stores: Arc::new(stores),
            config_maps: Watched::new(client.clone(), triggers.clone()),
            secrets: Watched::new(client.clone(), triggers),
            drift: Drift::default(),
            told: Told::default(),
            moments: Moments::default(),
            external_secrets: vec![store],
            namespaces: None,
            recorder: Recorder::new(client.clone(), reporter),
            clock,
            policy,
            failures: Failures::new(Duration::from_secs(5)),
            metrics,
        });
        let part = Part {
            namespace: None,
            api: Api::all(client.clone()),
            writer,
            queue,
            excluded: Arc::new(|_| false),
        };
        let mut running = JoinSet::new();
        running.spawn(drive(
            part,
            Arc::clone(&context),
            reconcile,
            external_secret_gone,
        ));
        let shared = Arc::clone(&context);
        let secrets: Api<PartialObjectMeta<_>> = Api::all(client);
        running.spawn(async move { watch_secrets(secrets, None, &shared).await });
        Self {
            cluster,
            remote,
            context,
            running,
        }
    }

    /// An ExternalSecret that has a remote secret's value under the key `value`; the smaller its age,
    /// the older it is.
    pub(super) fn apply(&self, name: &str, target: &str, key: &str, age: u8) {
        let path = path_of(name);
        let old = self.cluster.get(&path);
        let generation = old.as_ref().map_or(0, |old| {
            old["metadata"]["generation"].as_i64().unwrap_or_default()
        });
        let mut object = old.unwrap_or_else(|| {
            json!({
                "apiVersion": "alibabacloud.com/v1alpha1", "kind": "ExternalSecret",
                "metadata": {"creationTimestamp": format!("2026-01-01T00:00:{age:02}Z")},
            })
        });
        object["metadata"]["generation"] = json!(generation + 1);
        object["spec"] = json!({
            "data": [{"key": key, "name": "value"}], "target": {"name": target},
        });
        self.cluster.put(&path, object);
    }

    /// Has an ExternalSecret wait for somebody else.
    pub(super) fn hold(&self, name: &str, finalizer: &str) {
        let mut object = self.object(name).unwrap();
        let finalizers = object["metadata"]["finalizers"].as_array().cloned();
        let finalizers = finalizers.into_iter().flatten().chain([json!(finalizer)]);
        object["metadata"]["finalizers"] = Json::Array(finalizers.collect());
        self.cluster.put(&path_of(name), object);
    }

    /// Deletes an ExternalSecret as kubectl does.
    pub(super) async fn delete(&self, name: &str) {
        let api: Api<ExternalSecret> = Api::namespaced(self.cluster.client(), "team");
        api.delete(name, &kube::api::DeleteParams::default())
            .await
            .unwrap();
    }

    pub(super) fn object(&self, name: &str) -> Option<Json> {
        self.cluster.get(&path_of(name))
    }

    /// What a Secret has under the key `value`, as it is sent.
    pub(super) fn secret(&self, name: &str) -> Option<String> {
        let secret = self.cluster.get(&secret_path(name))?;
        secret["data"]["value"].as_str().map(str::to_owned)
    }

    /// The reason in the condition.
    pub(super) fn reason(&self, name: &str) -> Option<String> {
        let object = self.object(name)?;
        let reason = object["status"]["conditions"][0]["reason"].as_str();
        reason.map(str::to_owned)
    }

    /// Waits for something to be so.
    pub(super) async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let end = time::Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(
                time::Instant::now() < end,
                "{what} is not so: {:#?}",
                self.cluster.writes()
            );
            time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits for a Secret to be there.
    pub(super) async fn until_written(&self, secret: &str) {
        let is_there = |scene: &Self| scene.secret(secret).is_some();
        self.until(&format!("Secret {secret} is there"), is_there)
            .await;
    }

    /// Waits for a Secret not to be there.
    pub(super) async fn until_no_secret(&self, secret: &str) {
        let is_gone = |scene: &Self| scene.secret(secret).is_none();
        self.until(&format!("Secret {secret} is gone"), is_gone)
            .await;
    }

    /// Waits for a Secret to have this under the key `value`, as it is sent.
    pub(super) async fn until_holds(&self, secret: &str, value: &str) {
        let holds = |scene: &Self| scene.secret(secret).as_deref() == Some(value);
        self.until(&format!("Secret {secret} holds {value}"), holds)
            .await;
    }

    /// Waits for an ExternalSecret to have this reason in its condition.
    pub(super) async fn until_says(&self, name: &str, reason: &str) {
        let says = |scene: &Self| scene.reason(name).as_deref() == Some(reason);
        self.until(&format!("{name} says {reason}"), says).await;
    }

    /// Waits for an ExternalSecret not to be there.
    pub(super) async fn until_gone(&self, name: &str) {
        let is_gone = |scene: &Self| scene.object(name).is_none();
        self.until(&format!("{name} is gone"), is_gone).await;
    }

    /// Ends all controllers; what follows remote secrets goes on.
    pub(super) fn stop(&mut self) {
        self.running.abort_all();
    }

    /// Whether all controllers still run.
    pub(super) fn runs(&mut self) -> bool {
        self.running.try_join_next().is_none()
    }

    /// Names of all ExternalSecrets and Secrets that something is waited for.
    pub(super) fn followed(&self) -> BTreeSet<String> {
        let all = self.context.remotes.dependants();
        all.into_iter().map(|name| name.name).collect()
    }
}

fn path_of(name: &str) -> String {
    format!("/apis/alibabacloud.com/v1alpha1/namespaces/team/externalsecrets/{name}")
}

pub(super) fn secret_path(name: &str) -> String {
    format!("/api/v1/namespaces/team/secrets/{name}")
}

fn settings() -> Settings {
    Settings::parse(["--region=cn-hangzhou".to_owned()], &Env::default()).unwrap()
}

fn around() -> Around {
    let settings = settings();
    Around {
        ways: Arc::new(Transports::new(
            settings.env.clone(),
            settings.remote.region.clone(),
            None,
        )),
        remote: settings.remote,
        own: settings.own,
        env: settings.env,
        clock: Arc::new(MockClock::at("2026-01-01T00:00:00Z".parse().unwrap())),
        tokens: Arc::new(NoTokens),
    }
}

//! What the leader does: all controllers, until they are dropped.

use std::{sync::Arc, time::Duration};

use k8s_openapi::api::core::v1::{Namespace, Secret};
use kms_types::Clock;
use kube::{
    Api, Client,
    core::PartialObjectMeta,
    runtime::{
        events::{Recorder, Reporter},
        reflector::{self, ObjectRef, store::Writer},
    },
};
use tokio::{sync::mpsc::UnboundedSender, task::JoinSet, time};

use super::{parts, tokens::ClusterTokens};
use crate::{
    api::{ClusterExternalSecret, ClusterSecretStore, ExternalSecret, SecretStore},
    apply::FIELD_MANAGER,
    backend::{Around, Policy, Transports},
    controller::{
        self, Context, ControllerPolicy, Drift, Failures, Gone, Kind, Moments, Part, Reconcile,
        Told,
    },
    metrics::Metrics,
    plan::{ComposePolicy, EntryPolicy},
    remotes::{Looks, Pace, Remotes},
    settings::{DeletionPolicy, Interval, Namespaces, Settings},
    stores::Stores,
    triggers::{Queues, Triggers},
    watched::Watched,
};

/// Where polling is off, an object that is looked at for another reason still has its remote secrets
/// read anew when they are older than this.
const WITHOUT_POLLING: Duration = Duration::from_mins(2);

/// Before all begin anew.
const ANEW: Duration = Duration::from_secs(5);

/// Whose namespace is none of one's business.
type Excluded = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// The controllers of one process. All end with this.
struct Controllers {
    running: JoinSet<()>,
    context: Arc<Context>,
}

/// Runs all controllers; returns when one broke off.
pub(super) async fn work(
    settings: &Settings,
    client: &Client,
    identity: &str,
    clock: &Arc<dyn Clock>,
    metrics: &Arc<Metrics>,
) {
    let scope = &settings.scope;
    let (limits, again, shard) = (
        scope.namespaces.clone(),
        scope.namespaces.clone(),
        scope.shard,
    );
    let outside: Excluded = Arc::new(move |name| !limits.cover(name));
    let elsewhere: Excluded = Arc::new(move |name| !again.cover(name) || !shard.holds(name));
    let secrets = parts::namespaced::<ExternalSecret>(client, &scope.namespaces, &elsewhere);
    let stores = parts::namespaced::<SecretStore>(client, &scope.namespaces, &outside);
    let cluster_stores = scope
        .cluster_secret_stores
        .then(|| parts::cluster::<ClusterSecretStore>(client));
    let spread = (scope.cluster_external_secrets && shard.is_first())
        .then(|| parts::cluster::<ClusterExternalSecret>(client));

    let triggers = Triggers::new(Queues {
        external_secrets: secrets.queues,
        secret_stores: stores.queues,
        cluster_stores: cluster_stores.as_ref().map(|(_, sender, _)| sender.clone()),
    });
    let tellers = stores.watched.len() + usize::from(cluster_stores.is_some());
    let cluster_wide = cluster_stores.is_some() || spread.is_some();
    let (namespaces, namespace_writer) = reflector::store();
    let opened = Arc::new(Stores::new(
        client,
        &triggers,
        Arc::new(around(settings, client, clock)),
        Policy {
            cross_namespace_auth: scope.foreign_auth,
        },
        tellers,
    ));
    let reporter = Reporter {
        controller: FIELD_MANAGER.to_owned(),
        instance: Some(identity.to_owned()),
    };
    let mut controllers = Controllers {
        running: JoinSet::new(),
        context: Arc::new(Context {
            client: client.clone(),
            triggers: triggers.clone(),
            remotes: Remotes::new(
                looks(settings, metrics),
                Arc::<Stores>::clone(&opened),
                triggers.clone(),
            ),
            stores: opened,
            config_maps: Watched::new(client.clone(), triggers.clone()),
            secrets: Watched::new(client.clone(), triggers),
            drift: Drift::default(),
            told: Told::default(),
            moments: Moments::default(),
            external_secrets: secrets.stores,
            namespaces: cluster_wide.then_some(namespaces),
            recorder: Recorder::new(client.clone(), reporter),
            clock: Arc::clone(clock),
            policy: policy(settings),
            failures: Failures::new(settings.process.retry_after),
            metrics: Arc::clone(metrics),
        }),
    };
    for part in stores.watched {
        controllers.drive(part, controller::secret_store, controller::store_gone);
    }
    if let Some((part, _, _)) = cluster_stores {
        controllers.drive(part, controller::cluster_store, controller::store_gone);
    }
    for part in secrets.watched {
        controllers.drive(
            part,
            controller::external_secret,
            controller::external_secret_gone,
        );
    }
    controllers.watch_secrets(client, &scope.namespaces);
    if cluster_wide {
        let all = spread
            .as_ref()
            .map(|(_, sender, store)| (sender.clone(), store.clone()));
        controllers.watch_namespaces(client, namespace_writer, all);
    }
    if let Some((part, _, _)) = spread {
        controllers.drive(
            part,
            controller::cluster_external_secret,
            controller::cluster_external_secret_gone,
        );
    }
    controllers.wait().await;
}

// === impl Controllers ===

impl Controllers {
    fn drive<K: Kind>(&mut self, part: Part<K>, reconcile: Reconcile<K>, gone: Gone<K>) {
        let context = Arc::clone(&self.context);
        self.running
            .spawn(controller::drive(part, context, reconcile, gone));
    }

    fn watch_secrets(&mut self, client: &Client, namespaces: &Namespaces) {
        for namespace in parts::watched(namespaces) {
            let api: Api<PartialObjectMeta<Secret>> = match &namespace {
                Some(namespace) => Api::namespaced(client.clone(), namespace),
                None => Api::all(client.clone()),
            };
            let context = Arc::clone(&self.context);
            self.running.spawn(async move {
                controller::watch_secrets(api, namespace.as_deref(), &context).await;
            });
        }
    }

    /// `spread` has all ClusterExternalSecrets, which are looked at when a namespace changes.
    fn watch_namespaces(
        &mut self,
        client: &Client,
        writer: Writer<PartialObjectMeta<Namespace>>,
        spread: Option<(
            UnboundedSender<ObjectRef<ClusterExternalSecret>>,
            reflector::Store<ClusterExternalSecret>,
        )>,
    ) {
        let api: Api<PartialObjectMeta<Namespace>> = Api::all(client.clone());
        let context = Arc::clone(&self.context);
        self.running.spawn(async move {
            let changed = move || {
                let Some((sender, store)) = &spread else {
                    return;
                };
                for one in store.state() {
                    // Fails when the controllers have ended.
                    drop(sender.send(ObjectRef::from_obj(&*one)));
                }
            };
            controller::watch_namespaces(api, writer, &context, &changed).await;
        });
    }

    /// None ends by itself; one that broke off takes the others with it.
    async fn wait(mut self) {
        while let Some(ended) = self.running.join_next().await {
            if ended.is_err() {
                tracing::error!("a controller broke off: all begin anew");
                // What broke it may well be there again.
                time::sleep(ANEW).await;
                return;
            }
        }
    }
}

fn looks(settings: &Settings, metrics: &Arc<Metrics>) -> Looks {
    let remote = &settings.remote;
    Looks {
        polling: remote.polling.is_some(),
        spread: remote.spread,
        kms: Arc::new(Pace::per_second(remote.kms_per_second.get())),
        oos: Arc::new(Pace::per_second(remote.oos_per_second.get())),
        metrics: Arc::clone(metrics),
    }
}

fn policy(settings: &Settings) -> ControllerPolicy {
    let secrets = &settings.secrets;
    ControllerPolicy {
        interval: settings
            .remote
            .polling
            .map_or(WITHOUT_POLLING, Interval::get),
        entries: EntryPolicy {
            cross_namespace_stores: settings.scope.foreign_stores,
        },
        compose: ComposePolicy {
            compat: secrets.compat,
            whole_document_if_nothing_matches: secrets.whole_document,
            replace_in_values: secrets.replace_in_values,
            remove_if_all_fail: secrets.cleanup_on_failure,
        },
        adopt: secrets.adopt,
        delete: secrets.deletion == DeletionPolicy::Delete,
        shard: settings.scope.shard,
        namespaces: settings.scope.namespaces.clone(),
    }
}

fn around(settings: &Settings, client: &Client, clock: &Arc<dyn Clock>) -> Around {
    let remote = &settings.remote;
    Around {
        remote: remote.clone(),
        own: settings.own.clone(),
        env: settings.env.clone(),
        clock: Arc::clone(clock),
        tokens: Arc::new(ClusterTokens(client.clone())),
        ways: Arc::new(Transports::new(
            settings.env.clone(),
            remote.region.clone(),
            remote.kms_ca_file.clone(),
        )),
    }
}

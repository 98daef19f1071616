//! Controllers of the four kinds: each looks at one object at a time and makes the cluster what it
//! says.
//!
//! ```text
//! ExternalSecret ──names──▶ remote secrets (remotes, stores) ──▶ plan ──▶ apply ──▶ Secret
//!      ▲                          │ changed                                          │ edited, deleted
//!      └──────────────────────────┴──────────────────── triggers ◀───────────────────┘
//! ```

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Secret};
use kms_types::Clock;
use kube::{
    Client,
    core::PartialObjectMeta,
    runtime::{controller::Action, events::Recorder, reflector},
};
use thiserror::Error;

use crate::{
    api::ExternalSecret,
    apply::ApplyError,
    chance::between,
    metrics::Metrics,
    plan::{ComposePolicy, EntryPolicy},
    remotes::Remotes,
    settings::{Namespaces, Shard},
    stores::{SecretData, Stores},
    triggers::Triggers,
    watched::Watched,
};

mod cluster_external_secret;
mod drift;
mod drive;
mod external_secret;
mod holding;
mod merging;
mod namespaces;
mod secret_store;
mod texts;

pub(crate) use cluster_external_secret::{
    gone as cluster_external_secret_gone, reconcile as cluster_external_secret,
};
pub(crate) use drift::{Drift, watch as watch_secrets};
pub(crate) use drive::{Gone, Kind, Part, Reconcile, drive};
pub(crate) use external_secret::{
    Moments, Told, gone as external_secret_gone, reconcile as external_secret,
};
pub(crate) use namespaces::watch as watch_namespaces;
pub(crate) use secret_store::{cluster_store, gone as store_gone, secret_store};
pub(crate) use texts::Texts;

/// What all controllers share.
pub(crate) struct Context {
    /// Of the API server; it writes while this replica leads.
    pub client: Client,
    /// Who is looked at again.
    pub triggers: Triggers,
    /// Remote secrets.
    pub remotes: Remotes,
    /// As whom they are read.
    pub stores: Arc<Stores>,
    /// ConfigMaps that templates are taken from.
    pub config_maps: Watched<ConfigMap, Texts>,
    /// Secrets that templates are taken from.
    pub secrets: Watched<Secret, SecretData>,
    /// What was written.
    pub drift: Drift,
    /// Which statuses were written.
    pub told: Told,
    /// Since when templates have had their inputs.
    pub moments: Moments,
    /// ExternalSecrets, by part of the cluster.
    pub external_secrets: Vec<reflector::Store<ExternalSecret>>,
    /// Namespaces and their labels, where these are watched.
    pub namespaces: Option<reflector::Store<PartialObjectMeta<Namespace>>>,
    /// Tells events.
    pub recorder: Recorder,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How things are done.
    pub policy: ControllerPolicy,
    /// How often an object failed in a row.
    pub failures: Failures,
    /// Counts.
    pub metrics: Arc<Metrics>,
}

/// How things are done.
#[derive(Clone, Debug)]
pub(crate) struct ControllerPolicy {
    /// How often remote secrets are looked at where an object does not say.
    pub interval: Duration,
    /// What entries may do.
    pub entries: EntryPolicy,
    /// What is made of answers.
    pub compose: ComposePolicy,
    /// Whether Secrets that somebody else made are taken over.
    pub adopt: bool,
    /// Whether a Secret goes when its ExternalSecret does.
    pub delete: bool,
    /// Which part of all namespaces is this replica's.
    pub shard: Shard,
    /// Which namespaces are the operator's business.
    pub namespaces: Namespaces,
}

/// Why an object is not as it should be; it is looked at again.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// Its Secret.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// Something else at the API server.
    #[error("{operation}: {reason}")]
    Api {
        /// What was tried.
        operation: &'static str,
        /// What came back.
        reason: String,
    },
    /// A defect of this program; what it was is in the log.
    #[error("the controller broke off")]
    Panicked,
}

/// How often objects failed in a row, by kind and name.
#[derive(Debug)]
pub(crate) struct Failures {
    /// After the first failure; doubled with each that follows.
    first_pause: Duration,
    counts: Mutex<HashMap<String, u32>>,
}

const LONGEST_PAUSE: Duration = Duration::from_mins(5);

// === impl Failure ===

impl Failure {
    /// Of a watch that ended.
    pub(crate) fn api_ended<E: std::fmt::Display>(operation: &'static str) -> impl Fn(E) -> Self {
        move |error| Self::Api {
            operation,
            reason: error.to_string(),
        }
    }
}

// === impl Failures ===

impl Failures {
    /// None yet.
    pub(crate) fn new(first_pause: Duration) -> Self {
        Self {
            first_pause,
            counts: Mutex::default(),
        }
    }

    /// It went well.
    pub(crate) fn over(&self, object: &str) {
        self.lock().remove(object);
    }

    /// It did not: when to look again.
    pub(crate) fn another(&self, object: &str) -> Action {
        Action::requeue(self.pause(object).mul_f64(between(0.8, 1.2)))
    }

    /// About.
    fn pause(&self, object: &str) -> Duration {
        let mut all = self.lock();
        let number = all.entry(object.to_owned()).or_insert(0);
        let pause = self
            .first_pause
            .saturating_mul(2_u32.saturating_pow((*number).min(16)));
        *number = number.saturating_add(1);
        pause.min(LONGEST_PAUSE)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, u32>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;

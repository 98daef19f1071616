//! What a run of the operator is told: flags in Go's spelling, as charts and manifests of the original
//! have them (reference k8s-sync §1.6), and the environment (§1.4).
//!
//! Everything is parsed here, once. Defaults are version 0.6.7's except where a flag's help says
//! otherwise; `--compat 0.5` takes that version's region too.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use kms_client::Endpoint;
use kms_types::{AccountId, Env, RegionId};
use tracing::level_filters::LevelFilter;

use crate::plan::Compat;

mod argument;
mod cluster;
mod endpoint;
mod error;
mod flags;
mod help;
mod interval;
mod listen;
mod namespaces;
mod own;
mod parse;
mod shard;
mod share;
mod value;

pub use cluster::ClusterId;
pub use endpoint::EndpointSuffix;
pub(crate) use endpoint::is_kms_host;
pub use error::SettingsError;
pub use help::help;
pub use interval::{Interval, ParseIntervalError, parse_go_duration};
pub use listen::Listen;
pub use namespaces::{NamespaceName, Namespaces};
pub use own::OwnIdentity;
pub use shard::Shard;
pub use share::Share;

/// What a run of the operator is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where remote secrets are, and how often one looks.
    pub remote: RemoteSettings,
    /// Which objects are the operator's business.
    pub scope: ScopeSettings,
    /// What becomes of Secrets, and what may be said of the original's ways of old.
    pub secrets: SecretSettings,
    /// The process: its addresses, its peers, its log.
    pub process: ProcessSettings,
    /// What the operator is without a SecretStore.
    pub own: OwnIdentity,
    /// The variables as they are, for trust roots and the credential chain.
    pub env: Env,
    /// What was said in vain or will not be as it was said, a sentence each, for the log.
    pub notices: Vec<String>,
}

/// Where remote secrets are, and how often one looks.
#[derive(Clone, Debug)]
pub struct RemoteSettings {
    /// `--region`. Without one, and without `--kms-endpoint`, only entries that name an endpoint can
    /// be fetched.
    pub region: Option<RegionId>,
    /// `--kms-endpoint`, for entries that name none.
    pub kms_endpoint: Option<Endpoint>,
    /// `--allowed-endpoint-suffix`: hosts that entries may name besides the cloud's.
    pub allowed_suffixes: Vec<EndpointSuffix>,
    /// `--kms-ca-file`: trusted besides the usual roots.
    pub kms_ca_file: Option<PathBuf>,
    /// `--polling-interval`; none with `--disable-polling`.
    pub polling: Option<Interval>,
    /// `--refresh-spread`.
    pub spread: Share,
    /// `--max-concurrent-kms-secret-pulls`: requests to KMS in a second.
    pub kms_per_second: NonZeroU32,
    /// `--max-concurrent-oos-secret-pulls`: requests to OOS in a second.
    pub oos_per_second: NonZeroU32,
    /// `--enable-worker-role`: the role of the ECS machine as the last source of credentials.
    pub worker_role: bool,
    /// `--uid`: the account, for the ARN of the cluster's identity provider.
    pub account: Option<AccountId>,
    /// `--cluster-id`, for the same.
    pub cluster: Option<ClusterId>,
}

/// Which objects are the operator's business.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own, and every combination is meant"
)]
pub struct ScopeSettings {
    /// `--watch-namespaces` and `--exclude-namespaces`.
    pub namespaces: Namespaces,
    /// `--process-cluster-secret-store`; never with a limit on namespaces.
    pub cluster_secret_stores: bool,
    /// `--process-cluster-external-secret`; never with a limit on namespaces.
    pub cluster_external_secrets: bool,
    /// `--enable-cross-namespace-secret-store`: an ExternalSecret may use another namespace's store.
    pub foreign_stores: bool,
    /// `--enable-cross-namespace-auth-ref`: a store may use another namespace's Secret.
    pub foreign_auth: bool,
    /// `--shards` and `--shard`.
    pub shard: Shard,
}

/// What becomes of Secrets.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own, and every combination is meant"
)]
pub struct SecretSettings {
    /// `--compat`: whose bytes are written.
    pub compat: Compat,
    /// `--cleanup-secret-on-failure`: when every entry failed, the Secret is deleted.
    pub cleanup_on_failure: bool,
    /// `--deletion-policy`: what becomes of the Secret of a deleted ExternalSecret.
    pub deletion: DeletionPolicy,
    /// `--adopt-foreign-secrets`: a Secret of somebody else's is written over.
    pub adopt: bool,
    /// `--store-whole-document-if-nothing-matches` (reference k8s-sync §2, defect 10).
    pub whole_document: bool,
    /// `--replace-rule-in-values` (defect 9).
    pub replace_in_values: bool,
}

/// What becomes of the Secret of a deleted ExternalSecret.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum DeletionPolicy {
    /// It is deleted, as by the original.
    #[default]
    Delete,
    /// It stays as it is.
    Retain,
}

/// The process: its addresses, its peers, its log.
#[derive(Clone, Debug)]
pub struct ProcessSettings {
    /// `--kubeconfig`; else `KUBECONFIG`, else the pod's own.
    pub kubeconfig: Option<PathBuf>,
    /// `--metrics-addr`; none if switched off.
    pub metrics: Option<Listen>,
    /// `--health-addr`; none if switched off.
    pub health: Option<Listen>,
    /// `--leader-elect`.
    pub leader_elect: bool,
    /// POD_NAME: who holds the lease.
    pub pod_name: Option<String>,
    /// POD_NAMESPACE: where the lease is.
    pub pod_namespace: Option<String>,
    /// `--reconcile-count`: how many objects are worked on at once.
    pub workers: NonZeroU32,
    /// `--reconcile-period`: how soon an object that failed is tried again; doubled each time.
    pub retry_after: Duration,
    /// `--log-level`.
    pub log_level: LevelFilter,
}

// === impl Settings ===

impl Settings {
    /// Reads flags, without the program's name in front, and the environment.
    ///
    /// # Errors
    /// [`SettingsError`], whose text names the flag and never holds a value.
    pub fn parse<I>(arguments: I, env: &Env) -> Result<Self, SettingsError>
    where
        I: IntoIterator<Item = String>,
    {
        parse::parse(arguments, env)
    }
}

// === impl Listen ===

impl Listen {
    /// Where to try to listen, one after the other.
    pub fn candidates(self) -> impl Iterator<Item = SocketAddr> {
        listen::candidates(self)
    }
}

#[cfg(test)]
mod tests;

use kms_client::Endpoint;
use kms_types::{AccountId, OidcProviderArn, RegionId};

use super::values::{ClusterId, Image, ObjectName, Quantity};

/// What holds for all pods of the cluster. A pod's own annotations go before, the image's only if they may.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// The agent's image; without one, no pod gets the agent.
    pub image: Option<Image>,
    /// Whether a pod may name another image.
    pub allow_image: bool,
    /// Secrets of the pod's namespace that the image is pulled with.
    pub pull_secrets: Vec<ObjectName>,
    /// Where KMS is.
    pub region: Option<RegionId>,
    /// Its host, if it is not the region's own: a KMS instance's gateway, or a kms-server.
    pub endpoint: Option<Endpoint>,
    /// A ConfigMap that each namespace has, with certificates to believe in its key `ca.crt`.
    pub ca_config_map: Option<ObjectName>,
    /// The account that roles named without one belong to.
    pub uid: Option<AccountId>,
    /// The ACK cluster, by whose id its OIDC provider is named: `ack-rrsa-<id>`.
    pub cluster_id: Option<ClusterId>,
    /// The OIDC provider, if it is named otherwise.
    pub oidc_provider: Option<OidcProviderArn>,
    /// What the agent's container asks for and is bounded by.
    pub resources: Resources,
}

/// Of the agent's container.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Resources {
    /// The share of a processor that is kept for it.
    pub cpu_request: Quantity,
    /// The most of a processor that it gets; as much as there is without.
    pub cpu_limit: Option<Quantity>,
    /// The memory that is kept for it.
    pub memory_request: Quantity,
    /// The memory at which it is killed.
    pub memory_limit: Quantity,
}

// === impl Resources ===

/// Those of deploy/ack.
impl Default for Resources {
    fn default() -> Self {
        Self {
            cpu_request: Quantity::of("50m"),
            cpu_limit: None,
            memory_request: Quantity::of("64Mi"),
            memory_limit: Quantity::of("256Mi"),
        }
    }
}

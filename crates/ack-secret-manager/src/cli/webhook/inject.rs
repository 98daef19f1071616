//! The arguments of the sidecar injector (docs/sidecar-injector.md).

use ack_secret_manager::admission::inject::{
    ClusterId, Image, ObjectName, Quantity, Resources, Settings,
};
use clap::Args;
use kms_client::Endpoint;
use kms_types::{AccountId, OidcProviderArn, RegionId};

/// What it is told.
#[derive(Args, Debug)]
#[command(next_help_heading = "Sidecar injector")]
pub(crate) struct Arguments {
    /// The agent's image; without one, pods that ask for the agent are refused
    #[arg(long, value_name = "IMAGE")]
    agent_image: Option<Image>,
    /// Lets a pod name another image by its annotation
    #[arg(long)]
    allow_image_annotation: bool,
    /// A Secret of the pod's namespace that the image is pulled with; may be given again for more
    #[arg(long, value_name = "NAME")]
    agent_pull_secret: Vec<ObjectName>,
    /// The region of KMS, unless a pod says another
    #[arg(long, value_name = "REGION")]
    agent_region: Option<RegionId>,
    #[arg(
        long,
        value_name = "HOST",
        help = "Where KMS is, a KMS instance's gateway for one [default: kms.REGION.aliyuncs.com]"
    )]
    agent_endpoint: Option<Endpoint>,
    /// A ConfigMap of the pod's namespace, whose ca.crt the agent believes besides the usual ones
    #[arg(long, value_name = "NAME")]
    agent_ca_config_map: Option<ObjectName>,
    /// The account of roles that pods say by name alone
    #[arg(long, value_name = "ACCOUNT")]
    uid: Option<AccountId>,
    /// The ACK cluster's id, for its OIDC provider ack-rrsa-ID
    #[arg(long, value_name = "ID")]
    cluster_id: Option<ClusterId>,
    /// The OIDC provider, if it is named otherwise
    #[arg(long, value_name = "ARN")]
    oidc_provider_arn: Option<OidcProviderArn>,
    #[arg(
        long,
        value_name = "AMOUNT",
        help = "Of a processor, kept for each agent [default: 50m]"
    )]
    agent_cpu_request: Option<Quantity>,
    #[arg(
        long,
        value_name = "AMOUNT",
        help = "Of a processor, for each agent at most [default: no bound]"
    )]
    agent_cpu_limit: Option<Quantity>,
    #[arg(
        long,
        value_name = "AMOUNT",
        help = "Memory that is kept for each agent [default: 64Mi]"
    )]
    agent_memory_request: Option<Quantity>,
    #[arg(
        long,
        value_name = "AMOUNT",
        help = "Memory at which an agent is killed [default: 256Mi]"
    )]
    agent_memory_limit: Option<Quantity>,
}

// === impl Arguments ===

impl From<Arguments> for Settings {
    fn from(arguments: Arguments) -> Self {
        let usual = Resources::default();
        Self {
            image: arguments.agent_image,
            allow_image: arguments.allow_image_annotation,
            pull_secrets: arguments.agent_pull_secret,
            region: arguments.agent_region,
            endpoint: arguments.agent_endpoint,
            ca_config_map: arguments.agent_ca_config_map,
            uid: arguments.uid,
            cluster_id: arguments.cluster_id,
            oidc_provider: arguments.oidc_provider_arn,
            resources: Resources {
                cpu_request: arguments.agent_cpu_request.unwrap_or(usual.cpu_request),
                cpu_limit: arguments.agent_cpu_limit,
                memory_request: arguments
                    .agent_memory_request
                    .unwrap_or(usual.memory_request),
                memory_limit: arguments.agent_memory_limit.unwrap_or(usual.memory_limit),
            },
        }
    }
}

#[cfg(test)]
mod tests;

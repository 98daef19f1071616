use std::{path::PathBuf, time::Duration};

use kms_client::{
    Endpoint,
    delivery::{Addressing, Encryption},
};
use kms_types::{AccountId, RegionId};

use super::CloudIdentity;

/// Where findings go that channels send to a target.
#[derive(Clone, Debug)]
pub struct DeliverySettings {
    /// The ARN that channels name.
    pub target: String,
    /// Whose channels may, besides those of the account in the ARN.
    pub accounts: Vec<AccountId>,
    /// What it is.
    pub service: DeliveryService,
    /// Where it is, if it is one of the cloud's and not where the cloud has it.
    pub endpoint: Option<Endpoint>,
    /// How the bucket or project is named in a call.
    pub addressing: Addressing,
    /// How large a finding may be, in bytes, unless it is what the cloud has for the kind of channel.
    pub limit: Option<usize>,
    /// Who calls.
    pub identity: CloudIdentity,
    /// STS, if it is not the cloud's.
    pub sts_endpoint: Option<Endpoint>,
    /// How long a call may take.
    pub patience: Duration,
    /// The authority that is trusted besides the system's, PEM.
    pub ca_file: Option<PathBuf>,
}

/// What findings are put into.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DeliveryService {
    /// A bucket of Object Storage Service.
    Oss {
        /// The region that it is in.
        region: RegionId,
        /// The bucket.
        bucket: String,
        /// What objects' names begin with.
        prefix: String,
        /// How objects are sealed.
        encryption: Option<Encryption>,
    },
    /// A bucket of whoever speaks S3.
    S3 {
        /// Where it is.
        endpoint: Endpoint,
        /// The region that it says it is in.
        region: String,
        /// The bucket.
        bucket: String,
        /// What objects' names begin with.
        prefix: String,
        /// How objects are sealed.
        encryption: Option<Encryption>,
    },
    /// A store of Simple Log Service.
    Sls {
        /// The region that it is in.
        region: RegionId,
        /// The project.
        project: String,
        /// The store.
        logstore: String,
    },
}

// === impl DeliveryService ===

impl DeliveryService {
    /// As the configuration says it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Oss { .. } => "oss",
            Self::S3 { .. } => "s3",
            Self::Sls { .. } => "sls",
        }
    }
}

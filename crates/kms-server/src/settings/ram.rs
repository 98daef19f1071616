use std::{path::PathBuf, time::Duration};

use kms_client::Endpoint;
use kms_types::{AccountId, RoleArn};

/// The RAM of an account that is not this server's own: where it is, and as whom it is asked.
#[derive(Clone, Debug)]
pub struct RamSettings {
    /// Whose users.
    pub account: AccountId,
    /// Who asks.
    pub identity: RamIdentity,
    /// RAM, if it is not the cloud's.
    pub endpoint: Option<Endpoint>,
    /// STS, if it is not the cloud's.
    pub sts_endpoint: Option<Endpoint>,
    /// The authority that is trusted besides the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// How long a call may take.
    pub patience: Duration,
}

/// As whom this server calls.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RamIdentity {
    /// Whom the default credential chain finds.
    Found,
    /// Whom this source names.
    Of(RamSource),
    /// A role of the account, which that one may assume.
    Role {
        /// Who asks for it.
        source: RamSource,
        /// Which.
        role: RoleArn,
        /// What its trust policy may ask for.
        external_id: Option<String>,
    },
}

/// Where an identity in the cloud comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RamSource {
    /// An AccessKey in a file of its own.
    AccessKeyFile(PathBuf),
    /// A profile of the `aliyun` CLI.
    CliProfile(String),
    /// The role of the ECS machine.
    EcsRole(String),
}

// === impl RamSettings ===

impl RamSettings {
    /// The cloud's RAM, asked as whom the default chain finds.
    pub fn new(account: AccountId) -> Self {
        Self {
            account,
            identity: RamIdentity::Found,
            endpoint: None,
            sts_endpoint: None,
            ca_file: None,
            patience: Duration::from_secs(10),
        }
    }
}

// === impl RamIdentity ===

impl RamIdentity {
    /// Where it begins, if that was said.
    pub fn source(&self) -> Option<&RamSource> {
        match self {
            Self::Found => None,
            Self::Of(source) | Self::Role { source, .. } => Some(source),
        }
    }
}

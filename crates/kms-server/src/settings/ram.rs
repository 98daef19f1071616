use std::{path::PathBuf, time::Duration};

use kms_client::Endpoint;
use kms_types::AccountId;

use super::CloudIdentity;

/// The RAM of an account that is not this server's own: where it is, and as whom it is asked.
#[derive(Clone, Debug)]
pub struct RamSettings {
    /// Whose users.
    pub account: AccountId,
    /// Who asks.
    pub identity: CloudIdentity,
    /// RAM, if it is not the cloud's.
    pub endpoint: Option<Endpoint>,
    /// STS, if it is not the cloud's.
    pub sts_endpoint: Option<Endpoint>,
    /// The authority that is trusted besides the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// How long a call may take.
    pub patience: Duration,
}

// === impl RamSettings ===

impl RamSettings {
    /// The cloud's RAM, asked as whom the default chain finds.
    pub fn new(account: AccountId) -> Self {
        Self {
            account,
            identity: CloudIdentity::Found,
            endpoint: None,
            sts_endpoint: None,
            ca_file: None,
            patience: Duration::from_secs(10),
        }
    }
}

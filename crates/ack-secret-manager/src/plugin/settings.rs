use std::{path::PathBuf, time::Duration};

use kms_client::{ClientBuilder, Connection, Endpoint, RetryPolicy, TransportError};
use kms_types::{EncryptionContext, Env, KeyRef, RegionId};

use crate::settings::Listen;

/// What the provider is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where kube-apiserver finds it.
    pub socket: PathBuf,
    /// The key; under an alias, the one that it names at each call.
    pub key: KeyRef,
    /// Where KMS is.
    pub region: RegionId,
    /// Another endpoint than the region's.
    pub endpoint: Option<Endpoint>,
    /// Certificates that are believed besides the usual ones.
    pub ca_file: Option<PathBuf>,
    /// What ciphertexts are bound to. Who changes it cannot read what was there before.
    pub context: EncryptionContext,
    /// Where probes and people ask; nowhere without.
    pub health: Option<Listen>,
    /// The pause between looks whether KMS works.
    pub probe_interval: Duration,
    /// For how long Status says `ok` after KMS last worked.
    pub unhealthy_after: Duration,
    /// The process's variables, for the credential chain and trust roots.
    pub env: Env,
}

/// kube-apiserver waits 3 seconds for an answer if its configuration says nothing else.
const RETRY: RetryPolicy = RetryPolicy {
    retries: 2,
    base: Duration::from_millis(100),
    cap: Duration::from_millis(400),
    attempt: Duration::from_secs(2),
    total: Duration::from_millis(2500),
};

// === impl Settings ===

impl Settings {
    /// A client of KMS, as the default credential chain finds.
    pub(super) fn client(&self) -> Result<kms_client::Client, TransportError> {
        let mut connection = Connection::new(self.env.clone(), self.region.clone());
        if let Some(endpoint) = &self.endpoint {
            connection = connection.endpoint(endpoint.clone());
        }
        if let Some(file) = &self.ca_file {
            connection = connection.ca_file(file);
        }
        let agent = concat!(
            "ack-secret-manager/",
            env!("CARGO_PKG_VERSION"),
            " kms-plugin"
        );
        let builder = connection.builder()?.retry(RETRY).user_agent(agent);
        Ok(ClientBuilder::build(builder))
    }
}

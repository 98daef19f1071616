use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use kms_credentials::{ClientKeyFile, DefaultCredentials, Source, Surroundings};
use kms_types::{Clock, Env, RegionId, SystemClock};

use crate::{Client, ClientBuilder, Endpoint, Identity, Transport, TransportError};

/// Everything between a program and KMS, put together: where, with whose certificates, and
/// as whom.
///
/// The environment is a value: a program passes `std::env::vars().collect()`, a test what
/// it likes. Of it count the variables of the default credential chain, SSL_CERT_FILE,
/// SSL_CERT_DIR, HTTPS_PROXY, ALL_PROXY and NO_PROXY.
#[derive(Clone)]
pub struct Connection {
    env: Env,
    region: RegionId,
    endpoint: Endpoint,
    ca_file: Option<PathBuf>,
    who: Who,
    clock: Arc<dyn Clock>,
}

/// Who calls.
#[derive(Clone)]
enum Who {
    /// Whom the default chain finds.
    Found,
    Source(Source),
    Identity(Identity),
}

// === impl Connection ===

impl Connection {
    /// To the shared gateway of the region, as the default credential chain finds.
    pub fn new(env: Env, region: RegionId) -> Self {
        Self {
            endpoint: Endpoint::shared(&region),
            env,
            region,
            ca_file: None,
            who: Who::Found,
            clock: Arc::new(SystemClock),
        }
    }

    /// To another endpoint: over the VPC, of a KMS instance, of a server of one's own. At
    /// an instance's, the private CA of its region is believed and no other.
    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// Believes the certificates of a PEM file, too.
    #[must_use]
    pub fn ca_file(mut self, path: impl AsRef<Path>) -> Self {
        self.ca_file = Some(path.as_ref().to_owned());
        self
    }

    /// As whom one source of credentials says, without the default chain's search.
    #[must_use]
    pub fn source(mut self, source: Source) -> Self {
        self.who = Who::Source(source);
        self
    }

    /// With an identity that is at hand: a [`ClientKeyFile`], a
    /// [`ClientKey`](crate::ClientKey) or a provider of credentials.
    #[must_use]
    pub fn identity(mut self, identity: impl Into<Identity>) -> Self {
        self.who = Who::Identity(identity.into());
        self
    }

    /// With a ClientKey, if there is one.
    #[must_use]
    pub fn client_key(self, key: Option<ClientKeyFile>) -> Self {
        match key {
            Some(key) => self.identity(key),
            None => self,
        }
    }

    /// With another clock, for signatures and expiries.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The client, as yet to be finished. Nothing is sent before the first call.
    ///
    /// # Errors
    /// [`TransportError`]: files and variables that are of no use.
    pub fn builder(self) -> Result<ClientBuilder, TransportError> {
        let ca_file = self.ca_file.as_deref();
        let to_kms = Arc::new(if self.endpoint.is_instance() {
            Transport::for_instances(&self.env, &self.region, ca_file)?
        } else {
            Transport::new(&self.env, ca_file)?
        });
        // STS and the rest show certificates of the public CAs, also to those who read from
        // an instance.
        let to_others = if self.endpoint.is_instance() {
            Arc::new(Transport::new(&self.env, ca_file)?)
        } else {
            Arc::clone(&to_kms)
        };
        let around = || {
            let clock = Arc::clone(&self.clock);
            Surroundings::new(self.env.clone(), to_others.clone(), clock)
        };
        let identity = match self.who {
            Who::Found => Arc::new(DefaultCredentials::new(around())).into(),
            Who::Source(source) => Arc::new(source.credentials(around())).into(),
            Who::Identity(identity) => identity,
        };
        Ok(Client::builder(self.endpoint, identity, to_kms)
            .way_to_other_products(to_others)
            .clock(self.clock))
    }

    /// The client.
    ///
    /// # Errors
    /// [`TransportError`]: files and variables that are of no use.
    pub fn open(self) -> Result<Client, TransportError> {
        self.builder().map(ClientBuilder::build)
    }
}

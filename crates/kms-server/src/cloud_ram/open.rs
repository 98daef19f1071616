//! From the configuration to what is asked.

use std::{sync::Arc, time::Duration};

use kms_client::{Client, Endpoint, Identity, RetryPolicy, Transport, TransportError};
use kms_credentials::{ProvideCredentials, Surroundings};
use kms_types::{Clock, Env, RegionId};
use kms_wire::request::Product;
use thiserror::Error;

use super::{CloudRam, CloudRams};
use crate::{
    cloud_identity::{self, IdentityError},
    settings::{RamSettings, Settings},
};

/// Why a RAM cannot be asked.
#[derive(Debug, Error)]
pub enum RamSetupError {
    /// As whom it is asked.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// No TLS, or a file of certificates that is of no use.
    #[error("cannot set up calls of RAM")]
    Transport(#[from] TransportError),
}

/// How calls get to the RAM of an account.
pub(super) struct Way {
    http: Arc<Transport>,
    region: RegionId,
    ram: Option<Endpoint>,
    sts: Option<Endpoint>,
    clock: Arc<dyn Clock>,
    retry: RetryPolicy,
}

// === impl CloudRams ===

impl CloudRams {
    /// Reads the files that the configuration names; nobody is asked before the first call.
    ///
    /// # Errors
    /// [`RamSetupError`].
    pub fn open(
        rams: &[RamSettings],
        settings: &Settings,
        env: &Env,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, RamSetupError> {
        let one = |ram: &RamSettings| {
            let opened = open(ram, &settings.region, env, clock)?;
            Ok((ram.account.clone(), Arc::new(opened)))
        };
        rams.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

fn open(
    settings: &RamSettings,
    region: &RegionId,
    env: &Env,
    clock: &Arc<dyn Clock>,
) -> Result<CloudRam, RamSetupError> {
    let http = Arc::new(Transport::new(env, settings.ca_file.as_deref())?);
    let around = Surroundings::new(
        env.clone(),
        Arc::<Transport>::clone(&http),
        Arc::clone(clock),
    );
    let identity = cloud_identity::open(&settings.identity, settings.sts_endpoint.clone(), around)?;
    let way = Way {
        http,
        region: region.clone(),
        ram: settings.endpoint.clone(),
        sts: settings.sts_endpoint.clone(),
        clock: Arc::clone(clock),
        retry: RetryPolicy {
            attempt: settings.patience,
            // Credentials may have to be asked for first.
            total: settings.patience.saturating_add(Duration::from_secs(10)),
            ..RetryPolicy::never()
        },
    };
    Ok(CloudRam {
        account: settings.account.clone(),
        kms: way.client(identity),
        way,
    })
}

// === impl Way ===

impl Way {
    /// A client with this identity; clients of one way share connections.
    pub(super) fn client(&self, identity: Arc<dyn ProvideCredentials>) -> Client {
        let kms = Endpoint::shared(&self.region);
        let http = Arc::<Transport>::clone(&self.http);
        let mut builder = Client::builder(kms, Identity::from(identity), http)
            .clock(Arc::clone(&self.clock))
            .retry(self.retry)
            .user_agent(concat!("kms-server/", env!("CARGO_PKG_VERSION")));
        if let Some(ram) = &self.ram {
            builder = builder.product_endpoint(Product::Ram, ram.clone());
            // Users' tags are behind the API of Ims, which whoever is no cloud has beside it.
            if !ram.is_cloud() {
                builder = builder.product_endpoint(Product::Ims, ram.clone());
            }
        }
        if let Some(sts) = &self.sts {
            builder = builder.product_endpoint(Product::Sts, sts.clone());
        }
        builder.build()
    }
}

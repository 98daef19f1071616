//! The gateways of instances that accounts buy while the server runs: each its own name and
//! certificate, without a restart, whichever server sold it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use kms_service::{Service, SetupError};
use kms_telemetry::Shutdown;
use kms_types::{Clock, InstanceId};
use thiserror::Error;

use crate::{
    gateway::Routes,
    periods::Periods,
    serving::Serving,
    settings::INSTANCE_DOMAIN,
    tls::{Certificates, InstanceIssuer, Issued, TlsError, fresh},
};

/// How soon an instance answers that another server has connected.
const PERIOD: Duration = Duration::from_secs(1);

/// The gateways, and what they are made of.
pub(super) struct Bought {
    service: Service,
    serving: Serving,
    certificates: Arc<Certificates>,
    routes: Routes,
    clock: Arc<dyn Clock>,
    issuer: InstanceIssuer,
    open: BTreeMap<InstanceId, Issued>,
}

/// Why the gateways cannot be opened.
#[derive(Debug, Error)]
pub enum BoughtError {
    /// The store, or what is sealed in it.
    #[error("cannot read what was bought")]
    Store(#[from] SetupError),
    /// The authority or a certificate.
    #[error("cannot make certificates of instances that were bought")]
    Tls(#[from] TlsError),
}

// === impl Bought ===

impl Bought {
    /// Opens those that there are. The first server of a store makes the authority.
    ///
    /// # Errors
    /// [`BoughtError`].
    pub(super) async fn open(
        service: Service,
        serving: Serving,
        certificates: Arc<Certificates>,
        routes: Routes,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, BoughtError> {
        let authority = if let Some(authority) = service.instance_authority().await? {
            authority
        } else {
            let made = fresh(clock.now())?;
            service.keep_instance_authority(&made).await?
        };
        let mut bought = Self {
            issuer: InstanceIssuer::new(&authority)?,
            service,
            serving,
            certificates,
            routes,
            clock,
            open: BTreeMap::new(),
        };
        bought.look().await?;
        Ok(bought)
    }

    /// Looks now and then, until the program is told to end.
    pub(super) async fn watch(mut self, shutdown: Shutdown) {
        let mut periods = Periods::new(PERIOD, shutdown);
        while periods.next().await {
            if let Err(reason) = self.look().await {
                tracing::warn!(
                    error = %kms_telemetry::Failure::new(kms_telemetry::Exit::Failure, reason),
                    "cannot look for instances that were bought"
                );
            }
        }
    }

    /// Opens the gateways of new instances, closes those of old ones, and renews certificates.
    async fn look(&mut self) -> Result<(), BoughtError> {
        let now = self.clock.now();
        let there = self.service.connected_instances().await?;
        let there: BTreeSet<InstanceId> = there.into_iter().collect();
        let is_same = there.iter().eq(self.open.keys());
        let is_fresh = |issued: &Issued| now < issued.renew;
        if is_same && self.open.values().all(is_fresh) {
            return Ok(());
        }
        let mut open = BTreeMap::new();
        for id in there {
            let kept = self.open.get(&id).filter(|issued| is_fresh(issued));
            let issued = match kept {
                Some(issued) => issued.clone(),
                None => self.issue(&id, now)?,
            };
            open.insert(id, issued);
        }
        // Who can be reached has a certificate: the names come after the certificates, and go
        // before them.
        let pair = |(id, issued): (&InstanceId, &Issued)| (name(id), Arc::clone(&issued.pair));
        let targets = open.keys().map(|id| (name(id), self.serving.target(id)));
        let targets = targets.collect();
        if open.len() >= self.open.len() {
            self.certificates
                .replace_bought(open.iter().map(pair).collect());
            self.routes.replace_bought(targets);
        } else {
            self.routes.replace_bought(targets);
            self.certificates
                .replace_bought(open.iter().map(pair).collect());
        }
        tracing::info!(count = open.len(), "instances that were bought are open");
        self.open = open;
        Ok(())
    }

    fn issue(&self, id: &InstanceId, now: Timestamp) -> Result<Issued, TlsError> {
        self.issuer.issue(&[name(id)], now)
    }
}

/// As its gateway is called in the cloud; in lower case, as ids are.
fn name(id: &InstanceId) -> String {
    format!("{id}.{INSTANCE_DOMAIN}")
}

//! The ways out, one for each trust, however many stores share it.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use kms_client::{CaBundle, Transport, TransportError};
use kms_credentials::Exchange;
use kms_types::{Env, RegionId};

/// Ways to the services, by whom one believes there. The same one each time as long as somebody has
/// it: a way has connections, TLS settings and, to the public, some 400 KiB of roots.
pub trait Ways: Send + Sync {
    /// To services that show certificates of the public CAs, or of the operator's CA file.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    fn public(&self) -> Result<Arc<dyn Exchange>, String>;

    /// To KMS instances of the region, whose private CA is believed, and the operator's CA file.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    fn instances(&self) -> Result<Arc<dyn Exchange>, String>;

    /// To a service for which only the CAs in this PEM are believed.
    ///
    /// # Errors
    /// What is wrong with the PEM, as what follows its name in a sentence.
    fn private(&self, pem: &[u8]) -> Result<Arc<dyn Exchange>, String>;
}

/// Ways over HTTP and TLS.
pub struct Transports {
    env: Env,
    region: Option<RegionId>,
    ca_file: Option<PathBuf>,
    shared: Mutex<Shared>,
}

#[derive(Default)]
struct Shared {
    public: Option<Arc<Transport>>,
    instances: Option<Arc<Transport>>,
    /// By the PEM; those that a store uses.
    private: BTreeMap<Vec<u8>, Weak<Transport>>,
}

// === impl Transports ===

impl Transports {
    /// With SSL_CERT_FILE, SSL_CERT_DIR and the proxy variables of `env`, and a file of further
    /// CAs. Nothing is read before it is needed.
    pub fn new(env: Env, region: Option<RegionId>, ca_file: Option<PathBuf>) -> Self {
        Self {
            env,
            region,
            ca_file,
            shared: Mutex::default(),
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ways for Transports {
    fn public(&self) -> Result<Arc<dyn Exchange>, String> {
        let mut shared = self.shared();
        let made = kept(&mut shared.public, || {
            Transport::new(&self.env, self.ca_file.as_deref())
        });
        Ok(made.map_err(|error| error.to_string())?)
    }

    fn instances(&self) -> Result<Arc<dyn Exchange>, String> {
        let region = self.region.as_ref().ok_or(
            "which private CA KMS instances have depends on the region; start the operator with \
             --region",
        )?;
        let mut shared = self.shared();
        let made = kept(&mut shared.instances, || {
            Transport::for_instances(&self.env, region, self.ca_file.as_deref())
        });
        Ok(made.map_err(|error| match error {
            TransportError::NoPrivateCa { region } => format!(
                "no private CA is known for KMS instances in {region}; name its file with \
                 --kms-ca-file: the console hands it out, and GetKmsInstance as \
                 CaCertificateChainPem"
            ),
            other => other.to_string(),
        })?)
    }

    fn private(&self, pem: &[u8]) -> Result<Arc<dyn Exchange>, String> {
        let mut shared = self.shared();
        if let Some(there) = shared.private.get(pem).and_then(Weak::upgrade) {
            return Ok(there);
        }
        let bundle = CaBundle::parse(pem).map_err(|why| why.to_string())?;
        let made = Transport::believing(&self.env, bundle).map_err(|why| why.to_string())?;
        let made = Arc::new(made);
        shared.private.retain(|_, there| there.strong_count() > 0);
        shared.private.insert(pem.to_vec(), Arc::downgrade(&made));
        Ok(made)
    }
}

/// The one that is there, or a new one.
fn kept(
    place: &mut Option<Arc<Transport>>,
    set_up: impl FnOnce() -> Result<Transport, TransportError>,
) -> Result<Arc<Transport>, TransportError> {
    if let Some(there) = place {
        return Ok(Arc::clone(there));
    }
    let fresh = Arc::new(set_up()?);
    *place = Some(Arc::clone(&fresh));
    Ok(fresh)
}

#[cfg(test)]
mod tests;

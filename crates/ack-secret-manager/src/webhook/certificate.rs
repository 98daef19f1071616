//! By what the API server knows us: a certificate that is made here and kept in a Secret for all
//! replicas, or one in files of somebody else's.
//!
//! Made here, it comes with an authority of its own, whose key is thrown away as soon as it has signed:
//! whoever reads the Secret can be us, and make no other. Both are renewed long before their end, and the
//! API server is told of the new authority before anybody serves what it signed (`keeper`).

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use thiserror::Error;
use tokio_rustls::TlsAcceptor;

use super::metrics::Metrics;

mod cluster;
mod files;
mod issue;
mod keeper;
mod kept;
mod pair;

pub(super) use cluster::Cluster;
pub(super) use files::Files;
pub use files::FilesError;
pub(super) use keeper::Keeper;
use pair::Pair;

/// Why there is no certificate.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// A name that cannot stand in one, or a date that cannot.
    #[error("no certificate can be made for these names; look at --service and --host: {0}")]
    Make(#[from] rcgen::Error),
    /// The date is outside what certificates can hold.
    #[error("the clock of this machine is wrong")]
    Clock(#[from] jiff::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The API server refuses, or does not answer.
    #[error("cannot {what}: {reason}")]
    Cluster {
        /// What was to be done.
        what: String,
        /// What came of it.
        reason: String,
    },
    /// Somebody writes the same objects without a pause.
    #[error("the Secret or a configuration changes too often to be written")]
    Restless,
}

/// What is served just now. Connections that stand keep theirs; new ones get the newest.
pub(super) struct Served {
    pair: ArcSwapOption<Pair>,
    metrics: Arc<Metrics>,
}

/// TLS 1.2 and 1.3 with what is served; clients' own certificates are not asked for.
///
/// # Errors
/// `Tls`.
pub(super) fn acceptor(served: &Arc<Served>) -> Result<TlsAcceptor, CertificateError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::<Served>::clone(served));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

// === impl Served ===

impl Served {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self {
            pair: ArcSwapOption::empty(),
            metrics,
        }
    }

    /// From now on this one.
    fn replace(&self, pair: Pair) {
        self.metrics.serves_until(pair.ends.as_second());
        self.pair.store(Some(Arc::new(pair)));
    }

    /// Whether it is this one.
    fn is(&self, pair: &Pair) -> bool {
        self.holds(|served| served.certified.cert == pair.certified.cert)
    }

    /// Whether anything is served that has not ended.
    fn is_good(&self, now: Timestamp) -> bool {
        self.holds(|served| now < served.ends)
    }

    fn holds(&self, is_so: impl Fn(&Pair) -> bool) -> bool {
        self.pair.load().as_ref().is_some_and(|pair| is_so(pair))
    }
}

impl std::fmt::Debug for Served {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Served").finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.pair.load().as_ref()?.certified))
    }
}

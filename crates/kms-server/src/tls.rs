//! Certificates: read from files or made by an authority of the server's own, chosen by the
//! name that a client asks for, replaced without a restart.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{ServerConfig, crypto::aws_lc_rs, server::ResolvesServerCert};
use thiserror::Error;

mod authority;
mod files;
mod issuer;
mod resolver;

pub(crate) use authority::Authority;
pub(crate) use files::{certified, chain};
pub(crate) use issuer::{InstanceIssuer, Issued, fresh};
pub use resolver::{Certificates, Chosen};

/// Why there is no TLS.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("cannot read or write {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file was changed by someone.
    #[error("{} is damaged; remove {} and start again: clients need the new ca.pem then", .0.display(), .0.parent().unwrap_or(Path::new("")).display())]
    Damaged(PathBuf),
    /// A file of the operator's holds no certificate or no key.
    #[error("{} holds no {what} in PEM", path.display())]
    NotPem {
        /// Which.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// Two files that do not belong together.
    #[error("the key {} is not that of the certificate {}", key.display(), certificate.display())]
    Mismatch {
        /// One.
        certificate: PathBuf,
        /// The other.
        key: PathBuf,
    },
    /// Others can read the key.
    #[error("others than its owner can read the key {shown}: chmod 0600 {shown}", shown = .0.display())]
    Exposed(PathBuf),
    /// The certificate's time is over.
    #[error("the certificate {} ended at {ended}", path.display())]
    Ended {
        /// Which.
        path: PathBuf,
        /// When.
        ended: jiff::Timestamp,
    },
    /// The date is outside what certificates can hold.
    #[error("the clock of this machine is wrong")]
    Clock(#[from] jiff::Error),
    /// The certificate library refuses.
    #[error("cannot make certificates")]
    Make(#[from] rcgen::Error),
    /// The TLS library refuses.
    #[error("cannot set up TLS")]
    Config(#[from] rustls::Error),
}

/// TLS 1.2 and 1.3 with one of these certificates; clients' own are not asked for.
///
/// # Errors
/// `Config`.
pub fn server_config(
    certificates: Arc<dyn ResolvesServerCert>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

//! Whose certificates are believed.

use std::{path::Path, sync::Arc};

use kms_credentials::read_file;
use kms_types::{Env, RegionId};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{
        CertificateDer,
        pem::{self, PemObject},
    },
};
use thiserror::Error;

use super::{TransportError, private_ca};

/// CAs of one's own, of which `CaFile` and [`Connection::ca_file`](crate::Connection::ca_file)
/// name the file.
#[derive(Clone, Debug)]
pub struct CaBundle(RootCertStore);

/// What is wrong with the text of a CA file.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum ParseCaBundleError {
    /// A section that does not begin, go on and end as PEM does.
    #[error("is no PEM: {0}")]
    Pem(&'static str),
    /// A certificate that cannot be read.
    #[error("holds a certificate that is none: {0}")]
    Certificate(String),
    /// None at all.
    #[error("holds no certificate in PEM")]
    Empty,
}

/// No file of certificates is larger; a system's whole bundle has 250 KiB.
const MAX_FILE: usize = 4 << 20;

// === impl CaBundle ===

impl CaBundle {
    /// Reads the certificates of a PEM file; what else stands in it is passed over.
    ///
    /// # Errors
    /// [`ParseCaBundleError`]: one that cannot be read, or none.
    pub fn parse(pem: &[u8]) -> Result<Self, ParseCaBundleError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate =
                certificate.map_err(|error| ParseCaBundleError::Pem(describe(&error)))?;
            roots
                .add(certificate)
                .map_err(|error| ParseCaBundleError::Certificate(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(ParseCaBundleError::Empty);
        }
        Ok(Self(roots))
    }

    pub(super) fn into_roots(self) -> RootCertStore {
        self.0
    }

    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// SSL_CERT_FILE and SSL_CERT_DIR, else the system's, else those of Mozilla's list that
/// are compiled in, for an image from scratch has no system's (design §2). `ca_file` adds
/// to them.
pub(super) fn trusted(env: &Env, ca_file: Option<&Path>) -> Result<RootCertStore, TransportError> {
    let mut roots = RootCertStore::empty();
    let file = env.get("SSL_CERT_FILE").map(Path::new);
    let dir = env.get("SSL_CERT_DIR").map(Path::new);
    if file.is_some() || dir.is_some() {
        let found = rustls_native_certs::load_certs_from_paths(file, dir);
        let (good, _ignored) = roots.add_parsable_certificates(found.certs);
        if good == 0 {
            return Err(TransportError::Roots {
                reason: found
                    .errors
                    .first()
                    .map_or_else(|| "no certificate in there".to_owned(), ToString::to_string),
            });
        }
    } else {
        let found = rustls_native_certs::load_native_certs();
        let (good, ignored) = roots.add_parsable_certificates(found.certs);
        tracing::debug!(good, ignored, "certificates of the system");
        if good == 0 {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
    }
    if let Some(path) = ca_file {
        add_file(&mut roots, path)?;
    }
    Ok(roots)
}

/// For the private gateway of a KMS instance: the CAs of its region, and those of
/// `ca_file`, which is needed where none is published.
pub(super) fn of_instances(
    region: &RegionId,
    ca_file: Option<&Path>,
) -> Result<RootCertStore, TransportError> {
    let mut roots = RootCertStore::empty();
    match (private_ca::of(region), ca_file) {
        (None, None) => {
            return Err(TransportError::NoPrivateCa {
                region: region.clone(),
            });
        }
        (published, _) => {
            for pem in published.into_iter().flatten() {
                let certificates = CertificateDer::pem_slice_iter(pem.as_bytes());
                let (_good, _ignored) =
                    roots.add_parsable_certificates(certificates.filter_map(Result::ok));
            }
        }
    }
    if let Some(path) = ca_file {
        add_file(&mut roots, path)?;
    }
    Ok(roots)
}

/// A TLS client that believes these, with the process's crypto provider if one is
/// installed and aws-lc otherwise. HTTP/1.1 only.
pub(super) fn tls(roots: RootCertStore) -> Result<ClientConfig, TransportError> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError::Setup {
            reason: error.to_string(),
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), TransportError> {
    let wrong = |reason: String| TransportError::CaFile {
        path: path.to_owned(),
        reason,
    };
    let pem = read_file(path, MAX_FILE).map_err(|error| wrong(error.to_string()))?;
    // EXPOSE: certificates, which are public.
    let own = CaBundle::parse(pem.expose()).map_err(|why| wrong(why.to_string()))?;
    roots.extend(own.0.roots);
    Ok(())
}

/// The library's own words quote the file, which may be a key's by mistake.
fn describe(error: &pem::Error) -> &'static str {
    match error {
        pem::Error::MissingSectionEnd { .. } => "a BEGIN without its END",
        pem::Error::IllegalSectionStart { .. } => "a BEGIN line that does not end in dashes",
        pem::Error::Base64Decode(_) => "a section that is no base64",
        _ => "it cannot be read",
    }
}

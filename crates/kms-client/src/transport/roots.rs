//! Whose certificates are believed.

use std::{path::Path, sync::Arc};

use kms_credentials::read_file;
use kms_types::{Env, RegionId};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, pem::PemObject},
};

use super::{TransportError, private_ca};

/// No file of certificates is larger; a system's whole bundle has 250 KiB.
const MAX_FILE: usize = 4 << 20;

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
    let mut added = 0_usize;
    // EXPOSE: certificates, which are public.
    for certificate in CertificateDer::pem_slice_iter(pem.expose()) {
        let certificate = certificate.map_err(|error| wrong(format!("is no PEM: {error}")))?;
        roots
            .add(certificate)
            .map_err(|error| wrong(format!("holds a certificate that is none: {error}")))?;
        added = added.saturating_add(1);
    }
    if added == 0 {
        return Err(wrong("holds no certificate in PEM".to_owned()));
    }
    Ok(())
}

//! Whose certificates are believed.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use kms_service::IssuerError;
use kms_types::Fingerprint;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};
use tokio_rustls::TlsConnector;
use x509_parser::{parse_x509_certificate, time::ASN1Time};

use super::unreachable;

/// How the connections to one issuer are checked.
pub(super) struct Trust(TlsConnector);

/// Believes a server that shows one of the certificates that are pinned, as RAM does.
///
/// The fingerprint of a CA, in the chain that the server shows or among the roots of this
/// machine: the server's certificate has to be issued by it, for its name and for today. The
/// fingerprint of the server's own certificate: it has to be for its name and for today;
/// nobody has to vouch for it.
#[derive(Debug)]
pub(super) struct Pinned {
    pub(super) fingerprints: Vec<Fingerprint>,
    pub(super) roots: Arc<[CertificateDer<'static>]>,
    pub(super) provider: Arc<CryptoProvider>,
}

// === impl Trust ===

impl Trust {
    /// By fingerprints if there are any, else by the roots.
    pub(super) fn new(
        fingerprints: &[Fingerprint],
        roots: Arc<[CertificateDer<'static>]>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, IssuerError> {
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(unreachable)?;
        let mut config = if fingerprints.is_empty() {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(roots.iter().cloned());
            builder.with_root_certificates(store).with_no_client_auth()
        } else {
            let pinned = Pinned {
                fingerprints: fingerprints.to_vec(),
                roots,
                provider,
            };
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(pinned))
                .with_no_client_auth()
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    pub(super) fn connector(&self) -> &TlsConnector {
        &self.0
    }
}

// === impl Pinned ===

impl Pinned {
    fn pins(&self, certificate: &CertificateDer<'_>) -> bool {
        let (sha1, sha256) = (
            hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate)),
            hex::encode(digest(&SHA256, certificate)),
        );
        self.fingerprints.iter().any(|fingerprint| {
            let text = fingerprint.as_str();
            text.eq_ignore_ascii_case(&sha1) || text.eq_ignore_ascii_case(&sha256)
        })
    }

    /// The chain has to lead to one of the pinned CAs.
    fn verify_chain(
        &self,
        anchors: RootCertStore,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        WebPkiServerVerifier::builder_with_provider(Arc::new(anchors), Arc::clone(&self.provider))
            .build()
            .map_err(|why| Error::General(why.to_string()))?
            .verify_server_cert(end_entity, intermediates, server_name, &[], now)
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.pins(end_entity) {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            check_dates(end_entity, now)?;
            return Ok(ServerCertVerified::assertion());
        }
        let mut anchors = RootCertStore::empty();
        let roots = self.roots.iter();
        for certificate in intermediates.iter().chain(roots) {
            if self.pins(certificate) {
                // One that cannot be an anchor vouches for nobody.
                let _ignored = anchors.add(certificate.clone().into_owned());
            }
        }
        if anchors.is_empty() {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        self.verify_chain(anchors, end_entity, intermediates, server_name, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn check_dates(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
    let (_, parsed) =
        parse_x509_certificate(certificate).map_err(|_unreadable| CertificateError::BadEncoding)?;
    let now = i64::try_from(now.as_secs())
        .ok()
        .and_then(|seconds| ASN1Time::from_timestamp(seconds).ok())
        .ok_or(CertificateError::Expired)?;
    let validity = parsed.validity();
    if now < validity.not_before {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > validity.not_after {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

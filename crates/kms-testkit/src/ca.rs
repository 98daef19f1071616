use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer},
};

/// A certificate authority of a test's own, fit for what strict clients ask of one:
/// subject key id, keyCertSign, no path below it.
pub struct TestCa {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A server's certificate, issued by a [`TestCa`], and its key.
pub struct TestServerCert {
    /// The certificate in PEM.
    pub cert_pem: String,
    /// The key in PEM, PKCS#8.
    pub key_pem: String,
    cert_der: CertificateDer<'static>,
    key_der: Vec<u8>,
}

/// What a server at home is reached by: `localhost` and both loopback addresses.
pub const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

// === impl TestCa ===

impl Default for TestCa {
    fn default() -> Self {
        Self::new()
    }
}

#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot make its certificates has failed"
)]
impl TestCa {
    /// A fresh one, unlike every other.
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "kms-testkit test CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key pair");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a CA certificate");
        Self { issuer }
    }

    /// Its certificate in PEM: what a `CaFile` holds.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for a server reached by these DNS names and IP addresses.
    pub fn issue(&self, names: &[&str]) -> TestServerCert {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("valid names");
        params
            .distinguished_name
            .push(DnType::CommonName, "kms-testkit server");
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().expect("a key pair");
        let cert = params
            .signed_by(&key, &self.issuer)
            .expect("a server certificate");
        TestServerCert {
            cert_pem: cert.pem(),
            key_pem: key.serialize_pem(),
            cert_der: cert.der().clone(),
            key_der: key.serialize_der(),
        }
    }
}

// === impl TestServerCert ===

#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot make its certificates has failed"
)]
impl TestServerCert {
    /// A server's TLS configuration with this certificate, HTTP/1.1 only. Needs no
    /// crypto provider to be installed.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.key_der.clone()).expect("a PKCS#8 key");
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("versions that the provider knows")
                .with_no_client_auth()
                .with_single_cert(vec![self.cert_der.clone()], key)
                .expect("a certificate and its key");
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Arc::new(config)
    }
}

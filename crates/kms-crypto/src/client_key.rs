//! ClientKeys: the RSA key pairs that applications without a RAM identity sign with.

use jiff::Timestamp;
use kms_types::Secret;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256, PublicKeyData as _,
    RsaKeySize,
};
use thiserror::Error;
use time::OffsetDateTime;

mod container;

/// A fresh ClientKey. The private half is here once and kept nowhere.
#[derive(Debug)]
pub struct NewClientKey {
    /// Certificate and private key in PKCS#12, as the service issues them (reference
    /// kms-api §5.0): the certificate first, under 40 bits of RC2, then the key under
    /// triple DES, for some official SDKs read nothing else, and OpenSSL 3 reads neither
    /// file without its legacy provider.
    pub pkcs12: Secret<Vec<u8>>,
    /// The certificate in PEM.
    pub certificate: String,
    /// The public key in DER, SubjectPublicKeyInfo: what verifies signatures.
    pub public_key: Vec<u8>,
}

/// Why there is no key.
#[derive(Debug, Error)]
pub enum ClientKeyError {
    /// The key or its certificate.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The file.
    #[error("cannot write PKCS#12")]
    Pkcs12(#[from] p12_keystore::error::Error),
    /// The file's encoding.
    #[error("cannot encode PKCS#12")]
    Encoding(#[from] der::Error),
    /// The dates are outside of what certificates can hold.
    #[error("the dates are outside of what certificates can hold")]
    Dates(#[from] time::error::ComponentRange),
}

/// Rounds of the password's derivation. Few, as the service has them: the password is
/// long and random where it is ours. The service's MAC has one round only, which makes
/// guessing a password cheaper by that much and nothing easier to read: ours has as many
/// as the ciphers.
const ROUNDS: u32 = 2048;

/// Makes an RSA key pair of 2,048 bits with a self-signed certificate, locked with the
/// password. Takes a tenth of a second and more, so call it where blocking is fine.
///
/// # Errors
/// [`ClientKeyError`].
pub fn generate_client_key(
    common_name: &str,
    not_before: Timestamp,
    not_after: Timestamp,
    password: &Secret<String>,
) -> Result<NewClientKey, ClientKeyError> {
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.not_before = OffsetDateTime::from_unix_timestamp(not_before.as_second())?;
    params.not_after = OffsetDateTime::from_unix_timestamp(not_after.as_second())?;
    let certificate = params.self_signed(&key)?;

    let private = Secret::new(key.serialize_der());
    let chain = PrivateKeyChain::new(
        LOCAL_KEY_ID.as_slice(),
        // EXPOSE: into the PKCS#12, which is encrypted.
        PrivateKey::from_der(private.expose())?,
        [Certificate::from_der(certificate.der())?],
    );
    let mut store = KeyStore::new();
    store.add_entry(common_name, KeyStoreEntry::PrivateKeyChain(chain));
    let write = |cipher| {
        store
            // EXPOSE: into the derivation of the PKCS#12's keys.
            .writer(password.expose())
            .encryption_algorithm(cipher)
            .encryption_iterations(ROUNDS)
            .mac_algorithm(MacAlgorithm::HmacSha1)
            .mac_iterations(ROUNDS)
            .write()
            // The private key is under 40 bits in one of the two.
            .map(Secret::new)
    };
    // The library calls RC2 by the name of RC4; the identifier that it writes is RC2's.
    let certificates = write(EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc)?;
    let keys = write(EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc)?;
    // EXPOSE: into the one file of both.
    let pkcs12 = container::join(certificates.expose(), keys.expose(), password)?;
    Ok(NewClientKey {
        pkcs12: Secret::new(pkcs12),
        certificate: certificate.pem(),
        public_key: key.subject_public_key_info(),
    })
}

/// Ties the key to its certificate inside the file.
const LOCAL_KEY_ID: [u8; 1] = [1];

#[cfg(test)]
mod tests;

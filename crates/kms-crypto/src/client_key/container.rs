//! PKCS#12 (RFC 7292) with a cipher for the certificate and another for the key, which
//! the library writes only in files of their own.

use aws_lc_rs::hmac;
use der::{Any, Decode, Encode, Error, ErrorKind, asn1::OctetString};
use kms_types::Secret;
use pkcs12::{
    AuthenticatedSafe, Pfx,
    kdf::{Pkcs12KeyType, derive_key_utf8},
};
use sha1::Sha1;

/// Octets of SHA-1, and so of the MAC's key.
const MAC_KEY: usize = 20;

/// The first safe of one file, which holds certificates, and the second of another, which
/// holds keys, under a MAC of the password. Both must be of the same password; salt and
/// rounds of the MAC are those of the second.
pub(super) fn join(
    certificates: &[u8],
    keys: &[u8],
    password: &Secret<String>,
) -> Result<Vec<u8>, Error> {
    let certificates = Pfx::from_der(certificates)?;
    let mut joined = Pfx::from_der(keys)?;
    let missing = || Error::from(ErrorKind::Failed);
    let first = safes(&certificates)?.into_iter().next();
    let second = safes(&joined)?.into_iter().nth(1);
    let safes: AuthenticatedSafe<'_> =
        vec![first.ok_or_else(missing)?, second.ok_or_else(missing)?];
    let content = safes.to_der()?;
    let mac = joined.mac_data.as_mut().ok_or_else(missing)?;
    // EXPOSE: into the derivation of the MAC's key.
    let key = Secret::new(derive_key_utf8::<Sha1>(
        password.expose(),
        mac.mac_salt.as_bytes(),
        Pkcs12KeyType::Mac,
        mac.iterations,
        MAC_KEY,
    )?);
    // EXPOSE: into the MAC.
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.expose());
    mac.mac.digest = OctetString::new(hmac::sign(&key, &content).as_ref())?;
    joined.auth_safe.content = Any::from_der(&OctetString::new(content)?.to_der()?)?;
    joined.to_der()
}

fn safes(file: &Pfx) -> Result<AuthenticatedSafe<'static>, Error> {
    let content: OctetString = file.auth_safe.content.decode_as()?;
    AuthenticatedSafe::from_der(content.as_bytes())
}

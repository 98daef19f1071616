//! The authority that all servers of a store share, and the certificates that each server makes of
//! it for itself: keys that never leave the process.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kms_service::InstanceAuthority;
use kms_types::Secret;
use rcgen::{Issuer, KeyPair};
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    sign::CertifiedKey,
};

use super::{TlsError, authority, files::end};

/// What it calls itself.
const NAME: &str = "kms-server instances";

/// Makes certificates.
pub(crate) struct InstanceIssuer(Issuer<'static, KeyPair>);

/// A certificate with its key, and how long it is used.
#[derive(Clone)]
pub(crate) struct Issued {
    pub(crate) pair: Arc<CertifiedKey>,
    /// Half of its life: time for the next one.
    pub(crate) renew: Timestamp,
}

/// An authority that is nobody's yet. It outlives the files' one: clients hold it.
///
/// # Errors
/// [`TlsError`].
pub(crate) fn fresh(now: Timestamp) -> Result<InstanceAuthority, TlsError> {
    let today = TimeZone::UTC.to_datetime(now).date();
    let key = KeyPair::generate()?;
    let certificate = authority::ca_params(NAME, today)?.self_signed(&key)?.pem();
    Ok(InstanceAuthority {
        certificate,
        key: Secret::new(key.serialize_pem()),
    })
}

// === impl InstanceIssuer ===

impl InstanceIssuer {
    /// # Errors
    /// `Make` for a key that is none.
    pub(crate) fn new(authority: &InstanceAuthority) -> Result<Self, TlsError> {
        // EXPOSE: to the library that signs with it.
        let key = KeyPair::from_pem(authority.key.expose())?;
        // An issuer is its name and its key; the dates do not matter here.
        let params = authority::ca_params(NAME, Date::constant(2000, 1, 1))?;
        Ok(Self(Issuer::new(params, key)))
    }

    /// A certificate for these names, of as long a life as the files' ones.
    ///
    /// # Errors
    /// [`TlsError`].
    pub(crate) fn issue(&self, names: &[String], now: Timestamp) -> Result<Issued, TlsError> {
        let today = TimeZone::UTC.to_datetime(now).date();
        let key = KeyPair::generate()?;
        let params = authority::server_params(NAME, names, today)?;
        let certificate = CertificateDer::from(params.signed_by(&key, &self.0)?);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let left = end(&certificate)?.duration_since(now) / 2;
        let pair = CertifiedKey::from_der(vec![certificate], key, &aws_lc_rs::default_provider())?;
        Ok(Issued {
            pair: Arc::new(pair),
            renew: now.checked_add(left)?,
        })
    }
}

#[cfg(test)]
mod tests;

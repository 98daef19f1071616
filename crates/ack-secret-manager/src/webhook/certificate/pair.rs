use std::{net::IpAddr, sync::Arc};

use jiff::Timestamp;
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::CertifiedKey,
};
use thiserror::Error;
use x509_parser::{certificate::X509Certificate, extensions::GeneralName};

/// A certificate with its key.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) certified: Arc<CertifiedKey>,
    pub(super) begins: Timestamp,
    pub(super) ends: Timestamp,
    /// As they would be asked for.
    pub(super) names: Vec<String>,
    /// Who signed it, as it stands there (DER).
    pub(super) issuer: Vec<u8>,
}

/// A certificate and a key that are of no use.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(super) enum PairError {
    #[error("there is no certificate in PEM")]
    NoCertificate,
    #[error("there is no private key in PEM")]
    NoKey,
    #[error("the key is not that of the certificate")]
    Mismatch,
    #[error("the certificate has ended")]
    Ended,
}

/// Of an authority, what is looked at.
pub(super) struct Seen {
    pub(super) ends: Timestamp,
    pub(super) subject: Vec<u8>,
}

// === impl Pair ===

impl Pair {
    /// Takes both from PEM.
    ///
    /// # Errors
    /// [`PairError`].
    pub(super) fn read(certificate: &[u8], key: &[u8]) -> Result<Self, PairError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate)
            .collect::<Result<_, _>>()
            .map_err(|_unread| PairError::NoCertificate)?;
        let own = chain.first().ok_or(PairError::NoCertificate)?;
        let (_, parsed) =
            x509_parser::parse_x509_certificate(own).map_err(|_unread| PairError::NoCertificate)?;
        let (begins, ends) = dates(&parsed)?;
        let (names, issuer) = (names(&parsed), parsed.issuer().as_raw().to_vec());
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_unread| PairError::NoKey)?;
        let certified = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider())
            .map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => PairError::Mismatch,
                _ => PairError::NoKey,
            })?;
        Ok(Self {
            certified: Arc::new(certified),
            begins,
            ends,
            names,
            issuer,
        })
    }
}

/// Looks at the certificate of an authority; `None` if it is none.
pub(super) fn authority(certificate: &CertificateDer<'_>) -> Option<Seen> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let (_, ends) = dates(&parsed).ok()?;
    Some(Seen {
        ends,
        subject: parsed.subject().as_raw().to_vec(),
    })
}

fn dates(parsed: &X509Certificate<'_>) -> Result<(Timestamp, Timestamp), PairError> {
    let of =
        |second: i64| Timestamp::from_second(second).map_err(|_beyond| PairError::NoCertificate);
    let validity = parsed.validity();
    Ok((
        of(validity.not_before.timestamp())?,
        of(validity.not_after.timestamp())?,
    ))
}

fn names(parsed: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = parsed.subject_alternative_name() else {
        return Vec::new();
    };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(octets) => address(octets).map(|address| address.to_string()),
        _ => None,
    };
    names.value.general_names.iter().filter_map(name).collect()
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(octets).map(IpAddr::from).ok();
    four.or_else(|| <[u8; 16]>::try_from(octets).map(IpAddr::from).ok())
}

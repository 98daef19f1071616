//! A certificate authority of the server's own, and certificates from it: in the shape that
//! strict clients ask for (design §2).

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName};

use super::{TlsError, files::end};
use crate::files::{make_private_dir, read_if_there, write_private};

/// Where the authority keeps what it makes.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    /// Keys and certificates.
    pub(crate) dir: PathBuf,
    /// The authority's certificate, for clients.
    pub(crate) ca: PathBuf,
    /// What it calls itself.
    pub(crate) name: &'static str,
}

/// A certificate and its key.
struct Certified {
    cert_pem: String,
    key: KeyPair,
}

/// The CA outlives any development machine.
const CA_DAYS: i32 = 3650;

/// As long as strict clients (Apple's) accept from a server.
const SERVER_DAYS: i32 = 397;

// === impl Authority ===

impl Authority {
    /// Reads the certificate for these names, or makes it; one that is past half of its life
    /// is made anew, which keeps a server alive that runs for months. And when it ends.
    ///
    /// # Errors
    /// [`TlsError`].
    pub(crate) fn certified(
        &self,
        file: &str,
        names: &[String],
        now: Timestamp,
    ) -> Result<(Arc<CertifiedKey>, Timestamp), TlsError> {
        let dir = &self.dir;
        make_private_dir(dir).map_err(|source| TlsError::File {
            path: dir.clone(),
            source,
        })?;
        let today = TimeZone::UTC.to_datetime(now).date();

        let mut is_new_ca = false;
        let ca = kept(dir, "ca", &[], today, CA_DAYS)?.map_or_else(
            || {
                is_new_ca = true;
                make(dir, "ca", &ca_params(self.name, today)?, None)
            },
            Ok,
        )?;
        write(&self.ca, ca.cert_pem.as_bytes())?;
        let kept_server = if is_new_ca {
            None
        } else {
            kept(dir, file, names, today, SERVER_DAYS)?
        };
        let server = kept_server.map_or_else(
            || {
                // An issuer is its name and its key; the dates do not matter here.
                let issuer = ca_params(self.name, Date::constant(2000, 1, 1))?;
                let issuer = Issuer::from_params(&issuer, &ca.key);
                make(
                    dir,
                    file,
                    &server_params(self.name, names, today)?,
                    Some(&issuer),
                )
            },
            Ok,
        )?;
        let damaged = |ending| TlsError::Damaged(dir.join(file).with_extension(ending));
        let cert = CertificateDer::from_pem_slice(server.cert_pem.as_bytes())
            .map_err(|_reason| damaged("pem"))?;
        let key = PrivateKeyDer::from_pem_slice(server.key.serialize_pem().as_bytes())
            .map_err(|_reason| damaged("key"))?;
        let ends = end(&cert)?;
        let pair = CertifiedKey::from_der(vec![cert], key, &aws_lc_rs::default_provider())?;
        Ok((Arc::new(pair), ends))
    }
}

/// What the certificate of an authority of that name says.
pub(super) fn ca_params(name: &str, today: Date) -> Result<CertificateParams, TlsError> {
    let mut params = dated(CertificateParams::default(), today, CA_DAYS)?;
    params
        .distinguished_name
        .push(DnType::CommonName, format!("{name} CA"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// What the certificate of a server of such an authority says.
pub(super) fn server_params(
    name: &str,
    names: &[String],
    today: Date,
) -> Result<CertificateParams, TlsError> {
    let params = CertificateParams::new(names)?;
    let mut params = dated(params, today, SERVER_DAYS)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// The pair of files, if it is there, has these names, and more than half of its life
/// before it.
fn kept(
    dir: &Path,
    name: &str,
    names: &[String],
    today: Date,
    days: i32,
) -> Result<Option<Certified>, TlsError> {
    let (cert_path, key_path) = (
        dir.join(name).with_extension("pem"),
        dir.join(name).with_extension("key"),
    );
    let (Some(cert_pem), Some(key_pem)) = (read(&cert_path)?, read(&key_path)?) else {
        return Ok(None);
    };
    let damaged = || TlsError::Damaged(cert_path.clone());
    let der = CertificateDer::from_pem_slice(cert_pem.as_bytes()).map_err(|_reason| damaged())?;
    let (_rest, cert) = x509_parser::parse_x509_certificate(&der).map_err(|_reason| damaged())?;
    let ends = Timestamp::from_second(cert.validity().not_after.timestamp())?;
    let left = today
        .until(TimeZone::UTC.to_datetime(ends).date())?
        .get_days();
    if left < days / 2 || !names.iter().all(|name| has_name(&cert, name)) {
        return Ok(None);
    }
    let key = KeyPair::from_pem(&key_pem).map_err(|_reason| TlsError::Damaged(key_path))?;
    Ok(Some(Certified { cert_pem, key }))
}

fn make(
    dir: &Path,
    name: &str,
    params: &CertificateParams,
    issuer: Option<&Issuer<'_, &KeyPair>>,
) -> Result<Certified, TlsError> {
    let key = KeyPair::generate()?;
    let cert = match issuer {
        Some(issuer) => params.signed_by(&key, issuer)?,
        None => params.self_signed(&key)?,
    };
    let cert_pem = cert.pem();
    write(
        &dir.join(name).with_extension("key"),
        key.serialize_pem().as_bytes(),
    )?;
    write(&dir.join(name).with_extension("pem"), cert_pem.as_bytes())?;
    Ok(Certified { cert_pem, key })
}

fn has_name(cert: &X509Certificate<'_>, wanted: &str) -> bool {
    let address = wanted.parse::<IpAddr>().ok().map(|address| match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    });
    let names = cert.subject_alternative_name().ok().flatten();
    names.is_some_and(|names| {
        let mut names = names.value.general_names.iter();
        names.any(|name| match (name, &address) {
            (GeneralName::IPAddress(name), Some(address)) => name == address,
            (GeneralName::DNSName(name), None) => name.eq_ignore_ascii_case(wanted),
            _ => false,
        })
    })
}

/// From yesterday on, for clocks differ.
fn dated(
    mut params: CertificateParams,
    today: Date,
    days: i32,
) -> Result<CertificateParams, TlsError> {
    let yesterday = today.yesterday()?;
    let last = yesterday.checked_add(Span::new().days(days))?;
    let [not_before, not_after] = [yesterday, last].map(|date| {
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        date_time_ymd(date.year().into(), month, day)
    });
    params.not_before = not_before;
    params.not_after = not_after;
    Ok(params)
}

fn read(path: &Path) -> Result<Option<String>, TlsError> {
    read_if_there(path).map_err(|source| TlsError::File {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, content: &[u8]) -> Result<(), TlsError> {
    write_private(path, content).map_err(|source| TlsError::File {
        path: path.to_owned(),
        source,
    })
}

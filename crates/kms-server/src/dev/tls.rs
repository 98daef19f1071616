//! A certificate authority of this folder's own, and the server's certificate from it:
//! in the shape that strict clients ask for (design §2).

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use thiserror::Error;
use x509_parser::{certificate::X509Certificate, extensions::GeneralName};

use super::{
    files::{make_private_dir, read_if_there, write_private},
    home::Home,
    kms::INSTANCE,
};

/// Why there is no TLS.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file of `DIR/tls` cannot be read or written.
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

/// A certificate and its key.
struct Certified {
    cert_pem: String,
    key: KeyPair,
}

/// What the server is reached by.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// And an instance's gateway, as it is called in the cloud.
const INSTANCE_DOMAIN: &str = "cryptoservice.kms.aliyuncs.com";

/// The CA outlives any development machine.
const CA_DAYS: i32 = 3650;

/// As long as strict clients (Apple's) accept from a server.
const SERVER_DAYS: i32 = 397;

/// Reads the certificates, or makes them; those that are past half of their life are made
/// anew, which keeps a server alive that runs for months.
///
/// # Errors
/// [`TlsError`].
pub(super) fn server_config(home: &Home, now: Timestamp) -> Result<Arc<ServerConfig>, TlsError> {
    let dir = home.tls();
    make_private_dir(&dir).map_err(|source| TlsError::File {
        path: dir.clone(),
        source,
    })?;
    let today = TimeZone::UTC.to_datetime(now).date();

    let mut is_new_ca = false;
    let ca = kept(&dir, "ca", &[], today, CA_DAYS)?.map_or_else(
        || {
            is_new_ca = true;
            make(&dir, "ca", &ca_params(today)?, None)
        },
        Ok,
    )?;
    write(&home.ca(), ca.cert_pem.as_bytes())?;
    let kept_server = if is_new_ca {
        None
    } else {
        kept(&dir, "server", &[instance_name()], today, SERVER_DAYS)?
    };
    let server = kept_server.map_or_else(
        || make(&dir, "server", &server_params(today)?, Some(&ca)),
        Ok,
    )?;

    let cert = CertificateDer::from_pem_slice(server.cert_pem.as_bytes())
        .map_err(|_reason| TlsError::Damaged(dir.join("server.pem")))?;
    let key = PrivateKeyDer::from_pem_slice(server.key.serialize_pem().as_bytes())
        .map_err(|_reason| TlsError::Damaged(dir.join("server.key")))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![cert], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The pair of files, if it is there, has these DNS names, and more than half of its life
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
    ca: Option<&Certified>,
) -> Result<Certified, TlsError> {
    let key = KeyPair::generate()?;
    let cert = match ca {
        // An issuer is its name and its key; the dates do not matter here.
        Some(ca) => {
            let issuer = ca_params(Date::constant(2000, 1, 1))?;
            params.signed_by(&key, &Issuer::from_params(&issuer, &ca.key))?
        }
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

fn ca_params(today: Date) -> Result<CertificateParams, TlsError> {
    let mut params = dated(CertificateParams::default(), today, CA_DAYS)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "kms-server dev CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn server_params(today: Date) -> Result<CertificateParams, TlsError> {
    let mut names = NAMES.map(str::to_owned).to_vec();
    names.push(instance_name());
    let params = CertificateParams::new(names)?;
    let mut params = dated(params, today, SERVER_DAYS)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "kms-server dev");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// What the instance's gateway is called.
fn instance_name() -> String {
    format!("{INSTANCE}.{INSTANCE_DOMAIN}")
}

fn has_name(cert: &X509Certificate<'_>, wanted: &str) -> bool {
    let names = cert.subject_alternative_name().ok().flatten();
    names.is_some_and(|names| {
        names
            .value
            .general_names
            .iter()
            .any(|name| matches!(name, GeneralName::DNSName(name) if *name == wanted))
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

#[cfg(test)]
mod tests;

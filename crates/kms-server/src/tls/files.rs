use std::{fs, path::Path, sync::Arc};

use jiff::Timestamp;
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

use super::TlsError;
use crate::settings::CertificateFiles;

/// The pair in the files, which must be one that can be used now; and when it ends.
///
/// # Errors
/// All of [`TlsError`] but `Damaged` and `Make`.
pub(crate) fn certified(
    files: &CertificateFiles,
    now: Timestamp,
) -> Result<(Arc<CertifiedKey>, Timestamp), TlsError> {
    let chain = chain(&files.certificate)?;
    check_private(&files.key)?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|reason| not_pem(&files.key, "private key", reason))?;
    let ends = chain
        .first()
        .map(end)
        .transpose()?
        .ok_or_else(|| TlsError::NotPem {
            path: files.certificate.clone(),
            what: "certificate",
        })?;
    if ends <= now {
        return Err(TlsError::Ended {
            path: files.certificate.clone(),
            ended: ends,
        });
    }
    let pair = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider());
    match pair {
        Ok(pair) => Ok((Arc::new(pair), ends)),
        Err(rustls::Error::InconsistentKeys(_)) => Err(TlsError::Mismatch {
            certificate: files.certificate.clone(),
            key: files.key.clone(),
        }),
        Err(reason) => Err(reason.into()),
    }
}

/// When a certificate's time is over.
pub(super) fn end(certificate: &CertificateDer<'_>) -> Result<Timestamp, TlsError> {
    let parsed = x509_parser::parse_x509_certificate(certificate);
    let (_rest, parsed) = parsed.map_err(|_reason| {
        TlsError::Config(rustls::Error::InvalidCertificate(
            rustls::CertificateError::BadEncoding,
        ))
    })?;
    Ok(Timestamp::from_second(
        parsed.validity().not_after.timestamp(),
    )?)
}

/// All certificates of a file: one at least.
///
/// # Errors
/// `File` and `NotPem`.
pub(crate) fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let what = "certificate";
    let chain: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|reason| not_pem(path, what, reason))?;
    if chain.is_empty() {
        let path = path.to_owned();
        return Err(TlsError::NotPem { path, what });
    }
    Ok(chain)
}

fn not_pem(path: &Path, what: &'static str, reason: rustls::pki_types::pem::Error) -> TlsError {
    let path = path.to_owned();
    match reason {
        rustls::pki_types::pem::Error::Io(source) => TlsError::File { path, source },
        _ => TlsError::NotPem { path, what },
    }
}

/// A key that every user of the machine can read is no secret. The group may: that is how
/// programs that renew certificates hand them over.
#[cfg(unix)]
fn check_private(path: &Path) -> Result<(), TlsError> {
    use std::os::unix::fs::PermissionsExt;

    let metadata = fs::metadata(path).map_err(|source| TlsError::File {
        path: path.to_owned(),
        source,
    })?;
    if metadata.permissions().mode() & 0o007 != 0 {
        return Err(TlsError::Exposed(path.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(path: &Path) -> Result<(), TlsError> {
    fs::metadata(path)
        .map(|_there| ())
        .map_err(|source| TlsError::File {
            path: path.to_owned(),
            source,
        })
}

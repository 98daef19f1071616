use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use kms_types::Secret;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::CertificateDer;

use super::CertificateError;

/// A certificate, its key in PEM, and the authority that nobody can sign with any more.
pub(super) struct Issued {
    pub(super) authority: CertificateDer<'static>,
    pub(super) certificate: CertificateDer<'static>,
    pub(super) key: Secret<String>,
}

/// Of both, and renewed at two thirds: nobody waits for a month that ends.
pub(super) const DAYS: i32 = 90;

const NAME: &str = "ack-secret-manager webhook";

/// Makes them, for these names and addresses.
///
/// # Errors
/// `Make` and `Clock`.
pub(super) fn issue(names: &[String], now: Timestamp) -> Result<Issued, CertificateError> {
    let today = TimeZone::UTC.to_datetime(now).date();
    let mut params = dated(CertificateParams::default(), today)?;
    // A name that no other authority has: old and new ones stand side by side.
    let own = format!("{NAME} CA {}", uuid::Uuid::new_v4());
    params.distinguished_name.push(DnType::CommonName, own);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

    let mut params = dated(CertificateParams::new(names)?, today)?;
    params.distinguished_name.push(DnType::CommonName, NAME);
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &authority)?;
    Ok(Issued {
        authority: authority.der().clone(),
        certificate: certificate.der().clone(),
        key: Secret::new(key.serialize_pem()),
    })
}

/// From yesterday on, for clocks differ.
fn dated(
    mut params: CertificateParams,
    today: Date,
) -> Result<CertificateParams, CertificateError> {
    let yesterday = today.yesterday()?;
    let last = yesterday.checked_add(Span::new().days(DAYS))?;
    let [not_before, not_after] = [yesterday, last].map(|date| {
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        date_time_ymd(date.year().into(), month, day)
    });
    params.not_before = not_before;
    params.not_after = not_after;
    Ok(params)
}

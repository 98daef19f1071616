//! What the Secret holds for all replicas: `tls.crt`, `tls.key`, and in `ca.crt` every authority that the
//! API server is to believe, the newest first.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use kms_types::Secret;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::{
    issue::Issued,
    pair::{self, Pair, PairError},
};

/// The Secret's data, as bytes.
pub(super) type Data = BTreeMap<String, Secret<Vec<u8>>>;

/// Taken apart.
pub(super) struct Kept {
    pub(super) pair: Result<Pair, PairError>,
    authorities: Vec<Authority>,
}

struct Authority {
    pem: String,
    ends: Timestamp,
    subject: Vec<u8>,
}

const CERTIFICATE: &str = "tls.crt";

const KEY: &str = "tls.key";

const AUTHORITIES: &str = "ca.crt";

// === impl Kept ===

impl Kept {
    /// Whatever of it can be used.
    pub(super) fn read(data: &Data) -> Self {
        // EXPOSE: to the parsers of certificates and keys.
        let of = |field: &str| data.get(field).map_or(&[][..], |value| value.expose());
        let authorities = CertificateDer::pem_slice_iter(of(AUTHORITIES))
            .filter_map(Result::ok)
            .filter_map(|certificate| {
                let seen = pair::authority(&certificate)?;
                Some(Authority {
                    pem: pem(&certificate),
                    ends: seen.ends,
                    subject: seen.subject,
                })
            })
            .collect();
        Self {
            pair: Pair::read(of(CERTIFICATE), of(KEY)),
            authorities,
        }
    }

    /// Whether it is time for another one: there is none, it lacks a name, its authority is missing, or
    /// two thirds of its life are over.
    pub(super) fn is_due(&self, names: &[String], now: Timestamp) -> bool {
        let Ok(pair) = &self.pair else {
            return true;
        };
        let life = pair.ends.duration_since(pair.begins);
        let used = now.duration_since(pair.begins);
        used >= life * 2 / 3
            || !names.iter().all(|name| has(&pair.names, name))
            || !self.knows(pair)
    }

    /// The names that the next one is to have: a replica of another release may need more than this
    /// one, and neither is to take the other's away for as long as both run.
    pub(super) fn names(&self, own: &[String]) -> Vec<String> {
        let mut names = own.to_vec();
        if let Ok(pair) = &self.pair {
            let more = pair.names.iter().filter(|name| !has(own, name));
            names.extend(more.cloned());
        }
        names
    }

    /// Whether it is known who signed this.
    pub(super) fn knows(&self, pair: &Pair) -> bool {
        let signed = |known: &Authority| known.subject == pair.issuer;
        self.authorities.iter().any(signed)
    }

    /// Whom the API server is to believe: also those of before, for as long as somebody may still serve
    /// what they signed.
    pub(super) fn bundle(&self, now: Timestamp) -> String {
        let good = self.authorities.iter().filter(|known| now < known.ends);
        good.map(|known| known.pem.as_str()).collect()
    }

    /// What the Secret is to hold once this was made.
    pub(super) fn with(&self, issued: &Issued, now: Timestamp) -> Data {
        let authorities = format!("{}{}", pem(&issued.authority), self.bundle(now));
        // EXPOSE: into the Secret that all replicas share.
        let key = issued.key.expose().clone().into_bytes();
        [
            (CERTIFICATE, pem(&issued.certificate).into_bytes()),
            (KEY, key),
            (AUTHORITIES, authorities.into_bytes()),
        ]
        .into_iter()
        .map(|(field, value)| (field.to_owned(), Secret::new(value)))
        .collect()
    }
}

/// RFC 7468: lines of 64 characters.
fn pem(certificate: &CertificateDer<'_>) -> String {
    let mut text = "-----BEGIN CERTIFICATE-----".to_owned();
    for (place, letter) in BASE64_STANDARD.encode(certificate).chars().enumerate() {
        if place % 64 == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push_str("\n-----END CERTIFICATE-----\n");
    text
}

fn has(names: &[String], wanted: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(wanted))
}

use aws_lc_rs::hmac;
use kms_types::Secret;

use super::{SigningKey, Unsigned, acs3::finish, canonical::Draft};
use crate::{Product, SignedRequest, write_timestamp};

/// The V4 algorithm that KMS clients can be set to.
pub(super) const ALGORITHM: &str = "ACS4-HMAC-SHA256";

const LAST: &str = "aliyun_v4_request";

/// What a V4 key is derived for. A key for one scope signs nothing in another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Scope {
    /// `yyyymmdd`.
    pub(super) date: String,
    pub(super) region: String,
    pub(super) product: String,
}

/// Signs with ACS4-HMAC-SHA256 (V4), which the official SDKs do on request: V3 with a key
/// derived for the day, the region and the product (reference kms-api §1.4).
///
/// `region` is what the client is configured for; official ones without a region take the
/// second label of the endpoint's name, or `center`.
pub fn sign_acs4(
    call: &Unsigned<'_>,
    region: &str,
    product: Product,
    key: &SigningKey,
) -> SignedRequest {
    let scope = Scope {
        date: date(&write_timestamp(call.now)),
        region: region.to_owned(),
        product: product.as_str().to_owned(),
    };
    let credential = format!(
        "{}/{}/{region}/{}/{LAST}",
        key.access_key_id, scope.date, scope.product
    );
    finish(
        Draft::new(call, key),
        call,
        ALGORITHM,
        &credential,
        &scope.hmac_key(&key.access_key_secret),
    )
}

// === impl Scope ===

impl Scope {
    /// The AccessKey id and the scope of `<id>/<date>/<region>/<product>/aliyun_v4_request`.
    pub(super) fn parse(credential: &str) -> Option<(&str, Self)> {
        let mut parts = credential.split('/');
        let (id, date, region, product, last) = (
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
        );
        (last == LAST && parts.next().is_none()).then(|| {
            let scope = Self {
                date: date.to_owned(),
                region: region.to_owned(),
                product: product.to_owned(),
            };
            (id, scope)
        })
    }

    pub(super) fn hmac_key(&self, access_key_secret: &Secret<String>) -> hmac::Key {
        let parts = [self.date.as_str(), &self.region, &self.product, LAST];
        derive("aliyun_v4", access_key_secret, &parts)
    }
}

/// The key that a secret comes to for what the parts name, one after the other; the same in all
/// signatures of the fourth version, of this cloud and others.
pub(crate) fn derive(
    prefix: &str,
    access_key_secret: &Secret<String>,
    parts: &[&str],
) -> hmac::Key {
    // EXPOSE: into the HMAC key; the copy with the prefix is wiped here.
    let first = Secret::new(format!("{prefix}{}", access_key_secret.expose()));
    // EXPOSE: into the HMAC key; aws-lc keeps it.
    let first = hmac::Key::new(hmac::HMAC_SHA256, first.expose().as_bytes());
    parts.iter().fold(first, |key, part| {
        let next = hmac::sign(&key, part.as_bytes());
        hmac::Key::new(hmac::HMAC_SHA256, next.as_ref())
    })
}

/// `yyyymmdd` of `yyyy-mm-ddThh:mm:ssZ`.
pub(super) fn date(timestamp: &str) -> String {
    timestamp
        .chars()
        .take_while(|character| *character != 'T')
        .filter(char::is_ascii_digit)
        .collect()
}

use http::Method;
use kms_types::RegionId;
use kms_wire::oss::PutObject;

use super::{Addressing, Encryption, Sender, sender::Outgoing};
use crate::{CallError, Endpoint};

/// A bucket of Object Storage Service.
#[derive(Clone)]
pub struct OssBucket {
    sender: Sender,
    endpoint: Endpoint,
    addressing: Addressing,
    region: RegionId,
    name: String,
    encryption: Option<Encryption>,
}

// === impl OssBucket ===

impl OssBucket {
    /// The cloud's, at `<bucket>.oss-<region>.aliyuncs.com`. `name` is 3 to 63 lower-case letters,
    /// digits and hyphens.
    pub fn new(sender: Sender, region: RegionId, name: String) -> Self {
        Self {
            sender,
            endpoint: Endpoint::central(&format!("oss-{region}")),
            addressing: Addressing::Host,
            region,
            name,
            encryption: None,
        }
    }

    /// At another endpoint: over the VPC, or of somebody else who speaks the same.
    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint, addressing: Addressing) -> Self {
        self.endpoint = endpoint;
        self.addressing = addressing;
        self
    }

    /// Objects are sealed so, instead of in the bucket's own way.
    #[must_use]
    pub fn encryption(mut self, encryption: Option<Encryption>) -> Self {
        self.encryption = encryption;
        self
    }

    /// Puts an object, in place of one that had the name.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn put(&self, key: &str, content_type: &str, body: &[u8]) -> Result<(), CallError> {
        let root = match self.addressing {
            Addressing::Host => self.endpoint.below(&self.name).to_string(),
            Addressing::Path => format!("{}/{}", self.endpoint, self.name),
        };
        let signed = |with: &_, now| {
            let put = PutObject {
                region: self.region.as_str(),
                bucket: &self.name,
                key,
                content_type,
                encryption: self.encryption.map(Encryption::as_str),
                body,
                now,
            };
            Outgoing {
                method: Method::PUT,
                url: format!("{root}{}", put.path()),
                headers: put.headers(with),
                body: body.to_vec(),
            }
        };
        self.sender
            .send(self.endpoint.host(), signed, code, "x-oss-request-id")
            .await
    }
}

/// Of `<Error><Code>…</Code>…`, which S3 has, too. A word between two tags needs no parser, and
/// what a stranger answers gets none.
pub(super) fn code(body: &[u8]) -> Option<String> {
    let text = str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    Some(code.to_owned())
}

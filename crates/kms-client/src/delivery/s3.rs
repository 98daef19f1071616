use http::Method;
use kms_wire::s3::PutObject;

use super::{Addressing, Encryption, Sender, oss::code, sender::Outgoing};
use crate::{CallError, Endpoint};

/// A bucket of whoever speaks S3.
#[derive(Clone)]
pub struct S3Bucket {
    sender: Sender,
    endpoint: Endpoint,
    addressing: Addressing,
    region: String,
    name: String,
    encryption: Option<Encryption>,
}

// === impl S3Bucket ===

impl S3Bucket {
    /// At that endpoint, in that region (`us-east-1` where a service has none). `name` is 3 to 63
    /// lower-case letters, digits, dots and hyphens.
    pub fn new(
        sender: Sender,
        endpoint: Endpoint,
        addressing: Addressing,
        region: String,
        name: String,
    ) -> Self {
        Self {
            sender,
            endpoint,
            addressing,
            region,
            name,
            encryption: None,
        }
    }

    /// Objects are sealed so, instead of in the bucket's own way.
    #[must_use]
    pub fn encryption(mut self, encryption: Option<Encryption>) -> Self {
        self.encryption = encryption;
        self
    }

    /// Puts an object, in place of one that had the name. `key` has neither `.` nor `..` between
    /// slashes: a URL cannot say those.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn put(&self, key: &str, content_type: &str, body: &[u8]) -> Result<(), CallError> {
        let (at, bucket) = match self.addressing {
            Addressing::Host => (self.endpoint.below(&self.name), None),
            Addressing::Path => (self.endpoint.clone(), Some(self.name.as_str())),
        };
        let host = at.authority();
        let signed = |with: &_, now| {
            let put = PutObject {
                region: &self.region,
                host: &host,
                bucket,
                key,
                content_type,
                encryption: self.encryption.map(|encryption| match encryption {
                    Encryption::Aes256 => "AES256",
                    Encryption::Kms => "aws:kms",
                }),
                body,
                now,
            };
            Outgoing {
                method: Method::PUT,
                url: format!("{at}{}", put.path()),
                headers: put.headers(with),
                body: body.to_vec(),
            }
        };
        self.sender
            .send(self.endpoint.host(), signed, code, "x-amz-request-id")
            .await
    }
}

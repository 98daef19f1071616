//! Where findings are put: buckets of Object Storage Service, stores of Simple Log Service, and
//! buckets of whoever else speaks S3.
//!
//! A call is made once, and a second time if the service refuses credentials that can be had anew.
//! Who has something to deliver has a queue, and tries again from there.

mod logstore;
mod oss;
mod s3;
mod sender;

pub use kms_wire::sls::{Content, Log, LogGroup};
pub use logstore::Logstore;
pub use oss::OssBucket;
pub use s3::S3Bucket;
pub use sender::Sender;

/// How a bucket or project is named in a call.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Addressing {
    /// As the first label of the host's name, as the cloud wants it.
    #[default]
    Host,
    /// Behind the host, which is then the endpoint's own: for addresses and for services without
    /// such names. A project of Simple Log Service is in the `Host` header only.
    Path,
}

/// How the service seals an object that it keeps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Encryption {
    /// With a key of the service's own.
    Aes256,
    /// With the bucket's key of the cloud's KMS.
    Kms,
}

// === impl Encryption ===

impl Encryption {
    /// As OSS is told; S3 calls the second one `aws:kms`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aes256 => "AES256",
            Self::Kms => "KMS",
        }
    }
}

#[cfg(test)]
mod tests;

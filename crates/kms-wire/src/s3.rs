//! S3, as many services speak it: an object is put, signed with AWS4-HMAC-SHA256, body included.
//!
//! Written here and not taken from a library: it is [`crate::oss`] with other words, and those
//! that are free of IO bring another library of time (rusty-s3) or a runtime (aws-sigv4), and sign
//! no body (rusty-s3). The cases in `tests/delivery/s3.json` are what botocore sends.

use aws_lc_rs::{digest, hmac};
use jiff::Timestamp;
use kms_types::Secret;

use crate::{
    percent,
    sign::{SigningKey, derive},
};

/// An object on its way.
#[derive(Clone, Copy)]
pub struct PutObject<'a> {
    /// The region that the service says it is in; `us-east-1` where it has none.
    pub region: &'a str,
    /// Host, and port unless it is the scheme's own.
    pub host: &'a str,
    /// The bucket, unless the host names it.
    pub bucket: Option<&'a str>,
    /// The object's name in it.
    pub key: &'a str,
    /// Of what kind it is, `application/json`.
    pub content_type: &'a str,
    /// How the service seals it, as it is told: `AES256` or `aws:kms`. The bucket's own way if
    /// nothing is said.
    pub encryption: Option<&'a str>,
    /// All of it.
    pub body: &'a [u8],
    /// The time of the call.
    pub now: Timestamp,
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

const LAST: &str = "aws4_request";

// === impl PutObject ===

impl PutObject<'_> {
    /// `/<bucket>/<key>` or `/<key>`, as a request target.
    pub fn path(&self) -> String {
        let mut path = String::from("/");
        if let Some(bucket) = self.bucket {
            percent::encode_path_into(&mut path, bucket);
            path.push('/');
        }
        percent::encode_path_into(&mut path, self.key);
        path
    }

    /// Every header but `host` and the body's length, `authorization` among them.
    pub fn headers(&self, key: &SigningKey) -> Vec<(String, String)> {
        let now = self.now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let hash = hex::encode(digest::digest(&digest::SHA256, self.body));
        let mut headers = vec![
            ("content-type", self.content_type.to_owned()),
            ("host", self.host.to_owned()),
            ("x-amz-content-sha256", hash.clone()),
            ("x-amz-date", now.clone()),
        ];
        if let Some(token) = &key.security_token {
            // EXPOSE: into the request's own header.
            headers.push(("x-amz-security-token", token.expose().clone()));
        }
        if let Some(encryption) = self.encryption {
            headers.push(("x-amz-server-side-encryption", encryption.to_owned()));
        }
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let mut text = format!("PUT\n{}\n\n", self.path());
        for (name, value) in &headers {
            text.extend([name, ":", value.trim(), "\n"]);
        }
        text.extend(["\n", &names, "\n", &hash]);
        let canonical = Secret::new(text);
        // EXPOSE: the token's header is in it; into the hash.
        let hash = digest::digest(&digest::SHA256, canonical.expose().as_bytes());
        let date = now.get(..8).unwrap_or_default();
        let scope = format!("{date}/{}/s3/{LAST}", self.region);
        let text = format!("{ALGORITHM}\n{now}\n{scope}\n{}", hex::encode(hash));
        let secret = &key.access_key_secret;
        let with = derive("AWS4", secret, &[date, self.region, "s3", LAST]);
        let signature = hex::encode(hmac::sign(&with, text.as_bytes()));
        let id = &key.access_key_id;
        headers.push((
            "authorization",
            format!(
                "{ALGORITHM} Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
            ),
        ));
        headers
            .into_iter()
            .filter(|(name, _)| *name != "host")
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

#[cfg(test)]
mod tests;

//! Object Storage Service: an object is put, signed with OSS4-HMAC-SHA256.
//!
//! As the cloud publishes the signature (signature version 4 of OSS, by headers); the cases in
//! `tests/delivery/oss.json` are what the official Python SDK sends.

use aws_lc_rs::{digest, hmac};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use kms_types::Secret;
use md5::{Digest as _, Md5};

use crate::{
    percent,
    sign::{SigningKey, derive},
};

/// An object on its way.
#[derive(Clone, Copy)]
pub struct PutObject<'a> {
    /// The region that the bucket is in, `cn-hangzhou`.
    pub region: &'a str,
    /// The bucket.
    pub bucket: &'a str,
    /// The object's name in it.
    pub key: &'a str,
    /// Of what kind it is, `application/json`.
    pub content_type: &'a str,
    /// How the service seals it, as it is told: `AES256` or `KMS`. The bucket's own way if nothing
    /// is said.
    pub encryption: Option<&'a str>,
    /// All of it.
    pub body: &'a [u8],
    /// The time of the call.
    pub now: Timestamp,
}

const ALGORITHM: &str = "OSS4-HMAC-SHA256";

const LAST: &str = "aliyun_v4_request";

/// The service takes no hash of the body; Content-MD5, which is signed, stands for it.
const PAYLOAD: &str = "UNSIGNED-PAYLOAD";

// === impl PutObject ===

impl PutObject<'_> {
    /// `/<key>`, as a request target.
    pub fn path(&self) -> String {
        let mut path = String::from("/");
        percent::encode_path_into(&mut path, self.key);
        path
    }

    /// Every header but `host` and the body's length, `authorization` among them.
    pub fn headers(&self, key: &SigningKey) -> Vec<(String, String)> {
        let now = self.now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut headers = vec![
            (
                "content-md5",
                BASE64_STANDARD.encode(Md5::digest(self.body)),
            ),
            ("content-type", self.content_type.to_owned()),
            ("x-oss-content-sha256", PAYLOAD.to_owned()),
            ("x-oss-date", now.clone()),
        ];
        if let Some(token) = &key.security_token {
            // EXPOSE: into the request's own header.
            headers.push(("x-oss-security-token", token.expose().clone()));
        }
        if let Some(encryption) = self.encryption {
            headers.push(("x-oss-server-side-encryption", encryption.to_owned()));
        }
        let date = now.get(..8).unwrap_or_default();
        let scope = format!("{date}/{}/oss/{LAST}", self.region);
        let canonical = Secret::new(self.canonical(&headers));
        // EXPOSE: the token's header is in it; into the hash.
        let hash = digest::digest(&digest::SHA256, canonical.expose().as_bytes());
        let text = format!("{ALGORITHM}\n{now}\n{scope}\n{}", hex::encode(hash));
        let secret = &key.access_key_secret;
        let with = derive("aliyun_v4", secret, &[date, self.region, "oss", LAST]);
        let signed = hmac::sign(&with, text.as_bytes());
        headers.push((
            "authorization",
            format!(
                "{ALGORITHM} Credential={}/{scope}, Signature={}",
                key.access_key_id,
                hex::encode(signed)
            ),
        ));
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        headers.into_iter().map(owned).collect()
    }

    /// `headers` are all signed, and sorted by name. The line between them and the payload names
    /// headers that would be signed besides; there are none.
    fn canonical(&self, headers: &[(&str, String)]) -> String {
        let mut text = format!("PUT\n/{}", self.bucket);
        text.push_str(&self.path());
        text.push_str("\n\n");
        for (name, value) in headers {
            text.extend([name, ":", value.trim(), "\n"]);
        }
        text.extend(["\n\n", PAYLOAD]);
        text
    }
}

#[cfg(test)]
mod tests;

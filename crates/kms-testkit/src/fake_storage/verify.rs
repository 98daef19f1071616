use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use percent_encoding::percent_decode_str;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Stored;

/// By the rule that the request claims to follow; the code of the refusal.
pub(super) fn verify(request: &Stored, id: &str, secret: &str) -> Result<(), &'static str> {
    let claim = request.header("authorization");
    let wrong = "SignatureDoesNotMatch";
    if let Some(claim) = claim.strip_prefix("OSS4-HMAC-SHA256 ") {
        md5(request, |digest| BASE64_STANDARD.encode(digest))?;
        return v4(request, claim, id, secret, &OSS).ok_or(wrong);
    }
    if let Some(claim) = claim.strip_prefix("AWS4-HMAC-SHA256 ") {
        let hash = hex(&Sha256::digest(&request.body));
        if request.header("x-amz-content-sha256") != hash {
            return Err("XAmzContentSHA256Mismatch");
        }
        return v4(request, claim, id, secret, &AWS).ok_or(wrong);
    }
    if let Some(claim) = claim.strip_prefix("LOG ") {
        md5(request, |digest| hex(digest).to_ascii_uppercase())?;
        let size = request.body.len().to_string();
        if request.header("x-log-bodyrawsize") != size {
            return Err("PostBodyInvalid");
        }
        return log(request, claim, id, secret).ok_or("Unauthorized");
    }
    Err("AccessDenied")
}

/// What the two signatures of the fourth version call things.
struct Words {
    algorithm: &'static str,
    prefix: &'static str,
    service: &'static str,
    last: &'static str,
    headers: &'static str,
    /// What stands for the body.
    payload: &'static str,
    /// Of the headers that are signed and are not the service's own.
    list: &'static str,
}

const OSS: Words = Words {
    algorithm: "OSS4-HMAC-SHA256",
    prefix: "aliyun_v4",
    service: "oss",
    last: "aliyun_v4_request",
    headers: "x-oss-",
    payload: "x-oss-content-sha256",
    list: "AdditionalHeaders",
};

const AWS: Words = Words {
    algorithm: "AWS4-HMAC-SHA256",
    prefix: "AWS4",
    service: "s3",
    last: "aws4_request",
    headers: "x-amz-",
    payload: "x-amz-content-sha256",
    list: "SignedHeaders",
};

fn md5(request: &Stored, write: impl Fn(&[u8]) -> String) -> Result<(), &'static str> {
    if request.header("content-md5") == write(&Md5::digest(&request.body)) {
        Ok(())
    } else {
        Err("InvalidDigest")
    }
}

fn v4(request: &Stored, claim: &str, id: &str, secret: &str, words: &Words) -> Option<()> {
    let said = |name: &str| {
        let mut parts = claim.split(", ");
        parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
    };
    let (own, scope) = said("Credential")?.split_once('/')?;
    let parts: Vec<&str> = scope.split('/').collect();
    let [date, region, service, last] = parts.as_slice() else {
        return None;
    };
    let now = request.header(&format!("{}date", words.headers));
    let is_scope = *service == words.service && *last == words.last && now.starts_with(date);
    if own != id || !is_scope {
        return None;
    }
    let names = said(words.list).unwrap_or_default();
    let listed: Vec<&str> = names.split(';').collect();
    let mut headers = request.headers.clone();
    headers.retain(|(name, _)| {
        let usual = words.list == "AdditionalHeaders"
            && (name.starts_with(words.headers) || name == "content-type" || name == "content-md5");
        usual || listed.contains(&name.as_str())
    });
    // A header of the service's own that is not signed could be anybody's.
    let is_signed = |name: &str| headers.iter().any(|(own, _)| own == name);
    let mut all = request.headers.iter();
    if !all.all(|(name, _)| !name.starts_with(words.headers) || is_signed(name)) {
        return None;
    }
    headers.sort();
    let mut text = format!("{}\n{}\n\n", request.method, path(request));
    for (name, value) in &headers {
        text.extend([name, ":", value, "\n"]);
    }
    text.extend(["\n", names, "\n", request.header(words.payload)]);
    let hash = hex(&Sha256::digest(&text));
    let to_sign = format!("{}\n{now}\n{scope}\n{hash}", words.algorithm);
    let mut key = format!("{}{secret}", words.prefix).into_bytes();
    for part in [date, region, service, last] {
        key = sha256(&key, part);
    }
    (said("Signature")? == hex(&sha256(&key, &to_sign))).then_some(())
}

/// Decoded and encoded again: no other way of writing it is taken for the right one.
fn path(request: &Stored) -> String {
    let mut path = String::new();
    for byte in percent_decode_str(&request.path) {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'~' | b'.' | b'/' => {
                path.push(char::from(byte));
            }
            byte => path.extend(["%", &hex(&[byte]).to_ascii_uppercase()]),
        }
    }
    path
}

fn log(request: &Stored, claim: &str, id: &str, secret: &str) -> Option<()> {
    let (own, signature) = claim.split_once(':')?;
    let mut headers = request.headers.clone();
    // The official SDK adds x-log-date after it has signed.
    headers.retain(|(name, _)| {
        (name.starts_with("x-log-") && name != "x-log-date") || name.starts_with("x-acs-")
    });
    headers.sort();
    let mut text = format!("{}\n", request.method);
    for name in ["content-md5", "content-type", "date"] {
        text.extend([request.header(name), "\n"]);
    }
    for (name, value) in &headers {
        text.extend([name, ":", value, "\n"]);
    }
    text += &request.path;
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(text.as_bytes());
    let right = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    (own == id && signature == right).then_some(())
}

fn sha256(key: &[u8], text: &str) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

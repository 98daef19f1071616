use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use kms_types::{ErrorCode, Secret};
use serde::Deserialize;

use super::{
    Claim, RsaSigningKey, Scheme, SigningKey, Unsigned, canonical, proof::Proof, sign_acs3,
    sign_acs4, sign_rpc, sign_rpc_rsa,
};
use crate::{ApiError, Params, Product, RawRequest, SignedRequest};

mod round_trip;
mod spoilt;

/// A case's `call.json`; see `tests/sign/README.md`.
#[derive(Deserialize)]
struct Call {
    scheme: String,
    version: String,
    action: String,
    host: String,
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
    timestamp: String,
    nonce: String,
    provider: String,
    params: BTreeMap<String, String>,
    format: String,
    ours: bool,
}

/// A request that owns its bytes, to be shown as a [`RawRequest`].
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    path: String,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

#[test]
fn golden() {
    let mut cases = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sign")).unwrap() {
        let folder = entry.unwrap().path();
        if folder.is_dir() {
            check(&folder);
            cases += 1;
        }
    }
    assert!(cases >= 24, "cases went missing: {cases}");
}

#[test]
fn sent_by_real_clients() {
    #[derive(Deserialize)]
    struct Said {
        action: String,
        params: BTreeMap<String, String>,
    }

    let said = fs::read_to_string(file("../sent/said.json")).unwrap();
    let said: BTreeMap<String, Said> = serde_json::from_str(&said).unwrap();
    assert!(said.len() >= 26, "cases went missing: {}", said.len());
    for (name, said) in said {
        let sent = Sent::read(&fs::read(file(&format!("../sent/{name}.http"))).unwrap());
        let claim = sent
            .claim()
            .unwrap_or_else(|refused| panic!("{name}: {refused}"));
        claim
            .verify(&Secret::from("testsecret"))
            .unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert!(claim.verify(&Secret::from("another")).is_err(), "{name}");
        assert_eq!(claim.action, said.action, "{name}");
        assert_eq!(pairs(&claim.params), said.params, "{name}");
        let token = claim.security_token.as_ref().map(Secret::expose);
        assert_eq!(token.is_some(), name.contains("-sts-"), "{name}");
    }
}

fn pairs(params: &Params) -> BTreeMap<String, String> {
    params
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn check(folder: &Path) {
    let case = folder.file_name().unwrap().to_str().unwrap();
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let call: Call = serde_json::from_str(&text("call.json")).unwrap();
    let sent = Sent::read(&fs::read(folder.join("request.http")).unwrap());

    let claim = sent
        .claim()
        .unwrap_or_else(|refused| panic!("{case}: {refused}"));
    assert_eq!(claim.version, call.version, "{case}");
    assert_eq!(claim.action, call.action, "{case}");
    assert_eq!(
        claim.access_key_id.as_ref().unwrap().as_str(),
        call.access_key_id
    );
    assert_eq!(
        claim.security_token.as_ref().map(Secret::expose),
        call.security_token.as_ref(),
        "{case}"
    );
    assert_eq!(claim.timestamp.to_string(), call.timestamp, "{case}");
    assert_eq!(claim.nonce, call.nonce, "{case}");
    assert_eq!(format!("{:?}", claim.format), call.format, "{case}");
    assert_eq!(pairs(&claim.params), call.params, "{case}");
    match &claim.proof {
        Proof::Rpc { string_to_sign, .. } | Proof::RpcRsa { string_to_sign, .. } => {
            assert_eq!(string_to_sign.expose(), &text("signed.txt"), "{case}");
        }
        Proof::Acs {
            strings_to_sign, ..
        } => {
            let algorithm = call.scheme.split(' ').next().unwrap().to_ascii_uppercase();
            let wanted = canonical::string_to_sign(
                &format!("{algorithm}-HMAC-SHA256"),
                text("signed.txt").as_bytes(),
            );
            assert!(
                strings_to_sign.contains(&wanted),
                "{case}: {strings_to_sign:?}"
            );
        }
        Proof::Absent => panic!("{case} is signed"),
    }
    call.verify(&claim)
        .unwrap_or_else(|refused| panic!("{case}: {refused}"));
    let refused = claim.verify(&Secret::from("another")).unwrap_err();
    let refused_rsa = claim.verify_rsa(&OTHER_PUBLIC_KEY).unwrap_err();
    let (mine, other) = match claim.scheme() {
        Scheme::ClientKey => (refused_rsa, refused),
        _ => (refused, refused_rsa),
    };
    assert_eq!(mine.code, ErrorCode::SignatureDoesNotMatch, "{case}");
    assert_eq!(other.code, ErrorCode::IncompleteSignature, "{case}");

    if call.ours {
        let made = call.sign();
        let again = Sent::from(&made);
        assert_eq!(again.signature(), text("signature.txt"), "{case}");
        assert_eq!(again.signature(), sent.signature(), "{case}");
        again
            .claim()
            .and_then(|claim| call.verify(&claim))
            .unwrap_or_else(|refused| panic!("{case}, ours: {refused}"));
        for (name, value) in &sent.headers {
            // V1 clients send these two as well; they are not signed and nobody needs them.
            if call.scheme.starts_with("acs") || !name.starts_with("x-acs-") {
                assert!(
                    again
                        .headers
                        .iter()
                        .any(|own| *own == (name.clone(), value.clone()))
                        || name == "user-agent",
                    "{case}: {name}"
                );
            }
        }
        assert_eq!(again.body.is_empty(), sent.body.is_empty(), "{case}");
    }
}

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/sign", name]
        .iter()
        .collect()
}

pub(crate) fn client_key(id: &str) -> RsaSigningKey {
    let der = Secret::new(fs::read(file("client-key.der")).unwrap());
    RsaSigningKey::from_der(id.parse().unwrap(), &der).unwrap()
}

/// A key that has signed nothing.
pub(crate) static OTHER_PUBLIC_KEY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    der.as_ref().to_vec()
});

impl Call {
    fn sign(&self) -> SignedRequest {
        let mut params = Params::default();
        for (name, value) in &self.params {
            params.push(name.as_str(), value.as_str());
        }
        let unsigned = Unsigned {
            version: &self.version,
            action: &self.action,
            params: &params,
            host: &self.host,
            user_agent: "kms/0",
            provider: &self.provider,
            now: self.timestamp.parse().unwrap(),
            nonce: &self.nonce,
        };
        let key = SigningKey {
            access_key_id: self.access_key_id.parse().unwrap(),
            access_key_secret: Secret::from(self.access_key_secret.as_str()),
            security_token: self.security_token.as_deref().map(Secret::from),
        };
        match self.scheme.as_str() {
            "acs3" => sign_acs3(&unsigned, &key),
            "rpc" => sign_rpc(&unsigned, &key),
            "rpc-rsa" => sign_rpc_rsa(&unsigned, &client_key(&self.access_key_id)).unwrap(),
            other => match other.strip_prefix("acs4 ") {
                Some(region) => sign_acs4(&unsigned, region, Product::Kms, &key),
                None => panic!("no scheme {other}"),
            },
        }
    }

    fn verify(&self, claim: &Claim) -> Result<(), ApiError> {
        if self.scheme == "rpc-rsa" {
            claim.verify_rsa(&fs::read(file("client-key.pub.der")).unwrap())
        } else {
            claim.verify(&Secret::from(self.access_key_secret.as_str()))
        }
    }
}

impl Sent {
    /// Reads a `request.http`.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let mut lines = std::str::from_utf8(&bytes[..end]).unwrap().split("\r\n");
        let mut first = lines.next().unwrap().split(' ');
        let method = first.next().unwrap().to_owned();
        let target = first.next().unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: lines
                .map(|line| {
                    let (name, value) = line.split_once(": ").unwrap();
                    (name.to_ascii_lowercase(), value.as_bytes().to_owned())
                })
                .collect(),
            body: bytes[end + 4..].to_owned(),
        }
    }

    pub(crate) fn with_raw<T>(&self, look: impl FnOnce(&RawRequest<'_>) -> T) -> T {
        let headers: Vec<(&str, &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
            .collect();
        look(&RawRequest {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            body: &self.body,
        })
    }

    fn claim(&self) -> Result<Claim, ApiError> {
        self.with_raw(Claim::parse)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_slice())
    }

    fn signature(&self) -> String {
        let authorization = self
            .headers
            .iter()
            .find(|(name, _)| name == "authorization");
        if let Some((_, value)) = authorization {
            let text = std::str::from_utf8(value).unwrap();
            return text.split("Signature=").nth(1).unwrap().to_owned();
        }
        let params = Params::parse(&self.query, &self.body).unwrap();
        params.get("Signature").unwrap().to_owned()
    }

    pub(crate) fn header_mut(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.headers.iter_mut().find(|(own, _)| own == name);
        &mut found.unwrap_or_else(|| panic!("no {name}")).1
    }

    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.headers
            .push((name.to_owned(), value.as_bytes().to_owned()));
    }

    fn remove(&mut self, name: &str) {
        self.headers.retain(|(own, _)| own != name);
    }
}

impl From<&SignedRequest> for Sent {
    fn from(made: &SignedRequest) -> Self {
        let (path, query) = made.target.split_once('?').unwrap_or((&made.target, ""));
        Self {
            method: made.method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: made
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                .collect(),
            body: made.body.clone(),
        }
    }
}

//! An issuer's keys (RFC 7517, RFC 7518 §6), and whether one of them made a signature.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use super::{Jwt, TokenError, jwt::Algorithm};

/// The keys of an issuer that can sign tokens.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeySet(Vec<Key>);

/// Bytes that are no key set.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("no JSON object with a list of keys")]
pub struct ParseKeySetError;

#[derive(Clone, Debug, Eq, PartialEq)]
struct Key {
    kid: Option<String>,
    /// Signs with nothing else, if given.
    alg: Option<String>,
    public: Public,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Public {
    /// Modulus and exponent, big-endian, no zeros in front.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// An uncompressed point (SEC 1 §2.3.3).
    P256(Vec<u8>),
    /// The same.
    P384(Vec<u8>),
}

/// Keys of one set that are looked at; an issuer has two or three.
const MOST_KEYS: usize = 100;

#[derive(Deserialize)]
struct WrittenSet<'j> {
    #[serde(borrow)]
    keys: Vec<&'j RawValue>,
}

#[derive(Deserialize)]
struct WrittenKey {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    key_ops: Option<Vec<String>>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

// === impl KeySet ===

impl KeySet {
    /// Reads a key set. Keys in it that are of no use, or that cannot be read, are left
    /// out: an issuer may have others for others.
    ///
    /// # Errors
    /// [`ParseKeySetError`].
    pub fn parse(json: &[u8]) -> Result<Self, ParseKeySetError> {
        let set: WrittenSet<'_> =
            serde_json::from_slice(json).map_err(|_not_a_set| ParseKeySetError)?;
        let read = |written: &RawValue| Key::read(serde_json::from_str(written.get()).ok()?);
        let keys = set.keys.into_iter().take(MOST_KEYS);
        Ok(Self(keys.filter_map(read).collect()))
    }

    /// How many keys it has that can be used.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has a key that may have signed the token. If not, the issuer may have got
    /// a new one.
    pub fn may_know(&self, token: &Jwt<'_>) -> bool {
        !self.candidates(token).is_empty()
    }

    /// Whether one of the keys made the token's signature. A token that names no key is
    /// checked only where one key alone can have made it.
    ///
    /// # Errors
    /// `Signature`.
    pub fn verify(&self, token: &Jwt<'_>) -> Result<(), TokenError> {
        if self
            .candidates(token)
            .iter()
            .any(|key| key.public.made(token))
        {
            Ok(())
        } else {
            Err(TokenError::Signature)
        }
    }

    fn candidates(&self, token: &Jwt<'_>) -> Vec<&Key> {
        let fits: Vec<&Key> = self.0.iter().filter(|key| key.fits(token)).collect();
        match (&token.kid, fits.len()) {
            (None, 2..) => Vec::new(),
            _ => fits,
        }
    }
}

// === impl Key ===

impl Key {
    fn read(written: WrittenKey) -> Option<Self> {
        let signs = written.usage.as_deref().is_none_or(|usage| usage == "sig")
            && written
                .key_ops
                .as_ref()
                .is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !signs {
            return None;
        }
        let public = match (written.kty.as_str(), written.crv.as_deref()) {
            ("RSA", _) => Public::Rsa {
                n: number(written.n.as_deref()?)?,
                e: number(written.e.as_deref()?)?,
            },
            ("EC", Some("P-256")) => {
                Public::P256(point(written.x.as_deref()?, written.y.as_deref()?, 32)?)
            }
            ("EC", Some("P-384")) => {
                Public::P384(point(written.x.as_deref()?, written.y.as_deref()?, 48)?)
            }
            _ => return None,
        };
        Some(Self {
            kid: written.kid,
            alg: written.alg,
            public,
        })
    }

    fn fits(&self, token: &Jwt<'_>) -> bool {
        let is_named = token.kid.is_none() || self.kid == token.kid;
        let may = self
            .alg
            .as_deref()
            .is_none_or(|alg| alg == token.algorithm.as_str());
        is_named && may && self.public.is_for(token.algorithm)
    }
}

// === impl Public ===

impl Public {
    fn is_for(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::Rsa { .. } => rsa(algorithm).is_some(),
            Self::P256(_) => algorithm == Algorithm::ES256,
            Self::P384(_) => algorithm == Algorithm::ES384,
        }
    }

    /// RSA keys of less than 2,048 bits make nothing.
    fn made(&self, token: &Jwt<'_>) -> bool {
        let (text, signature) = (token.signed.as_bytes(), token.signature.as_slice());
        let checked = match (self, token.algorithm) {
            (Self::Rsa { n, e }, algorithm) => {
                let Some(how) = rsa(algorithm) else {
                    return false;
                };
                RsaPublicKeyComponents { n, e }.verify(how, text, signature)
            }
            (Self::P256(point), Algorithm::ES256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(text, signature)
            }
            (Self::P384(point), Algorithm::ES384) => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(text, signature)
            }
            _ => return false,
        };
        checked.is_ok()
    }
}

// === impl Algorithm ===

impl Algorithm {
    fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
        }
    }
}

/// How an RSA key is asked; none for algorithms of other keys.
fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&RSA_PSS_2048_8192_SHA512),
        Algorithm::ES256 | Algorithm::ES384 => None,
    }
}

/// A positive number (RFC 7518 §2, Base64urlUInt); zeros in front are forgiven.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes
        .get(zeros..)
        .filter(|rest| !rest.is_empty())
        .map(<[u8]>::to_vec)
}

fn point(x: &str, y: &str, size: usize) -> Option<Vec<u8>> {
    let (x, y) = (
        BASE64_URL_SAFE_NO_PAD.decode(x).ok()?,
        BASE64_URL_SAFE_NO_PAD.decode(y).ok()?,
    );
    if x.len() != size || y.len() != size {
        return None;
    }
    let mut point = vec![4];
    point.extend(x);
    point.extend(y);
    Some(point)
}

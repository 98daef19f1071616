//! A token as RFC 7519 and the compact form of RFC 7515 have it, read strictly: what two
//! readers could understand in two ways is none.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, SeqAccess, Visitor},
};
use thiserror::Error;

/// A token, read but not yet believed.
pub struct Jwt<'t> {
    pub(super) algorithm: Algorithm,
    /// Which of the issuer's keys.
    pub(super) kid: Option<String>,
    /// What was signed: header and claims as they stand.
    pub(super) signed: &'t str,
    pub(super) signature: Vec<u8>,
    claims: Claims,
}

/// What a token says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Claims {
    /// `iss`.
    pub issuer: String,
    /// `sub`; never empty.
    pub subject: String,
    /// `aud`, one or many; may be an empty list.
    pub audience: Vec<String>,
    /// `exp`.
    pub expires: Timestamp,
    /// `iat`.
    pub issued: Timestamp,
    /// `nbf`.
    pub not_before: Option<Timestamp>,
}

/// Signatures that are looked at: those of key pairs. `none` is no signature, and with
/// `HS…` whoever can check can also sign.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub(super) enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
}

/// Why a token is not believed. No part of it is repeated.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
pub enum TokenError {
    /// Not three parts of base64, or too long.
    #[error("it is not a JWT of three parts in base64url")]
    Shape,
    /// Its header cannot be read, or names no algorithm that is looked at.
    #[error(
        "its header is not JSON that names one of RS256, RS384, RS512, PS256, PS384, PS512, ES256 \
         and ES384"
    )]
    Header,
    /// Its header asks for what this server does not know (RFC 7515 §4.1.11).
    #[error("its header has critical extensions")]
    Critical,
    /// Its claims cannot be read, or one that is needed is absent.
    #[error("its claims are not JSON with iss, sub, aud, exp and iat, each once and of its type")]
    Claims,
    /// It says another issuer than the provider's.
    #[error("its issuer is not that of the OIDC provider")]
    Issuer,
    /// No key of the issuer made its signature.
    #[error("no key of its issuer makes its signature")]
    Signature,
    /// It is for none of the provider's clients.
    #[error("its audience is no client of the OIDC provider")]
    Audience,
    /// Its time is over.
    #[error("it is expired")]
    Expired,
    /// Its provider wants younger ones.
    #[error("it was issued longer ago than the OIDC provider allows")]
    TooOld,
    /// Its time has not come.
    #[error("it is not valid yet")]
    NotYet,
}

/// Longest token: STS's own limit.
const LONGEST: usize = 20_000;

#[derive(Deserialize)]
struct Header {
    alg: Algorithm,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, deserialize_with = "there")]
    crit: bool,
}

/// serde refuses a field that comes twice; of those that are not named here nothing is
/// taken, so they may come as they like.
#[derive(Deserialize)]
struct Body {
    iss: String,
    sub: String,
    aud: Audience,
    exp: NumericDate,
    iat: NumericDate,
    #[serde(default)]
    nbf: Option<NumericDate>,
}

struct Audience(Vec<String>);

/// Seconds since 1970, fractions cut off (RFC 7519 §2).
struct NumericDate(Timestamp);

// === impl Jwt ===

impl<'t> Jwt<'t> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// `Shape`, `Header`, `Critical`, `Claims`.
    pub fn parse(token: &'t str) -> Result<Self, TokenError> {
        if token.len() > LONGEST {
            return Err(TokenError::Shape);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Shape)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Shape)?;
        let signature = decode(signature)?;
        let (header, claims) = (decode(header)?, decode(claims)?);
        let header: Header =
            serde_json::from_slice(&header).map_err(|_quotes_it| TokenError::Header)?;
        if header.crit {
            return Err(TokenError::Critical);
        }
        Ok(Self {
            algorithm: header.alg,
            kid: header.kid,
            signed,
            signature,
            claims: Claims::parse(&claims).ok_or(TokenError::Claims)?,
        })
    }

    /// What it says, believed or not.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }
}

/// The algorithm and the key's name, nothing of what it says.
impl fmt::Debug for Jwt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

// === impl Claims ===

impl Claims {
    fn parse(json: &[u8]) -> Option<Self> {
        let body: Body = serde_json::from_slice(json).ok()?;
        if body.sub.is_empty() {
            return None;
        }
        Some(Self {
            issuer: body.iss,
            subject: body.sub,
            audience: body.aud.0,
            expires: body.exp.0,
            issued: body.iat.0,
            not_before: body.nbf.map(|date| date.0),
        })
    }
}

// === impl Audience ===

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Vec<String>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, or a list of texts")
            }

            fn visit_str<E>(self, one: &str) -> Result<Self::Value, E> {
                Ok(vec![one.to_owned()])
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut many = Vec::new();
                while let Some(one) = list.next_element()? {
                    many.push(one);
                }
                Ok(many)
            }
        }

        deserializer.deserialize_any(OneOrMany).map(Self)
    }
}

// === impl NumericDate ===

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seconds;

        impl Visitor<'_> for Seconds {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("seconds since 1970")
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Timestamp, E> {
                Timestamp::from_second(seconds).map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Timestamp, E> {
                self.visit_i64(i64::try_from(seconds).map_err(E::custom)?)
            }

            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Timestamp, E> {
                // Whole numbers of that size stand in a double as they are.
                let whole = format!("{:.0}", seconds.trunc());
                self.visit_i64(whole.parse().map_err(E::custom)?)
            }
        }

        deserializer.deserialize_any(Seconds).map(Self)
    }
}

/// A part that has to be there.
fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    if part.is_empty() {
        return Err(TokenError::Shape);
    }
    BASE64_URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_not_base64| TokenError::Shape)
}

/// True for whatever stands there.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|IgnoredAny| true)
}

//! What a SecurityToken holds: all that is needed to know its bearer again. No server
//! keeps it, so that any of them, and each after a restart, can read it.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use kms_crypto::{Keyring, Place};
use kms_types::{AccessKeyId, AccountId, RoleName, Secret};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Principal, Rights, failure::Failure, policy, random};

/// A session of a role.
pub(crate) struct Session {
    /// The role's account.
    pub(crate) account: AccountId,
    /// The role, as it was when the session was opened.
    pub(crate) role_id: String,
    pub(crate) role_name: RoleName,
    /// What its opener called it.
    pub(crate) name: String,
    /// What it signs with.
    pub(crate) access_key_id: AccessKeyId,
    pub(crate) secret: Secret<String>,
    /// The first second at which it is over.
    pub(crate) expires: Timestamp,
    /// A session policy, checked.
    pub(crate) policy: Option<String>,
}

/// As it lies in the token. Names are short, for the token travels with every call.
#[derive(Serialize)]
struct Written<'a> {
    a: &'a AccountId,
    r: &'a str,
    n: &'a RoleName,
    s: &'a str,
    k: &'a AccessKeyId,
    x: &'a str,
    e: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<&'a str>,
}

#[derive(Deserialize)]
struct Read {
    a: AccountId,
    r: String,
    n: RoleName,
    s: String,
    k: AccessKeyId,
    x: String,
    e: i64,
    #[serde(default)]
    p: Option<String>,
}

/// Longest token that is looked at: one with the longest policy of four-byte characters
/// has less.
const LONGEST_TOKEN: usize = 32 * 1024;

/// What ids of temporary AccessKeys begin with.
const PREFIX: &str = "STS.";

/// Whether the id is one that only goes with a token.
pub(crate) fn is_session_key(id: &AccessKeyId) -> bool {
    id.as_str().starts_with(PREFIX)
}

/// A fresh id, of the form that the cloud's have.
///
/// # Errors
/// `Random`.
pub(crate) fn access_key_id() -> Result<AccessKeyId, Failure> {
    let id = format!("{PREFIX}{}", *random::alphanumeric(25)?);
    id.parse().map_err(|_not_an_id| Failure::Random)
}

// === impl Session ===

impl Session {
    /// As a token.
    ///
    /// # Errors
    /// `Seal`.
    pub(crate) fn seal(&self, keyring: &Keyring) -> Result<Secret<String>, Failure> {
        let written = Written {
            a: &self.account,
            r: &self.role_id,
            n: &self.role_name,
            s: &self.name,
            k: &self.access_key_id,
            // EXPOSE: into the sealed token.
            x: self.secret.expose(),
            e: self.expires.as_second(),
            p: self.policy.as_deref(),
        };
        // Large enough at once: growing would leave copies of the secret behind. JSON needs
        // six bytes for a control character, which is the worst.
        let room = 1024 + 6 * self.policy.as_deref().map_or(0, str::len);
        let mut json = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *json, &written).map_err(|_not_json| Failure::NotText)?;
        let sealed = keyring.seal(&Place::SessionToken, &json)?;
        Ok(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Of which term of the keyring the token claims to be; it is not opened.
    pub(crate) fn term_of(token: &Secret<String>) -> Option<u32> {
        // EXPOSE: its first bytes, which are not secret.
        let beginning = token.expose().get(..8)?;
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(beginning).ok()?;
        Keyring::term_of(&sealed).ok()
    }

    /// What the token holds; none if it is not one of this installation's.
    pub(crate) fn open(keyring: &Keyring, token: &Secret<String>) -> Option<Self> {
        // EXPOSE: to be opened.
        let token = token.expose();
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let json = keyring.open(&Place::SessionToken, &sealed).ok()?;
        // EXPOSE: into the parser, whose copy of the secret becomes a `Secret`.
        let read: Read = serde_json::from_slice(json.expose()).ok()?;
        Some(Self {
            account: read.a,
            role_id: read.r,
            role_name: read.n,
            name: read.s,
            access_key_id: read.k,
            secret: Secret::new(read.x),
            expires: Timestamp::from_second(read.e).ok()?,
            policy: read.p,
        })
    }

    /// Who bears it, if these are its role's rights.
    ///
    /// # Errors
    /// `Document` if its policy, which was checked when the session was opened, is none any
    /// more.
    pub(crate) fn into_principal(self, rights: Arc<Rights>) -> Result<Principal, Failure> {
        let policy = self
            .policy
            .map(|text| policy::Document::parse(&text, policy::Kind::Session))
            .transpose()
            .map_err(|_no_longer_valid| Failure::Document("session policy"))?;
        Ok(Principal::Role {
            account: self.account,
            role_id: self.role_id,
            role_name: self.role_name.to_string(),
            session_name: self.name,
            access_key_id: self.access_key_id,
            rights,
            policy: policy.map(Arc::new),
        })
    }
}

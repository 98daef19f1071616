//! Rotation of secrets of managed types: each gets a new value, which is first given to what
//! the secret opens, by somebody else's program, a rotator.
//!
//! A rotation is a row of the store's journal. A worker claims it, does one step, and writes
//! down that it did in the same transaction as what the step changes; a worker that was taken
//! for dead writes nothing any more (the row's fence). Each step can be done again:
//!
//! ```text
//!   create ──► set ──► test ──► finish ──► (over)
//!      │        │       │         the new value is read from here on
//!      └────────┴───────┴──► (failed): the old value stays, AutomaticRotation is Invalid
//! ```
//!
//! The new value lies in the journal, sealed as the version that it will be, from before
//! anybody is told of it until it is the secret's current version.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kms_types::{AccessKeyId, AccountId, Secret, SecretName, SecretType, VersionId};
use thiserror::Error;

use crate::Service;

mod access_key;
mod backoff;
mod begin;
mod clock;
pub mod delegation;
mod due;
mod embedded;
mod forget;
mod journal;
mod load;
mod news;
mod outcome;
mod ram;
mod readers;
mod step;
mod window;
mod worker;

pub(crate) use access_key::leaving;
pub use access_key::{HealthChecks, access_key_steps, hosting_accounts};
pub(crate) use clock::Anchor;
pub(crate) use load::has_failed;
pub use load::{MOST_OVERDUE, RotationLoad};
pub use ram::{KeyOwner, ListedUser, Ram, RamError, RamKey, RamUser, Rams, UserPage, UserTag};
pub(crate) use readers::Readers;
pub use window::Windows;
pub(crate) use worker::Turns;

/// How secrets are rotated.
#[derive(Clone)]
pub struct Rotation {
    /// Who gives new values to what secrets open.
    pub rotators: Arc<dyn Rotators>,
    /// Who makes the AccessKeys of RAM credentials.
    pub rams: Arc<dyn Rams>,
    /// How long AccessKeys that were replaced stay good.
    pub windows: Windows,
    /// The shortest interval between rotations.
    pub least_interval: SignedDuration,
    /// How long a rotation stays with a worker that says nothing. One that lives prolongs it.
    pub lease: SignedDuration,
    /// Is told what becomes of rotations, once it is so: they go on without a call that an
    /// audit log could show.
    pub told: Arc<dyn Fn(&RotationNews<'_>) + Send + Sync>,
}

/// What became of a rotation.
#[derive(Clone, Copy, Debug)]
pub struct RotationNews<'a> {
    /// The secret's owner.
    pub account: &'a AccountId,
    /// The secret.
    pub secret: &'a SecretName,
    /// The version that the rotation makes.
    pub version: &'a VersionId,
    /// What happened.
    pub event: RotationEvent,
    /// The AccessKey that is replaced, if it is one.
    pub old_key: Option<&'a AccessKeyId>,
    /// The AccessKey that replaces it, once there is one.
    pub new_key: Option<&'a AccessKeyId>,
    /// When the AccessKey that was replaced signed last, when it comes to its end and RAM
    /// tells.
    pub old_key_used: Option<Timestamp>,
    /// Why it was given up, or does not get on; empty otherwise.
    pub reason: &'a str,
}

/// What happens to a rotation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RotationEvent {
    /// Its time has come, or a call asked for it.
    Begins,
    /// The new value is the current one.
    IsCurrent,
    /// A step failed several times; it is tried again, and somebody had better see why.
    Stalls,
    /// The rotator knows that, or was told often enough; the AccessKey before is gone.
    IsOver,
    /// The old value stays.
    GivenUp,
    /// RAM does not take the current AccessKey any more; a rotation begins.
    KeyDead,
}

/// A step of a rotation, as rotators are asked for it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum RotationStep {
    /// There will be a new value: the one that was made here, unless the rotator makes one.
    Create,
    /// Give the new value to what the secret opens.
    Set,
    /// Find out whether the new value opens it.
    Test,
    /// The new value is the secret's current one: the old one may go.
    Finish,
}

/// What a rotator is asked for. The same step of the same version may be asked for more than
/// once, and has to come to the same.
#[derive(Clone, Debug)]
pub struct RotationAsk {
    /// What to do.
    pub step: RotationStep,
    /// The secret's owner.
    pub account: AccountId,
    /// The secret.
    pub secret: SecretName,
    /// Its type.
    pub secret_type: SecretType,
    /// Its configuration, JSON.
    pub extended_config: String,
    /// The version that the rotation makes.
    pub version: VersionId,
    /// The value that is current before, as GetSecretValue gives it.
    pub current: Secret<String>,
    /// The new value, likewise; none if the rotator has to make it.
    pub pending: Option<Secret<String>>,
}

/// Rotators by secret.
#[async_trait]
pub trait Rotators: Send + Sync {
    /// Whether there is one for the secret.
    fn serves(&self, account: &AccountId, secret_type: SecretType, secret: &SecretName) -> bool;

    /// Asks for a step. The answer to [`RotationStep::Create`] may hold the new value.
    ///
    /// # Errors
    /// That it was not done, or that nobody knows; the step is asked for again.
    async fn ask(&self, ask: &RotationAsk) -> Result<Option<Secret<String>>, RotatorError>;
}

/// Why a step was not done. The words hold nothing of what was sent or answered.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
pub enum RotatorError {
    /// There is no rotator for the secret.
    #[error("no rotator is configured for the secret")]
    Absent,
    /// It cannot be reached, or did not answer in time.
    #[error("the rotator does not answer: {0}")]
    Unreachable(&'static str),
    /// It said no.
    #[error("the rotator refused the step with status {0}")]
    Refused(u16),
    /// It answered something else than was agreed.
    #[error("the rotator's answer cannot be used: {0}")]
    Answer(&'static str),
}

/// As long as nobody says otherwise: no rotator, six hours (reference kms-api §2.1).
struct Nobody;

// === impl Rotation ===

impl Default for Rotation {
    fn default() -> Self {
        Self {
            rotators: Arc::new(Nobody),
            rams: Arc::new(ram::OwnRam),
            windows: Windows::default(),
            least_interval: SignedDuration::from_hours(6),
            lease: SignedDuration::from_mins(1),
            told: Arc::new(|_news| {}),
        }
    }
}

impl Service {
    /// The RAM of the account's users, if it is not this server's own.
    pub(crate) fn other_ram(&self, account: &AccountId) -> Option<Arc<dyn Ram>> {
        self.rotation().rams.of(account)
    }

    /// The RAM of the account's users: this server's own, unless the configuration names
    /// another one. Asking it can be done at any time.
    pub fn ram(&self, account: &AccountId) -> Arc<dyn Ram> {
        (self.rotation().rams.of(account))
            .unwrap_or_else(|| Arc::new(embedded::EmbeddedRam::new(self.clone())))
    }
}

// === impl RotationEvent ===

impl RotationEvent {
    /// Each.
    pub const ALL: [Self; 6] = [
        Self::Begins,
        Self::IsCurrent,
        Self::Stalls,
        Self::IsOver,
        Self::GivenUp,
        Self::KeyDead,
    ];

    /// As it is written down.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begins => "begins",
            Self::IsCurrent => "current",
            Self::Stalls => "stalls",
            Self::IsOver => "over",
            Self::GivenUp => "given-up",
            Self::KeyDead => "key-dead",
        }
    }
}

// === impl RotationStep ===

impl RotationStep {
    /// As it is stored and travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Set => "set",
            Self::Test => "test",
            Self::Finish => "finish",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Create, Self::Set, Self::Test, Self::Finish]
            .into_iter()
            .find(|step| step.as_str() == text)
    }
}

// === impl Nobody ===

#[async_trait]
impl Rotators for Nobody {
    fn serves(&self, _account: &AccountId, _secret_type: SecretType, _secret: &SecretName) -> bool {
        false
    }

    async fn ask(&self, _ask: &RotationAsk) -> Result<Option<Secret<String>>, RotatorError> {
        Err(RotatorError::Absent)
    }
}

#[cfg(test)]
mod tests;

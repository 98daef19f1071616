use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use kms_types::{AccountId, SecretType, VersionId};

use crate::SecretId;

/// When a secret gets a new value by itself.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SecretRotation {
    /// Whether it does.
    pub state: RotationState,
    /// How often, if that was ever said.
    pub interval_seconds: Option<i64>,
    /// When it was rotated last.
    pub last: Option<Timestamp>,
    /// When it is rotated next.
    pub next: Option<Timestamp>,
}

/// How much earlier than its time the rotation of a secret begins that takes a while.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lead {
    /// Which secrets' does.
    pub secret_type: SecretType,
    /// At most so much.
    pub most: SignedDuration,
    /// And no more than this part of the interval: 10 for a tenth.
    pub part: i64,
}

/// Whether a secret rotates by itself (`AutomaticRotation`).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RotationState {
    /// It does not.
    #[default]
    Disabled,
    /// It does.
    Enabled,
    /// It should and cannot.
    Invalid,
}

/// A rotation that is about to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewRotation {
    /// Its id, unique for ever.
    pub id: String,
    /// The secret's owner.
    pub account: AccountId,
    /// The secret.
    pub secret: SecretId,
    /// Whose credential it is, as far as two rotations of it must not run at once; the
    /// secret itself is such a thing by itself.
    pub subject: String,
    /// The version that it makes.
    pub version: VersionId,
    /// How it goes about it; the service's own word.
    pub kind: String,
    /// Where it begins; the service's own word.
    pub step: String,
    /// What it has to remember that is no secret: JSON, or empty.
    pub body: String,
    /// What it has to remember that is one, sealed.
    pub sealed: Option<Vec<u8>>,
    /// Not before.
    pub next_try: Timestamp,
    /// Until when the value before is good.
    pub window_end: Option<Timestamp>,
    /// Since when.
    pub created: Timestamp,
}

/// A rotation. Stays when the secret goes, for what it made elsewhere has to go, too.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RotationRecord {
    /// Its id.
    pub id: String,
    /// The secret's owner.
    pub account: AccountId,
    /// The secret.
    pub secret: SecretId,
    /// Whose credential it is.
    pub subject: String,
    /// The version that it makes.
    pub version: VersionId,
    /// How it goes about it.
    pub kind: String,
    /// Where it is.
    pub step: String,
    /// What it remembers that is no secret.
    pub body: String,
    /// What it remembers that is one, sealed.
    pub sealed: Option<Vec<u8>>,
    /// Grows with each claim; whoever knows a former one is deposed.
    pub fence: i64,
    /// Who claimed it last; empty if it was given back.
    pub owner: String,
    /// How often the step was tried.
    pub attempts: i64,
    /// Not before.
    pub next_try: Timestamp,
    /// Until when the value before is good.
    pub window_end: Option<Timestamp>,
    /// What went wrong last, for people; may be empty.
    pub error: String,
    /// Since when.
    pub created: Timestamp,
    /// When it was over.
    pub finished: Option<Timestamp>,
}

// === impl RotationState ===

impl RotationState {
    /// As it is stored and travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "Disabled",
            Self::Enabled => "Enabled",
            Self::Invalid => "Invalid",
        }
    }
}

impl FromStr for RotationState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "Disabled" => Ok(Self::Disabled),
            "Enabled" => Ok(Self::Enabled),
            "Invalid" => Ok(Self::Invalid),
            _ => Err(()),
        }
    }
}

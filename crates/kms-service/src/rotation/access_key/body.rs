//! What a rotation of an AccessKey remembers between its steps. No secret is among it.

use jiff::Timestamp;
use kms_types::{AccessKeyId, UserName, VersionId};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// A row's `body`, as JSON.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(in crate::rotation) struct Body {
    /// Whose keys they are.
    pub(super) user: UserName,
    pub(super) why: Why,
    /// How long the old key is good once the new one is current.
    pub(super) window_seconds: i64,
    /// The user's keys before anything was made.
    #[serde(default)]
    pub(super) baseline: Vec<AccessKeyId>,
    /// What is current before.
    #[serde(default)]
    pub(super) old_key: Option<AccessKeyId>,
    /// The version that it is the value of.
    #[serde(default)]
    pub(super) old_version: Option<VersionId>,
    #[serde(default)]
    pub(super) new_key: Option<AccessKeyId>,
    /// A key that goes before there is room for a new one.
    #[serde(default)]
    pub(super) surplus: Option<AccessKeyId>,
    /// Keys of rotations before that go with the old one.
    #[serde(default)]
    pub(super) leftovers: Vec<AccessKeyId>,
    /// Keys of which nobody knows the secret, found where a call was not answered.
    #[serde(default)]
    pub(super) orphans: Vec<AccessKeyId>,
    /// When RAM was first asked to make one.
    #[serde(default, with = "moment")]
    pub(super) first_create: Option<Timestamp>,
    /// How often it was asked to.
    #[serde(default)]
    pub(super) creates_sent: u32,
    /// Of how many of these it is known what came of them.
    #[serde(default)]
    pub(super) creates_answered: u32,
    /// How often the new key was not accepted yet.
    #[serde(default)]
    pub(super) refusals: u32,
    /// When the new key became current.
    #[serde(default, with = "moment")]
    pub(super) promoted: Option<Timestamp>,
    /// The window's end was missed once, and put off.
    #[serde(default)]
    pub(super) grace_given: bool,
    /// Since when the old key does not sign.
    #[serde(default, with = "moment")]
    pub(super) deactivated: Option<Timestamp>,
    /// When the old key signed last, as far as RAM told.
    #[serde(default, with = "moment")]
    pub(super) old_key_used: Option<Timestamp>,
    /// Why it was given up.
    #[serde(default)]
    pub(super) failure: Option<String>,
    /// Whether somebody has to do something about that.
    #[serde(default)]
    pub(super) is_for_people: bool,
}

/// Why a rotation began.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::rotation) enum Why {
    /// Its time had come.
    Scheduled,
    /// A call asked for it.
    Immediate,
    /// A call asked for it, and said how long the old key may be good.
    Emergency,
}

// === impl Body ===

impl Body {
    /// Of a rotation that begins.
    pub(in crate::rotation) fn new(user: UserName, why: Why, window_seconds: i64) -> Self {
        Self {
            user,
            why,
            window_seconds,
            baseline: Vec::new(),
            old_key: None,
            old_version: None,
            new_key: None,
            surplus: None,
            leftovers: Vec::new(),
            orphans: Vec::new(),
            first_create: None,
            creates_sent: 0,
            creates_answered: 0,
            refusals: 0,
            promoted: None,
            grace_given: false,
            deactivated: None,
            old_key_used: None,
            failure: None,
            is_for_people: false,
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text).map_err(|_damaged| Failure::Document("rotation"))
    }

    pub(in crate::rotation) fn to_text(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|_cannot_be| Failure::Document("rotation"))
    }

    /// Calls to RAM that may have made a key of which nobody knows.
    pub(super) fn unanswered(&self) -> usize {
        let unanswered = self.creates_sent.saturating_sub(self.creates_answered);
        usize::try_from(unanswered).unwrap_or(usize::MAX)
    }
}

/// Moments as the store keeps them, in milliseconds.
mod moment {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "serde asks for it")]
    pub(super) fn serialize<S: Serializer>(
        moment: &Option<Timestamp>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        moment.map(Timestamp::as_millisecond).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let number = Option::<i64>::deserialize(from)?;
        number
            .map(Timestamp::from_millisecond)
            .transpose()
            .map_err(D::Error::custom)
    }
}

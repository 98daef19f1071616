use jiff::{SignedDuration, Timestamp};
use kms_types::AccessKeyId;
use serde::{Deserialize, Serialize};

/// Why a rule says what it says (reference accesskey §5.3).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Annotation {
    /// What is; empty if there is nothing.
    pub(super) configuration: String,
    /// What should be.
    #[serde(rename = "desiredValue")]
    pub(super) desired: String,
    /// How the one has to be to the other.
    pub(super) operator: String,
    /// Where it is.
    pub(super) property: String,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
}

// === impl Annotation ===

impl Annotation {
    /// About an AccessKey's field.
    pub(super) fn of_key(id: &AccessKeyId, field: &str) -> Self {
        Self {
            property: format!("$.AccessKeys[{id}].{field}"),
            ..Self::default()
        }
    }

    /// About all AccessKeys of a user.
    pub(super) fn of_keys() -> Self {
        Self {
            property: "$.AccessKeys".to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn with(
        mut self,
        configuration: impl Into<String>,
        operator: &str,
        desired: impl Into<String>,
    ) -> Self {
        self.configuration = configuration.into();
        operator.clone_into(&mut self.operator);
        self.desired = desired.into();
        self
    }

    /// Says which keys do not count, if any: their rotation is under way.
    pub(super) fn but_for(mut self, leaving: &[&AccessKeyId]) -> Self {
        if !leaving.is_empty() {
            let ids: Vec<&str> = leaving.iter().map(|id| id.as_str()).collect();
            self.reason = format!(
                "{} does not count: a rotation has replaced it and will delete it",
                ids.join(", ")
            );
        }
        self
    }

    /// With what else there is to say, behind what there was.
    pub(super) fn noted(&self, note: Option<&str>) -> Self {
        let mut noted = self.clone();
        if let Some(note) = note {
            if !noted.reason.is_empty() {
                noted.reason.push_str("; ");
            }
            noted.reason.push_str(note);
        }
        noted
    }

    /// As it travels where it is text.
    pub(super) fn to_text(&self) -> String {
        // Text always serialises.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Days of 24 hours that began: what is one second older than 90 days is of the 91st, so that
/// what is shown is not allowed either.
pub(super) fn begun_days(age: SignedDuration) -> i64 {
    let (days, rest) = (age.as_hours() / 24, age.as_millis() % DAY_MILLIS);
    days + i64::from(rest > 0)
}

/// Days of 24 hours that are over.
pub(super) fn full_days(age: SignedDuration) -> i64 {
    age.as_hours() / 24
}

/// How long ago; nothing that is still to come.
pub(super) fn ago(then: Timestamp, now: Timestamp) -> SignedDuration {
    now.duration_since(then).max(SignedDuration::ZERO)
}

const DAY_MILLIS: i128 = 86_400_000;

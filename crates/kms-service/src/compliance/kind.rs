//! What rules say: the cloud's managed rules that are about AccessKeys and secrets
//! (reference accesskey §5.1).

use jiff::SignedDuration;
use kms_wire::{ApiError, request::InputParameters};
use serde_json::{Map, Value};

/// What a rule says, with its parameters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Each AccessKey was used within so many days; one that never was counts from when it
    /// was made.
    Used(Days),
    /// Each AccessKey is at most so many days old.
    Rotated(Days),
    /// A user has at most one active AccessKey that is older than so many days.
    Quantity(Days),
    /// A user has no disabled AccessKeys left.
    NoneDisabled,
    /// A secret of a type that can rotate does so by itself.
    SecretRotates,
}

/// A number of days, 1 to 3,650.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Days(i64);

/// What kind of thing a rule is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ResourceType {
    /// A RAM user.
    User,
    /// A secret.
    Secret,
}

/// Names of rules: those that are published, and those that seed 003 has.
const USED: &[&str] = &[
    "ram-user-ak-used-expired-check",
    "ram-user-unused-access-key-check",
];
const ROTATED: &[&str] = &[
    "ram-user-ak-create-date-expired-check",
    "ram-user-ak-create-date-expired-check-v2",
    "ram-user-access-key-rotated-in-specific-time",
];
const QUANTITY: &[&str] = &["ram-user-activated-ak-quantity-check"];
const NONE_DISABLED: &[&str] = &["ram-user-invalid-ak-check"];
const SECRET_ROTATES: &[&str] = &["kms-secret-rotation-enabled"];

const DAYS: &str = "days";

// === impl Kind ===

impl Kind {
    /// The rule of that name, with these parameters.
    ///
    /// # Errors
    /// `InvalidParameter` for a name or a parameter that there is none of.
    pub(super) fn parse(identifier: &str, input: &Map<String, Value>) -> Result<Self, ApiError> {
        let is = |names: &[&str]| names.contains(&identifier);
        let (kind, default): (fn(Days) -> Self, _) = if is(USED) {
            (Self::Used, 90)
        } else if is(ROTATED) {
            (Self::Rotated, 90)
        } else if is(QUANTITY) {
            (Self::Quantity, 30)
        } else if is(NONE_DISABLED) {
            return without(input).map(|()| Self::NoneDisabled);
        } else if is(SECRET_ROTATES) {
            return without(input).map(|()| Self::SecretRotates);
        } else {
            return Err(ApiError::invalid_parameter(
                "SourceIdentifier",
                "is no rule of this server: it knows those about AccessKeys of RAM users and \
                 about the rotation of secrets",
            ));
        };
        if let Some(other) = input.keys().find(|name| *name != DAYS) {
            return Err(refused(&format!("has {other}, which the rule does not")));
        }
        match input.get(DAYS) {
            None => Ok(kind(Days(default))),
            Some(value) => Days::parse(value)
                .map(kind)
                .ok_or_else(|| refused("must have a number from 1 to 3650 for days")),
        }
    }

    /// What it is about.
    pub(super) fn resource_type(self) -> ResourceType {
        match self {
            Self::SecretRotates => ResourceType::Secret,
            _ => ResourceType::User,
        }
    }

    /// The parameters as they are shown: those that were given, and what the rest are.
    pub(super) fn shown(self, given: Option<InputParameters>) -> Map<String, Value> {
        let mut shown = given.map(|given| given.0).unwrap_or_default();
        if let Self::Used(days) | Self::Rotated(days) | Self::Quantity(days) = self {
            shown
                .entry(DAYS)
                .or_insert_with(|| Value::String(days.0.to_string()));
        }
        shown
    }
}

// === impl Days ===

impl Days {
    /// Either spelling: the console sends text, scripts a number.
    fn parse(value: &Value) -> Option<Self> {
        let number = match value {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        };
        number.filter(|days| (1..=3_650).contains(days)).map(Self)
    }

    /// How many.
    pub(super) fn count(self) -> i64 {
        self.0
    }

    /// How long that is: days of 24 hours, whatever any clock on a wall shows.
    pub(super) fn length(self) -> SignedDuration {
        SignedDuration::from_hours(self.0 * 24)
    }
}

// === impl ResourceType ===

impl ResourceType {
    /// As it travels.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::User => "ACS::RAM::User",
            Self::Secret => "ACS::KMS::Secret",
        }
    }
}

fn without(input: &Map<String, Value>) -> Result<(), ApiError> {
    match input.keys().next() {
        None => Ok(()),
        Some(name) => Err(refused(&format!("has {name}; the rule has no parameters"))),
    }
}

fn refused(why: &str) -> ApiError {
    ApiError::invalid_parameter("InputParameters", why)
}

//! Words of Cloud Config, and lists of them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    ApiError, Params,
    request::{fields::Fields, param::Param},
};

/// Words that travel as they are stored.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident, $expected:literal { $($(#[$of:meta])* $word:ident = $text:literal,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $text)] $word,)*
        }

        impl $name {
            /// As it travels.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$word),)*
                    _ => Err(concat!("must be ", $expected)),
                }
            }
        }
    )* };
}

words! {
    /// How often a rule is evaluated at most, if nothing changes.
    Frequency, "One_Hour, Three_Hours, Six_Hours, Twelve_Hours or TwentyFour_Hours" {
        /// Each hour.
        Hour = "One_Hour",
        /// Each three hours.
        ThreeHours = "Three_Hours",
        /// Each six hours.
        SixHours = "Six_Hours",
        /// Each twelve hours.
        TwelveHours = "Twelve_Hours",
        /// Each day.
        Day = "TwentyFour_Hours",
    }

    /// What makes a rule be evaluated.
    Trigger, "ConfigurationItemChangeNotification or ScheduledNotification" {
        /// A resource changed.
        Change = "ConfigurationItemChangeNotification",
        /// Its time has come.
        Schedule = "ScheduledNotification",
    }

    /// What a rule says of a resource, or of all.
    ComplianceType, "COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE or INSUFFICIENT_DATA" {
        /// It is as it should be.
        Compliant = "COMPLIANT",
        /// It is not.
        NonCompliant = "NON_COMPLIANT",
        /// The rule is not about it.
        NotApplicable = "NOT_APPLICABLE",
        /// Nobody knows.
        InsufficientData = "INSUFFICIENT_DATA",
    }

    /// Whether a rule is evaluated.
    RuleState, "ACTIVE, INACTIVE, EVALUATING or DELETING" {
        /// It is.
        Active = "ACTIVE",
        /// It is not until somebody says so.
        Inactive = "INACTIVE",
        /// It is right now; here nobody can see that.
        Evaluating = "EVALUATING",
        /// It goes; here nobody can see that.
        Deleting = "DELETING",
    }
}

/// Triggers with commas between them; at least one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Triggers(pub Vec<Trigger>);

/// Ids with commas between them: 1 to 100.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ids(Vec<String>);

/// Parameters of a rule: a JSON object, and no value of it is an object or array.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InputParameters(pub Map<String, Value>);

// === impl Frequency ===

impl Frequency {
    /// In hours.
    pub fn hours(self) -> i64 {
        match self {
            Self::Hour => 1,
            Self::ThreeHours => 3,
            Self::SixHours => 6,
            Self::TwelveHours => 12,
            Self::Day => 24,
        }
    }
}

// === impl Triggers ===

impl fmt::Display for Triggers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|trigger| trigger.as_str()).collect();
        f.write_str(&words.join(","))
    }
}

impl FromStr for Triggers {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let triggers: Result<Vec<Trigger>, _> = text.split(',').map(str::parse).collect();
        triggers.map(Self)
    }
}

// === impl Ids ===

impl Ids {
    /// The ids.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

impl FromStr for Ids {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ids: Vec<String> = text.split(',').map(|id| id.trim().to_owned()).collect();
        if ids.len() > 100 || ids.iter().any(String::is_empty) {
            return Err("must be 1 to 100 ids with commas between them");
        }
        Ok(Self(ids))
    }
}

// === impl InputParameters ===

impl Param for Option<InputParameters> {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let wanted = "a JSON object of texts, numbers and booleans";
        let Some(read) = fields.json::<Map<String, Value>>(name, wanted)? else {
            return Ok(None);
        };
        if read
            .values()
            .any(|value| value.is_object() || value.is_array())
        {
            return Err(ApiError::invalid_parameter(
                name,
                format_args!("must be {wanted}"),
            ));
        }
        Ok(Some(InputParameters(read)))
    }

    fn write(&self, params: &mut Params, name: &str) {
        let text = self.as_ref().map(|own| serde_json::to_string(&own.0));
        params.push_some(name, text.and_then(Result::ok));
    }
}

use std::str::FromStr;

use thiserror::Error;

/// A refusal that no documented client meets and that an operator may switch off, alone,
/// by its name in `[Server] RelaxedRules` (security reference §0).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Rule {
    /// `forwarding`: `Forwarded`, `Via`, `X-Real-IP` or `X-Forwarded-*` is present: 400.
    Forwarding,
    /// `cross-site`: `Origin`, or a `Sec-Fetch-Site` other than `none` or `same-origin`: 403.
    CrossSite,
    /// `host`: `Host` is missing, double (400) or does not name this agent (403).
    Host,
    /// `one-token`: more than one token was presented: 400.
    OneToken,
    /// `repeated-parameter`: a known parameter is given twice: 400. Relaxed: the last counts.
    RepeatedParameter,
}

/// A name that is no rule's.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("no such rule; the rules are forwarding, cross-site, host, one-token, repeated-parameter")]
pub struct ParseRuleError;

impl Rule {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Forwarding,
        Self::CrossSite,
        Self::Host,
        Self::OneToken,
        Self::RepeatedParameter,
    ];

    /// Its name in the configuration and in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forwarding => "forwarding",
            Self::CrossSite => "cross-site",
            Self::Host => "host",
            Self::OneToken => "one-token",
            Self::RepeatedParameter => "repeated-parameter",
        }
    }
}

impl FromStr for Rule {
    type Err = ParseRuleError;

    fn from_str(text: &str) -> Result<Self, ParseRuleError> {
        Self::ALL
            .into_iter()
            .find(|rule| rule.as_str() == text)
            .ok_or(ParseRuleError)
    }
}

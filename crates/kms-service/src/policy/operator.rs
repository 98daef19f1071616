use std::{cmp::Ordering, net::IpAddr};

use jiff::Timestamp;
use kms_types::Cidr;

use super::{decimal::Decimal, pattern::Pattern};

/// What a condition compares with: the operator's name without "not".
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Comparison {
    Text,
    TextIgnoringCase,
    Like,
    Number(Order),
    Date(Order),
    Bool,
    Address,
}

/// Where a value may lie from the policy's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A comparison with one value of the policy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Test {
    Text(String),
    TextIgnoringCase(String),
    Like(Pattern),
    Number(Order, Decimal),
    Date(Order, Timestamp),
    Bool(bool),
    Address(Cidr),
}

/// The names of all operators, in the order of RAM's manual. It knows no set operators
/// (`ForAnyValue:`, `ForAllValues:`) and no `…IfExists`.
pub const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "IpAddress",
    "NotIpAddress",
];

// === impl Comparison ===

impl Comparison {
    /// What the operator compares, and whether it wants the opposite.
    pub(super) fn named(operator: &str) -> Option<(Self, bool)> {
        use Order as O;
        Some(match operator {
            "StringEquals" => (Self::Text, false),
            "StringNotEquals" => (Self::Text, true),
            "StringEqualsIgnoreCase" => (Self::TextIgnoringCase, false),
            "StringNotEqualsIgnoreCase" => (Self::TextIgnoringCase, true),
            "StringLike" => (Self::Like, false),
            "StringNotLike" => (Self::Like, true),
            "NumericEquals" => (Self::Number(O::Equal), false),
            "NumericNotEquals" => (Self::Number(O::Equal), true),
            "NumericLessThan" => (Self::Number(O::Less), false),
            "NumericLessThanEquals" => (Self::Number(O::LessOrEqual), false),
            "NumericGreaterThan" => (Self::Number(O::Greater), false),
            "NumericGreaterThanEquals" => (Self::Number(O::GreaterOrEqual), false),
            "DateEquals" => (Self::Date(O::Equal), false),
            "DateNotEquals" => (Self::Date(O::Equal), true),
            "DateLessThan" => (Self::Date(O::Less), false),
            "DateLessThanEquals" => (Self::Date(O::LessOrEqual), false),
            "DateGreaterThan" => (Self::Date(O::Greater), false),
            "DateGreaterThanEquals" => (Self::Date(O::GreaterOrEqual), false),
            "Bool" => (Self::Bool, false),
            "IpAddress" => (Self::Address, false),
            "NotIpAddress" => (Self::Address, true),
            _ => return None,
        })
    }

    /// The comparison with this value of the policy; says what it should have been
    /// otherwise.
    pub(super) fn with(self, value: &str) -> Result<Test, &'static str> {
        Ok(match self {
            Self::Text => Test::Text(value.to_owned()),
            Self::TextIgnoringCase => Test::TextIgnoringCase(value.to_owned()),
            Self::Like => Test::Like(Pattern::new(value)),
            Self::Number(order) => Test::Number(order, number(value)?),
            Self::Date(order) => Test::Date(order, date(value)?),
            Self::Bool => Test::Bool(boolean(value)?),
            Self::Address => {
                let block = value
                    .parse()
                    .map_err(|_reason| "is not an IP address or CIDR block")?;
                Test::Address(block)
            }
        })
    }
}

// === impl Order ===

impl Order {
    fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

// === impl Test ===

impl Test {
    /// Whether the call's value passes; one that is of another type does not.
    pub(super) fn passes(&self, value: &str) -> bool {
        match self {
            Self::Text(own) => own == value,
            // ASCII alone: full folding would take a Kelvin sign for a k.
            Self::TextIgnoringCase(own) => own.eq_ignore_ascii_case(value),
            Self::Like(pattern) => pattern.matches(value),
            Self::Number(order, own) => {
                number(value).is_ok_and(|value| order.accepts(value.cmp(own)))
            }
            Self::Date(order, own) => date(value).is_ok_and(|value| order.accepts(value.cmp(own))),
            Self::Bool(own) => boolean(value) == Ok(*own),
            Self::Address(block) => value
                .parse::<IpAddr>()
                .is_ok_and(|address| block.contains(address)),
        }
    }
}

fn number(text: &str) -> Result<Decimal, &'static str> {
    text.parse().map_err(|_reason| "is not a number")
}

/// ISO 8601 with an offset: `2019-08-12T17:00:00+08:00`.
fn date(text: &str) -> Result<Timestamp, &'static str> {
    text.parse()
        .map_err(|_reason| "is not a date and time with an offset")
}

fn boolean(text: &str) -> Result<bool, &'static str> {
    if text.eq_ignore_ascii_case("true") {
        Ok(true)
    } else if text.eq_ignore_ascii_case("false") {
        Ok(false)
    } else {
        Err("is not true or false")
    }
}

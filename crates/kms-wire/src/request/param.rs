//! What a parameter can be, as types: how each is read and written, so that an action is
//! no more than the list of its parameters.

use std::fmt::{self, Display};

use base64::{Engine, prelude::BASE64_STANDARD};
use kms_types::{EncryptionContext, Secret};

use super::fields::Fields;
use crate::{ApiError, Params};

/// A type of parameters.
pub(super) trait Param: Sized {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError>;
    fn write(&self, params: &mut Params, name: &str);
}

/// Types that are written as their text, and may be absent if the action says so.
macro_rules! texts {
    ($($type:ty)*) => { $(
        impl Param for $type {
            fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
                fields.required(name)
            }

            fn write(&self, params: &mut Params, name: &str) {
                params.push(name, self.to_string());
            }
        }

        impl Param for Option<$type> {
            fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
                fields.optional(name)
            }

            fn write(&self, params: &mut Params, name: &str) {
                params.push_some(name, self.as_ref().map(<$type>::to_string));
            }
        }
    )* };
}

/// Bytes that travel as base64 and are nobody's secret.
#[derive(Clone, Eq, PartialEq)]
pub struct Base64(pub Vec<u8>);

/// True or false, and it must be said.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Switch(pub bool);

/// A number of that range.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Within<const LEAST: u32, const MOST: u32>(u32);

/// A page of a list: `PageNumber` and `PageSize`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Page<const SIZE: u32> {
    /// From 1.
    pub number: u32,
    /// 1 to 100; SIZE unless given.
    pub size: u32,
}

/// How often a key is rotated, in seconds; travels as `<n>d`, `h`, `m` or `s`, and from us
/// as `<n>s`. 7 to 730 days (reference kms-api §3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeyRotationInterval(u64);

/// How often a secret is rotated, in seconds; travels as a key's. At most 8,760 hours; the
/// least is the server's to say, 6 hours (reference kms-api §2.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SecretRotationInterval(u64);

/// How long a value that was replaced stays good, in seconds; travels as an interval. What
/// is the least and the most is the server's to say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RotationWindow(u64);

texts!(
    kms_types::AliasName kms_types::DataKeySpec kms_types::EncryptionAlgorithm
    kms_types::AccountId kms_types::FolderId kms_types::ShareId super::AssociationStatus
    super::AssociationType super::ResourceOwner super::SharedKind super::ShareStatus
    super::ShareTarget kms_types::InstanceId kms_types::KeyOrigin kms_types::KeyRef kms_types::KeySpec
    kms_types::KeyUsage kms_types::KeyVersionId kms_types::MacAlgorithm
    kms_types::ProtectionLevel kms_types::SignatureAlgorithm kms_types::WrappingAlgorithm
    kms_types::SecretRef kms_types::VersionId kms_types::WrappingKeySpec KeyRotationInterval
    RotationWindow SecretRotationInterval String super::QuotaKind kms_types::RegionId
    kms_types::VpcBlock kms_types::VSwitchBlock super::RecordKind super::RecordStatus
    super::AggregatorKind super::ChannelKind super::ComplianceType super::Frequency super::Ids
    super::Millis super::RuleState super::Triggers
    super::Change super::InstanceName super::Months super::Payment super::PeriodUnit
    super::ProductCode super::ProductType super::Renewal super::RenewalTerm
);

// === impl Base64 ===

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.0.len())
    }
}

impl Param for Base64 {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        decode(fields.required_text(name)?, name).map(Self)
    }

    fn write(&self, params: &mut Params, name: &str) {
        params.push(name, BASE64_STANDARD.encode(&self.0));
    }
}

/// Bytes that travel as base64 and are somebody's secret.
impl Param for Secret<Vec<u8>> {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        decode(fields.required_text(name)?, name).map(Self::new)
    }

    fn write(&self, params: &mut Params, name: &str) {
        // EXPOSE: into the request; `Params` wipes it.
        params.push(name, BASE64_STANDARD.encode(self.expose()));
    }
}

fn decode(text: &str, name: &str) -> Result<Vec<u8>, ApiError> {
    BASE64_STANDARD
        .decode(text)
        .map_err(|_quotes_the_text| ApiError::invalid_parameter(name, "must be base64"))
}

// === impl Within ===

impl<const LEAST: u32, const MOST: u32> Within<LEAST, MOST> {
    /// The number, if it is of the range.
    pub fn new(number: u32) -> Option<Self> {
        (LEAST..=MOST).contains(&number).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<const LEAST: u32, const MOST: u32> Param for Within<LEAST, MOST> {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        Option::read(fields, name)?.ok_or_else(|| ApiError::missing_parameter(name))
    }

    fn write(&self, params: &mut Params, name: &str) {
        params.push(name, self.0.to_string());
    }
}

impl<const LEAST: u32, const MOST: u32> Param for Option<Within<LEAST, MOST>> {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        Ok(fields.number(name, LEAST..=MOST)?.map(Within))
    }

    fn write(&self, params: &mut Params, name: &str) {
        params.push_some(name, self.map(|number| number.0.to_string()));
    }
}

// === impl Page ===

impl<const SIZE: u32> Default for Page<SIZE> {
    fn default() -> Self {
        Self {
            number: 1,
            size: SIZE,
        }
    }
}

/// Two parameters, whose names are not asked for.
impl<const SIZE: u32> Param for Page<SIZE> {
    fn read(fields: Fields<'_>, _name: &str) -> Result<Self, ApiError> {
        let (number, size) = fields.page(SIZE)?;
        Ok(Self { number, size })
    }

    fn write(&self, params: &mut Params, _name: &str) {
        params.push("PageNumber", self.number.to_string());
        params.push("PageSize", self.size.to_string());
    }
}

// === impl KeyRotationInterval ===

impl KeyRotationInterval {
    const DAY: u64 = 86_400;

    /// The interval, if it is of 7 to 730 days.
    pub fn new(seconds: u64) -> Option<Self> {
        (7 * Self::DAY..=730 * Self::DAY)
            .contains(&seconds)
            .then_some(Self(seconds))
    }

    /// In seconds.
    pub fn seconds(self) -> u64 {
        self.0
    }
}

impl std::str::FromStr for KeyRotationInterval {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        seconds(text)
            .and_then(Self::new)
            .ok_or("must be a number and d, h, m or s, and of 7 to 730 days")
    }
}

impl Display for KeyRotationInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

// === impl SecretRotationInterval ===

impl SecretRotationInterval {
    /// The interval, if it is of 1 second to 8,760 hours.
    pub fn new(seconds: u64) -> Option<Self> {
        (1..=8760 * 3600)
            .contains(&seconds)
            .then_some(Self(seconds))
    }

    /// In seconds.
    pub fn seconds(self) -> u64 {
        self.0
    }
}

impl std::str::FromStr for SecretRotationInterval {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        seconds(text)
            .and_then(Self::new)
            .ok_or("must be a number and d, h, m or s, and of 8760 hours at most")
    }
}

impl Display for SecretRotationInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

// === impl RotationWindow ===

impl RotationWindow {
    /// In seconds.
    pub fn seconds(self) -> u64 {
        self.0
    }
}

impl std::str::FromStr for RotationWindow {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        SecretRotationInterval::from_str(text)
            .map(|interval| Self(interval.0))
            .map_err(|_names_intervals| "must be a number and d, h, m or s")
    }
}

impl Display for RotationWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

/// `<n>` and `d`, `h`, `m` or `s`, in seconds.
fn seconds(text: &str) -> Option<u64> {
    let units = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];
    units.into_iter().find_map(|(unit, seconds)| {
        let count = text.strip_suffix(unit)?;
        // A sign would be read, too.
        let is_number = count.bytes().all(|b| b.is_ascii_digit());
        is_number
            .then(|| count.parse::<u64>().ok())??
            .checked_mul(seconds)
    })
}

/// Absent is false.
impl Param for bool {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        fields.flag(name, false)
    }

    fn write(&self, params: &mut Params, name: &str) {
        params.push_some(name, self.then_some("true"));
    }
}

impl Param for Switch {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        fields.required_text(name)?;
        fields.flag(name, false).map(Self)
    }

    fn write(&self, params: &mut Params, name: &str) {
        params.push(name, self.0.to_string());
    }
}

/// An object of texts as JSON; absent is empty.
impl Param for EncryptionContext {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let wanted = "a JSON object of strings, each name once";
        Ok(fields.json(name, wanted)?.unwrap_or_default())
    }

    fn write(&self, params: &mut Params, name: &str) {
        if !self.is_empty() {
            params.push_some(name, serde_json::to_string(self).ok());
        }
    }
}

//! What a channel names, as the cloud writes it: `acs:oss:<region>:<account>:<bucket>`,
//! `acs:log:<region>:<account>:project/<name>/logstore/<name>` and
//! `acs:mns:<region>:<account>:/topics/<name>`.

use std::str::FromStr;

use kms_types::RegionId;
use kms_wire::request::ChannelKind;
use thiserror::Error;

/// A place that a channel names. Names in it can stand in a host's name and in a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeliveryTarget {
    /// Where it is.
    pub region: RegionId,
    /// Whose it is: digits.
    pub account: String,
    /// What it is.
    pub place: DeliveryPlace,
}

/// What a channel sends to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DeliveryPlace {
    /// A bucket of Object Storage Service.
    Bucket(String),
    /// A store of Simple Log Service.
    Logstore {
        /// The project that it is in.
        project: String,
        /// Its own name.
        name: String,
    },
    /// A topic of Message Service.
    Topic(String),
}

/// Text that names no place of that kind.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum ParseDeliveryTargetError {
    /// No bucket.
    #[error("must be acs:oss:<region>:<account>:<bucket>")]
    Oss,
    /// No store of logs.
    #[error("must be acs:log:<region>:<account>:project/<name>/logstore/<name>")]
    Sls,
    /// No topic.
    #[error("must be acs:mns:<region>:<account>:/topics/<name>")]
    Mns,
    /// None of them.
    #[error("must begin with acs:oss:, acs:log: or acs:mns:")]
    Kind,
}

// === impl DeliveryTarget ===

impl DeliveryTarget {
    /// Reads the ARN of a place of that kind.
    ///
    /// # Errors
    /// [`ParseDeliveryTargetError`].
    pub fn of(kind: ChannelKind, arn: &str) -> Result<Self, ParseDeliveryTargetError> {
        let (prefix, wrong) = match kind {
            ChannelKind::Oss => ("acs:oss:", ParseDeliveryTargetError::Oss),
            ChannelKind::Sls => ("acs:log:", ParseDeliveryTargetError::Sls),
            ChannelKind::Mns => ("acs:mns:", ParseDeliveryTargetError::Mns),
        };
        Self::parse(kind, arn.strip_prefix(prefix).unwrap_or_default()).ok_or(wrong)
    }

    /// `rest` follows the product.
    fn parse(kind: ChannelKind, rest: &str) -> Option<Self> {
        let mut parts = rest.splitn(3, ':');
        let (region, account, named) = (parts.next()?, parts.next()?, parts.next()?);
        let is_account = (1..=32).contains(&account.len());
        if !is_account || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let place = match kind {
            ChannelKind::Oss => DeliveryPlace::Bucket(name(named, "-")?),
            ChannelKind::Sls => {
                let (project, store) = named.strip_prefix("project/")?.split_once('/')?;
                DeliveryPlace::Logstore {
                    project: name(project, "-")?,
                    name: name(store.strip_prefix("logstore/")?, "-_")?,
                }
            }
            ChannelKind::Mns => {
                let topic = named.strip_prefix("/topics/")?;
                let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
                let is_topic = (1..=255).contains(&topic.len()) && topic.bytes().all(is_plain);
                DeliveryPlace::Topic(is_topic.then(|| topic.to_owned())?)
            }
        };
        Some(Self {
            region: region.parse().ok()?,
            account: account.to_owned(),
            place,
        })
    }
}

/// The kind by the product.
impl FromStr for DeliveryTarget {
    type Err = ParseDeliveryTargetError;

    fn from_str(arn: &str) -> Result<Self, Self::Err> {
        let kinds = [
            ("acs:oss:", ChannelKind::Oss),
            ("acs:log:", ChannelKind::Sls),
            ("acs:mns:", ChannelKind::Mns),
        ];
        let kind = kinds.iter().find(|(prefix, _)| arn.starts_with(prefix));
        let (_, kind) = kind.ok_or(ParseDeliveryTargetError::Kind)?;
        Self::of(*kind, arn)
    }
}

/// Of a bucket, a project or a store: 1 to 63 lower-case letters, digits and the marks, which are
/// neither first nor last. The cloud wants three at least; what a team runs itself may not.
fn name(text: &str, marks: &str) -> Option<String> {
    let is_fine = (1..=63).contains(&text.len())
        && text.chars().all(|character| {
            character.is_ascii_lowercase()
                || character.is_ascii_digit()
                || marks.contains(character)
        })
        && !text.starts_with(|first| marks.contains(first))
        && !text.ends_with(|last| marks.contains(last));
    is_fine.then(|| text.to_owned())
}

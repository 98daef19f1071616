//! What lies in the store. Plain data: whoever fetches it, decides.

use std::fmt;

use jiff::Timestamp;
use kms_types::{AccessKeyId, AccountId, DataType, SecretName, VersionId, VersionStage};

mod key;
mod rotation;
mod sealed;
mod tag;

pub use key::{AliasRecord, KeyCondition, KeyField, KeyRecord, KeyVersionRecord};
pub use rotation::{Lead, NewRotation, RotationRecord, RotationState, SecretRotation};
pub use sealed::{SealedKind, SealedPlace, SealedRecord};
pub use tag::{ListedTag, TagCondition, TagQuery, TagRecord, Tagged, TaggedKind};

/// An account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountRecord {
    /// Its id.
    pub id: AccountId,
    /// Since when.
    pub created: Timestamp,
}

/// A RAM user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserRecord {
    /// The account it belongs to.
    pub account: AccountId,
    /// Its id, unique among all accounts.
    pub id: String,
    /// Its name, unique in the account.
    pub name: String,
    /// Since when.
    pub created: Timestamp,
}

/// Whether an AccessKey signs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyStatus {
    /// It does.
    Active,
    /// It does not, until somebody says so.
    Inactive,
}

/// An AccessKey of a RAM user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccessKeyRecord {
    /// The public half, unique.
    pub id: AccessKeyId,
    /// The account it signs for.
    pub account: AccountId,
    /// The user it belongs to.
    pub user_id: String,
    /// The secret half, sealed.
    pub sealed_secret: Vec<u8>,
    /// Whether it signs.
    pub status: KeyStatus,
    /// Since when.
    pub created: Timestamp,
    /// When it signed last, as far as it was noted.
    pub last_used: Option<Timestamp>,
}

/// A secret's number in the store; never used again, not even after deletion.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SecretId(pub i64);

/// A secret that is about to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewSecret {
    /// The owner.
    pub account: AccountId,
    /// Its name, unique in the account.
    pub name: SecretName,
    /// `Generic` and others.
    pub secret_type: String,
    /// For people; may be empty.
    pub description: String,
    /// The key that protects it; empty for the server's own.
    pub encryption_key_id: String,
    /// The KMS instance it lives in; may be empty.
    pub instance_id: String,
    /// JSON object as text, or empty.
    pub extended_config: String,
    /// JSON, or empty.
    pub policy: String,
    /// When it gets a new value by itself.
    pub rotation: SecretRotation,
    /// Since when.
    pub created: Timestamp,
}

/// A secret without its values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SecretRecord {
    /// Its number.
    pub id: SecretId,
    /// The owner.
    pub account: AccountId,
    /// Its name.
    pub name: SecretName,
    /// `Generic` and others.
    pub secret_type: String,
    /// For people; may be empty.
    pub description: String,
    /// The key that protects it; empty for the server's own.
    pub encryption_key_id: String,
    /// The KMS instance it lives in; may be empty.
    pub instance_id: String,
    /// JSON object as text, or empty.
    pub extended_config: String,
    /// JSON, or empty.
    pub policy: String,
    /// When it gets a new value by itself.
    pub rotation: SecretRotation,
    /// Since when.
    pub created: Timestamp,
    /// Changed when.
    pub updated: Timestamp,
    /// When it goes, if that is planned.
    pub planned_delete: Option<Timestamp>,
}

/// A version that is about to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewVersion {
    /// Its id, unique within the secret.
    pub id: VersionId,
    /// Whether the value is text.
    pub data_type: DataType,
    /// The value, sealed.
    pub sealed: Vec<u8>,
    /// Since when.
    pub created: Timestamp,
}

/// A version of a secret.
#[derive(Clone, Eq, PartialEq)]
pub struct VersionRecord {
    /// Grows with each version of the secret and is never used again.
    pub serial: i64,
    /// Its id.
    pub id: VersionId,
    /// Whether the value is text.
    pub data_type: DataType,
    /// The value, sealed.
    pub sealed: Vec<u8>,
    /// Since when.
    pub created: Timestamp,
    /// The labels on it, in alphabetical order.
    pub stages: Vec<VersionStage>,
}

/// The keyring, wrapped by the root key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyringRecord {
    /// Grows by one with each change.
    pub revision: i64,
    /// As `kms-crypto` wrote it.
    pub wrapped: Vec<u8>,
}

/// What a listed secret must have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub field: SecretField,
    /// One of these has to fit.
    pub any_of: Vec<String>,
}

/// What a [`Condition`] looks at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecretField {
    /// The name begins so.
    Name,
    /// The description begins so.
    Description,
    /// A tag has this key.
    TagKey,
    /// A tag, of whichever key, has this value.
    TagValue,
    /// The secret lives in this KMS instance.
    InstanceId,
    /// The secret is of this type.
    SecretType,
}

/// What kind of thing a document describes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum DocumentKind {
    /// Whose client keys may come in.
    AccessPoint,
    /// What an access point's clients may do.
    AccessPolicy,
    /// A rule of an account group.
    AggregateRule,
    /// An account group of Cloud Config.
    Aggregator,
    /// A Cloud Enterprise Network.
    Cen,
    /// A rule of Cloud Config.
    ConfigRule,
    /// What is still to be sent to a channel of Cloud Config.
    Delivery,
    /// Where Cloud Config sends what it finds.
    DeliveryChannel,
    /// A directory of accounts: in the account that manages it.
    Directory,
    /// What a rule of Cloud Config says of a resource.
    Evaluation,
    /// Something that happened and that somebody should hear of.
    Event,
    /// A folder of a directory.
    Folder,
    /// A group of RAM users.
    Group,
    /// A KMS instance.
    Instance,
    /// That an account is in a directory: in that account.
    Membership,
    /// Where calls may come from.
    NetworkRule,
    /// Who issues OIDC tokens.
    OidcProvider,
    /// A connection of two VPCs.
    PeerConnection,
    /// What RAM allows and denies, in versions.
    RamPolicy,
    /// What another RAM said of an account's users.
    RamReading,
    /// Resources of an account that belong together.
    ResourceGroup,
    /// A RAM role.
    Role,
    /// What an account shares, and with whom.
    Share,
    /// What belongs to a RAM user besides its name: the document's name is the user's id.
    UserProfile,
    /// A vSwitch of a VPC.
    VSwitch,
    /// A VPC.
    Vpc,
    /// Who is still to be told of an event.
    Waiting,
    /// A zone of names in private networks.
    Zone,
}

/// A named thing that the service describes itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DocumentRecord {
    /// The owner.
    pub account: AccountId,
    /// Of what kind.
    pub kind: DocumentKind,
    /// Its name, unique in account and kind.
    pub name: String,
    /// JSON.
    pub body: String,
    /// Since when.
    pub created: Timestamp,
}

/// The public half of a ClientKey.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientKeyRecord {
    /// Its id, unique among all accounts.
    pub id: AccessKeyId,
    /// The account of its access point.
    pub account: AccountId,
    /// The access point it comes in by.
    pub access_point: String,
    /// What verifies its signatures, DER.
    pub public_key: Vec<u8>,
    /// What people see of it, PEM.
    pub certificate: String,
    /// First moment that it is good.
    pub not_before: Timestamp,
    /// Last moment that it is good.
    pub not_after: Timestamp,
    /// Since when.
    pub created: Timestamp,
    /// When it signed last, as far as that was noted.
    pub last_used: Option<Timestamp>,
}

/// A certificate authority of the servers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthorityRecord {
    /// Its name, unique.
    pub name: String,
    /// What its clients trust, PEM.
    pub certificate: String,
    /// What it signs with.
    pub sealed: Vec<u8>,
    /// Since when.
    pub created: Timestamp,
}

/// Which part of a list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// How many at most.
    pub size: u32,
}

impl Page {
    /// How many come before it.
    pub fn offset(self) -> i64 {
        i64::from(self.number.saturating_sub(1)) * i64::from(self.size)
    }
}

impl DocumentKind {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessPoint => "access-point",
            Self::AccessPolicy => "access-policy",
            Self::AggregateRule => "aggregate-rule",
            Self::Aggregator => "aggregator",
            Self::Cen => "cen",
            Self::ConfigRule => "config-rule",
            Self::Delivery => "delivery",
            Self::DeliveryChannel => "delivery-channel",
            Self::Directory => "directory",
            Self::Evaluation => "evaluation",
            Self::Event => "event",
            Self::Folder => "folder",
            Self::Group => "group",
            Self::Instance => "instance",
            Self::Membership => "membership",
            Self::NetworkRule => "network-rule",
            Self::OidcProvider => "oidc-provider",
            Self::PeerConnection => "peer-connection",
            Self::RamPolicy => "ram-policy",
            Self::RamReading => "ram-reading",
            Self::ResourceGroup => "resource-group",
            Self::Role => "role",
            Self::Share => "share",
            Self::UserProfile => "user-profile",
            Self::VSwitch => "vswitch",
            Self::Vpc => "vpc",
            Self::Waiting => "waiting",
            Self::Zone => "zone",
        }
    }
}

impl KeyStatus {
    /// As RAM spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
        }
    }
}

/// The length of the sealed value alone.
impl fmt::Debug for VersionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VersionRecord")
            .field("serial", &self.serial)
            .field("id", &self.id)
            .field("data_type", &self.data_type)
            .field("sealed", &self.sealed.len())
            .field("created", &self.created)
            .field("stages", &self.stages)
            .finish()
    }
}

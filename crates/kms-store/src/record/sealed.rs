use kms_types::{AccessKeyId, AccountId, DataType, KeyId, KeyVersionId, SecretName, VersionId};

use crate::SecretId;

/// Something sealed, and what its seal is bound to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SealedRecord {
    /// Where it lies.
    pub place: SealedPlace,
    /// Where a listing goes on behind it.
    pub cursor: String,
    /// The record.
    pub sealed: Vec<u8>,
}

/// Where something sealed lies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SealedPlace {
    /// The secret half of an AccessKey.
    AccessKey {
        /// The account it signs for.
        account: AccountId,
        /// Its public half.
        id: AccessKeyId,
    },
    /// What a certificate authority signs with.
    Authority {
        /// Which.
        name: String,
    },
    /// The material of a version of a key.
    KeyVersion {
        /// The key's owner.
        account: AccountId,
        /// The key.
        key: KeyId,
        /// The version.
        version: KeyVersionId,
    },
    /// What a rotation remembers.
    Rotation {
        /// Its id.
        id: String,
        /// The secret's owner.
        account: AccountId,
        /// The secret's name, as long as there is one.
        secret: Option<SecretName>,
        /// The version that it makes.
        version: VersionId,
    },
    /// The value of a version of a secret.
    SecretVersion {
        /// The secret's owner.
        account: AccountId,
        /// The secret's name.
        secret: SecretName,
        /// Its number.
        id: SecretId,
        /// The version's number.
        serial: i64,
        /// The version.
        version: VersionId,
        /// Whether the value is text.
        data_type: DataType,
    },
}

/// What kinds of sealed things there are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SealedKind {
    /// [`SealedPlace::AccessKey`].
    AccessKey,
    /// [`SealedPlace::Authority`].
    Authority,
    /// [`SealedPlace::KeyVersion`].
    KeyVersion,
    /// [`SealedPlace::Rotation`].
    Rotation,
    /// [`SealedPlace::SecretVersion`].
    SecretVersion,
}

// === impl SealedKind ===

impl SealedKind {
    /// Every kind: who has gone through all of them has seen everything sealed but the
    /// keyring.
    pub const ALL: [Self; 5] = [
        Self::AccessKey,
        Self::KeyVersion,
        Self::Rotation,
        Self::SecretVersion,
        // Behind the others: who goes on with half a walk counts by these places.
        Self::Authority,
    ];

    /// For notes about how far somebody came.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessKey => "access-key",
            Self::Authority => "authority",
            Self::KeyVersion => "key-version",
            Self::Rotation => "rotation",
            Self::SecretVersion => "secret-version",
        }
    }
}

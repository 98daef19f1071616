use kms_types::{AccessKeyId, AccountId, DataType, KeyId, KeyVersionId, SecretName, VersionId};

use crate::bound::Bound;

/// Where a sealed record lies, and of what kind it is. A record opens in its own place
/// only.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// A version's value.
    SecretValue {
        /// The owner.
        account: &'a AccountId,
        /// The secret's name.
        secret: &'a SecretName,
        /// The version's id.
        version: &'a VersionId,
        /// Whether the value is text: a reader must not be told otherwise.
        data_type: DataType,
    },
    /// The secret half of an AccessKey.
    AccessKeySecret {
        /// The account it signs for.
        account: &'a AccountId,
        /// Its public half.
        id: &'a AccessKeyId,
    },
    /// A version of a key.
    KeyMaterial {
        /// The owner.
        account: &'a AccountId,
        /// The key.
        key: &'a KeyId,
        /// The version's id.
        version: &'a KeyVersionId,
    },
    /// What a certificate authority of the servers signs with.
    AuthorityKey {
        /// Which authority.
        name: &'a str,
    },
    /// A token for the import of key material. Like that of temporary credentials, it lies
    /// nowhere.
    ImportToken {
        /// The key's owner.
        account: &'a AccountId,
        /// The key that the material is for.
        key: &'a KeyId,
    },
    /// The token of temporary credentials. It lies nowhere: its holder brings it along, and
    /// what it is about stands inside.
    SessionToken,
}

impl Place<'_> {
    /// The facts of the place, behind those that `bound` already holds.
    pub(crate) fn bind(&self, bound: Bound) -> Bound {
        match self {
            Self::SecretValue {
                account,
                secret,
                version,
                data_type,
            } => bound
                .and(b"secret-value")
                .and(account.as_str().as_bytes())
                .and(secret.as_str().as_bytes())
                .and(version.as_str().as_bytes())
                .and(data_type.as_str().as_bytes()),
            Self::AccessKeySecret { account, id } => bound
                .and(b"access-key-secret")
                .and(account.as_str().as_bytes())
                .and(id.as_str().as_bytes()),
            Self::KeyMaterial {
                account,
                key,
                version,
            } => bound
                .and(b"key-material")
                .and(account.as_str().as_bytes())
                .and(key.as_str().as_bytes())
                .and(version.as_str().as_bytes()),
            Self::AuthorityKey { name } => bound.and(b"authority-key").and(name.as_bytes()),
            Self::ImportToken { account, key } => bound
                .and(b"import-token")
                .and(account.as_str().as_bytes())
                .and(key.as_str().as_bytes()),
            Self::SessionToken => bound.and(b"session-token"),
        }
    }
}

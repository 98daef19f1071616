//! Values of managed secrets, as JSON that is read one way and written another (reference
//! kms-api §2.2).

use std::fmt;

use kms_types::Secret;
use kms_wire::ApiError;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::{NewAccessKey, failure::Failure, random};

/// Characters of a password that is made here: 190 bits.
const PASSWORD_LENGTH: usize = 32;

/// What opens something, for one account.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Credential {
    /// Of a database.
    Account(Account),
    /// Of a RAM user.
    AccessKey(AccessKey),
    /// Of a machine, with a password.
    Password(Password),
    /// Of a machine, with a key pair.
    KeyPair(KeyPair),
}

/// What a machine's login is made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Login {
    Password,
    SshKey,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Account {
    account_name: String,
    account_password: Hidden,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AccessKey {
    #[serde(rename = "AccessKeyId")]
    id: String,
    #[serde(rename = "AccessKeySecret")]
    secret: Hidden,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    generate_timestamp: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Password {
    user_name: String,
    password: Hidden,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct KeyPair {
    user_name: String,
    public_key: String,
    private_key: Hidden,
}

/// Text that is no part of anything that is shown: no Display, no telling Debug, wiped.
#[derive(Clone)]
pub(crate) struct Hidden(Secret<String>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Accounts {
    accounts: Vec<Account>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct AccessKeys {
    access_keys: Vec<AccessKey>,
}

// === impl Credential ===

impl Credential {
    pub(super) fn account(name: String, password: Secret<String>) -> Self {
        Self::Account(Account {
            account_name: name,
            account_password: Hidden(password),
        })
    }

    /// `{"Accounts": [{"AccountName", "AccountPassword"}]}`.
    pub(super) fn accounts(data: &Secret<String>) -> Result<Vec<Self>, ApiError> {
        let wanted = "must be a JSON object of Accounts with AccountName and AccountPassword";
        let read: Accounts = read(data, wanted)?;
        let all = read.accounts.into_iter().map(Self::Account);
        checked(all.collect(), wanted)
    }

    /// `{"AccessKeys": [{"AccessKeyId", "AccessKeySecret"}]}`.
    pub(super) fn access_keys(data: &Secret<String>) -> Result<Vec<Self>, ApiError> {
        let wanted = "must be a JSON object of AccessKeys with AccessKeyId and AccessKeySecret";
        let read: AccessKeys = read(data, wanted)?;
        let all = read.access_keys.into_iter().map(Self::AccessKey);
        checked(all.collect(), wanted)
    }

    /// `{"UserName", "Password"}`, or `{"UserName", "PublicKey", "PrivateKey"}`.
    pub(super) fn login(data: &Secret<String>, login: Login) -> Result<Self, ApiError> {
        let (wanted, read) = match login {
            Login::Password => {
                let wanted = "must be a JSON object of UserName and Password";
                (wanted, read(data, wanted).map(Self::Password)?)
            }
            Login::SshKey => {
                let wanted = "must be a JSON object of UserName, PublicKey and PrivateKey";
                (wanted, read(data, wanted).map(Self::KeyPair)?)
            }
        };
        checked(vec![read], wanted)?
            .pop()
            .ok_or_else(ApiError::internal)
    }

    /// A value as it was written by [`Credential::to_value`]; each kind has fields of its
    /// own.
    pub(crate) fn of_value(value: &Secret<String>) -> Option<Self> {
        read(value, "")
            .map(Self::Account)
            .or_else(|_other| read(value, "").map(Self::AccessKey))
            .or_else(|_other| read(value, "").map(Self::Password))
            .or_else(|_other| read(value, "").map(Self::KeyPair))
            .ok()
    }

    /// An AccessKey that RAM has just made.
    pub(crate) fn of_access_key(key: NewAccessKey) -> Self {
        Self::AccessKey(AccessKey {
            id: key.id.to_string(),
            secret: Hidden(key.secret),
            generate_timestamp: None,
        })
    }

    /// The AccessKey, if it is one.
    pub(crate) fn into_access_key(self) -> Option<NewAccessKey> {
        let Self::AccessKey(key) = self else {
            return None;
        };
        Some(NewAccessKey {
            id: key.id.parse().ok()?,
            secret: key.secret.0,
        })
    }

    /// Whose it is: the name of an account or user, or an AccessKey's id.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Account(account) => &account.account_name,
            Self::AccessKey(key) => &key.id,
            Self::Password(login) => &login.user_name,
            Self::KeyPair(login) => &login.user_name,
        }
    }

    /// The value as it is stored and read. When an AccessKey was made is not known of one
    /// that was brought; then it is the moment that it came.
    pub(crate) fn to_value(&self, now: &str) -> Result<Secret<String>, Failure> {
        let written = match self {
            Self::AccessKey(key) => serde_json::to_string(&AccessKey {
                generate_timestamp: Some(
                    key.generate_timestamp
                        .clone()
                        .unwrap_or_else(|| now.to_owned()),
                ),
                ..key.clone()
            }),
            other => serde_json::to_string(other),
        };
        // Text always serialises.
        written
            .map(Secret::new)
            .map_err(|_cannot_be| ApiError::internal().into())
    }

    /// The same account with a new password; none where that has to be made elsewhere.
    pub(crate) fn renewed(&self) -> Result<Option<Self>, Failure> {
        Ok(match self {
            Self::Account(account) => Some(Self::Account(Account {
                account_name: account.account_name.clone(),
                account_password: Hidden(new_password()?),
            })),
            Self::Password(login) => Some(Self::Password(Password {
                user_name: login.user_name.clone(),
                password: Hidden(new_password()?),
            })),
            Self::AccessKey(_) | Self::KeyPair(_) => None,
        })
    }

    /// Whether it opens the same account in the same way, and has all that it takes.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let is_same_kind = std::mem::discriminant(self) == std::mem::discriminant(other);
        is_same_kind && self.name() == other.name() && self.is_whole()
    }

    fn is_whole(&self) -> bool {
        let secret = match self {
            Self::Account(account) => &account.account_password.0,
            Self::AccessKey(key) => &key.secret.0,
            Self::Password(login) => &login.password.0,
            Self::KeyPair(login) if login.public_key.is_empty() => return false,
            Self::KeyPair(login) => &login.private_key.0,
        };
        // EXPOSE: whether there is anything.
        !self.name().is_empty() && !secret.expose().is_empty()
    }
}

/// The password of an account: letters and digits, which every service takes.
pub(super) fn new_password() -> Result<Secret<String>, Failure> {
    let mut password = random::alphanumeric(PASSWORD_LENGTH)?;
    Ok(Secret::new(std::mem::take(&mut *password)))
}

fn read<T: for<'de> Deserialize<'de>>(data: &Secret<String>, wanted: &str) -> Result<T, ApiError> {
    // EXPOSE: into the parser; what is secret in it is hidden again.
    serde_json::from_str(data.expose())
        .map_err(|_quotes_the_text| ApiError::invalid_parameter("SecretData", wanted))
}

fn checked(all: Vec<Credential>, wanted: &str) -> Result<Vec<Credential>, ApiError> {
    if all.iter().all(Credential::is_whole) {
        return Ok(all);
    }
    Err(ApiError::invalid_parameter("SecretData", wanted))
}

// === impl Hidden ===

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut text = Zeroizing::new(String::deserialize(from)?);
        Ok(Self(Secret::new(std::mem::take(&mut *text))))
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // EXPOSE: into the value that is sealed, or sent to who sets it.
        to.serialize_str(self.0.expose())
    }
}

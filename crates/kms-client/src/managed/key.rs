use jiff::Timestamp;
use kms_types::{AccessKeyId, Secret};
use kms_wire::{response::GetSecretValue, sign::SigningKey};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

/// An AccessKey that KMS hosts, as it was when it was read.
#[derive(Clone, Debug)]
pub struct AccessKeyPair {
    /// The public half.
    pub id: AccessKeyId,
    /// The secret half.
    pub secret: Secret<String>,
    /// The version of the secret that it came from.
    pub version_id: String,
    /// When KMS plans to give out another one; `None` if it plans nothing.
    pub next_rotation: Option<Timestamp>,
}

/// Why a secret's value is no hosted AccessKey. Says what is wrong, never the value.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum ParseAccessKeyPairError {
    /// Not the JSON of a RAM credential.
    #[error("is no JSON with the texts AccessKeyId and AccessKeySecret")]
    Json,
    /// The id.
    #[error("has an AccessKeyId that is none")]
    Id,
    /// The secret half: empty, or with characters that no AccessKey has.
    #[error("has an AccessKeySecret that is none")]
    Secret,
}

/// What the value of a RAM credential is (reference accesskey §3.6). The moment of the
/// rotation is spelled in two ways by the official plug-ins.
#[derive(Deserialize)]
struct Value {
    #[serde(rename = "AccessKeyId")]
    id: String,
    #[serde(rename = "AccessKeySecret", deserialize_with = "hidden")]
    secret: Secret<String>,
    #[serde(rename = "ScheduleRotateTimestamp", alias = "scheduleRotateTimestamp")]
    rotation: Option<i64>,
}

// === impl AccessKeyPair ===

impl AccessKeyPair {
    /// Takes it out of what KMS answered.
    ///
    /// # Errors
    /// [`ParseAccessKeyPairError`].
    pub fn parse(answer: &GetSecretValue) -> Result<Self, ParseAccessKeyPairError> {
        let (key, rotation) = read(&answer.secret_data)?;
        Ok(Self {
            id: key.access_key_id,
            secret: key.access_key_secret,
            version_id: answer.version_id.clone(),
            next_rotation: planned(answer, rotation),
        })
    }

    /// Takes the key out of a secret's value alone.
    ///
    /// # Errors
    /// [`ParseAccessKeyPairError`].
    pub fn signing_key_in(value: &Secret<String>) -> Result<SigningKey, ParseAccessKeyPairError> {
        read(value).map(|(key, _rotation)| key)
    }

    /// To sign with.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey {
            access_key_id: self.id.clone(),
            access_key_secret: self.secret.clone(),
            security_token: None,
        }
    }
}

/// The key, and when the value itself says that it is rotated.
fn read(value: &Secret<String>) -> Result<(SigningKey, Option<i64>), ParseAccessKeyPairError> {
    // EXPOSE: into its fields, of which the secret half is a secret again.
    let value: Value = serde_json::from_str(value.expose())
        .map_err(|_quotes_values| ParseAccessKeyPairError::Json)?;
    let id = value.id.parse();
    // EXPOSE: looked at for what no AccessKey has.
    let secret = value.secret.expose();
    if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ParseAccessKeyPairError::Secret);
    }
    let key = SigningKey {
        access_key_id: id.map_err(|_quotes_nothing| ParseAccessKeyPairError::Id)?,
        access_key_secret: value.secret,
        security_token: None,
    };
    Ok((key, value.rotation))
}

/// When the next rotation is planned for. A date that is left over from a policy which was
/// switched off, or which KMS declared invalid, announces nothing.
fn planned(answer: &GetSecretValue, in_value: Option<i64>) -> Option<Timestamp> {
    let automatic = answer.automatic_rotation.as_deref();
    if automatic.is_some_and(|state| !state.is_empty() && !state.eq_ignore_ascii_case("enabled")) {
        return None;
    }
    let date = answer.next_rotation_date.as_deref();
    date.and_then(|date| date.parse().ok())
        .or_else(|| Timestamp::from_second(in_value?).ok())
}

fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret<String>, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}

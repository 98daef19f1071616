//! Requests as types. One struct per action; parsing is where wrong text ends.

use kms_types::{DataType, Secret, SecretName, SecretRef, VersionId, VersionStage};
use serde::{Serialize, de::DeserializeOwned};

use crate::{ApiError, Params};

mod secrets;

/// A typed call: how it travels, and what comes back.
pub trait Operation: Send + Sync {
    /// What the service answers.
    type Response: Serialize + DeserializeOwned + Send;

    /// The action's name and product.
    const ACTION: Action;

    /// As parameters, in the spelling of the official SDKs; absent fields are left out.
    fn to_params(&self) -> Params;
}

/// The actions that this server knows.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Kms 2016-01-20 `CreateSecret`.
    CreateSecret,
    /// Kms 2016-01-20 `DeleteSecret`.
    DeleteSecret,
    /// Kms 2016-01-20 `DescribeSecret`.
    DescribeSecret,
    /// Sts 2015-04-01 `GetCallerIdentity`.
    GetCallerIdentity,
    /// Kms 2016-01-20 `GetRandomPassword`.
    GetRandomPassword,
    /// Kms 2016-01-20 `GetSecretValue`.
    GetSecretValue,
    /// Kms 2016-01-20 `ListSecretVersionIds`.
    ListSecretVersionIds,
    /// Kms 2016-01-20 `ListSecrets`.
    ListSecrets,
    /// Kms 2016-01-20 `PutSecretValue`.
    PutSecretValue,
    /// Kms 2016-01-20 `RestoreSecret`.
    RestoreSecret,
    /// Kms 2016-01-20 `UpdateSecret`.
    UpdateSecret,
    /// Kms 2016-01-20 `UpdateSecretVersionStage`.
    UpdateSecretVersionStage,
}

/// Any request, parsed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Request {
    /// See [`CreateSecret`].
    CreateSecret(CreateSecret),
    /// See [`DeleteSecret`].
    DeleteSecret(DeleteSecret),
    /// See [`DescribeSecret`].
    DescribeSecret(DescribeSecret),
    /// See [`GetCallerIdentity`].
    GetCallerIdentity(GetCallerIdentity),
    /// See [`GetRandomPassword`].
    GetRandomPassword(GetRandomPassword),
    /// See [`GetSecretValue`].
    GetSecretValue(GetSecretValue),
    /// See [`ListSecretVersionIds`].
    ListSecretVersionIds(ListSecretVersionIds),
    /// See [`ListSecrets`].
    ListSecrets(ListSecrets),
    /// See [`PutSecretValue`].
    PutSecretValue(PutSecretValue),
    /// See [`RestoreSecret`].
    RestoreSecret(RestoreSecret),
    /// See [`UpdateSecret`].
    UpdateSecret(UpdateSecret),
    /// See [`UpdateSecretVersionStage`].
    UpdateSecretVersionStage(UpdateSecretVersionStage),
}

/// Makes a secret with its first version.
#[derive(Clone, Debug)]
pub struct CreateSecret {
    /// The name, unique in account and region.
    pub secret_name: SecretName,
    /// The first version's value, at most 30,720 bytes.
    pub secret_data: Secret<String>,
    /// The first version's id.
    pub version_id: VersionId,
    /// `Generic` unless given; others arrive with later work.
    pub secret_type: Option<String>,
    /// Text unless given.
    pub data_type: DataType,
    /// The key that protects the value; the server's own if absent.
    pub encryption_key_id: Option<String>,
    /// The KMS instance it lives in.
    pub instance_id: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// At most 20.
    pub tags: Vec<Tag>,
    /// JSON object as text.
    pub extended_config: Option<String>,
}

/// A tag of a secret; also what DescribeSecret answers with.
#[derive(Clone, Debug, serde::Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    /// 1 to 128 characters, not beginning with `aliyun` or `acs:`.
    pub tag_key: String,
    /// At most 128 characters.
    #[serde(default)]
    pub tag_value: String,
}

/// Plans a secret's deletion, or deletes it at once.
#[derive(Clone, Debug)]
pub struct DeleteSecret {
    /// Which secret.
    pub secret_name: SecretRef,
    /// At once, no way back.
    pub force: bool,
    /// 7 to 30 days, 30 unless given; ignored with `force` (Terraform sends both).
    pub recovery_window_days: Option<u32>,
}

/// Reads a secret's metadata.
#[derive(Clone, Debug)]
pub struct DescribeSecret {
    /// Which secret.
    pub secret_name: SecretRef,
    /// With tags.
    pub fetch_tags: bool,
}

/// Asks who one is.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetCallerIdentity {}

/// Asks for a password.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the action has these switches"
)]
pub struct GetRandomPassword {
    /// 8 to 128, 32 unless given.
    pub length: u32,
    /// Characters that must not occur.
    pub exclude_characters: String,
    /// No `a-z`.
    pub exclude_lowercase: bool,
    /// No `A-Z`.
    pub exclude_uppercase: bool,
    /// No `0-9`.
    pub exclude_numbers: bool,
    /// No punctuation.
    pub exclude_punctuation: bool,
    /// At least one of each kind that is not excluded; true unless given.
    pub require_each_included_type: bool,
}

/// Reads a secret's value.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct GetSecretValue {
    /// Which secret.
    pub secret_name: SecretRef,
    /// Which version.
    pub version_id: Option<VersionId>,
    /// Which stage; `ACSCurrent` if neither is given.
    pub version_stage: Option<VersionStage>,
    /// With ExtendedConfig.
    pub fetch_extended_config: bool,
    /// Only check.
    pub dry_run: bool,
}

/// Lists a secret's versions.
#[derive(Clone, Debug)]
pub struct ListSecretVersionIds {
    /// Which secret.
    pub secret_name: SecretRef,
    /// Also versions without a stage.
    pub include_deprecated: bool,
    /// From 1.
    pub page_number: u32,
    /// 1 to 100, 20 unless given.
    pub page_size: u32,
}

/// Lists secrets.
#[derive(Clone, Debug)]
pub struct ListSecrets {
    /// All must hold.
    pub filters: Vec<Filter>,
    /// With tags.
    pub fetch_tags: bool,
    /// From 1.
    pub page_number: u32,
    /// 1 to 100, 10 unless given.
    pub page_size: u32,
}

/// One condition of ListSecrets: the key's value is one of these.
#[derive(Clone, Debug, serde::Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Filter {
    /// `SecretName`, `Description`, `TagKey`, `TagValue`, `DKMSInstanceId` or `SecretType`.
    pub key: String,
    /// At least one.
    pub values: Vec<String>,
}

/// Adds a version.
#[derive(Clone, Debug)]
pub struct PutSecretValue {
    /// Which secret.
    pub secret_name: SecretRef,
    /// The value, at most 30,720 bytes.
    pub secret_data: Secret<String>,
    /// The version's id; the same id with the same value succeeds again.
    pub version_id: VersionId,
    /// Text unless given.
    pub data_type: DataType,
    /// The stages to move to it; `ACSCurrent` unless given.
    pub version_stages: Option<Vec<VersionStage>>,
}

/// Takes a secret back from deletion.
#[derive(Clone, Debug)]
pub struct RestoreSecret {
    /// Which secret.
    pub secret_name: SecretRef,
}

/// Changes a secret's metadata.
#[derive(Clone, Debug)]
pub struct UpdateSecret {
    /// Which secret.
    pub secret_name: SecretRef,
    /// For people.
    pub description: Option<String>,
    /// The pairs of `ExtendedConfig.CustomData`, at most 10.
    pub custom_data: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Moves or removes a stage label.
#[derive(Clone, Debug)]
pub struct UpdateSecretVersionStage {
    /// Which secret.
    pub secret_name: SecretRef,
    /// Which label.
    pub version_stage: VersionStage,
    /// To which version.
    pub move_to: Option<VersionId>,
    /// From which version.
    pub remove_from: Option<VersionId>,
}

impl Action {
    /// The name, as it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateSecret => "CreateSecret",
            Self::DeleteSecret => "DeleteSecret",
            Self::DescribeSecret => "DescribeSecret",
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::GetRandomPassword => "GetRandomPassword",
            Self::GetSecretValue => "GetSecretValue",
            Self::ListSecretVersionIds => "ListSecretVersionIds",
            Self::ListSecrets => "ListSecrets",
            Self::PutSecretValue => "PutSecretValue",
            Self::RestoreSecret => "RestoreSecret",
            Self::UpdateSecret => "UpdateSecret",
            Self::UpdateSecretVersionStage => "UpdateSecretVersionStage",
        }
    }

    /// The version of the product's API: `2015-04-01` for Sts, `2016-01-20` for Kms.
    pub fn version(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => "2015-04-01",
            _ => "2016-01-20",
        }
    }

    /// The action of that name in that version of the API (`2016-01-20` is Kms,
    /// `2015-04-01` Sts).
    ///
    /// # Errors
    /// `InvalidVersion` or `InvalidAction.NotFound`.
    pub fn parse(_version: &str, _action: &str) -> Result<Self, ApiError> {
        Err(ApiError::internal())
    }
}

impl Request {
    /// The typed request for these parameters; business parameters only are looked at,
    /// unknown ones are ignored as the cloud does.
    ///
    /// # Errors
    /// `MissingParameter` and `InvalidParameter`, naming the parameter.
    pub fn parse(_action: Action, _params: &Params) -> Result<Self, ApiError> {
        Err(ApiError::internal())
    }
}

use kms_types::Secret;
use serde::{Deserialize, Serialize};

use super::revealed;

/// Answer of CreateKey.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateKey {
    /// What the key is.
    pub key_metadata: KeyMetadata,
}

/// Answer of DescribeKey.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeKey {
    /// What the key is.
    pub key_metadata: KeyMetadata,
}

/// What a key is.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeyMetadata {
    /// Its id.
    pub key_id: String,
    /// Its ARN.
    pub arn: String,
    /// `Aliyun_AES_256` and others.
    pub key_spec: String,
    /// `ENCRYPT/DECRYPT` and others.
    pub key_usage: String,
    /// `Enabled` and others.
    pub key_state: String,
    /// `Aliyun_KMS` or `EXTERNAL`.
    pub origin: String,
    /// `SOFTWARE` or `HSM`.
    pub protection_level: String,
    /// The account that made it.
    pub creator: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub creation_date: String,
    /// For people.
    pub description: String,
    /// The version that encrypts.
    pub primary_key_version: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub last_rotation_date: String,
    /// `YYYY-MM-DDThh:mm:ssZ`, only if it rotates by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_rotation_date: Option<String>,
    /// `Enabled`, `Disabled` or `Suspended`.
    pub automatic_rotation: String,
    /// `<n>s`, only if it rotates by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_interval: Option<String>,
    /// `YYYY-MM-DDThh:mm:ssZ`, or empty: when it goes.
    pub delete_date: String,
    /// `YYYY-MM-DDThh:mm:ssZ`, or empty: when imported material goes.
    pub material_expire_time: String,
    /// The instance, or empty.
    #[serde(rename = "DKMSInstanceId")]
    pub instance_id: String,
    /// `Enabled` or `Disabled`; DescribeKey only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_protection: Option<String>,
    /// Why, for people; DescribeKey only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_protection_description: Option<String>,
}

/// Answer of CreateKeyVersion and DescribeKeyVersion.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeyVersion {
    /// The version.
    pub key_version: KeyVersionSummary,
}

/// A version of a key.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeyVersionSummary {
    /// The key.
    pub key_id: String,
    /// Its version.
    pub key_version_id: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub creation_date: String,
}

/// Answer of ListKeyVersions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListKeyVersions {
    /// One page of them.
    pub key_versions: KeyVersions,
    /// Which page.
    pub page_number: u32,
    /// How many to a page.
    pub page_size: u32,
    /// How many in all.
    pub total_count: u64,
}

/// Versions, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeyVersions {
    /// The versions.
    pub key_version: Vec<KeyVersionSummary>,
}

/// Answer of ListKeys.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListKeys {
    /// One page of them.
    pub keys: Keys,
    /// Which page.
    pub page_number: u32,
    /// How many to a page.
    pub page_size: u32,
    /// How many in all.
    pub total_count: u64,
}

/// Keys, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Keys {
    /// The keys.
    pub key: Vec<KeySummary>,
}

/// A key in ListKeys.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeySummary {
    /// Its id.
    pub key_id: String,
    /// Its ARN.
    pub key_arn: String,
}

/// Answer of ListAliases and ListAliasesByKeyId.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListAliases {
    /// One page of them.
    pub aliases: Aliases,
    /// Which page.
    pub page_number: u32,
    /// How many to a page.
    pub page_size: u32,
    /// How many in all.
    pub total_count: u64,
}

/// Aliases, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Aliases {
    /// The aliases.
    pub alias: Vec<AliasSummary>,
}

/// An alias.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AliasSummary {
    /// Its name, `alias/` in front.
    pub alias_name: String,
    /// Its ARN.
    pub alias_arn: String,
    /// The key that it names.
    pub key_id: String,
}

/// Answer of whatever encrypts: Encrypt, ReEncrypt, GenerateDataKeyWithoutPlaintext,
/// AsymmetricEncrypt.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Encrypted {
    /// The key.
    pub key_id: String,
    /// Its version.
    pub key_version_id: String,
    /// The ciphertext in base64.
    pub ciphertext_blob: String,
}

/// Answer of Decrypt and AsymmetricDecrypt.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Decrypted {
    /// The key.
    #[serde(default)]
    pub key_id: String,
    /// Its version.
    #[serde(default)]
    pub key_version_id: String,
    /// The plaintext in base64.
    #[serde(with = "revealed")]
    pub plaintext: Secret<String>,
}

/// Answer of GenerateDataKey.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GenerateDataKey {
    /// The key that encrypted it.
    #[serde(default)]
    pub key_id: String,
    /// Its version.
    #[serde(default)]
    pub key_version_id: String,
    /// The data key, encrypted, in base64.
    pub ciphertext_blob: String,
    /// The data key in base64.
    #[serde(with = "revealed")]
    pub plaintext: Secret<String>,
}

/// Answer of ExportDataKey.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ExportedDataKey {
    /// The key that decrypted it.
    pub key_id: String,
    /// Its version.
    pub key_version_id: String,
    /// The data key under the caller's public key, in base64.
    pub exported_data_key: String,
}

/// Answer of GenerateAndExportDataKey.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GenerateAndExportDataKey {
    /// The key that encrypted it.
    pub key_id: String,
    /// Its version.
    pub key_version_id: String,
    /// The data key, encrypted, in base64.
    pub ciphertext_blob: String,
    /// The data key under the caller's public key, in base64.
    pub exported_data_key: String,
}

/// Answer of AsymmetricSign.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Signed {
    /// The key.
    pub key_id: String,
    /// Its version.
    pub key_version_id: String,
    /// The signature in base64.
    pub value: String,
}

/// Answer of AsymmetricVerify.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SignatureVerified {
    /// The key.
    pub key_id: String,
    /// Its version.
    pub key_version_id: String,
    /// Whether the signature is right.
    pub value: bool,
}

/// Answer of GetPublicKey.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetPublicKey {
    /// The key.
    pub key_id: String,
    /// Its version.
    pub key_version_id: String,
    /// PEM.
    pub public_key: String,
}

/// Answer of GenerateMac.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GenerateMac {
    /// How it was made.
    pub algorithm: String,
    /// The key.
    pub key_id: String,
    /// The code in base64.
    pub mac: String,
}

/// Answer of VerifyMac.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VerifyMac {
    /// How it was made.
    pub algorithm: String,
    /// The key.
    pub key_id: String,
    /// Whether the code is right.
    pub value: bool,
}

/// Answer of GetParametersForImport.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetParametersForImport {
    /// The key.
    pub key_id: String,
    /// To be brought along with the material, in base64.
    pub import_token: String,
    /// To encrypt the material under: SubjectPublicKeyInfo in base64.
    pub public_key: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub token_expire_time: String,
}

/// Answer of GetKeyPolicy.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeyPolicy {
    /// The policy, as JSON.
    pub policy: String,
}

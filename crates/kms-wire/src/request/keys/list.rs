use kms_types::KeyRef;
use serde::{Deserialize, Serialize};

use super::operations;
use crate::{
    ApiError, Params,
    request::{
        fields::Fields,
        param::{Page, Param},
    },
};

operations! {
    /// Lists keys.
    ListKeys -> ListKeys {
        /// All must hold.
        filters: Vec<KeyFilter> = "Filters",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }

    /// Lists a key's versions.
    ListKeyVersions -> ListKeyVersions {
        /// Which key.
        key: KeyRef = "KeyId",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }
}

/// One condition of ListKeys: the key's value is one of these.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyFilter {
    /// What is compared.
    pub key: KeyFilterKey,
    /// 1 to 10.
    pub values: Vec<String>,
}

/// What a [`KeyFilter`] compares.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum KeyFilterKey {
    /// One of its aliases.
    AliasName,
    /// Which account made it.
    Creator,
    /// Who made the key: `User`, or `Service` for the cloud's products.
    CreatorType,
    /// The KMS instance it lives in.
    #[serde(rename = "DKMSInstanceId")]
    InstanceId,
    /// The key's id; the cloud's documents write its name so.
    #[serde(rename = "keyId", alias = "KeyId")]
    KeyId,
    /// `Aliyun_AES_256` and others.
    KeySpec,
    /// `Enabled` and others.
    KeyState,
    /// `ENCRYPT/DECRYPT` and others.
    KeyUsage,
    /// `SOFTWARE` or `HSM`.
    ProtectionLevel,
    /// A tag's key.
    TagKey,
    /// A tag's value.
    TagValue,
}

/// At most 10, as ListSecrets takes.
impl Param for Vec<KeyFilter> {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let wanted = "a JSON array of objects with a known Key and Values, an array of strings";
        let filters: Self = fields.json(name, wanted)?.unwrap_or_default();
        let fit = |count: usize| (1..=10).contains(&count);
        if filters.len() > 10 || !filters.iter().all(|filter| fit(filter.values.len())) {
            return Err(ApiError::invalid_parameter(
                name,
                "may hold 10, of 1 to 10 Values each",
            ));
        }
        Ok(filters)
    }

    fn write(&self, params: &mut Params, name: &str) {
        if !self.is_empty() {
            params.push_some(name, serde_json::to_string(self).ok());
        }
    }
}

use std::collections::BTreeMap;

use kms_types::Secret;

use super::{SecretKey, StoreError};

/// The annotation of a ServiceAccount that names its role (reference k8s-sync §1.4).
pub const ROLE_ARN_ANNOTATION: &str = "ack.alibabacloud.com/role-arn";

/// What was found of what a store refers to.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Values under the keys that there are.
    pub secrets: BTreeMap<SecretKey, Secret<Vec<u8>>>,
    /// What the ServiceAccount's annotation [`ROLE_ARN_ANNOTATION`] says.
    pub role_arn: Option<String>,
}

impl Found {
    /// The bytes under a key.
    pub(super) fn bytes(
        &self,
        field: &str,
        key: &SecretKey,
    ) -> Result<&Secret<Vec<u8>>, StoreError> {
        self.secrets.get(key).ok_or_else(|| {
            StoreError::new(
                field,
                format!("there is no {key}; create it, or name another"),
            )
        })
    }

    /// The text under a key. White space around it is what an editor or `--from-file` left there.
    pub(super) fn text(&self, field: &str, key: &SecretKey) -> Result<Secret<String>, StoreError> {
        let wrong = |what: &str| StoreError::new(field, format!("the {key} {what}"));
        // EXPOSE: from bytes to text.
        let text = std::str::from_utf8(self.bytes(field, key)?.expose())
            .map_err(|_invalid| wrong("is no UTF-8 text"))?
            .trim();
        if text.is_empty() {
            return Err(wrong("is empty"));
        }
        Ok(Secret::from(text))
    }
}

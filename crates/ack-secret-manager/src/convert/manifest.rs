use serde::Serialize;
use serde_json::Value;

use super::ConvertError;

/// An object of ours.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub(super) api_version: &'static str,
    pub(super) kind: String,
    pub(super) metadata: Value,
    pub(super) spec: Value,
}

impl Manifest {
    /// As a YAML document.
    pub(super) fn yaml(&self) -> Result<String, ConvertError> {
        serde_saphyr::to_string(self).map_err(ConvertError::Write)
    }
}

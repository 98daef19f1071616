use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;

/// What a ConfigMap says.
#[derive(Debug)]
pub(crate) struct Texts(pub(crate) BTreeMap<String, String>);

// === impl Texts ===

impl From<ConfigMap> for Texts {
    fn from(map: ConfigMap) -> Self {
        Self(map.data.unwrap_or_default())
    }
}

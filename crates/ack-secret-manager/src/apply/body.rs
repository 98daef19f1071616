use std::{collections::BTreeMap, fmt};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use zeroize::Zeroizing;

use super::{Desired, MANAGED, OWNER};
use crate::plan::Data;

/// A Secret on its way to the API server. Debug shows no value.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    #[serde(flatten)]
    kind: Option<Kind>,
    metadata: Metadata<'a>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    secret_type: Option<&'a str>,
    data: Encoded<'a>,
}

/// As an apply patch has to say.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    api_version: &'static str,
    kind: &'static str,
}

#[derive(Serialize)]
struct Metadata<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    labels: BTreeMap<&'a str, &'a str>,
    annotations: BTreeMap<&'a str, &'a str>,
}

struct Encoded<'a>(&'a Data);

// === impl Body ===

impl<'a> Body<'a> {
    /// All of it, to be applied.
    pub(super) fn new(desired: &'a Desired, secret_type: &'a str) -> Self {
        let mut body = Self::additions(desired);
        body.kind = Some(Kind {
            api_version: "v1",
            kind: "Secret",
        });
        body.metadata.name = Some(&desired.name);
        body.secret_type = Some(secret_type);
        body
    }

    /// What is added to one that is there.
    pub(super) fn additions(desired: &'a Desired) -> Self {
        fn pairs(map: &BTreeMap<String, String>) -> BTreeMap<&str, &str> {
            map.iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect()
        }
        let mut labels = pairs(&desired.labels);
        labels.insert(MANAGED, "true");
        let mut annotations = pairs(&desired.annotations);
        annotations.insert(OWNER, &desired.owner);
        Self {
            kind: None,
            metadata: Metadata {
                name: None,
                labels,
                annotations,
            },
            secret_type: None,
            data: Encoded(&desired.data),
        }
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("keys", &self.data.0.keys())
            .finish_non_exhaustive()
    }
}

// === impl Encoded ===

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.0 {
            // EXPOSE: into the request that writes the Secret.
            let text = Zeroizing::new(BASE64_STANDARD.encode(value.expose()));
            map.serialize_entry(key, &**text)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests;

//! Logs of Simple Log Service: one for each finding, with a field for each of its own, as Cloud
//! Config writes them (reference accesskey §5.3). One that is put twice is there twice, with the
//! same `requestId`.

use async_trait::async_trait;
use jiff::Timestamp;
use kms_client::delivery::{Content, Log, LogGroup, Logstore};
use serde_json::Value;

use super::{Parcel, Place, Refusal};

#[async_trait]
impl Place for Logstore {
    fn kind(&self) -> &'static str {
        "sls"
    }

    async fn put(&self, parcel: &Parcel<'_>) -> Result<(), Refusal> {
        Ok(Self::put(self, &group(&parcel.finding, parcel.time)).await?)
    }
}

pub(super) fn group(finding: &Value, time: Timestamp) -> LogGroup {
    let fields = finding.as_object().into_iter().flatten();
    let contents = fields.map(|(key, value)| Content {
        key: key.clone(),
        value: match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
    });
    let topic = finding.get("dataType").and_then(Value::as_str);
    LogGroup {
        logs: vec![Log {
            // Until 2106.
            time: u32::try_from(time.as_second()).unwrap_or_default(),
            contents: contents.collect(),
            time_ns: u32::try_from(time.subsec_nanosecond()).ok(),
        }],
        topic: topic.map(str::to_owned),
        source: Some("kms-server".to_owned()),
    }
}

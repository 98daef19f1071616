use serde::{Deserialize, Serialize};

/// Answer of DescribeSystemEventAttribute.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeSystemEventAttribute {
    /// `true`.
    pub success: String,
    /// `200`.
    pub code: String,
    /// For people.
    pub message: String,
    /// The page.
    pub system_events: SystemEvents,
}

/// Events, wrapped as the cloud wraps lists.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SystemEvents {
    /// The events.
    pub system_event: Vec<SystemEvent>,
}

/// Something that happened.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SystemEvent {
    /// `KMS` or `CONFIG`.
    pub product: String,
    /// `Secret:RotateSecret:Success`.
    pub name: String,
    /// `CRITICAL`, `WARN` or `INFO`.
    pub level: String,
    /// `Normal` or `Failed`.
    pub status: String,
    /// `acs:kms:<region>:<account>:secret/<name>`.
    pub resource_id: String,
    /// The name in it.
    pub instance_name: String,
    /// Where.
    pub region_id: String,
    /// When, in milliseconds since 1970.
    pub time: i64,
    /// JSON as text.
    pub content: String,
}

use serde::{Deserialize, Serialize};

/// Answer of what makes, changes and deletes a channel.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigDeliveryChannelNamed {
    /// `cdc-…`.
    pub delivery_channel_id: String,
}

/// Answer of GetConfigDeliveryChannel.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetConfigDeliveryChannel {
    /// The channel.
    pub delivery_channel: ConfigDeliveryChannel,
}

/// Answer of ListConfigDeliveryChannels.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListConfigDeliveryChannels {
    /// The channels.
    pub delivery_channels: Vec<ConfigDeliveryChannel>,
}

/// Where findings are sent.
#[expect(clippy::struct_excessive_bools, reason = "they are the cloud's")]
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigDeliveryChannel {
    /// Whose it is.
    pub account_id: u64,
    /// The account group whose findings it gets, if it is one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregator_id: Option<String>,
    /// `cdc-…`.
    pub delivery_channel_id: String,
    /// For people.
    pub delivery_channel_name: String,
    /// `OSS`, `SLS` or `MNS`.
    pub delivery_channel_type: String,
    /// To which.
    pub delivery_channel_target_arn: String,
    /// For people.
    pub description: String,
    /// Whether it gets what is not compliant.
    pub non_compliant_notification: bool,
    /// Whether it gets each change of each resource.
    pub configuration_item_change_notification: bool,
    /// Whether it gets all resources twice a day.
    pub configuration_snapshot: bool,
    /// Whether it gets all results twice a day.
    pub compliant_snapshot: bool,
    /// Which findings, JSON.
    pub delivery_channel_condition: String,
    /// Where what is too large for it goes.
    #[serde(rename = "OversizedDataOSSTargetArn")]
    pub oversized_data_oss_target_arn: String,
    /// Whether anything is sent: 1, or 0.
    pub status: u32,
    /// Of this server, not the cloud: how the last try went, `Success`, `Failure`, or nothing if
    /// there was none.
    pub last_delivery_status: String,
    /// Of this server: when that was.
    pub last_delivery_time: String,
    /// Of this server: why it failed.
    pub last_delivery_error: String,
    /// Of this server: how many findings wait.
    pub waiting_deliveries: u64,
}

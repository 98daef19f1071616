//! Where findings of a group's rules are sent.

use super::{
    Ids,
    delivery::{ChannelKind, ChannelSettings},
};
use crate::request::keys::operations;

operations! {
    /// Makes a channel of a group.
    CreateAggregateConfigDeliveryChannel -> ConfigDeliveryChannelNamed {
        /// Whose findings.
        aggregator: String = "AggregatorId",
        /// To what.
        kind: ChannelKind = "DeliveryChannelType",
        /// To which, `acs:log:<region>:<account>:project/<name>/logstore/<name>`.
        target_arn: String = "DeliveryChannelTargetArn",
        /// The same token makes the same channel.
        client_token: Option<String> = "ClientToken",
        /// What else there is to say.
        settings: ChannelSettings = "Settings",
    }

    /// Changes a channel of a group; what is absent stays.
    UpdateAggregateConfigDeliveryChannel -> ConfigDeliveryChannelNamed {
        /// Whose findings.
        aggregator: String = "AggregatorId",
        /// Which.
        channel: String = "DeliveryChannelId",
        /// To which from now on.
        target_arn: Option<String> = "DeliveryChannelTargetArn",
        /// What else changes.
        settings: ChannelSettings = "Settings",
    }

    /// Reads a channel of a group.
    GetAggregateConfigDeliveryChannel -> GetConfigDeliveryChannel {
        /// Whose findings.
        aggregator: String = "AggregatorId",
        /// Which.
        channel: String = "DeliveryChannelId",
    }

    /// Lists channels of a group.
    ListAggregateConfigDeliveryChannels -> ListConfigDeliveryChannels {
        /// Whose findings.
        aggregator: String = "AggregatorId",
        /// These; all if none is named.
        channels: Option<Ids> = "DeliveryChannelIds",
    }

    /// Deletes a channel of a group.
    DeleteAggregateConfigDeliveryChannel -> ConfigDeliveryChannelNamed {
        /// Whose findings.
        aggregator: String = "AggregatorId",
        /// Which.
        channel: String = "DeliveryChannelId",
    }
}

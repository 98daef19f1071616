//! Channels of account groups: they get what the group's rules find.

use kms_wire::{
    Action,
    request::{
        CreateAggregateConfigDeliveryChannel, DeleteAggregateConfigDeliveryChannel,
        GetAggregateConfigDeliveryChannel, ListAggregateConfigDeliveryChannels,
        UpdateAggregateConfigDeliveryChannel, UpdateConfigDeliveryChannel,
    },
    response,
};

use super::channel::Channel;
use crate::{Caller, Service, failure::Failure};

impl Service {
    /// CreateAggregateConfigDeliveryChannel.
    pub(crate) async fn create_group_channel(
        &self,
        caller: &Caller,
        call: CreateAggregateConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let action = Action::CreateAggregateConfigDeliveryChannel;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        let made = Channel::new(call.kind, call.target_arn, call.settings, call.client_token)?;
        let made = Channel {
            aggregator: Some(call.aggregator),
            ..made
        };
        self.add_channel(account, made).await
    }

    /// UpdateAggregateConfigDeliveryChannel.
    pub(crate) async fn update_group_channel(
        &self,
        caller: &Caller,
        call: UpdateAggregateConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let action = Action::UpdateAggregateConfigDeliveryChannel;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        let change = UpdateConfigDeliveryChannel {
            channel: call.channel,
            target_arn: call.target_arn,
            settings: call.settings,
        };
        self.change_channel(account, Some(&call.aggregator), change)
            .await
    }

    /// GetAggregateConfigDeliveryChannel.
    pub(crate) async fn get_group_channel(
        &self,
        caller: &Caller,
        call: GetAggregateConfigDeliveryChannel,
    ) -> Result<response::GetConfigDeliveryChannel, Failure> {
        let action = Action::GetAggregateConfigDeliveryChannel;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        self.tell_channel(account, Some(&call.aggregator), &call.channel)
            .await
    }

    /// ListAggregateConfigDeliveryChannels.
    pub(crate) async fn list_group_channels(
        &self,
        caller: &Caller,
        call: ListAggregateConfigDeliveryChannels,
    ) -> Result<response::ListConfigDeliveryChannels, Failure> {
        let action = Action::ListAggregateConfigDeliveryChannels;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        self.pick_channels(account, Some(&call.aggregator), call.channels.as_ref())
            .await
    }

    /// DeleteAggregateConfigDeliveryChannel.
    pub(crate) async fn delete_group_channel(
        &self,
        caller: &Caller,
        call: DeleteAggregateConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let action = Action::DeleteAggregateConfigDeliveryChannel;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        self.remove_channel(account, Some(&call.aggregator), &call.channel)
            .await
    }
}

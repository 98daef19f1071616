//! Channels are made, read and changed.

use std::collections::BTreeMap;

use kms_store::Mode;
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{
        CreateConfigDeliveryChannel, DeleteConfigDeliveryChannel, GetConfigDeliveryChannel, Ids,
        ListConfigDeliveryChannels, UpdateConfigDeliveryChannel,
    },
    response,
};

use super::{
    channel::{self, Channel, MOST_CHANNELS},
    queue,
    rule::fresh_id,
    write::number,
};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
};

impl Service {
    /// CreateConfigDeliveryChannel.
    pub(crate) async fn create_channel(
        &self,
        caller: &Caller,
        call: CreateConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let action = Action::CreateConfigDeliveryChannel;
        let account = self.own(caller, action, resource("*"))?;
        let made = Channel::new(call.kind, call.target_arn, call.settings, call.client_token)?;
        self.add_channel(account, made).await
    }

    /// UpdateConfigDeliveryChannel.
    pub(crate) async fn update_channel(
        &self,
        caller: &Caller,
        call: UpdateConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let action = Action::UpdateConfigDeliveryChannel;
        let account = self.own(caller, action, resource(&call.channel))?;
        self.change_channel(account, None, call).await
    }

    /// GetConfigDeliveryChannel.
    pub(crate) async fn get_channel(
        &self,
        caller: &Caller,
        call: GetConfigDeliveryChannel,
    ) -> Result<response::GetConfigDeliveryChannel, Failure> {
        let id = &call.channel;
        let account = self.own(caller, Action::GetConfigDeliveryChannel, resource(id))?;
        self.tell_channel(account, None, id).await
    }

    /// ListConfigDeliveryChannels.
    pub(crate) async fn list_channels(
        &self,
        caller: &Caller,
        call: ListConfigDeliveryChannels,
    ) -> Result<response::ListConfigDeliveryChannels, Failure> {
        let action = Action::ListConfigDeliveryChannels;
        let account = self.own(caller, action, resource("*"))?;
        let wanted = call.channels.as_ref();
        self.pick_channels(account, None, wanted).await
    }

    /// DeleteConfigDeliveryChannel.
    pub(crate) async fn delete_channel(
        &self,
        caller: &Caller,
        call: DeleteConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let id = &call.channel;
        let account = self.own(caller, Action::DeleteConfigDeliveryChannel, resource(id))?;
        self.remove_channel(account, None, id).await
    }

    /// Adds a channel, or finds the one that its token has made.
    pub(super) async fn add_channel(
        &self,
        account: &AccountId,
        made: Channel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let (made, id, now) = (&made, &fresh_id("cdc")?, self.now());
        let id = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let others = channel::all(tx, account, made.aggregator.as_deref()).await?;
                    if let Some(same) = others
                        .iter()
                        .find(|other| made.token.is_some() && other.body.token == made.token)
                    {
                        return Ok(same.name.clone());
                    }
                    if others.len() >= MOST_CHANNELS {
                        let message = "The maximum number of delivery channels is exceeded.";
                        return Err(ApiError::new(ErrorCode::LimitExceeded, message).into());
                    }
                    documents::create(tx, account, id, made, now).await?;
                    Ok::<_, Failure>(id.clone())
                })
            })
            .await?;
        Ok(named(id))
    }

    /// Changes what is said.
    pub(super) async fn change_channel(
        &self,
        account: &AccountId,
        group: Option<&str>,
        call: UpdateConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut found = channel::find(tx, account, group, &call.channel).await?;
                found
                    .body
                    .change(call.target_arn.clone(), call.settings.clone())?;
                documents::update(tx, account, &found).await
            })
        })
        .await?;
        Ok(named(call.channel.clone()))
    }

    /// One channel.
    pub(super) async fn tell_channel(
        &self,
        account: &AccountId,
        group: Option<&str>,
        id: &str,
    ) -> Result<response::GetConfigDeliveryChannel, Failure> {
        let delivery_channel = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let found = channel::find(tx, account, group, id).await?;
                    let waiting = queue::of_account(tx, account).await?;
                    Ok::<_, Failure>(answer(account, found, &waiting))
                })
            })
            .await?;
        Ok(response::GetConfigDeliveryChannel { delivery_channel })
    }

    /// Those of these ids; all if none is named.
    pub(super) async fn pick_channels(
        &self,
        account: &AccountId,
        group: Option<&str>,
        ids: Option<&Ids>,
    ) -> Result<response::ListConfigDeliveryChannels, Failure> {
        let (all, waiting) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let all = channel::all(tx, account, group).await?;
                    Ok::<_, Failure>((all, queue::of_account(tx, account).await?))
                })
            })
            .await?;
        let wanted =
            |found: &Named<Channel>| ids.is_none_or(|ids| ids.iter().any(|id| id == found.name));
        let found = all.into_iter().filter(wanted);
        Ok(response::ListConfigDeliveryChannels {
            delivery_channels: found
                .map(|found| answer(account, found, &waiting))
                .collect(),
        })
    }

    /// Removes a channel, and what waits for it.
    pub(super) async fn remove_channel(
        &self,
        account: &AccountId,
        group: Option<&str>,
        id: &str,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                channel::find(tx, account, group, id).await?;
                queue::forget(tx, account, id).await?;
                documents::remove::<Channel>(tx, account, id).await
            })
        })
        .await?;
        Ok(named(id.to_owned()))
    }
}

fn resource(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "config",
        kind: "deliverychannel",
        name: id,
    }
}

fn named(id: String) -> response::ConfigDeliveryChannelNamed {
    response::ConfigDeliveryChannelNamed {
        delivery_channel_id: id,
    }
}

fn answer(
    account: &AccountId,
    found: Named<Channel>,
    waiting: &BTreeMap<String, u64>,
) -> response::ConfigDeliveryChannel {
    let own = found.body;
    let waiting = waiting.get(&found.name).copied().unwrap_or_default();
    let last = own.delivery.last.unwrap_or_default();
    response::ConfigDeliveryChannel {
        account_id: number(account),
        aggregator_id: own.aggregator,
        delivery_channel_id: found.name,
        delivery_channel_name: own.name,
        delivery_channel_type: own.kind.as_str().to_owned(),
        delivery_channel_target_arn: own.target,
        description: own.description,
        non_compliant_notification: own.non_compliant,
        configuration_item_change_notification: false,
        configuration_snapshot: false,
        compliant_snapshot: false,
        delivery_channel_condition: own.condition,
        oversized_data_oss_target_arn: own.oversized,
        status: u32::from(own.is_on),
        last_delivery_status: last.status().to_owned(),
        last_delivery_time: last.time(),
        last_delivery_error: last.error.unwrap_or_default(),
        waiting_deliveries: waiting,
    }
}

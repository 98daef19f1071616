//! Channels are made, read and changed, and told apart by what they want.

use kms_store::Mode;
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{
        ChannelKind, CreateConfigDeliveryChannel, DeleteConfigDeliveryChannel,
        GetConfigDeliveryChannel, ListConfigDeliveryChannels, UpdateConfigDeliveryChannel,
    },
    response,
};

use super::{
    channel::{self, Channel, MOST_CHANNELS},
    finding,
    rule::fresh_id,
    write::number,
};
use crate::{
    Caller, Notice, Service, SetupError,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
};

/// Where a finding is to be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// The channel's id.
    pub channel: String,
    /// `SLS`, `OSS` or `MNS`: in what form.
    pub kind: ChannelKind,
    /// What the channel names.
    pub target: String,
}

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
        let (made, id, now) = (&made, &fresh_id("cdc")?, self.now());
        let id = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let others = documents::all::<Channel>(tx, account).await?;
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

    /// UpdateConfigDeliveryChannel.
    pub(crate) async fn update_channel(
        &self,
        caller: &Caller,
        call: UpdateConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let action = Action::UpdateConfigDeliveryChannel;
        let account = self.own(caller, action, resource(&call.channel))?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut found = channel::find(tx, account, &call.channel).await?;
                found
                    .body
                    .change(call.target_arn.clone(), call.settings.clone())?;
                documents::update(tx, account, &found).await
            })
        })
        .await?;
        Ok(named(call.channel.clone()))
    }

    /// GetConfigDeliveryChannel.
    pub(crate) async fn get_channel(
        &self,
        caller: &Caller,
        call: GetConfigDeliveryChannel,
    ) -> Result<response::GetConfigDeliveryChannel, Failure> {
        let id = &call.channel;
        let account = self.own(caller, Action::GetConfigDeliveryChannel, resource(id))?;
        let found = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { channel::find(&mut *tx, account, id).await })
            })
            .await?;
        Ok(response::GetConfigDeliveryChannel {
            delivery_channel: answer(account, found),
        })
    }

    /// ListConfigDeliveryChannels.
    pub(crate) async fn list_channels(
        &self,
        caller: &Caller,
        call: ListConfigDeliveryChannels,
    ) -> Result<response::ListConfigDeliveryChannels, Failure> {
        let action = Action::ListConfigDeliveryChannels;
        let account = self.own(caller, action, resource("*"))?;
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::all::<Channel>(&mut *tx, account).await })
            })
            .await?;
        let wanted = |found: &Named<Channel>| {
            let ids = call.channels.as_ref();
            ids.is_none_or(|ids| ids.iter().any(|id| id == found.name))
        };
        let found = all.into_iter().filter(wanted);
        Ok(response::ListConfigDeliveryChannels {
            delivery_channels: found.map(|found| answer(account, found)).collect(),
        })
    }

    /// DeleteConfigDeliveryChannel.
    pub(crate) async fn delete_channel(
        &self,
        caller: &Caller,
        call: DeleteConfigDeliveryChannel,
    ) -> Result<response::ConfigDeliveryChannelNamed, Failure> {
        let id = &call.channel;
        let account = self.own(caller, Action::DeleteConfigDeliveryChannel, resource(id))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                channel::find(tx, account, id).await?;
                documents::remove::<Channel>(tx, account, id).await
            })
        })
        .await?;
        Ok(named(call.channel))
    }

    /// Where a notice is to be sent, if it is a finding: to the channels of its account that
    /// were there when it was found and want it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn deliveries(&self, notice: &Notice) -> Result<Vec<Delivery>, SetupError> {
        if notice.name != finding::NAME {
            return Ok(Vec::new());
        }
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::all::<Channel>(&mut *tx, &notice.account).await })
            })
            .await?;
        let wanted = all
            .into_iter()
            .filter(|found| found.created <= notice.time && found.body.wants(&notice.content));
        Ok(wanted
            .map(|found| Delivery {
                channel: found.name,
                kind: found.body.kind,
                target: found.body.target,
            })
            .collect())
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

fn answer(account: &AccountId, found: Named<Channel>) -> response::ConfigDeliveryChannel {
    let own = found.body;
    response::ConfigDeliveryChannel {
        account_id: number(account),
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
    }
}

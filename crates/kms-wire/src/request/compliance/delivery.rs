//! Where findings are sent.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    ApiError, Params,
    request::{fields::Fields, keys::operations, param::Param},
};

operations! {
    /// Makes a channel.
    CreateConfigDeliveryChannel -> ConfigDeliveryChannelNamed {
        /// To what.
        kind: ChannelKind = "DeliveryChannelType",
        /// To which, `acs:log:<region>:<account>:project/<name>/logstore/<name>`.
        target_arn: String = "DeliveryChannelTargetArn",
        /// The same token makes the same channel.
        client_token: Option<String> = "ClientToken",
        /// What else there is to say.
        settings: ChannelSettings = "Settings",
    }

    /// Changes a channel; what is absent stays.
    UpdateConfigDeliveryChannel -> ConfigDeliveryChannelNamed {
        /// Which.
        channel: String = "DeliveryChannelId",
        /// To which from now on.
        target_arn: Option<String> = "DeliveryChannelTargetArn",
        /// What else changes.
        settings: ChannelSettings = "Settings",
    }

    /// Reads a channel.
    GetConfigDeliveryChannel -> GetConfigDeliveryChannel {
        /// Which.
        channel: String = "DeliveryChannelId",
    }

    /// Lists channels.
    ListConfigDeliveryChannels -> ListConfigDeliveryChannels {
        /// These; all if none is named.
        channels: Option<super::Ids> = "DeliveryChannelIds",
    }

    /// Deletes a channel.
    DeleteConfigDeliveryChannel -> ConfigDeliveryChannelNamed {
        /// Which.
        channel: String = "DeliveryChannelId",
    }
}

/// What findings are sent to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum ChannelKind {
    /// Object Storage Service.
    #[serde(rename = "OSS")]
    Oss,
    /// Simple Log Service.
    #[serde(rename = "SLS")]
    Sls,
    /// Message Service.
    #[serde(rename = "MNS")]
    Mns,
}

/// What a channel is told when it is made and may be told anew.
#[derive(Clone, Debug, Default)]
pub struct ChannelSettings {
    /// For people.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Whether it gets what is not compliant.
    pub non_compliant: Option<bool>,
    /// Whether it gets each change of each resource.
    pub changes: Option<bool>,
    /// Whether it gets all resources twice a day.
    pub snapshot: Option<bool>,
    /// Whether it gets all results twice a day.
    pub compliant_snapshot: Option<bool>,
    /// Which findings, JSON.
    pub condition: Option<String>,
    /// Where what is too large for it goes.
    pub oversized_target_arn: Option<String>,
    /// Whether anything is sent: 1, or 0.
    pub status: Option<u32>,
}

// === impl ChannelKind ===

impl ChannelKind {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oss => "OSS",
            Self::Sls => "SLS",
            Self::Mns => "MNS",
        }
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ChannelKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "OSS" => Ok(Self::Oss),
            "SLS" => Ok(Self::Sls),
            "MNS" => Ok(Self::Mns),
            _ => Err("must be OSS, SLS or MNS"),
        }
    }
}

// === impl ChannelSettings ===

/// Many parameters, whose names are not asked for.
impl Param for ChannelSettings {
    fn read(fields: Fields<'_>, _name: &str) -> Result<Self, ApiError> {
        let flag = |name| {
            let said = fields.text(name);
            said.map(|_said| fields.flag(name, false)).transpose()
        };
        let text = |name| {
            fields
                .bounded(name, 1, 4_096)
                .map(|it| it.map(str::to_owned))
        };
        Ok(Self {
            name: text("DeliveryChannelName")?,
            description: text("Description")?,
            non_compliant: flag("NonCompliantNotification")?,
            changes: flag("ConfigurationItemChangeNotification")?,
            snapshot: flag("ConfigurationSnapshot")?,
            compliant_snapshot: flag("CompliantSnapshot")?,
            condition: text("DeliveryChannelCondition")?,
            oversized_target_arn: text("OversizedDataOSSTargetArn")?,
            status: fields.number("Status", 0..=1)?,
        })
    }

    fn write(&self, params: &mut Params, _name: &str) {
        for (name, text) in [
            ("DeliveryChannelName", &self.name),
            ("Description", &self.description),
            ("DeliveryChannelCondition", &self.condition),
            ("OversizedDataOSSTargetArn", &self.oversized_target_arn),
        ] {
            params.push_some(name, text.as_deref());
        }
        for (name, flag) in [
            ("NonCompliantNotification", self.non_compliant),
            ("ConfigurationItemChangeNotification", self.changes),
            ("ConfigurationSnapshot", self.snapshot),
            ("CompliantSnapshot", self.compliant_snapshot),
        ] {
            params.push_some(name, flag.map(|flag| flag.to_string()));
        }
        params.push_some("Status", self.status.map(|status| status.to_string()));
    }
}

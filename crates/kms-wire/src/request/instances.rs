use std::{fmt, str::FromStr};

use kms_types::InstanceId;
use serde::Deserialize;

use super::{Action, Operation, fields::Fields, keys::operations};
use crate::{
    ApiError, Params,
    response::{self, BindVpc},
};

operations! {
    /// Puts an instance that was bought into a network.
    ConnectKmsInstance -> Empty {
        /// Which instance.
        instance: InstanceId = "KmsInstanceId",
        /// Who runs it: `Aliyun`.
        provider: String = "KMProvider",
        /// The network.
        vpc_id: String = "VpcId",
        /// Its vSwitches, with commas between them.
        vswitch_ids: String = "VSwitchIds",
        /// Its zones, with commas between them.
        zone_ids: String = "ZoneIds",
    }

    /// Reads what an instance may hold and holds.
    GetKmsInstanceQuotaInfos -> GetKmsInstanceQuotaInfos {
        /// Which instance; all if none is named.
        instance: Option<InstanceId> = "KmsInstanceId",
        /// Which quota; all if none is named.
        kind: Option<QuotaKind> = "ResourceType",
    }

    /// Gives an instance back.
    ReleaseKmsInstance -> Empty {
        /// Which instance.
        instance: InstanceId = "KmsInstanceId",
        /// Even if no backup was made.
        without_backup: bool = "ForceDeleteWithoutBackup",
    }

    /// Says anew what an instance is called.
    UpdateKmsInstance -> Empty {
        /// Which instance.
        instance: InstanceId = "KmsInstanceId",
        /// For people, 1 to 128 characters.
        name: InstanceName = "InstanceName",
    }
}

/// Reads a KMS instance.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetKmsInstance {
    /// `kst-…`.
    pub kms_instance_id: String,
}

/// Lists KMS instances.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ListKmsInstances {
    /// From 1.
    pub page_number: u32,
    /// 1 to 100, 20 unless given.
    pub page_size: u32,
}

/// Says which networks may reach an instance besides its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateKmsInstanceBindVpc {
    /// Which instance.
    pub instance: InstanceId,
    /// All of them; those left out are cut off.
    pub bind_vpcs: Vec<BindVpc>,
}

/// What people call an instance.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InstanceName(String);

/// What an instance is limited in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum QuotaKind {
    /// Keys.
    Key,
    /// Secrets.
    Secret,
    /// Calls per second.
    Qps,
    /// Networks and accounts that may reach it.
    Vpc,
}

/// An element of `BindVpcs`. The documentation spells the region in two ways, and has the
/// owner without quotes; Terraform's provider leaves out an owner that nobody named.
#[derive(Deserialize)]
struct Vpc {
    #[serde(rename = "VpcId")]
    id: String,
    #[serde(rename = "VSwitchId")]
    switch: String,
    #[serde(rename = "RegionId", alias = "RegionID", default)]
    region: String,
    #[serde(rename = "VpcOwnerId", default)]
    owner: Option<Owner>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Owner {
    Number(u64),
    Text(String),
}

// === the actions ===

impl Operation for GetKmsInstance {
    type Response = response::GetKmsInstance;

    const ACTION: Action = Action::GetKmsInstance;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("KmsInstanceId", self.kms_instance_id.as_str());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        Ok(Self {
            kms_instance_id: Fields(params).required_text("KmsInstanceId")?.to_owned(),
        })
    }
}

impl Operation for ListKmsInstances {
    type Response = response::ListKmsInstances;

    const ACTION: Action = Action::ListKmsInstances;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("PageNumber", self.page_number.to_string());
        params.push("PageSize", self.page_size.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let (page_number, page_size) = Fields(params).page(20)?;
        Ok(Self {
            page_number,
            page_size,
        })
    }
}

impl Operation for UpdateKmsInstanceBindVpc {
    type Response = response::Empty;

    const ACTION: Action = Action::UpdateKmsInstanceBindVpc;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("KmsInstanceId", self.instance.as_str());
        params.push_some("BindVpcs", serde_json::to_string(&self.bind_vpcs).ok());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let wanted = "a JSON array of objects with VpcId, VSwitchId, RegionId and VpcOwnerId";
        let vpcs: Vec<Vpc> = fields
            .json("BindVpcs", wanted)?
            .ok_or_else(|| ApiError::missing_parameter("BindVpcs"))?;
        Ok(Self {
            instance: fields.required("KmsInstanceId")?,
            bind_vpcs: vpcs.into_iter().map(BindVpc::from).collect(),
        })
    }
}

impl From<Vpc> for BindVpc {
    fn from(vpc: Vpc) -> Self {
        Self {
            vpc_id: vpc.id,
            vswitch_id: vpc.switch,
            region_id: vpc.region,
            vpc_owner_id: match vpc.owner {
                Some(Owner::Number(number)) => number.to_string(),
                Some(Owner::Text(text)) => text,
                None => String::new(),
            },
        }
    }
}

// === impl InstanceName ===

impl InstanceName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstanceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for InstanceName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(1..=128).contains(&text.chars().count()) || text.chars().any(char::is_control) {
            return Err("must have 1 to 128 characters, and none that controls a terminal");
        }
        Ok(Self(text.to_owned()))
    }
}

// === impl QuotaKind ===

impl QuotaKind {
    /// Every kind, in the order that they are answered in.
    pub const ALL: &[Self] = &[Self::Key, Self::Secret, Self::Qps, Self::Vpc];

    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Secret => "secret",
            Self::Qps => "qps",
            Self::Vpc => "vpc",
        }
    }
}

impl fmt::Display for QuotaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for QuotaKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or("must be key, secret, qps or vpc")
    }
}

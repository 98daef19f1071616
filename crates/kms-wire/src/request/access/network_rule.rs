use std::str::FromStr;

use kms_types::{Cidr, ParseCidrError, ResourceName};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields},
    response,
};

/// Makes a network rule: where calls may come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateNetworkRule {
    /// Its name.
    pub name: ResourceName,
    /// The cloud's API takes `Private` only, its console `Public` too (reference
    /// accesskey §1, 26); so does this one.
    pub kind: NetworkKind,
    /// The addresses and blocks; none: none may.
    pub source_private_ip: Vec<Cidr>,
    /// For people.
    pub description: Option<String>,
}

/// Changes a network rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateNetworkRule {
    /// Which.
    pub name: ResourceName,
    /// The addresses and blocks from now on.
    pub source_private_ip: Option<Vec<Cidr>>,
    /// For people; empty: none from now on.
    pub description: Option<String>,
}

/// On which side of the gateway the addresses are.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum NetworkKind {
    /// Addresses inside a VPC.
    Private,
    /// Addresses of the internet.
    Public,
}

/// Text that is no network type.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("must be Private or Public")]
pub struct ParseNetworkKindError;

impl Operation for CreateNetworkRule {
    type Response = response::NetworkRule;

    const ACTION: Action = Action::CreateNetworkRule;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("Name", self.name.as_str());
        params.push("Type", self.kind.as_str());
        params.push_some("SourcePrivateIp", write(&self.source_private_ip));
        params.push_some("Description", self.description.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            name: fields.required("Name")?,
            kind: fields.required("Type")?,
            source_private_ip: read(fields)?.unwrap_or_default(),
            description: fields.owned("Description"),
        })
    }
}

impl Operation for UpdateNetworkRule {
    type Response = response::Empty;

    const ACTION: Action = Action::UpdateNetworkRule;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("Name", self.name.as_str());
        params.push_some(
            "SourcePrivateIp",
            self.source_private_ip.as_deref().and_then(write),
        );
        params.push_some("Description", self.description.as_deref());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            name: fields.required("Name")?,
            source_private_ip: read(fields)?,
            description: params.get("Description").map(str::to_owned),
        })
    }
}

// === impl NetworkKind ===

impl NetworkKind {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "Private",
            Self::Public => "Public",
        }
    }
}

impl FromStr for NetworkKind {
    type Err = ParseNetworkKindError;

    fn from_str(text: &str) -> Result<Self, ParseNetworkKindError> {
        match text {
            "Private" => Ok(Self::Private),
            "Public" => Ok(Self::Public),
            _ => Err(ParseNetworkKindError),
        }
    }
}

fn write(blocks: &[Cidr]) -> Option<String> {
    let blocks: Vec<String> = blocks.iter().map(Cidr::to_string).collect();
    serde_json::to_string(&blocks).ok()
}

/// A JSON array, as Terraform and the console write it.
fn read(fields: Fields<'_>) -> Result<Option<Vec<Cidr>>, ApiError> {
    const NAME: &str = "SourcePrivateIp";
    let Some(blocks) = fields.json::<Vec<String>>(NAME, "a JSON array of strings")? else {
        return Ok(None);
    };
    let blocks: Result<Vec<Cidr>, ParseCidrError> =
        blocks.iter().map(|text| text.parse()).collect();
    blocks
        .map(Some)
        .map_err(|reason| ApiError::invalid_parameter(NAME, reason))
}

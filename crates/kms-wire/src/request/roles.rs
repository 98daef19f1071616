//! RAM roles (Ram 2015-05-01).

use kms_types::{ErrorCode, RoleName};

use super::{Action, Operation, fields::Fields};
use crate::{ApiError, Params, response};

/// Makes a role. Tags are refused: this server keeps none on roles.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateRole {
    /// Its name, unique in the account.
    pub role_name: RoleName,
    /// Who may assume it: a trust policy, JSON.
    pub assume_role_policy_document: String,
    /// For people; at most 1,024 characters.
    pub description: Option<String>,
    /// How long a session may last: 3,600 to 43,200 seconds, 3,600 unless given.
    pub max_session_duration: Option<u32>,
}

/// Reads a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetRole {
    /// Which.
    pub role_name: RoleName,
}

/// Changes a role; what is absent stays. Its sessions go on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateRole {
    /// Which.
    pub role_name: RoleName,
    /// Who may assume it from now on.
    pub new_assume_role_policy_document: Option<String>,
    /// For people; empty: none from now on.
    pub new_description: Option<String>,
    /// How long new sessions may last.
    pub new_max_session_duration: Option<u32>,
}

/// Deletes a role; its sessions end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeleteRole {
    /// Which.
    pub role_name: RoleName,
}

/// Lists roles by name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListRoles {
    /// Where the page before ended.
    pub marker: Option<String>,
    /// 1 to 1,000, 100 unless given.
    pub max_items: u32,
}

/// Longest trust policy in characters: RAM's own limit.
const LONGEST_DOCUMENT: usize = 2048;

impl Operation for CreateRole {
    type Response = response::RoleAnswer;

    const ACTION: Action = Action::CreateRole;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("RoleName", self.role_name.as_str());
        params.push(
            "AssumeRolePolicyDocument",
            self.assume_role_policy_document.as_str(),
        );
        params.push_some("Description", self.description.as_deref());
        params.push_some("MaxSessionDuration", text(self.max_session_duration));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        const DOCUMENT: &str = "AssumeRolePolicyDocument";
        let fields = Fields(params);
        fields.refuse_tags("roles")?;
        Ok(Self {
            role_name: role_name(fields)?,
            assume_role_policy_document: fields
                .bounded(DOCUMENT, 1, LONGEST_DOCUMENT)?
                .ok_or_else(|| ApiError::missing_parameter(DOCUMENT))?
                .to_owned(),
            description: fields.bounded("Description", 1, 1024)?.map(str::to_owned),
            max_session_duration: fields.number("MaxSessionDuration", 3_600..=43_200)?,
        })
    }
}

impl Operation for UpdateRole {
    type Response = response::RoleAnswer;

    const ACTION: Action = Action::UpdateRole;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("RoleName", self.role_name.as_str());
        params.push_some(
            "NewAssumeRolePolicyDocument",
            self.new_assume_role_policy_document.as_deref(),
        );
        params.push_some("NewDescription", self.new_description.as_deref());
        params.push_some("NewMaxSessionDuration", text(self.new_max_session_duration));
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let document = fields.bounded("NewAssumeRolePolicyDocument", 1, LONGEST_DOCUMENT)?;
        fields.bounded("NewDescription", 1, 1024)?;
        Ok(Self {
            role_name: role_name(fields)?,
            new_assume_role_policy_document: document.map(str::to_owned),
            new_description: params.get("NewDescription").map(str::to_owned),
            new_max_session_duration: fields.number("NewMaxSessionDuration", 3_600..=43_200)?,
        })
    }
}

impl Operation for ListRoles {
    type Response = response::ListRoles;

    const ACTION: Action = Action::ListRoles;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push_some("Marker", self.marker.as_deref());
        params.push("MaxItems", self.max_items.to_string());
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        Ok(Self {
            marker: fields.owned("Marker"),
            max_items: fields.number("MaxItems", 1..=1_000)?.unwrap_or(100),
        })
    }
}

macro_rules! by_name {
    ($($name:ident -> $response:ident;)*) => { $(
        impl Operation for $name {
            type Response = response::$response;

            const ACTION: Action = Action::$name;

            fn to_params(&self) -> Params {
                let mut params = Params::default();
                params.push("RoleName", self.role_name.as_str());
                params
            }

            fn from_params(params: &Params) -> Result<Self, ApiError> {
                Ok(Self { role_name: role_name(Fields(params))? })
            }
        }
    )* };
}

by_name! {
    DeleteRole -> Empty;
    GetRole -> RoleAnswer;
}

/// RoleName, which must be there.
pub(super) fn role_name(fields: Fields<'_>) -> Result<RoleName, ApiError> {
    const NAME: &str = "RoleName";
    let codes = (ErrorCode::RoleNameLength, ErrorCode::RoleNameChars);
    fields
        .ram_name(NAME, 64, codes)?
        .ok_or_else(|| ApiError::missing_parameter(NAME))
}

fn text(number: Option<u32>) -> Option<String> {
    number.map(|number| number.to_string())
}

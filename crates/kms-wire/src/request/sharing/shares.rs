use std::{fmt, str::FromStr};

use kms_types::ShareId;

use super::{
    ShareTarget,
    parts::{Numbered, SharedResources, few},
};
use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields, keys::operations, param::Param, service::bare},
    response,
};

operations! {
    /// Takes a share away, and with it the access of all whom it named.
    DeleteResourceShare -> Empty {
        /// Which.
        share: ShareId = "ResourceShareId",
    }
}

bare! {
    /// Lets the accounts of the caller's resource directory share with each other; for the
    /// account that manages it.
    EnableSharingWithResourceDirectory -> Empty;

    /// Asks whether they may.
    CheckSharingWithResourceDirectoryStatus -> CheckSharingWithResourceDirectoryStatus;
}

/// Makes a share. Sharing outside of one's resource directory, tags, resource groups and
/// properties are refused: this server has none of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateResourceShare {
    /// For people.
    pub name: ShareName,
    /// What is shared.
    pub resources: SharedResources,
    /// With whom.
    pub targets: Vec<ShareTarget>,
    /// Which permissions; those of the kinds unless given.
    pub permissions: Numbered<String>,
}

/// Gives a share another name; without one it changes nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpdateResourceShare {
    /// Which.
    pub share: ShareId,
    /// Its name from now on.
    pub name: Option<ShareName>,
}

/// The name of a share: 1 to 50 letters of any script, digits, dots, hyphens and underscores.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ShareName(String);

impl Operation for CreateResourceShare {
    type Response = response::ResourceShareAnswer;

    const ACTION: Action = Action::CreateResourceShare;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("ResourceShareName", self.name.as_str());
        self.resources.write(&mut params, "Resources");
        Numbered(self.targets.clone()).write(&mut params, "Targets");
        self.permissions.write(&mut params, "PermissionNames");
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        refuse_outside(fields)?;
        fields.refuse_tags("resource shares")?;
        refuse_properties(params)?;
        refuse_arns(params)?;
        if fields.text("ResourceGroupId").is_some() {
            return Err(ApiError::invalid_parameter(
                "ResourceGroupId",
                "this server puts resource shares into no group",
            ));
        }
        Ok(Self {
            name: fields.required("ResourceShareName")?,
            resources: SharedResources::read(fields, "Resources")?,
            targets: few(fields, "Targets")?,
            permissions: Numbered::read(fields, "PermissionNames")?,
        })
    }
}

impl Operation for UpdateResourceShare {
    type Response = response::ResourceShareAnswer;

    const ACTION: Action = Action::UpdateResourceShare;

    fn to_params(&self) -> Params {
        let mut params = Params::default();
        params.push("ResourceShareId", self.share.as_str());
        params.push_some(
            "ResourceShareName",
            self.name.as_ref().map(ShareName::as_str),
        );
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        refuse_outside(fields)?;
        Ok(Self {
            share: fields.required("ResourceShareId")?,
            name: fields.optional("ResourceShareName")?,
        })
    }
}

// === impl ShareName ===

impl ShareName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ShareName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        if (1..=50).contains(&text.chars().count()) && text.chars().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be 1 to 50 letters, digits, dots, hyphens and underscores")
        }
    }
}

impl fmt::Display for ShareName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn refuse_outside(fields: Fields<'_>) -> Result<(), ApiError> {
    if fields.flag("AllowExternalTargets", false)? {
        return Err(ApiError::invalid_parameter(
            "AllowExternalTargets",
            "this server shares within a resource directory only",
        ));
    }
    Ok(())
}

/// Refuses properties of resources and targets; Terraform's provider sends an empty one.
pub(super) fn refuse_properties(params: &Params) -> Result<(), ApiError> {
    for name in ["ResourceProperties", "TargetProperties"] {
        let is_property = |param: &str| {
            param
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".Property"))
        };
        if params
            .iter()
            .any(|(param, value)| is_property(param) && !matches!(value, "" | "{}"))
        {
            return Err(ApiError::invalid_parameter(
                name,
                "what is shared here has no properties",
            ));
        }
    }
    Ok(())
}

pub(super) fn refuse_arns(params: &Params) -> Result<(), ApiError> {
    if params
        .get("ResourceArns.1")
        .is_some_and(|arn| !arn.is_empty())
    {
        return Err(ApiError::invalid_parameter(
            "ResourceArns",
            "this server takes resources by Resources.N.ResourceId and .ResourceType",
        ));
    }
    Ok(())
}

use kms_types::ShareId;

use super::{
    ShareTarget,
    parts::{SharedResources, few},
    shares::{refuse_arns, refuse_properties},
};
use crate::{
    ApiError, Params,
    request::{Action, Operation, fields::Fields, param::Param, sharing::Numbered},
    response,
};

/// Puts resources or targets into a share. At least one of either, at most five of each.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AssociateResourceShare {
    /// Which share.
    pub share: ShareId,
    /// What is shared.
    pub resources: SharedResources,
    /// With whom.
    pub targets: Vec<ShareTarget>,
    /// Which permissions; those of the kinds unless given.
    pub permissions: Numbered<String>,
}

/// Takes resources or targets out of a share. At least one of either, at most five of each.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DisassociateResourceShare {
    /// Which share.
    pub share: ShareId,
    /// What is shared no longer.
    pub resources: SharedResources,
    /// With whom no longer.
    pub targets: Vec<ShareTarget>,
}

impl Operation for AssociateResourceShare {
    type Response = response::ResourceShareAssociations;

    const ACTION: Action = Action::AssociateResourceShare;

    fn to_params(&self) -> Params {
        let mut params = changed(&self.share, &self.resources, &self.targets);
        self.permissions.write(&mut params, "PermissionNames");
        params
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        refuse_properties(params)?;
        let (resources, targets) = what(fields)?;
        Ok(Self {
            share: fields.required("ResourceShareId")?,
            resources,
            targets,
            permissions: Numbered::read(fields, "PermissionNames")?,
        })
    }
}

impl Operation for DisassociateResourceShare {
    type Response = response::ResourceShareAssociations;

    const ACTION: Action = Action::DisassociateResourceShare;

    fn to_params(&self) -> Params {
        changed(&self.share, &self.resources, &self.targets)
    }

    fn from_params(params: &Params) -> Result<Self, ApiError> {
        let fields = Fields(params);
        let owner = fields.text("ResourceOwner").unwrap_or("Self");
        if owner != "Self" {
            return Err(ApiError::invalid_parameter(
                "ResourceOwner",
                "must be Self: what others share is theirs to take back",
            ));
        }
        let (resources, targets) = what(fields)?;
        Ok(Self {
            share: fields.required("ResourceShareId")?,
            resources,
            targets,
        })
    }
}

fn what(fields: Fields<'_>) -> Result<(SharedResources, Vec<ShareTarget>), ApiError> {
    refuse_arns(fields.0)?;
    let resources = SharedResources::read(fields, "Resources")?;
    let targets = few(fields, "Targets")?;
    if resources.0.is_empty() && targets.is_empty() {
        return Err(ApiError::missing_parameter("Targets"));
    }
    Ok((resources, targets))
}

fn changed(share: &ShareId, resources: &SharedResources, targets: &[ShareTarget]) -> Params {
    let mut params = Params::default();
    params.push("ResourceShareId", share.as_str());
    resources.write(&mut params, "Resources");
    Numbered(targets.to_vec()).write(&mut params, "Targets");
    params
}

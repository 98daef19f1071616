//! Groups of an account's resources (ResourceManager 2020-03-31): here of RAM users and of
//! secrets.

use std::{fmt, str::FromStr};

use super::{
    fields::Fields,
    keys::operations,
    param::{Page, Param},
};
use crate::{ApiError, Params};

operations! {
    /// Makes a resource group.
    CreateResourceGroup -> ResourceGroupAnswer {
        /// Unique in the account: 2 to 50 letters, digits and hyphens, a letter first.
        name: ResourceGroupName = "Name",
        /// For people: 1 to 50 characters.
        display_name: ResourceGroupLabel = "DisplayName",
        /// None.
        tags: Untagged = "Tag",
    }

    /// Changes what people see of a resource group.
    UpdateResourceGroup -> ResourceGroupAnswer {
        /// Which.
        group: String = "ResourceGroupId",
        /// What people see from now on.
        display_name: ResourceGroupLabel = "NewDisplayName",
    }

    /// Reads a resource group.
    GetResourceGroup -> ResourceGroupAnswer {
        /// Which.
        group: String = "ResourceGroupId",
    }

    /// Lists resource groups.
    ListResourceGroups -> ListResourceGroups {
        /// The one of this id.
        group: Option<String> = "ResourceGroupId",
        /// The one of this name.
        name: Option<String> = "Name",
        /// Those that people see so.
        display_name: Option<String> = "DisplayName",
        /// Those in this state.
        status: Option<String> = "Status",
        /// None.
        tags: Untagged = "Tag",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }

    /// Deletes a resource group that nothing is in.
    DeleteResourceGroup -> ResourceGroupAnswer {
        /// Which.
        group: String = "ResourceGroupId",
    }

    /// Puts resources into a group, out of the one that each was in.
    MoveResources -> MoveResources {
        /// Into which.
        group: String = "ResourceGroupId",
        /// 1 to 10 of them.
        resources: MovedResources = "Resources",
    }

    /// Lists resources with their groups.
    ListResources -> ListResources {
        /// Those in this one.
        group: Option<String> = "ResourceGroupId",
        /// Of this service.
        service: Option<String> = "Service",
        /// Of this type.
        resource_type: Option<String> = "ResourceType",
        /// The one of this id.
        resource: Option<String> = "ResourceId",
        /// In this region.
        region: Option<String> = "Region",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }
}

/// The name of a resource group: 2 to 50 letters, digits and hyphens, a letter first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResourceGroupName(String);

/// What people see of a resource group: 1 to 50 characters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResourceGroupLabel(String);

/// Tags of resource groups, which this server keeps none of: refused.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Untagged;

/// Resources that are put elsewhere: 1 to 10.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MovedResources(pub Vec<MovedResource>);

/// A resource as it is named where those of all services are: by service, type and id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MovedResource {
    /// `ram` or `kms`.
    pub service: String,
    /// `user` or `secret`.
    pub resource_type: String,
    /// A user's id, a secret's name.
    pub resource_id: String,
    /// Where it is; here, unless given.
    pub region_id: Option<String>,
}

/// How many resources one call may move (the cloud's own limit).
const MOST_MOVED: usize = 10;

/// A text that is written as it is, with its check.
macro_rules! checked_texts {
    ($($name:ident $is_good:path, $why:literal;)*) => { $(
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                if $is_good(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err($why)
                }
            }
        }

        impl Param for $name {
            fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
                fields.required(name)
            }

            fn write(&self, params: &mut Params, name: &str) {
                params.push(name, self.as_str());
            }
        }
    )* };
}

checked_texts! {
    ResourceGroupName is_name, "must have 2 to 50 letters, digits and hyphens, a letter first";
    ResourceGroupLabel is_label, "must have 1 to 50 characters";
}

// === impl Untagged ===

impl Param for Untagged {
    fn read(fields: Fields<'_>, _name: &str) -> Result<Self, ApiError> {
        fields.refuse_tags("resource groups")?;
        Ok(Self)
    }

    fn write(&self, _params: &mut Params, _name: &str) {}
}

// === impl MovedResources ===

impl Param for MovedResources {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let mut all = Vec::new();
        while let Some(one) = one(fields, &format!("{name}.{}", all.len() + 1))? {
            if all.len() == MOST_MOVED {
                return Err(ApiError::invalid_parameter(
                    name,
                    format_args!("names more than {MOST_MOVED} resources"),
                ));
            }
            all.push(one);
        }
        if all.is_empty() {
            return Err(ApiError::missing_parameter("Resources.1.ResourceId"));
        }
        Ok(Self(all))
    }

    fn write(&self, params: &mut Params, name: &str) {
        for (at, one) in self.0.iter().enumerate() {
            let at = format!("{name}.{}", at + 1);
            params.push(format!("{at}.Service"), one.service.as_str());
            params.push(format!("{at}.ResourceType"), one.resource_type.as_str());
            params.push(format!("{at}.ResourceId"), one.resource_id.as_str());
            params.push_some(&format!("{at}.RegionId"), one.region_id.as_deref());
        }
    }
}

fn one(fields: Fields<'_>, at: &str) -> Result<Option<MovedResource>, ApiError> {
    let Some(resource_id) = fields.owned(&format!("{at}.ResourceId")) else {
        return Ok(None);
    };
    let needed = |what: &str| {
        let name = format!("{at}.{what}");
        fields.required_text(&name).map(str::to_owned)
    };
    Ok(Some(MovedResource {
        service: needed("Service")?,
        resource_type: needed("ResourceType")?,
        resource_id,
        region_id: fields.owned(&format!("{at}.RegionId")),
    }))
}

fn is_name(text: &str) -> bool {
    (2..=50).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_label(text: &str) -> bool {
    (1..=50).contains(&text.chars().count())
}

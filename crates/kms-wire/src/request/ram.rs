//! RAM's users, groups and policies (Ram 2015-05-01).

use kms_types::{ErrorCode, GroupName, PolicyName, RoleName, UserName};

use super::{Action, Operation, fields::Fields, roles};
use crate::{ApiError, Params, response};

mod access_keys;
mod attachments;
mod groups;
mod logins;
mod policies;
mod tags;
mod users;
mod versions;

pub use access_keys::{
    AccessKeyStatus, CreateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed, ListAccessKeys,
    UpdateAccessKey,
};
pub use attachments::{
    AttachPolicyToGroup, AttachPolicyToRole, AttachPolicyToUser, DetachPolicyFromGroup,
    DetachPolicyFromRole, DetachPolicyFromUser, ListEntitiesForPolicy, ListPoliciesForGroup,
    ListPoliciesForRole, ListPoliciesForUser,
};
pub use groups::{
    AddUserToGroup, CreateGroup, DeleteGroup, GetGroup, ListGroups, ListGroupsForUser,
    ListUsersForGroup, RemoveUserFromGroup, UpdateGroup,
};
pub use logins::{DeleteLoginProfile, GetLoginProfile, GetUserMFAInfo, UnbindMFADevice};
pub use policies::{
    GetPolicy, PolicyType, RamCreatePolicy, RamDeletePolicy, RamListPolicies,
    UpdatePolicyDescription,
};
pub use tags::{RamListTagResources, RamTaggable};
pub use users::{CreateUser, DeleteUser, GetUser, ListUsers, UpdateUser};
pub use versions::{
    CreatePolicyVersion, DeletePolicyVersion, GetPolicyVersion, ListPolicyVersions,
    PolicyVersionId, SetDefaultPolicyVersion,
};

/// Which part of a list, in RAM's way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Marked {
    /// Where the page before ended.
    pub marker: Option<String>,
    /// How many at most: 1 to 1,000, 100 unless given.
    pub max_items: u32,
}

/// A part of a request that travels under the same name in every action of RAM.
trait Part: Sized {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError>;

    fn write(&self, params: &mut Params);
}

/// Requests that are nothing but parts. A check may come first.
macro_rules! of_parts {
    ($(
        $(#[$doc:meta])*
        $name:ident -> $response:ty $(, if $check:path)? {
            $($(#[$part_doc:meta])* $part:ident: $type:ty,)*
        }
    )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name {
            $($(#[$part_doc])* pub $part: $type,)*
        }

        impl Operation for $name {
            type Response = $response;

            const ACTION: Action = Action::$name;

            fn to_params(&self) -> Params {
                let mut params = Params::default();
                $(self.$part.write(&mut params);)*
                params
            }

            fn from_params(params: &Params) -> Result<Self, ApiError> {
                let fields = Fields(params);
                $($check(fields)?;)?
                Ok(Self { $($part: <$type>::read(fields)?,)* })
            }
        }
    )* };
}

use of_parts;

impl Part for Marked {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            marker: fields.owned("Marker"),
            max_items: fields.number("MaxItems", 1..=1_000)?.unwrap_or(100),
        })
    }

    fn write(&self, params: &mut Params) {
        params.push_some("Marker", self.marker.as_deref());
        params.push("MaxItems", self.max_items.to_string());
    }
}

impl Part for RoleName {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        roles::role_name(fields)
    }

    fn write(&self, params: &mut Params) {
        params.push("RoleName", self.as_str());
    }
}

/// Names that may be absent where an action has a meaning for that.
macro_rules! names {
    ($($type:ident $name:literal $most:literal $length:ident $chars:ident;)*) => { $(
        impl Part for Option<$type> {
            fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
                fields.ram_name($name, $most, (ErrorCode::$length, ErrorCode::$chars))
            }

            fn write(&self, params: &mut Params) {
                params.push_some($name, self.as_ref().map($type::as_str));
            }
        }

        impl Part for $type {
            fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
                Option::<Self>::read(fields)?.ok_or_else(|| ApiError::missing_parameter($name))
            }

            fn write(&self, params: &mut Params) {
                params.push($name, self.as_str());
            }
        }
    )* };
}

names! {
    GroupName "GroupName" 64 GroupNameLength GroupNameChars;
    PolicyName "PolicyName" 128 PolicyNameLength PolicyNameChars;
    UserName "UserName" 64 UserNameLength UserNameChars;
}

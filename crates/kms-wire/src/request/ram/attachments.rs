use kms_types::{GroupName, PolicyName, RoleName, UserName};

use super::{Action, ApiError, Fields, Operation, Params, Part, PolicyType, of_parts, response};

macro_rules! attachments {
    ($($(#[$doc:meta])* $name:ident $holder:ident: $type:ty;)*) => {
        of_parts! { $(
            $(#[$doc])*
            $name -> response::Empty, if no_resource_group {
                /// Whose policy.
                policy_type: PolicyType,
                /// Which policy.
                policy_name: PolicyName,
                /// Who has it.
                $holder: $type,
            }
        )* }
    };
}

attachments! {
    /// Gives a group a policy.
    AttachPolicyToGroup group_name: GroupName;
    /// Gives a role a policy.
    AttachPolicyToRole role_name: RoleName;
    /// Gives a user a policy.
    AttachPolicyToUser user_name: UserName;
    /// Takes a policy from a group.
    DetachPolicyFromGroup group_name: GroupName;
    /// Takes a policy from a role.
    DetachPolicyFromRole role_name: RoleName;
    /// Takes a policy from a user.
    DetachPolicyFromUser user_name: UserName;
}

of_parts! {
    /// Lists who has a policy.
    ListEntitiesForPolicy -> response::ListEntitiesForPolicy {
        /// Whose policy.
        policy_type: PolicyType,
        /// Which.
        policy_name: PolicyName,
    }

    /// Lists a group's policies.
    ListPoliciesForGroup -> response::ListAttachedPolicies {
        /// Which group.
        group_name: GroupName,
    }

    /// Lists a role's policies.
    ListPoliciesForRole -> response::ListAttachedPolicies {
        /// Which role.
        role_name: RoleName,
    }

    /// Lists the policies that are attached to a user itself.
    ListPoliciesForUser -> response::ListAttachedPolicies {
        /// Which user.
        user_name: UserName,
    }
}

/// A policy for one resource group would be one for the whole account here.
fn no_resource_group(fields: Fields<'_>) -> Result<(), ApiError> {
    if fields.text("ResourceGroupId").is_some() {
        return Err(ApiError::invalid_parameter(
            "ResourceGroupId",
            "this server has no resource groups",
        ));
    }
    Ok(())
}

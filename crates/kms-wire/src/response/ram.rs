//! Answers of RAM about users, groups and policies.

mod groups;
mod logins;
mod policies;
mod tags;
mod users;

pub use groups::{
    Group, GroupAnswer, GroupOfUser, GroupWithPolicy, Groups, ListGroups, ListGroupsForUser,
};
pub use logins::{GetLoginProfile, LoginProfile, MfaDevice, MfaDeviceAnswer};
pub use policies::{
    AttachedPolicy, GetPolicy, ListAttachedPolicies, ListEntitiesForPolicy, ListPolicyVersions,
    PolicyAnswer, PolicyVersion, PolicyVersionAnswer, PolicyVersions, RamListPolicies, RamPolicies,
    RamPolicy, RoleWithPolicy, RolesWithPolicy,
};
pub use tags::RamListTagResources;
pub use users::{
    AccessKey, AccessKeyLastUsed, AccessKeySummary, AccessKeys, CreateAccessKey,
    GetAccessKeyLastUsed, ListAccessKeys, ListUsers, ListUsersForGroup, RamUser, RamUserAnswer,
    UserInGroup, UserWithPolicy, Users,
};

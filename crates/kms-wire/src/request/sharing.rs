//! What accounts share with each other (ResourceSharing 2020-01-10).

mod associate;
mod list;
mod parts;
mod permissions;
mod shares;
mod target;

pub use associate::{AssociateResourceShare, DisassociateResourceShare};
pub use list::{
    AssociationStatus, AssociationType, ListResourceShareAssociations, ListResourceShares,
    ListSharedResources, ListSharedTargets, ResourceOwner, ShareStatus,
};
pub use parts::{Numbered, Portion, SharedResource, SharedResources};
pub use permissions::{GetPermission, ListPermissions, ListResourceSharePermissions};
pub use shares::{
    CheckSharingWithResourceDirectoryStatus, CreateResourceShare, DeleteResourceShare,
    EnableSharingWithResourceDirectory, ShareName, UpdateResourceShare,
};
pub use target::{ParseShareTargetError, ShareTarget, SharedKind};

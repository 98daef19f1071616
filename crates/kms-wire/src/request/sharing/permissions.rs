use kms_types::ShareId;

use super::{Portion, ResourceOwner, SharedKind};
use crate::request::keys::operations;

operations! {
    /// Lists what a share can let somebody do.
    ListPermissions -> ListPermissions {
        /// With things of that kind; of any kind if absent.
        kind: Option<SharedKind> = "ResourceType",
        /// Which part.
        portion: Portion = "MaxResults",
    }

    /// Reads such a permission.
    GetPermission -> GetPermission {
        /// Its name.
        name: String = "PermissionName",
        /// Its version; the default one if absent.
        version: Option<String> = "PermissionVersion",
    }

    /// Lists the permissions that a share gives.
    ListResourceSharePermissions -> ListPermissions {
        /// Which share.
        share: ShareId = "ResourceShareId",
        /// Whether it is the caller's own.
        owner: ResourceOwner = "ResourceOwner",
        /// Which part.
        portion: Portion = "MaxResults",
    }
}

use std::{fmt, str::FromStr};

use kms_types::ShareId;
use serde::{Deserialize, Serialize};

use super::{Numbered, Portion, ShareTarget, SharedKind};
use crate::request::keys::operations;

operations! {
    /// Lists shares.
    ListResourceShares -> ListResourceShares {
        /// Whose.
        owner: ResourceOwner = "ResourceOwner",
        /// These alone; all if none is named.
        shares: Numbered<ShareId> = "ResourceShareIds",
        /// Those of that name.
        name: Option<String> = "ResourceShareName",
        /// Those that came so far.
        status: Option<ShareStatus> = "ResourceShareStatus",
        /// Those that give that permission.
        permission: Option<String> = "PermissionName",
        /// Which part.
        portion: Portion = "MaxResults",
    }

    /// Lists what the caller's own shares have or had, and how far each came.
    ListResourceShareAssociations -> ResourceShareAssociations {
        /// Resources or targets.
        kind: AssociationType = "AssociationType",
        /// Of these shares; of all if none is named.
        shares: Numbered<ShareId> = "ResourceShareIds",
        /// That resource.
        resource: Option<String> = "ResourceId",
        /// That target.
        target: Option<ShareTarget> = "Target",
        /// Those that came so far.
        status: Option<AssociationStatus> = "AssociationStatus",
        /// Which part.
        portion: Portion = "MaxResults",
    }

    /// Lists what is shared now.
    ListSharedResources -> ListSharedResources {
        /// By whom.
        owner: ResourceOwner = "ResourceOwner",
        /// In these shares; in all if none is named.
        shares: Numbered<ShareId> = "ResourceShareIds",
        /// These resources.
        resources: Numbered<String> = "ResourceIds",
        /// Of that kind.
        kind: Option<SharedKind> = "ResourceType",
        /// With whom; if others share, who they are.
        target: Option<ShareTarget> = "Target",
        /// Which part.
        portion: Portion = "MaxResults",
    }

    /// Lists with whom something is shared now; if others share, who they are.
    ListSharedTargets -> ListSharedTargets {
        /// By whom.
        owner: ResourceOwner = "ResourceOwner",
        /// In these shares; in all if none is named.
        shares: Numbered<ShareId> = "ResourceShareIds",
        /// That resource.
        resource: Option<String> = "ResourceId",
        /// Resources of that kind.
        kind: Option<SharedKind> = "ResourceType",
        /// These targets.
        targets: Numbered<ShareTarget> = "Targets",
        /// Which part.
        portion: Portion = "MaxResults",
    }
}

/// Names of one kind, which travel as they are written here.
macro_rules! names {
    ($(
        $(#[$doc:meta])*
        $type:ident {
            $($(#[$inner:meta])* $name:ident = $wire:literal,)*
        }
    )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
        pub enum $type {
            $($(#[$inner])* $name,)*
        }

        impl $type {
            /// As it travels.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($wire => Ok(Self::$name),)*
                    _ => Err(concat!("must be one of", $(" ", $wire),*)),
                }
            }
        }
    )* };
}

names! {
    /// Whose shares.
    ResourceOwner {
        /// The caller's own.
        Own = "Self",
        /// Those of others that name the caller.
        OtherAccounts = "OtherAccounts",
    }

    /// How far a share came.
    ShareStatus {
        /// Being made.
        Pending = "Pending",
        /// It shares.
        Active = "Active",
        /// Being deleted.
        Deleting = "Deleting",
        /// Gone, and listed for two more days.
        Deleted = "Deleted",
    }

    /// How far an association came. One that failed stays so, whatever is bought afterwards
    /// (reference accesskey §1, row 11).
    AssociationStatus {
        /// Being made.
        Associating = "Associating",
        /// It shares.
        Associated = "Associated",
        /// It never did.
        Failed = "Failed",
        /// Being ended.
        Disassociating = "Disassociating",
        /// It shares no longer.
        Disassociated = "Disassociated",
    }

    /// Which side of a share.
    AssociationType {
        /// What is shared.
        Resource = "Resource",
        /// With whom.
        Target = "Target",
    }
}

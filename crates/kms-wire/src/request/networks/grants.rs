use kms_types::AccountId;

use crate::request::{Page, keys::operations};

operations! {
    /// Lets a Cloud Enterprise Network of another account attach a VPC.
    GrantInstanceToCen -> Empty {
        /// Which network.
        cen_id: String = "CenId",
        /// Whose that is.
        cen_owner: AccountId = "CenOwnerId",
        /// The VPC.
        instance_id: String = "InstanceId",
        /// `VPC`.
        instance_type: String = "InstanceType",
    }

    /// Takes that back. What is attached stays so until it is detached.
    RevokeInstanceFromCen -> Empty {
        /// Which network.
        cen_id: String = "CenId",
        /// Whose that is.
        cen_owner: AccountId = "CenOwnerId",
        /// The VPC.
        instance_id: String = "InstanceId",
        /// `VPC`.
        instance_type: String = "InstanceType",
    }

    /// Lists which networks may attach a VPC.
    DescribeGrantRulesToCen -> DescribeGrantRulesToCen {
        /// The VPC.
        instance_id: String = "InstanceId",
        /// `VPC`.
        instance_type: String = "InstanceType",
        /// Which part of the list.
        page: Page<10> = "",
    }
}

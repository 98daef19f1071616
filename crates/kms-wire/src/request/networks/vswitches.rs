use kms_types::VSwitchBlock;

use super::{Bounded, NoDryRun, NoTags};
use crate::request::{Page, keys::operations};

operations! {
    /// Makes a vSwitch in a VPC.
    CreateVSwitch -> CreateVSwitch {
        /// Which VPC.
        vpc_id: String = "VpcId",
        /// Its addresses, some of the VPC's.
        block: VSwitchBlock = "CidrBlock",
        /// Where, in the VPC's region.
        zone_id: String = "ZoneId",
        /// For people.
        vswitch_name: Option<Bounded<128>> = "VSwitchName",
        /// For people.
        description: Option<Bounded<256>> = "Description",
        /// None.
        tags: NoTags = "Tag",
    }

    /// Lists vSwitches, own ones and those that others share with the account.
    DescribeVSwitches -> DescribeVSwitches {
        /// Those of that VPC.
        vpc_id: Option<String> = "VpcId",
        /// Those of these ids, with commas between them.
        vswitch_ids: Option<String> = "VSwitchId",
        /// Those of that name.
        vswitch_name: Option<String> = "VSwitchName",
        /// Those of that zone.
        zone_id: Option<String> = "ZoneId",
        /// Which part of the list.
        page: Page<10> = "",
    }

    /// Reads a vSwitch, an own one or one that is shared with the account.
    DescribeVSwitchAttributes -> DescribeVSwitchAttributes {
        /// Which.
        vswitch_id: String = "VSwitchId",
    }

    /// Changes what people read of a vSwitch.
    ModifyVSwitchAttribute -> Empty {
        /// Which.
        vswitch_id: String = "VSwitchId",
        /// What people call it.
        vswitch_name: Option<Bounded<128>> = "VSwitchName",
        /// For people; empty: none.
        description: Option<Bounded<256>> = "Description",
    }

    /// Deletes a vSwitch that nobody has an address of.
    DeleteVSwitch -> Empty {
        /// Never.
        dry_run: NoDryRun = "DryRun",
        /// Which.
        vswitch_id: String = "VSwitchId",
    }
}

use kms_types::{RegionId, VpcBlock};

use super::{Bounded, NoDryRun, NoTags};
use crate::request::{Page, keys::operations};

operations! {
    /// Makes a VPC.
    CreateVpc -> CreateVpc {
        /// Never.
        dry_run: NoDryRun = "DryRun",
        /// Where; this server's own region unless given.
        region: Option<RegionId> = "RegionId",
        /// Its addresses; 172.16.0.0/12 unless given.
        block: Option<VpcBlock> = "CidrBlock",
        /// For people.
        vpc_name: Option<Bounded<128>> = "VpcName",
        /// For people.
        description: Option<Bounded<256>> = "Description",
        /// None.
        tags: NoTags = "Tag",
    }

    /// Lists VPCs.
    DescribeVpcs -> DescribeVpcs {
        /// Those of that region; of all unless given.
        region: Option<RegionId> = "RegionId",
        /// Those of these ids, with commas between them.
        vpc_ids: Option<String> = "VpcId",
        /// Those of that name.
        vpc_name: Option<String> = "VpcName",
        /// Which part of the list.
        page: Page<10> = "",
    }

    /// Reads a VPC.
    DescribeVpcAttribute -> DescribeVpcAttribute {
        /// Which.
        vpc_id: String = "VpcId",
    }

    /// Changes what people read of a VPC.
    ModifyVpcAttribute -> Empty {
        /// Which.
        vpc_id: String = "VpcId",
        /// What people call it.
        vpc_name: Option<Bounded<128>> = "VpcName",
        /// For people; empty: none.
        description: Option<Bounded<256>> = "Description",
    }

    /// Deletes a VPC without vSwitches.
    DeleteVpc -> Empty {
        /// Never.
        dry_run: NoDryRun = "DryRun",
        /// Which.
        vpc_id: String = "VpcId",
    }

    /// Lists the route tables of a VPC: it has one, the system's.
    DescribeRouteTableList -> DescribeRouteTableList {
        /// Which VPC; all unless given.
        vpc_id: Option<String> = "VpcId",
        /// Which part of the list.
        page: Page<10> = "",
    }
}

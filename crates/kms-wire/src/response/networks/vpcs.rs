use super::answers;

answers! {
    /// Answer of CreateVpc.
    CreateVpc {
        /// `vpc-…`.
        vpc_id: String,
        /// `vrt-…`.
        vrouter_id: String = "VRouterId",
        /// `vtb-…`.
        route_table_id: String,
        /// Always empty: this server has no resource groups.
        resource_group_id: String,
    }

    /// Answer of DescribeVpcs.
    DescribeVpcs {
        /// The page.
        vpcs: Vpcs,
        /// From 1.
        page_number: u32,
        /// As asked.
        page_size: u32,
        /// Of all pages.
        total_count: u64,
    }

    /// VPCs, wrapped as the cloud wraps lists.
    Vpcs {
        /// The VPCs.
        vpc: Vec<Vpc>,
    }

    /// A VPC in a list.
    Vpc {
        /// `vpc-…`.
        vpc_id: String,
        /// For people.
        vpc_name: String,
        /// For people.
        description: String,
        /// Its addresses.
        cidr_block: String,
        /// Where.
        region_id: String,
        /// `Available`.
        status: String,
        /// Since when.
        creation_time: String,
        /// Whose.
        owner_id: u64,
        /// Whether the cloud made it by itself: never.
        is_default: bool,
        /// `vrt-…`.
        vrouter_id: String = "VRouterId",
        /// Its route tables.
        router_table_ids: VpcRouteTableIds,
        /// Its vSwitches.
        vswitch_ids: VSwitchIds = "VSwitchIds",
        /// `Attached` if a Cloud Enterprise Network has it.
        cen_status: String,
        /// Always empty.
        resource_group_id: String,
    }

    /// Route tables, wrapped as the cloud wraps lists.
    VpcRouteTableIds {
        /// `vtb-…`.
        router_table_ids: Vec<String>,
    }

    /// vSwitches, wrapped as the cloud wraps lists.
    VSwitchIds {
        /// `vsw-…`.
        vswitch_id: Vec<String> = "VSwitchId",
    }

    /// Answer of DescribeVpcAttribute.
    DescribeVpcAttribute {
        /// `vpc-…`.
        vpc_id: String,
        /// For people.
        vpc_name: String,
        /// For people.
        description: String,
        /// Its addresses.
        cidr_block: String,
        /// Where.
        region_id: String,
        /// `Available`.
        status: String,
        /// Since when.
        creation_time: String,
        /// Whose.
        owner_id: u64,
        /// Whether the cloud made it by itself: never.
        is_default: bool,
        /// Whether it is connected with the classic network: never.
        classic_link_enabled: bool,
        /// `vrt-…`.
        vrouter_id: String = "VRouterId",
        /// Its vSwitches.
        vswitch_ids: VSwitchIds = "VSwitchIds",
        /// Which Cloud Enterprise Networks have it.
        associated_cens: AssociatedCens,
        /// Always empty.
        resource_group_id: String,
    }

    /// Networks, wrapped as the cloud wraps lists.
    AssociatedCens {
        /// The networks.
        associated_cen: Vec<AssociatedCen>,
    }

    /// A Cloud Enterprise Network that has a VPC.
    AssociatedCen {
        /// `cen-…`.
        cen_id: String,
        /// Whose.
        cen_owner_id: u64,
        /// `Attached`.
        cen_status: String,
    }

    /// Answer of DescribeRouteTableList.
    DescribeRouteTableList {
        /// The page.
        router_table_list: RouteTables,
        /// From 1.
        page_number: u32,
        /// As asked.
        page_size: u32,
        /// Of all pages.
        total_count: u64,
    }

    /// Route tables, wrapped as the cloud wraps lists.
    RouteTables {
        /// The tables.
        router_table_list_type: Vec<RouteTable>,
    }

    /// A route table.
    RouteTable {
        /// `vtb-…`.
        route_table_id: String,
        /// For people.
        route_table_name: String,
        /// `System`.
        route_table_type: String,
        /// For people.
        description: String,
        /// `vrt-…`.
        router_id: String,
        /// `VRouter`.
        router_type: String,
        /// `Available`.
        status: String,
        /// Whose VPC it is.
        vpc_id: String,
        /// Since when.
        creation_time: String,
        /// Whose.
        owner_id: u64,
        /// Whether it learns routes.
        route_propagation_enable: bool,
        /// Who goes by it.
        vswitch_ids: RouteTableVSwitches = "VSwitchIds",
        /// Always empty.
        resource_group_id: String,
    }

    /// vSwitches, wrapped as this action wraps them.
    RouteTableVSwitches {
        /// `vsw-…`.
        vswitch_id: Vec<String> = "VSwitchId",
    }

    /// Answer of CreateVSwitch.
    CreateVSwitch {
        /// `vsw-…`.
        vswitch_id: String = "VSwitchId",
    }

    /// Answer of DescribeVSwitches.
    DescribeVSwitches {
        /// The page.
        vswitches: VSwitches = "VSwitches",
        /// From 1.
        page_number: u32,
        /// As asked.
        page_size: u32,
        /// Of all pages.
        total_count: u64,
    }

    /// vSwitches, wrapped as the cloud wraps lists.
    VSwitches {
        /// The vSwitches.
        vswitch: Vec<VSwitch> = "VSwitch",
    }

    /// A vSwitch.
    VSwitch {
        /// `vsw-…`.
        vswitch_id: String = "VSwitchId",
        /// For people.
        vswitch_name: String = "VSwitchName",
        /// For people.
        description: String,
        /// In which VPC.
        vpc_id: String,
        /// Where.
        zone_id: String,
        /// Its addresses.
        cidr_block: String,
        /// How many of them nobody has.
        available_ip_address_count: u32,
        /// `Available`.
        status: String,
        /// Since when.
        creation_time: String,
        /// Whose.
        owner_id: u64,
        /// Whether the cloud made it by itself: never.
        is_default: bool,
        /// Empty for an own one, `Sharing` if others have it too, `Shared` if it is another
        /// account's.
        share_type: String,
        /// The table that it goes by.
        route_table: RouteTableOfVSwitch,
        /// Always empty.
        resource_group_id: String,
    }

    /// The route table of a vSwitch.
    RouteTableOfVSwitch {
        /// `vtb-…`.
        route_table_id: String,
        /// `System`.
        route_table_type: String,
    }

    /// Answer of DescribeGrantRulesToCen.
    DescribeGrantRulesToCen {
        /// The page.
        cen_grant_rules: CenGrantRules,
        /// From 1.
        page_number: u32,
        /// As asked.
        page_size: u32,
        /// Of all pages.
        total_count: u64,
    }

    /// Grants, wrapped as the cloud wraps lists.
    CenGrantRules {
        /// The grants.
        cbn_grant_rule: Vec<CenGrantRule>,
    }

    /// That a network may attach a VPC.
    CenGrantRule {
        /// `cen-…`.
        cen_instance_id: String,
        /// Whose.
        cen_owner_id: u64,
        /// Since when.
        creation_time: String,
    }
}

/// Answer of DescribeVSwitchAttributes.
pub type DescribeVSwitchAttributes = VSwitch;

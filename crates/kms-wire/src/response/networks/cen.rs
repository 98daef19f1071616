use super::answers;

answers! {
    /// Answer of CreateCen.
    CreateCen {
        /// `cen-…`.
        cen_id: String,
    }

    /// Answer of DescribeCens.
    DescribeCens {
        /// The page.
        cens: Cens,
        /// From 1.
        page_number: u32,
        /// As asked.
        page_size: u32,
        /// Of all pages.
        total_count: u64,
    }

    /// Networks, wrapped as the cloud wraps lists.
    Cens {
        /// The networks.
        cen: Vec<Cen>,
    }

    /// A Cloud Enterprise Network.
    Cen {
        /// `cen-…`.
        cen_id: String,
        /// For people.
        name: String,
        /// For people.
        description: String,
        /// `Active`.
        status: String,
        /// `REDUCED`: VPCs may share addresses as long as their vSwitches do not.
        protection_level: String,
        /// Since when.
        creation_time: String,
        /// Bandwidth that was bought: none is needed.
        cen_bandwidth_package_ids: CenBandwidthPackageIds,
        /// Always empty.
        resource_group_id: String,
    }

    /// Ids, wrapped as the cloud wraps lists.
    CenBandwidthPackageIds {
        /// Always empty.
        cen_bandwidth_package_id: Vec<String>,
    }

    /// Answer of DescribeCenAttachedChildInstances.
    DescribeCenAttachedChildInstances {
        /// The page.
        child_instances: CenChildren,
        /// From 1.
        page_number: u32,
        /// As asked.
        page_size: u32,
        /// Of all pages.
        total_count: u64,
    }

    /// VPCs, wrapped as the cloud wraps lists.
    CenChildren {
        /// The VPCs.
        child_instance: Vec<CenChildSummary>,
    }

    /// A VPC that is attached.
    CenChildSummary {
        /// `cen-…`.
        cen_id: String,
        /// `vpc-…`.
        child_instance_id: String,
        /// Whose.
        child_instance_owner_id: u64,
        /// Where.
        child_instance_region_id: String,
        /// `VPC`.
        child_instance_type: String,
        /// Since when.
        child_instance_attach_time: String,
        /// `Attached`.
        status: String,
    }

    /// Answer of DescribeCenAttachedChildInstanceAttribute.
    CenChild {
        /// `cen-…`.
        cen_id: String,
        /// `vpc-…`.
        child_instance_id: String,
        /// For people.
        child_instance_name: String,
        /// Whose.
        child_instance_owner_id: u64,
        /// Where.
        child_instance_region_id: String,
        /// `VPC`.
        child_instance_type: String,
        /// Since when.
        child_instance_attach_time: String,
        /// Its addresses.
        child_instance_attributes: CenChildAttributes,
        /// `Attached`.
        status: String,
    }

    /// What is known of a VPC that is attached.
    CenChildAttributes {
        /// Its addresses.
        cidr_block: String,
    }
}

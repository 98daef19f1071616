use super::answers;

answers! {
    /// Answer of AddZone.
    AddZone {
        /// Its id.
        zone_id: String,
        /// Its name.
        zone_name: String,
        /// Always.
        success: bool,
    }

    /// Answer of DeleteZone.
    DeleteZone {
        /// Which.
        zone_id: String,
    }

    /// Answer of DescribeZones.
    DescribeZones {
        /// The page.
        zones: Zones,
        /// From 1.
        page_number: u32,
        /// As asked.
        page_size: u32,
        /// Of all pages.
        total_items: u64,
        /// How many.
        total_pages: u64,
    }

    /// Zones, wrapped as the cloud wraps lists.
    Zones {
        /// The zones.
        zone: Vec<Zone>,
    }

    /// A zone in a list.
    Zone {
        /// Its id.
        zone_id: String,
        /// Its name.
        zone_name: String,
        /// `AUTH_ZONE` or `CLOUD_PRODUCT_ZONE`.
        zone_type: String,
        /// Whose a product's zone is.
        zone_tag: String,
        /// How many records it has.
        record_count: u64,
        /// For people.
        remark: String,
        /// `ZONE`: what it does not have is nowhere.
        proxy_pattern: String,
        /// Whether it tells names of addresses: never.
        is_ptr: bool,
        /// Since when.
        create_time: String,
        /// The same, milliseconds since 1970.
        create_timestamp: i64,
        /// When it was changed last.
        update_time: String,
        /// The same, milliseconds since 1970.
        update_timestamp: i64,
        /// Always empty.
        resource_group_id: String,
    }

    /// Answer of DescribeZoneInfo.
    DescribeZoneInfo {
        /// Its id.
        zone_id: String,
        /// Its name.
        zone_name: String,
        /// `AUTH_ZONE` or `CLOUD_PRODUCT_ZONE`.
        zone_type: String,
        /// Whose a product's zone is.
        zone_tag: String,
        /// How many records it has.
        record_count: u64,
        /// Which VPCs see it.
        bind_vpcs: ZoneVpcs,
        /// For people.
        remark: String,
        /// `ZONE`: what it does not have is nowhere.
        proxy_pattern: String,
        /// Whether it tells names of addresses: never.
        is_ptr: bool,
        /// Whether another server serves it, too: never.
        slave_dns: bool,
        /// Since when.
        create_time: String,
        /// The same, milliseconds since 1970.
        create_timestamp: i64,
        /// When it was changed last.
        update_time: String,
        /// The same, milliseconds since 1970.
        update_timestamp: i64,
        /// Always empty.
        resource_group_id: String,
    }

    /// VPCs, wrapped as the cloud wraps lists.
    ZoneVpcs {
        /// The VPCs.
        vpc: Vec<ZoneVpc>,
    }

    /// A VPC that sees a zone.
    ZoneVpc {
        /// `vpc-…`.
        vpc_id: String,
        /// For people.
        vpc_name: String,
        /// Where.
        region_id: String,
        /// The same.
        region_name: String,
        /// Whose.
        vpc_user_id: u64,
    }

    /// Answer of AddZoneRecord.
    AddZoneRecord {
        /// Its id.
        record_id: u64,
        /// Always.
        success: bool,
    }

    /// Answer of UpdateZoneRecord and DeleteZoneRecord.
    RecordChanged {
        /// Which.
        record_id: u64,
    }

    /// Answer of SetZoneRecordStatus.
    SetZoneRecordStatus {
        /// Which.
        record_id: u64,
        /// As asked.
        status: String,
    }

    /// Answer of DescribeZoneRecords.
    DescribeZoneRecords {
        /// The page.
        records: ZoneRecords,
        /// From 1.
        page_number: u32,
        /// As asked.
        page_size: u32,
        /// Of all pages.
        total_items: u64,
        /// How many.
        total_pages: u64,
    }

    /// Records, wrapped as the cloud wraps lists.
    ZoneRecords {
        /// The records.
        record: Vec<ZoneRecord>,
    }

    /// A record.
    ZoneRecord {
        /// Its id.
        record_id: u64,
        /// In which zone.
        zone_id: String,
        /// The name in the zone.
        rr: String,
        /// `A`, `AAAA`, `CNAME` or `TXT`.
        kind: String = "Type",
        /// What it says.
        value: String,
        /// Seconds that it may be kept.
        ttl: u32,
        /// `ENABLE` or `DISABLE`.
        status: String,
        /// For people.
        remark: String,
        /// Only mail's records have one: 0.
        priority: u32,
        /// `default`: it is the same for all who see it.
        line: String,
    }

    /// Answer of ListTagResources.
    ListZoneTags {
        /// None.
        tag_resources: Vec<ZoneTag>,
        /// Empty.
        next_token: String,
    }

    /// A tag of a zone.
    ZoneTag {
        /// Which zone.
        resource_id: String,
        /// `ZONE`.
        resource_type: String,
        /// Its name.
        tag_key: String,
        /// What it says.
        tag_value: String,
    }
}

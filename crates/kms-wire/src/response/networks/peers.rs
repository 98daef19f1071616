use super::answers;

answers! {
    /// Answer of CreateVpcPeerConnection.
    CreateVpcPeerConnection {
        /// `pcc-…`.
        instance_id: String,
    }

    /// A connection of two VPCs.
    PeerConnection {
        /// `pcc-…`.
        instance_id: String,
        /// For people.
        name: String,
        /// For people.
        description: String,
        /// `Accepting`, `Activated`.
        status: String,
        /// `Normal`.
        biz_status: String,
        /// Whose the VPC is that asked.
        owner_id: u64,
        /// Where that is.
        region_id: String,
        /// That VPC.
        vpc: PeerVpc,
        /// Whose the other one is.
        accepting_owner_uid: u64,
        /// Where that is.
        accepting_region_id: String,
        /// The other VPC.
        accepting_vpc: PeerVpc,
        /// Mbit/s; -1 is unlimited.
        bandwidth: i32,
        /// Since when.
        gmt_create: String,
        /// When it was changed last.
        gmt_modified: String,
        /// Always empty.
        resource_group_id: String,
    }

    /// A VPC of a connection.
    PeerVpc {
        /// `vpc-…`.
        vpc_id: String,
        /// Its addresses.
        ipv4_cidrs: Vec<String>,
    }

    /// Answer of ListVpcPeerConnections.
    ListVpcPeerConnections {
        /// The connections; not wrapped.
        vpc_peer_connects: Vec<PeerConnection>,
        /// Where to go on; empty at the end.
        next_token: String,
        /// As asked.
        max_results: u32,
        /// Of all pages.
        total_count: u64,
    }
}

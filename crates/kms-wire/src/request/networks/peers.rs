use kms_types::{AccountId, RegionId};

use super::{Bounded, NoDryRun, NoTags, param::numbered};
use crate::{
    ApiError, Params,
    request::{fields::Fields, keys::operations, param::Param},
};

operations! {
    /// Asks for a connection of two VPCs; within an account it is there at once.
    CreateVpcPeerConnection -> CreateVpcPeerConnection {
        /// Never.
        dry_run: NoDryRun = "DryRun",
        /// The own VPC.
        vpc_id: String = "VpcId",
        /// Whose the other VPC is; the caller's account unless given.
        accepting_owner: Option<AccountId> = "AcceptingAliUid",
        /// Where the other VPC is.
        accepting_region: RegionId = "AcceptingRegionId",
        /// The other VPC.
        accepting_vpc_id: String = "AcceptingVpcId",
        /// What people call it.
        peer_name: Option<Bounded<128>> = "Name",
        /// For people.
        description: Option<Bounded<256>> = "Description",
        /// None.
        tags: NoTags = "Tag",
    }

    /// Agrees to a connection that another account has asked for.
    AcceptVpcPeerConnection -> Empty {
        /// Never.
        dry_run: NoDryRun = "DryRun",
        /// Which.
        instance_id: String = "InstanceId",
    }

    /// Reads a connection; either side may.
    GetVpcPeerConnectionAttribute -> PeerConnection {
        /// Which.
        instance_id: String = "InstanceId",
    }

    /// Lists the connections of the account's VPCs.
    ListVpcPeerConnections -> ListVpcPeerConnections {
        /// That one.
        instance_id: Option<String> = "InstanceId",
        /// Those of that name.
        peer_name: Option<String> = "Name",
        /// Those of these VPCs.
        vpc_ids: PeerVpcs = "VpcId",
        /// Where the page before ended.
        next_token: Option<String> = "NextToken",
        /// How many at most.
        max_results: Option<crate::request::Within<1, 100>> = "MaxResults",
    }

    /// Ends a connection; either side may.
    DeleteVpcPeerConnection -> Empty {
        /// Never.
        dry_run: NoDryRun = "DryRun",
        /// Which.
        instance_id: String = "InstanceId",
    }
}

/// `VpcId.1`, `VpcId.2` and so on.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PeerVpcs(pub Vec<String>);

impl Param for PeerVpcs {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        Ok(Self(numbered(fields, name, "", 20)))
    }

    fn write(&self, params: &mut Params, name: &str) {
        for (at, vpc) in self.0.iter().enumerate() {
            params.push(format!("{name}.{}", at + 1), vpc.as_str());
        }
    }
}

//! Networks and what connects and names them (Vpc 2016-04-28, VpcPeer 2022-01-01,
//! Cbn 2017-09-12, Pvtz 2018-01-01).

mod cen;
mod grants;
mod param;
mod peers;
mod records;
mod vpcs;
mod vswitches;
mod zones;

pub use cen::{
    AttachCenChildInstance, CenFilter, CreateCen, DeleteCen,
    DescribeCenAttachedChildInstanceAttribute, DescribeCenAttachedChildInstances, DescribeCens,
    DetachCenChildInstance,
};
pub use grants::{DescribeGrantRulesToCen, GrantInstanceToCen, RevokeInstanceFromCen};
pub use param::{Bounded, NoDryRun, NoTags};
pub use peers::{
    AcceptVpcPeerConnection, CreateVpcPeerConnection, DeleteVpcPeerConnection,
    GetVpcPeerConnectionAttribute, ListVpcPeerConnections, PeerVpcs,
};
pub use records::{
    AddZoneRecord, DeleteZoneRecord, DescribeZoneRecords, RecordKind, RecordStatus,
    SetZoneRecordStatus, UpdateZoneRecord,
};
pub use vpcs::{
    CreateVpc, DeleteVpc, DescribeRouteTableList, DescribeVpcAttribute, DescribeVpcs,
    ModifyVpcAttribute,
};
pub use vswitches::{
    CreateVSwitch, DeleteVSwitch, DescribeVSwitchAttributes, DescribeVSwitches,
    ModifyVSwitchAttribute,
};
pub use zones::{
    AddZone, BindZoneVpc, BoundVpcs, DeleteZone, DescribeSyncEcsHostTask, DescribeZoneInfo,
    DescribeZones, PvtzListTagResources, ZoneVpc,
};

//! Answers about networks and what connects and names them.

mod cen;
mod peers;
mod vpcs;
mod zones;

pub use cen::{
    Cen, CenBandwidthPackageIds, CenChild, CenChildAttributes, CenChildSummary, CenChildren, Cens,
    CreateCen, DescribeCenAttachedChildInstances, DescribeCens,
};
pub use peers::{CreateVpcPeerConnection, ListVpcPeerConnections, PeerConnection, PeerVpc};
pub use vpcs::{
    AssociatedCen, AssociatedCens, CenGrantRule, CenGrantRules, CreateVSwitch, CreateVpc,
    DescribeGrantRulesToCen, DescribeRouteTableList, DescribeVSwitchAttributes, DescribeVSwitches,
    DescribeVpcAttribute, DescribeVpcs, RouteTable, RouteTableOfVSwitch, RouteTableVSwitches,
    RouteTables, VSwitch, VSwitchIds, VSwitches, Vpc, VpcRouteTableIds, Vpcs,
};
pub use zones::{
    AddZone, AddZoneRecord, DeleteZone, DescribeZoneInfo, DescribeZoneRecords, DescribeZones,
    ListZoneTags, RecordChanged, SetZoneRecordStatus, Zone, ZoneRecord, ZoneRecords, ZoneTag,
    ZoneVpc, ZoneVpcs, Zones,
};

/// Answers and their parts, in the spelling of the cloud: a field's own name in Pascal case,
/// or what is written behind it.
macro_rules! answers {
    ($(
        $(#[$doc:meta])*
        $name:ident {
            $($(#[$inner:meta])* $field:ident: $type:ty $(= $wire:literal)?,)*
        }
    )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, serde::Deserialize, serde::Serialize)]
        #[serde(rename_all = "PascalCase", default)]
        pub struct $name {
            $($(#[$inner])* $(#[serde(rename = $wire)])? pub $field: $type,)*
        }
    )* };
}

use answers;

//! VPCs, what connects them, and names in them (Vpc, VpcPeer, Cbn, Pvtz).

use kms_wire::{Request, Response as R};

use super::{Answer, answer, done, no};
use crate::{Caller, Service, authorise::Resource, service::refusal::refused};

impl Service {
    pub(super) fn run_networks<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::CreateVpc(call) => answer(R::CreateVpc, self.create_vpc(caller, call)),
            Request::CreateVSwitch(call) => {
                answer(R::CreateVSwitch, self.create_vswitch(caller, call))
            }
            Request::DeleteVpc(call) => answer(R::Empty, self.delete_vpc(caller, call)),
            Request::DeleteVSwitch(call) => answer(R::Empty, self.delete_vswitch(caller, call)),
            Request::DescribeRouteTableList(call) => {
                answer(R::DescribeRouteTableList, self.route_tables(caller, call))
            }
            Request::DescribeVpcAttribute(call) => {
                answer(R::DescribeVpcAttribute, self.describe_vpc(caller, call))
            }
            Request::DescribeVpcs(call) => {
                answer(R::DescribeVpcs, self.describe_vpcs(caller, call))
            }
            Request::DescribeVSwitchAttributes(call) => {
                answer(R::VSwitch, self.describe_vswitch(caller, call))
            }
            Request::DescribeVSwitches(call) => {
                answer(R::DescribeVSwitches, self.describe_vswitches(caller, call))
            }
            Request::ModifyVpcAttribute(call) => answer(R::Empty, self.modify_vpc(caller, call)),
            Request::ModifyVSwitchAttribute(call) => {
                answer(R::Empty, self.modify_vswitch(caller, call))
            }
            other => self.run_connections(caller, other),
        }
    }

    fn run_connections<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::AcceptVpcPeerConnection(call) => {
                answer(R::Empty, self.accept_peer(caller, call))
            }
            Request::AttachCenChildInstance(call) => {
                answer(R::Empty, self.attach_to_cen(caller, call))
            }
            Request::CreateCen(call) => answer(R::CreateCen, self.create_cen(caller, call)),
            Request::CreateVpcPeerConnection(call) => {
                answer(R::CreateVpcPeerConnection, self.create_peer(caller, call))
            }
            Request::DeleteCen(call) => answer(R::Empty, self.delete_cen(caller, call)),
            Request::DeleteVpcPeerConnection(call) => {
                answer(R::Empty, self.delete_peer(caller, call))
            }
            Request::DescribeCenAttachedChildInstanceAttribute(call) => {
                answer(R::CenChild, self.describe_cen_child(caller, call))
            }
            Request::DescribeCenAttachedChildInstances(call) => answer(
                R::DescribeCenAttachedChildInstances,
                self.describe_cen_children(caller, call),
            ),
            Request::DescribeCens(call) => {
                answer(R::DescribeCens, self.describe_cens(caller, call))
            }
            Request::DescribeGrantRulesToCen(call) => answer(
                R::DescribeGrantRulesToCen,
                self.describe_cen_grants(caller, call),
            ),
            Request::DetachCenChildInstance(call) => {
                answer(R::Empty, self.detach_from_cen(caller, call))
            }
            Request::GetVpcPeerConnectionAttribute(call) => {
                answer(R::PeerConnection, self.describe_peer(caller, call))
            }
            Request::GrantInstanceToCen(call) => answer(R::Empty, self.grant_to_cen(caller, call)),
            Request::ListVpcPeerConnections(call) => {
                answer(R::ListVpcPeerConnections, self.list_peers(caller, call))
            }
            Request::RevokeInstanceFromCen(call) => {
                answer(R::Empty, self.revoke_from_cen(caller, call))
            }
            other => self.run_names(caller, other),
        }
    }

    fn run_names<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        match request {
            Request::AddZone(call) => answer(R::AddZone, self.add_zone(caller, call)),
            Request::AddZoneRecord(call) => answer(R::AddZoneRecord, self.add_record(caller, call)),
            Request::BindZoneVpc(call) => answer(R::Empty, self.bind_zone(caller, call)),
            Request::DeleteZone(call) => answer(R::DeleteZone, self.delete_zone(caller, call)),
            Request::DeleteZoneRecord(call) => {
                answer(R::RecordChanged, self.delete_record(caller, call))
            }
            Request::DescribeSyncEcsHostTask(call) => done(R::Empty, self.sync_task(caller, &call)),
            Request::DescribeZoneInfo(call) => {
                answer(R::DescribeZoneInfo, self.describe_zone(caller, call))
            }
            Request::DescribeZoneRecords(call) => {
                answer(R::DescribeZoneRecords, self.describe_records(caller, call))
            }
            Request::DescribeZones(call) => {
                answer(R::DescribeZones, self.describe_zones(caller, call))
            }
            Request::PvtzListTagResources(call) => {
                done(R::ListZoneTags, self.zone_tags(caller, &call))
            }
            Request::SetZoneRecordStatus(call) => {
                answer(R::SetZoneRecordStatus, self.set_record_status(caller, call))
            }
            Request::UpdateZoneRecord(call) => {
                answer(R::RecordChanged, self.update_record(caller, call))
            }
            other => {
                let action = other.action();
                // What kms-wire knows and this crate does not do.
                let own = self.own(caller, action, Resource::Account);
                no(own.err().unwrap_or_else(|| refused(action)))
            }
        }
    }
}

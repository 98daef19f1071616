//! The zone that KMS fills by itself: the names of instances, for the VPCs that they are in.

use std::net::IpAddr;

use jiff::Timestamp;
use kms_store::Tx;
use kms_types::AccountId;
use kms_wire::request::{RecordKind, RecordStatus};

use super::{
    VpcKey,
    domain::Domain,
    records::{Record, TTL},
    vswitches::Switch,
    zones::{Bound, Zone},
};
use crate::{
    documents::{self, Named},
    failure::Failure,
    instances::{Attachment, Instance},
};

/// What it is called by. There is one of its kind in each account.
pub(super) const ID: &str = "kms-cryptoservice";

/// An instance, where it is in a VPC.
pub(super) struct Placed {
    pub(super) instance: String,
    pub(super) vpc: VpcKey,
    /// Where it answers in that VPC.
    pub(super) address: IpAddr,
}

/// Where all instances are.
pub(super) async fn placed(tx: &mut dyn Tx) -> Result<Vec<Placed>, Failure> {
    let mut all = Vec::new();
    for (_owner, instance) in documents::everywhere::<Instance>(tx, None).await? {
        for network in &instance.body.networks {
            let address = address(tx, network, &instance.name).await?;
            all.extend(address.map(|address| Placed {
                instance: instance.name.clone(),
                vpc: network.into(),
                address,
            }));
        }
    }
    Ok(all)
}

/// The zone as the account sees it, if instances are in VPCs of it.
pub(super) async fn of_account(
    tx: &mut dyn Tx,
    account: &AccountId,
) -> Result<Option<Named<Zone>>, Failure> {
    let mut own = placed(tx).await?;
    own.retain(|placed| placed.vpc.owner == *account);
    own.sort_unstable_by(|one, other| {
        (&one.instance, one.address).cmp(&(&other.instance, other.address))
    });
    let mut zone = Zone {
        name: Domain::of_instances(),
        records: Vec::with_capacity(own.len()),
        vpcs: Vec::new(),
        updated: 0,
    };
    for (placed, id) in own.into_iter().zip(1..) {
        let vpc = documents::look_up::<super::vpcs::Vpc>(tx, account, &placed.vpc.id).await?;
        if zone.vpcs.iter().all(|bound| bound.vpc != placed.vpc) {
            zone.vpcs.extend(vpc.map(|vpc| Bound {
                vpc: placed.vpc,
                region: vpc.body.region,
            }));
        }
        zone.records.push(Record {
            id,
            rr: placed.instance,
            kind: RecordKind::A,
            value: placed.address.to_string(),
            ttl: TTL,
            status: RecordStatus::Enable,
            remark: String::new(),
        });
    }
    Ok((!zone.records.is_empty()).then_some(Named {
        name: ID.to_owned(),
        body: zone,
        created: Timestamp::UNIX_EPOCH,
    }))
}

/// Where the instance answers in that network.
async fn address(
    tx: &mut dyn Tx,
    network: &Attachment,
    instance: &str,
) -> Result<Option<IpAddr>, Failure> {
    let switch = documents::look_up::<Switch>(tx, &network.owner, &network.vswitch).await?;
    let address = switch.and_then(|switch| switch.body.address_of(instance));
    Ok(address.map(IpAddr::from))
}

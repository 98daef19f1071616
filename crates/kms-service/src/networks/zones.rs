//! Zones of names in private networks (Pvtz 2018-01-01), and who sees them.

use jiff::Timestamp;
use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode, RegionId};
use kms_wire::{
    Action, ApiError,
    request::{
        AddZone, BindZoneVpc, DeleteZone, DescribeSyncEcsHostTask, DescribeZoneInfo, DescribeZones,
        PvtzListTagResources,
    },
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use super::{VpcKey, domain::Domain, number, part, records::Record, service_zone, vpcs::Vpc};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
    random,
};

/// A zone. Its document's name is its id.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Zone {
    pub(super) name: Domain,
    pub(super) records: Vec<Record>,
    pub(super) vpcs: Vec<Bound>,
    /// Milliseconds since 1970.
    pub(super) updated: i64,
}

/// A VPC that sees it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Bound {
    pub(super) vpc: VpcKey,
    pub(super) region: RegionId,
}

/// One that somebody made.
const OWN: &str = "AUTH_ZONE";
/// One that a product of the cloud fills.
pub(super) const OF_PRODUCT: &str = "CLOUD_PRODUCT_ZONE";

impl Document for Zone {
    const KIND: DocumentKind = DocumentKind::Zone;
}

impl Service {
    /// AddZone.
    pub(crate) async fn add_zone(
        &self,
        caller: &Caller,
        call: AddZone,
    ) -> Result<response::AddZone, Failure> {
        let account = self.own(caller, Action::AddZone, resource("*"))?;
        let name: Domain = call.zone_name.parse().map_err(|reason| {
            ApiError::new(
                ErrorCode::ZoneName,
                format!("The specified zone name is not valid: {reason}."),
            )
        })?;
        let now = self.now();
        let alphabet: Vec<char> = ('0'..='9').chain('a'..='f').collect();
        let id = &*random::pick(&alphabet, 32)?;
        let zone = &Zone {
            name,
            records: Vec::new(),
            vpcs: Vec::new(),
            updated: now.as_millisecond(),
        };
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let others = documents::all::<Zone>(tx, account).await?;
                if others.iter().any(|other| other.body.name == zone.name) {
                    return Err(ApiError::new(
                        ErrorCode::ZoneExists,
                        "The account has a zone of this name already.",
                    )
                    .into());
                }
                documents::create(tx, account, id, zone, now).await
            })
        })
        .await?;
        Ok(response::AddZone {
            zone_id: id.clone(),
            zone_name: zone.name.to_string(),
            success: true,
        })
    }

    /// DeleteZone; refused while VPCs are bound to it.
    pub(crate) async fn delete_zone(
        &self,
        caller: &Caller,
        call: DeleteZone,
    ) -> Result<response::DeleteZone, Failure> {
        let id = call.zone_id.as_str();
        let account = self.own(caller, Action::DeleteZone, resource(id))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                if !find(tx, account, id).await?.body.vpcs.is_empty() {
                    return Err(ApiError::new(
                        ErrorCode::ZoneHasVpcs,
                        "VPCs are still bound to the zone.",
                    )
                    .into());
                }
                documents::remove::<Zone>(tx, account, id).await
            })
        })
        .await?;
        Ok(response::DeleteZone {
            zone_id: call.zone_id,
        })
    }

    /// DescribeZones: own ones, or those that KMS fills.
    pub(crate) async fn describe_zones(
        &self,
        caller: &Caller,
        call: DescribeZones,
    ) -> Result<response::DescribeZones, Failure> {
        let account = self.own(caller, Action::DescribeZones, resource("*"))?;
        let kind = call.zone_type.as_deref().unwrap_or(OWN);
        if ![OWN, OF_PRODUCT].contains(&kind) {
            let why = "must be AUTH_ZONE or CLOUD_PRODUCT_ZONE";
            return Err(ApiError::invalid_parameter("ZoneType", why).into());
        }
        let mut zones = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if kind == OWN {
                        return documents::all::<Zone>(tx, account).await;
                    }
                    let zone = service_zone::of_account(tx, account).await?;
                    Ok(zone.into_iter().collect())
                })
            })
            .await?;
        zones.retain(|zone| {
            let mut vpcs = zone.body.vpcs.iter();
            call.keyword
                .as_ref()
                .is_none_or(|part| zone.body.name.as_str().contains(part))
                && call
                    .vpc_id
                    .as_ref()
                    .is_none_or(|id| vpcs.any(|bound| bound.vpc.id == *id))
        });
        let (zones, total_items) = part(zones, call.page);
        let zone = zones.iter().map(|zone| {
            let told = tell(zone);
            response::Zone {
                zone_id: told.zone_id,
                zone_name: told.zone_name,
                zone_type: told.zone_type,
                zone_tag: told.zone_tag,
                record_count: told.record_count,
                remark: told.remark,
                proxy_pattern: told.proxy_pattern,
                is_ptr: false,
                create_time: told.create_time,
                create_timestamp: told.create_timestamp,
                update_time: told.update_time,
                update_timestamp: told.update_timestamp,
                resource_group_id: told.resource_group_id,
            }
        });
        Ok(response::DescribeZones {
            zones: response::Zones {
                zone: zone.collect(),
            },
            page_number: call.page.number,
            page_size: call.page.size,
            total_items,
            total_pages: total_items.div_ceil(u64::from(call.page.size.max(1))),
        })
    }

    /// DescribeZoneInfo.
    pub(crate) async fn describe_zone(
        &self,
        caller: &Caller,
        call: DescribeZoneInfo,
    ) -> Result<response::DescribeZoneInfo, Failure> {
        let id = call.zone_id.as_str();
        let account = self.own(caller, Action::DescribeZoneInfo, resource(id))?;
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let zone = find_any(tx, account, id).await?;
                let mut vpc = Vec::with_capacity(zone.body.vpcs.len());
                for bound in &zone.body.vpcs {
                    let (owner, id) = (&bound.vpc.owner, &bound.vpc.id);
                    let found = documents::look_up::<Vpc>(tx, owner, id).await?;
                    vpc.push(response::ZoneVpc {
                        vpc_id: id.clone(),
                        vpc_name: found.map(|vpc| vpc.body.name).unwrap_or_default(),
                        region_id: bound.region.to_string(),
                        region_name: bound.region.to_string(),
                        vpc_user_id: number(owner),
                    });
                }
                let mut told = tell(&zone);
                told.bind_vpcs = response::ZoneVpcs { vpc };
                Ok(told)
            })
        })
        .await
    }

    /// BindZoneVpc: the list takes the place of the one before.
    pub(crate) async fn bind_zone(
        &self,
        caller: &Caller,
        call: BindZoneVpc,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, Action::BindZoneVpc, resource(&call.zone_id))?;
        let (call, now) = (&call, self.now());
        let here = self.region();
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut zone = find(tx, account, &call.zone_id).await?;
                let mut vpcs: Vec<Bound> = Vec::with_capacity(call.vpcs.0.len());
                for wanted in &call.vpcs.0 {
                    let found = documents::look_up::<Vpc>(tx, account, &wanted.vpc_id).await?;
                    let region = wanted.region.as_ref().unwrap_or(here);
                    if found.is_none_or(|vpc| vpc.body.region != *region) {
                        return Err(no_such_vpc(&wanted.vpc_id).into());
                    }
                    if vpcs.iter().all(|bound| bound.vpc.id != wanted.vpc_id) {
                        vpcs.push(Bound {
                            vpc: VpcKey {
                                owner: account.clone(),
                                id: wanted.vpc_id.clone(),
                            },
                            region: region.clone(),
                        });
                    }
                }
                zone.body.vpcs = vpcs;
                zone.body.updated = now.as_millisecond();
                documents::update(tx, account, &zone).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DescribeSyncEcsHostTask: hosts' names are synchronised with no zone, and the official
    /// Terraform provider understands this answer.
    pub(crate) fn sync_task(
        &self,
        caller: &Caller,
        call: &DescribeSyncEcsHostTask,
    ) -> Result<response::Empty, ApiError> {
        self.own(
            caller,
            Action::DescribeSyncEcsHostTask,
            resource(&call.zone_id),
        )?;
        Err(ApiError::new(
            ErrorCode::SyncTaskNotFound,
            "No names of hosts are synchronised with the zone.",
        ))
    }

    /// ListTagResources: zones have no tags here.
    pub(crate) fn zone_tags(
        &self,
        caller: &Caller,
        _call: &PvtzListTagResources,
    ) -> Result<response::ListZoneTags, ApiError> {
        self.own(caller, Action::PvtzListTagResources, resource("*"))?;
        Ok(response::ListZoneTags::default())
    }
}

/// The account's zone.
///
/// # Errors
/// `Zone.NotExists`.
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<Named<Zone>, Failure> {
    let found = documents::look_up(tx, account, id).await?;
    found.ok_or_else(|| missing().into())
}

/// The account's zone, or the one that KMS fills for it.
///
/// # Errors
/// As [`find`].
pub(super) async fn find_any(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<Named<Zone>, Failure> {
    if id != service_zone::ID {
        return find(tx, account, id).await;
    }
    let zone = service_zone::of_account(tx, account).await?;
    zone.ok_or_else(|| missing().into())
}

/// The zones of all accounts that one of these VPCs is bound to.
pub(super) async fn seen_by(tx: &mut dyn Tx, vpcs: &[VpcKey]) -> Result<Vec<Zone>, Failure> {
    let all = documents::everywhere::<Zone>(tx, None).await?;
    let zones = all.into_iter().map(|(_owner, zone)| zone.body);
    Ok(zones
        .filter(|zone| zone.vpcs.iter().any(|bound| vpcs.contains(&bound.vpc)))
        .collect())
}

pub(super) fn resource(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "pvtz",
        kind: "zone",
        name: id,
    }
}

/// All but its VPCs.
fn tell(zone: &Named<Zone>) -> response::DescribeZoneInfo {
    let updated = Timestamp::from_millisecond(zone.body.updated).unwrap_or(zone.created);
    let is_of_product = zone.name == service_zone::ID;
    response::DescribeZoneInfo {
        zone_id: zone.name.clone(),
        zone_name: zone.body.name.to_string(),
        zone_type: if is_of_product { OF_PRODUCT } else { OWN }.to_owned(),
        zone_tag: if is_of_product { "kms" } else { "" }.to_owned(),
        record_count: u64::try_from(zone.body.records.len()).unwrap_or(u64::MAX),
        bind_vpcs: response::ZoneVpcs::default(),
        remark: String::new(),
        proxy_pattern: "ZONE".to_owned(),
        is_ptr: false,
        slave_dns: false,
        create_time: write_timestamp(zone.created),
        create_timestamp: zone.created.as_millisecond(),
        update_time: write_timestamp(updated),
        update_timestamp: updated.as_millisecond(),
        resource_group_id: String::new(),
    }
}

fn missing() -> ApiError {
    ApiError::new(
        ErrorCode::ZoneNotFound,
        "The specified zone does not exist.",
    )
}

fn no_such_vpc(id: &str) -> ApiError {
    ApiError::new(
        ErrorCode::ZoneVpcNotFound,
        format!("The account has no VPC {id} in that region."),
    )
}

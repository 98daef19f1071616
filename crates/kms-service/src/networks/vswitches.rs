use std::net::Ipv4Addr;

use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode, RegionId, VSwitchBlock};
use kms_wire::{
    Action, ApiError,
    request::{
        CreateVSwitch, DeleteVSwitch, DescribeVSwitchAttributes, DescribeVSwitches,
        ModifyVSwitchAttribute,
    },
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use super::{in_use, is_asked_for, new_id, number, part, restate, said, vpcs};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
    sharing::{self, Shared, SharedKind},
};

/// A vSwitch that an account may put something into: its own, or one that is shared with it.
#[derive(Clone, Debug)]
pub(crate) struct VSwitch {
    pub(crate) id: String,
    pub(crate) vpc: String,
    /// Whose it and its VPC are.
    pub(crate) owner: AccountId,
    pub(crate) region: RegionId,
    pub(crate) zone: String,
}

/// A vSwitch, in the account of its VPC. Its document's name is its id.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Switch {
    pub(super) vpc: String,
    region: RegionId,
    zone: String,
    pub(super) block: VSwitchBlock,
    name: String,
    description: String,
    /// Who has which of its addresses.
    #[serde(default)]
    pub(super) taken: Vec<Taken>,
}

/// An address that somebody has.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Taken {
    pub(super) address: Ipv4Addr,
    /// An instance's id.
    pub(super) holder: String,
}

/// vSwitches of a VPC: the cloud's own quota.
const MOST_VSWITCHES: usize = 150;

impl Document for Switch {
    const KIND: DocumentKind = DocumentKind::VSwitch;
}

impl Service {
    /// CreateVSwitch.
    pub(crate) async fn create_vswitch(
        &self,
        caller: &Caller,
        call: CreateVSwitch,
    ) -> Result<response::CreateVSwitch, Failure> {
        let account = self.own(caller, Action::CreateVSwitch, vpcs::vpc(&call.vpc_id))?;
        let now = self.now();
        let id = new_id("vsw")?;
        {
            let (id, call) = (&id, &call);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let vpc = vpcs::find(tx, account, &call.vpc_id).await?;
                    if !vpc.body.block.covers(call.block) {
                        return Err(outside().into());
                    }
                    let mut others = documents::all::<Switch>(tx, account).await?;
                    others.retain(|other| other.body.vpc == vpc.name);
                    if others
                        .iter()
                        .any(|other| other.body.block.overlaps(call.block))
                    {
                        return Err(overlaps().into());
                    }
                    if others.len() >= MOST_VSWITCHES {
                        return Err(vpcs::too_many("vSwitches in the VPC").into());
                    }
                    let body = Switch {
                        vpc: vpc.name,
                        region: vpc.body.region,
                        zone: call.zone_id.clone(),
                        block: call.block,
                        name: said(call.vswitch_name.as_ref()),
                        description: said(call.description.as_ref()),
                        taken: Vec::new(),
                    };
                    documents::create(tx, account, id, &body, now).await
                })
            })
            .await?;
        }
        Ok(response::CreateVSwitch { vswitch_id: id })
    }

    /// DescribeVSwitches.
    pub(crate) async fn describe_vswitches(
        &self,
        caller: &Caller,
        call: DescribeVSwitches,
    ) -> Result<response::DescribeVSwitches, Failure> {
        let account = self.own(caller, Action::DescribeVSwitches, resource("*"))?;
        let call = &call;
        let (vswitch, total_count) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut seen = Vec::new();
                    for (owner, found) in documents::everywhere::<Switch>(tx, None).await? {
                        let is_wanted = is_asked_for(call.vswitch_ids.as_deref(), &found.name)
                            && is_asked_for(call.vpc_id.as_deref(), &found.body.vpc)
                            && is_asked_for(call.zone_id.as_deref(), &found.body.zone)
                            && call
                                .vswitch_name
                                .as_ref()
                                .is_none_or(|own| *own == found.body.name);
                        if is_wanted && sees(tx, account, &owner, &found.name).await? {
                            seen.push((owner, found));
                        }
                    }
                    let (seen, total) = part(seen, call.page);
                    let mut told = Vec::with_capacity(seen.len());
                    for (owner, found) in seen {
                        told.push(tell(tx, account, &owner, found).await?);
                    }
                    Ok::<_, Failure>((told, total))
                })
            })
            .await?;
        Ok(response::DescribeVSwitches {
            vswitches: response::VSwitches { vswitch },
            page_number: call.page.number,
            page_size: call.page.size,
            total_count,
        })
    }

    /// DescribeVSwitchAttributes.
    pub(crate) async fn describe_vswitch(
        &self,
        caller: &Caller,
        call: DescribeVSwitchAttributes,
    ) -> Result<response::VSwitch, Failure> {
        let id = call.vswitch_id.as_str();
        let account = self.own(caller, Action::DescribeVSwitchAttributes, resource(id))?;
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let (owner, found) = visible(tx, account, id).await?;
                tell(tx, account, &owner, found).await
            })
        })
        .await
    }

    /// ModifyVSwitchAttribute.
    pub(crate) async fn modify_vswitch(
        &self,
        caller: &Caller,
        call: ModifyVSwitchAttribute,
    ) -> Result<response::Empty, Failure> {
        let resource = resource(&call.vswitch_id);
        let account = self.own(caller, Action::ModifyVSwitchAttribute, resource)?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut found = find(tx, account, &call.vswitch_id).await?;
                restate(&mut found.body.name, call.vswitch_name.as_ref());
                restate(&mut found.body.description, call.description.as_ref());
                documents::update(tx, account, &found).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DeleteVSwitch; refused while an instance has an address of it.
    pub(crate) async fn delete_vswitch(
        &self,
        caller: &Caller,
        call: DeleteVSwitch,
    ) -> Result<response::Empty, Failure> {
        let id = call.vswitch_id.as_str();
        let account = self.own(caller, Action::DeleteVSwitch, resource(id))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let found = find(tx, account, id).await?;
                if let Some(taken) = found.body.taken.first() {
                    let by = format!("the KMS instance {} is in it", taken.holder);
                    return Err(in_use(&by).into());
                }
                documents::remove::<Switch>(tx, account, id).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

/// The vSwitch, if it is the account's own or is shared with it.
///
/// # Errors
/// `InvalidVSwitchId.NotFound`.
pub(crate) async fn vswitch(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<VSwitch, Failure> {
    let (owner, found) = visible(tx, account, id).await?;
    Ok(VSwitch {
        id: found.name,
        vpc: found.body.vpc,
        owner,
        region: found.body.region,
        zone: found.body.zone,
    })
}

/// The account's own vSwitch.
///
/// # Errors
/// As [`vswitch`].
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<Named<Switch>, Failure> {
    let found = documents::look_up(tx, account, id).await?;
    found.ok_or_else(|| missing().into())
}

async fn visible(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<(AccountId, Named<Switch>), Failure> {
    let found = documents::everywhere::<Switch>(tx, Some(id)).await?.pop();
    let (owner, found) = found.ok_or_else(missing)?;
    if sees(tx, account, &owner, id).await? {
        return Ok((owner, found));
    }
    Err(missing().into())
}

async fn sees(
    tx: &mut dyn Tx,
    account: &AccountId,
    owner: &AccountId,
    id: &str,
) -> Result<bool, Failure> {
    Ok(account == owner
        || sharing::principals(tx, owner, &shared(id))
            .await?
            .contains(account))
}

async fn tell(
    tx: &mut dyn Tx,
    account: &AccountId,
    owner: &AccountId,
    found: Named<Switch>,
) -> Result<response::VSwitch, Failure> {
    let share_type = if account != owner {
        "Shared"
    } else if sharing::principals(tx, owner, &shared(&found.name))
        .await?
        .is_empty()
    {
        ""
    } else {
        "Sharing"
    };
    let vpc = vpcs::find(tx, owner, &found.body.vpc).await?;
    Ok(response::VSwitch {
        available_ip_address_count: found.body.free(),
        vswitch_id: found.name,
        vswitch_name: found.body.name,
        description: found.body.description,
        vpc_id: found.body.vpc,
        zone_id: found.body.zone,
        cidr_block: found.body.block.to_string(),
        status: "Available".to_owned(),
        creation_time: write_timestamp(found.created),
        owner_id: number(owner),
        is_default: false,
        share_type: share_type.to_owned(),
        route_table: response::RouteTableOfVSwitch {
            route_table_id: vpc.body.route_table,
            route_table_type: "System".to_owned(),
        },
        resource_group_id: String::new(),
    })
}

fn shared(id: &str) -> Shared {
    Shared {
        kind: SharedKind::VSwitch,
        id: id.to_owned(),
    }
}

fn resource(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "vpc",
        kind: "vswitch",
        name: id,
    }
}

fn missing() -> ApiError {
    ApiError::new(
        ErrorCode::VSwitchNotFound,
        "The specified vSwitch does not exist, or is not shared with this account.",
    )
}

fn outside() -> ApiError {
    ApiError::new(
        ErrorCode::BlockOutside,
        "The specified CIDR block does not lie in that of the VPC.",
    )
}

fn overlaps() -> ApiError {
    ApiError::new(
        ErrorCode::BlockOverlaps,
        "The specified CIDR block overlaps with that of another vSwitch.",
    )
}

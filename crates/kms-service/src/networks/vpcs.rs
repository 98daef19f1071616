use kms_store::{DocumentKind, Mode, Tx};
use kms_types::{AccountId, ErrorCode, RegionId, VpcBlock};
use kms_wire::{
    Action, ApiError,
    request::{CreateVpc, DeleteVpc, DescribeVpcAttribute, DescribeVpcs, ModifyVpcAttribute},
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    VpcKey, cen, grants::Grant, in_use, is_asked_for, new_id, no_vpc, number, part, peers, restate,
    said, vswitches::Switch, zones,
};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
};

/// A VPC. Its document's name is its id.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Vpc {
    pub(super) region: RegionId,
    pub(super) block: VpcBlock,
    pub(super) name: String,
    description: String,
    /// `vrt-…`.
    pub(super) router: String,
    /// `vtb-…`.
    pub(super) route_table: String,
    /// Which networks of other accounts may attach it.
    #[serde(default)]
    pub(super) grants: Vec<Grant>,
}

/// VPCs of an account; the cloud begins with 10 and gives more to who asks.
const MOST_VPCS: u64 = 100;

/// What a VPC is made of if nobody says.
const USUAL: &str = "172.16.0.0/12";

impl Document for Vpc {
    const KIND: DocumentKind = DocumentKind::Vpc;
}

impl Service {
    /// CreateVpc.
    pub(crate) async fn create_vpc(
        &self,
        caller: &Caller,
        call: CreateVpc,
    ) -> Result<response::CreateVpc, Failure> {
        let account = self.own(caller, Action::CreateVpc, vpc("*"))?;
        let now = self.now();
        let usual = || USUAL.parse().map_err(|_never| ApiError::internal());
        let body = Vpc {
            region: call.region.unwrap_or_else(|| self.region().clone()),
            block: call.block.map_or_else(usual, Ok)?,
            name: said(call.vpc_name.as_ref()),
            description: said(call.description.as_ref()),
            router: new_id("vrt")?,
            route_table: new_id("vtb")?,
            grants: Vec::new(),
        };
        let id = new_id("vpc")?;
        {
            let (id, body) = (&id, &body);
            self.tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if documents::count::<Vpc>(tx, account).await? >= MOST_VPCS {
                        return Err(too_many("VPCs in an account").into());
                    }
                    documents::create(tx, account, id, body, now).await
                })
            })
            .await?;
        }
        Ok(response::CreateVpc {
            vpc_id: id,
            vrouter_id: body.router,
            route_table_id: body.route_table,
            resource_group_id: String::new(),
        })
    }

    /// DescribeVpcs.
    pub(crate) async fn describe_vpcs(
        &self,
        caller: &Caller,
        call: DescribeVpcs,
    ) -> Result<response::DescribeVpcs, Failure> {
        let account = self.own(caller, Action::DescribeVpcs, vpc("*"))?;
        let call = &call;
        let (vpcs, total_count) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let mut found = documents::all::<Vpc>(tx, account).await?;
                    found.retain(|vpc| {
                        is_asked_for(call.vpc_ids.as_deref(), &vpc.name)
                            && call
                                .region
                                .as_ref()
                                .is_none_or(|own| *own == vpc.body.region)
                            && call
                                .vpc_name
                                .as_ref()
                                .is_none_or(|own| *own == vpc.body.name)
                    });
                    let (found, total) = part(found, call.page);
                    let mut vpcs = Vec::with_capacity(found.len());
                    for vpc in found {
                        vpcs.push(summary(&whole(tx, account, vpc).await?));
                    }
                    Ok::<_, Failure>((vpcs, total))
                })
            })
            .await?;
        Ok(response::DescribeVpcs {
            vpcs: response::Vpcs { vpc: vpcs },
            page_number: call.page.number,
            page_size: call.page.size,
            total_count,
        })
    }

    /// DescribeVpcAttribute.
    pub(crate) async fn describe_vpc(
        &self,
        caller: &Caller,
        call: DescribeVpcAttribute,
    ) -> Result<response::DescribeVpcAttribute, Failure> {
        let id = call.vpc_id.as_str();
        let account = self.own(caller, Action::DescribeVpcAttribute, vpc(id))?;
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let found = find(tx, account, id).await?;
                whole(tx, account, found).await
            })
        })
        .await
    }

    /// ModifyVpcAttribute.
    pub(crate) async fn modify_vpc(
        &self,
        caller: &Caller,
        call: ModifyVpcAttribute,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(caller, Action::ModifyVpcAttribute, vpc(&call.vpc_id))?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut found = find(tx, account, &call.vpc_id).await?;
                restate(&mut found.body.name, call.vpc_name.as_ref());
                restate(&mut found.body.description, call.description.as_ref());
                documents::update(tx, account, &found).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DeleteVpc; refused while it has vSwitches or is connected.
    pub(crate) async fn delete_vpc(
        &self,
        caller: &Caller,
        call: DeleteVpc,
    ) -> Result<response::Empty, Failure> {
        let id = call.vpc_id.as_str();
        let account = self.own(caller, Action::DeleteVpc, vpc(id))?;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                find(tx, account, id).await?;
                let key = VpcKey {
                    owner: account.clone(),
                    id: id.to_owned(),
                };
                let switches = documents::all::<Switch>(tx, account).await?;
                if switches.iter().any(|own| own.body.vpc == id) {
                    return Err(ApiError::new(
                        ErrorCode::VpcHasVSwitches,
                        "The VPC still has vSwitches.",
                    )
                    .into());
                }
                if peers::all(tx).await?.iter().any(|peer| peer.has(&key)) {
                    return Err(in_use("it has a peering connection").into());
                }
                if !cen::with(tx, &key).await?.is_empty() {
                    return Err(in_use("it is attached to a Cloud Enterprise Network").into());
                }
                if !zones::seen_by(tx, std::slice::from_ref(&key))
                    .await?
                    .is_empty()
                {
                    return Err(in_use("a private zone is bound to it").into());
                }
                documents::remove::<Vpc>(tx, account, id).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }
}

/// The account's VPC.
///
/// # Errors
/// `InvalidVpcId.NotFound`.
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<Named<Vpc>, Failure> {
    let found = documents::look_up(tx, account, id).await?;
    found.ok_or_else(|| no_vpc().into())
}

pub(super) fn too_many(what: &str) -> ApiError {
    ApiError::new(
        ErrorCode::NetworkQuota,
        format!("There are as many {what} as there may be."),
    )
}

/// What there is to be told of it.
async fn whole(
    tx: &mut dyn Tx,
    account: &AccountId,
    vpc: Named<Vpc>,
) -> Result<response::DescribeVpcAttribute, Failure> {
    let key = VpcKey {
        owner: account.clone(),
        id: vpc.name,
    };
    let switches = documents::all::<Switch>(tx, account).await?;
    let own = switches.into_iter().filter(|own| own.body.vpc == key.id);
    let vswitch_id = own.map(|own| own.name).collect();
    let cens = cen::with(tx, &key).await?;
    let associated_cen = cens
        .into_iter()
        .map(|(owner, cen_id)| response::AssociatedCen {
            cen_id,
            cen_owner_id: number(&owner),
            cen_status: "Attached".to_owned(),
        });
    Ok(response::DescribeVpcAttribute {
        vpc_name: vpc.body.name,
        description: vpc.body.description,
        cidr_block: vpc.body.block.to_string(),
        region_id: vpc.body.region.to_string(),
        status: "Available".to_owned(),
        creation_time: write_timestamp(vpc.created),
        owner_id: number(account),
        is_default: false,
        classic_link_enabled: false,
        vrouter_id: vpc.body.router,
        vswitch_ids: response::VSwitchIds { vswitch_id },
        associated_cens: response::AssociatedCens {
            associated_cen: associated_cen.collect(),
        },
        resource_group_id: String::new(),
        vpc_id: key.id,
    })
}

fn summary(whole: &response::DescribeVpcAttribute) -> response::Vpc {
    let cens = &whole.associated_cens.associated_cen;
    response::Vpc {
        vpc_id: whole.vpc_id.clone(),
        vpc_name: whole.vpc_name.clone(),
        description: whole.description.clone(),
        cidr_block: whole.cidr_block.clone(),
        region_id: whole.region_id.clone(),
        status: whole.status.clone(),
        creation_time: whole.creation_time.clone(),
        owner_id: whole.owner_id,
        is_default: false,
        vrouter_id: whole.vrouter_id.clone(),
        router_table_ids: response::VpcRouteTableIds::default(),
        vswitch_ids: whole.vswitch_ids.clone(),
        cen_status: cens
            .first()
            .map(|cen| cen.cen_status.clone())
            .unwrap_or_default(),
        resource_group_id: String::new(),
    }
}

pub(super) fn vpc(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "vpc",
        kind: "vpc",
        name: id,
    }
}

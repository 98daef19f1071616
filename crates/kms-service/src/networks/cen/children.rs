//! What is attached to a Cloud Enterprise Network.

use jiff::Timestamp;
use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode, RegionId};
use kms_wire::{
    Action, ApiError,
    request::{
        AttachCenChildInstance, DescribeCenAttachedChildInstanceAttribute,
        DescribeCenAttachedChildInstances, DetachCenChildInstance,
    },
    response, write_timestamp,
};

use super::{Child, find, resource, with};
use crate::{
    Caller, Service, documents,
    failure::Failure,
    networks::{VpcKey, check_is_vpc, number, part, vpcs::Vpc},
};

const KIND: &str = "ChildInstanceType";

impl Service {
    /// AttachCenChildInstance: a VPC of another account must have been granted.
    pub(crate) async fn attach_to_cen(
        &self,
        caller: &Caller,
        call: AttachCenChildInstance,
    ) -> Result<response::Empty, Failure> {
        let id = call.cen_id.as_str();
        let account = self.own(caller, Action::AttachCenChildInstance, resource(id))?;
        check_is_vpc(KIND, &call.child_type)?;
        let vpc = &VpcKey {
            owner: call.child_owner.unwrap_or_else(|| account.clone()),
            id: call.child_id,
        };
        let (region, now) = (&call.child_region, self.now());
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut cen = find(tx, account, id).await?;
                check_may(tx, account, id, vpc, region).await?;
                // As in the cloud, a VPC is in one network at most.
                if !with(tx, vpc).await?.is_empty() {
                    return Err(ApiError::new(
                        ErrorCode::CenChildAttached,
                        "The VPC is attached to a CEN instance already.",
                    )
                    .into());
                }
                cen.body.children.push(Child {
                    vpc: vpc.clone(),
                    region: region.clone(),
                    attached: now.as_millisecond(),
                });
                documents::update(tx, account, &cen).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DetachCenChildInstance: the owner of either may.
    pub(crate) async fn detach_from_cen(
        &self,
        caller: &Caller,
        call: DetachCenChildInstance,
    ) -> Result<response::Empty, Failure> {
        let account = self.own(
            caller,
            Action::DetachCenChildInstance,
            resource(&call.cen_id),
        )?;
        check_is_vpc(KIND, &call.child_type)?;
        let (call, owner) = (&call, call.cen_owner.as_ref().unwrap_or(account));
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut cen = find(tx, owner, &call.cen_id).await?;
                let before = cen.body.children.len();
                cen.body.children.retain(|child| {
                    let may = owner == account || child.vpc.owner == *account;
                    !(may && child.vpc.id == call.child_id && child.region == call.child_region)
                });
                if cen.body.children.len() == before {
                    return Err(no_child().into());
                }
                documents::update(tx, owner, &cen).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DescribeCenAttachedChildInstances.
    pub(crate) async fn describe_cen_children(
        &self,
        caller: &Caller,
        call: DescribeCenAttachedChildInstances,
    ) -> Result<response::DescribeCenAttachedChildInstances, Failure> {
        let id = call.cen_id.as_str();
        let action = Action::DescribeCenAttachedChildInstances;
        let account = self.own(caller, action, resource(id))?;
        let cen = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { find(&mut *tx, account, id).await })
            })
            .await?;
        let (children, total_count) = part(cen.body.children, call.page);
        let children = children.into_iter().map(|child| response::CenChildSummary {
            cen_id: id.to_owned(),
            child_instance_id: child.vpc.id,
            child_instance_owner_id: number(&child.vpc.owner),
            child_instance_region_id: child.region.to_string(),
            child_instance_type: "VPC".to_owned(),
            child_instance_attach_time: since(child.attached),
            status: "Attached".to_owned(),
        });
        Ok(response::DescribeCenAttachedChildInstances {
            child_instances: response::CenChildren {
                child_instance: children.collect(),
            },
            page_number: call.page.number,
            page_size: call.page.size,
            total_count,
        })
    }

    /// DescribeCenAttachedChildInstanceAttribute.
    pub(crate) async fn describe_cen_child(
        &self,
        caller: &Caller,
        call: DescribeCenAttachedChildInstanceAttribute,
    ) -> Result<response::CenChild, Failure> {
        let action = Action::DescribeCenAttachedChildInstanceAttribute;
        let account = self.own(caller, action, resource(&call.cen_id))?;
        check_is_vpc(KIND, &call.child_type)?;
        let call = &call;
        let (child, vpc) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let cen = find(tx, account, &call.cen_id).await?;
                    let mut children = cen.body.children.into_iter();
                    let child = children
                        .find(|child| {
                            child.vpc.id == call.child_id && child.region == call.child_region
                        })
                        .ok_or_else(no_child)?;
                    let (owner, id) = (&child.vpc.owner, &child.vpc.id);
                    let vpc = documents::look_up::<Vpc>(tx, owner, id).await?;
                    Ok::<_, Failure>((child, vpc.ok_or_else(no_child)?))
                })
            })
            .await?;
        Ok(response::CenChild {
            cen_id: call.cen_id.clone(),
            child_instance_id: child.vpc.id,
            child_instance_name: vpc.body.name,
            child_instance_owner_id: number(&child.vpc.owner),
            child_instance_region_id: child.region.to_string(),
            child_instance_type: "VPC".to_owned(),
            child_instance_attach_time: since(child.attached),
            child_instance_attributes: response::CenChildAttributes {
                cidr_block: vpc.body.block.to_string(),
            },
            status: "Attached".to_owned(),
        })
    }
}

/// Whether the account may attach the VPC to its network.
async fn check_may(
    tx: &mut dyn Tx,
    account: &AccountId,
    cen: &str,
    vpc: &VpcKey,
    region: &RegionId,
) -> Result<(), Failure> {
    let found = documents::look_up::<Vpc>(tx, &vpc.owner, &vpc.id).await?;
    let is_granted = |vpc: &Vpc| {
        let mut grants = vpc.grants.iter();
        grants.any(|grant| grant.cen == cen && grant.owner == *account)
    };
    match found {
        Some(found) if vpc.owner == *account && found.body.region == *region => Ok(()),
        Some(found) if is_granted(&found.body) && found.body.region == *region => Ok(()),
        // Whether there is such a VPC is nobody else's business.
        _ if vpc.owner != *account => Err(ApiError::new(
            ErrorCode::CenNotGranted,
            "The owner of the VPC has not granted it to the CEN instance (GrantInstanceToCen).",
        )
        .into()),
        _ => Err(no_child().into()),
    }
}

fn since(milliseconds: i64) -> String {
    let moment = Timestamp::from_millisecond(milliseconds);
    moment.map(write_timestamp).unwrap_or_default()
}

fn no_child() -> ApiError {
    ApiError::new(
        ErrorCode::CenChildNotFound,
        "The specified network instance does not exist, or is not attached.",
    )
}

//! What is told of shares.

use jiff::Timestamp;
use kms_types::AccountId;
use kms_wire::{
    request::{AssociationType, ShareStatus, ShareTarget},
    response, write_timestamp,
};

use super::share::{Association, Reason, Share, Shared, SharedKind};
use crate::{
    Service,
    authorise::Resource,
    documents::{Document, Named},
    failure::Failure,
};

pub(super) fn share(
    owner: &AccountId,
    share: &Named<Share>,
) -> Result<response::ResourceShare, Failure> {
    Ok(response::ResourceShare {
        resource_share_id: share.name.clone(),
        resource_share_name: share.body.name.clone(),
        resource_share_owner: owner.to_string(),
        resource_share_status: status(&share.body).to_string(),
        allow_external_targets: false,
        create_time: write_timestamp(share.created),
        update_time: moment(share.body.updated)?,
    })
}

pub(super) fn status(share: &Share) -> ShareStatus {
    if share.is_deleted {
        ShareStatus::Deleted
    } else {
        ShareStatus::Active
    }
}

pub(super) fn resource(
    service: &Service,
    owner: &AccountId,
    share: &Named<Share>,
    own: &Association<Shared>,
) -> Result<response::ResourceShareAssociation, Failure> {
    let entity = Entity {
        kind: AssociationType::Resource,
        id: own.of.id.clone(),
        of: own.of.kind.as_str(),
        arn: Some(arn(service, owner, &own.of)),
    };
    association(share, own, entity)
}

pub(super) fn target(
    share: &Named<Share>,
    own: &Association<ShareTarget>,
) -> Result<response::ResourceShareAssociation, Failure> {
    let entity = Entity {
        kind: AssociationType::Target,
        id: own.of.to_string(),
        of: own.of.kind(),
        arn: None,
    };
    association(share, own, entity)
}

pub(super) fn arn(service: &Service, owner: &AccountId, shared: &Shared) -> String {
    let resource = match shared.kind {
        SharedKind::KmsInstance => Resource::instance(&shared.id),
        SharedKind::VSwitch => Resource::Of {
            product: "vpc",
            kind: "vswitch",
            name: &shared.id,
        },
    };
    service.resource_arn(owner, resource)
}

/// Milliseconds since 1970 as they travel.
pub(super) fn moment(moment: i64) -> Result<String, Failure> {
    Timestamp::from_millisecond(moment)
        .map(write_timestamp)
        .map_err(|_no_moment| Failure::Document(Share::KIND.as_str()))
}

struct Entity {
    kind: AssociationType,
    id: String,
    of: &'static str,
    arn: Option<String>,
}

fn association<T>(
    share: &Named<Share>,
    own: &Association<T>,
    entity: Entity,
) -> Result<response::ResourceShareAssociation, Failure> {
    let failure = own.failure.as_ref();
    let details = failure.map(|reason| response::AssociationFailure {
        operation_type: "Associate".to_owned(),
        entity_id: reason.instance.clone(),
        entity_type: SharedKind::KmsInstance.as_str().to_owned(),
        failure_reason: Reason::CODE.to_owned(),
        failure_description: reason.describe(),
    });
    Ok(response::ResourceShareAssociation {
        resource_share_id: share.name.clone(),
        resource_share_name: share.body.name.clone(),
        association_type: entity.kind.to_string(),
        entity_id: entity.id,
        entity_type: entity.of.to_owned(),
        resource_arn: entity.arn,
        association_status: own.status.to_string(),
        association_status_message: failure.map(|_reason| Reason::CODE.to_owned()),
        association_failed_details: details.into_iter().collect(),
        external: false,
        create_time: moment(own.created)?,
        update_time: moment(own.updated)?,
    })
}

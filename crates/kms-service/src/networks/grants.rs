use jiff::Timestamp;
use kms_store::Mode;
use kms_types::AccountId;
use kms_wire::{
    Action,
    request::{DescribeGrantRulesToCen, GrantInstanceToCen, RevokeInstanceFromCen},
    response, write_timestamp,
};
use serde::{Deserialize, Serialize};

use super::{check_is_vpc, number, part, vpcs};
use crate::{Caller, Service, documents, failure::Failure};

/// That a Cloud Enterprise Network of another account may attach a VPC.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Grant {
    pub(super) cen: String,
    pub(super) owner: AccountId,
    /// Milliseconds since 1970.
    since: i64,
}

const KIND: &str = "InstanceType";

impl Service {
    /// GrantInstanceToCen; again is no error.
    pub(crate) async fn grant_to_cen(
        &self,
        caller: &Caller,
        call: GrantInstanceToCen,
    ) -> Result<response::Empty, Failure> {
        let resource = vpcs::vpc(&call.instance_id);
        let account = self.own(caller, Action::GrantInstanceToCen, resource)?;
        check_is_vpc(KIND, &call.instance_type)?;
        let (call, now) = (&call, self.now());
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut vpc = vpcs::find(tx, account, &call.instance_id).await?;
                let grants = &mut vpc.body.grants;
                if grants
                    .iter()
                    .any(|own| own.is(&call.cen_id, &call.cen_owner))
                {
                    return Ok(());
                }
                grants.push(Grant {
                    cen: call.cen_id.clone(),
                    owner: call.cen_owner.clone(),
                    since: now.as_millisecond(),
                });
                documents::update(tx, account, &vpc).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// RevokeInstanceFromCen; what was not granted is no error.
    pub(crate) async fn revoke_from_cen(
        &self,
        caller: &Caller,
        call: RevokeInstanceFromCen,
    ) -> Result<response::Empty, Failure> {
        let resource = vpcs::vpc(&call.instance_id);
        let account = self.own(caller, Action::RevokeInstanceFromCen, resource)?;
        check_is_vpc(KIND, &call.instance_type)?;
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut vpc = vpcs::find(tx, account, &call.instance_id).await?;
                let grants = &mut vpc.body.grants;
                grants.retain(|own| !own.is(&call.cen_id, &call.cen_owner));
                documents::update(tx, account, &vpc).await
            })
        })
        .await?;
        Ok(response::Empty {})
    }

    /// DescribeGrantRulesToCen.
    pub(crate) async fn describe_cen_grants(
        &self,
        caller: &Caller,
        call: DescribeGrantRulesToCen,
    ) -> Result<response::DescribeGrantRulesToCen, Failure> {
        let id = call.instance_id.as_str();
        let account = self.own(caller, Action::DescribeGrantRulesToCen, vpcs::vpc(id))?;
        check_is_vpc(KIND, &call.instance_type)?;
        let vpc = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { vpcs::find(&mut *tx, account, id).await })
            })
            .await?;
        let (grants, total_count) = part(vpc.body.grants, call.page);
        let rules = grants.into_iter().map(|grant| response::CenGrantRule {
            cen_instance_id: grant.cen,
            cen_owner_id: number(&grant.owner),
            creation_time: Timestamp::from_millisecond(grant.since)
                .map(write_timestamp)
                .unwrap_or_default(),
        });
        Ok(response::DescribeGrantRulesToCen {
            cen_grant_rules: response::CenGrantRules {
                cbn_grant_rule: rules.collect(),
            },
            page_number: call.page.number,
            page_size: call.page.size,
            total_count,
        })
    }
}

// === impl Grant ===

impl Grant {
    fn is(&self, cen: &str, owner: &AccountId) -> bool {
        self.cen == cen && self.owner == *owner
    }
}

use jiff::Timestamp;
use kms_store::Mode;
use kms_types::{AccountId, InstanceId};
use kms_wire::{
    Action, ApiError,
    request::{PeriodUnit, ProductCode, QueryAvailableInstances, Renewal, SetRenewal, Within},
    response::{self, AvailableInstance, AvailableInstances, RenewalSet},
    write_timestamp,
};

use super::{
    Purchase,
    modify::{bought, check_payment},
    period_end,
};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    instances::Instance,
};

/// Instances that a call may name.
const MOST_NAMED: usize = 100;

impl Service {
    /// SetRenewal.
    pub(crate) async fn set_renewal(
        &self,
        caller: &Caller,
        call: SetRenewal,
    ) -> Result<RenewalSet, Failure> {
        let account = self.own(caller, Action::SetRenewal, Resource::Account)?;
        let ids = &named(&call.instances)?;
        let months = months(&call)?;
        let (call, now) = (&call, self.now());
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                for id in ids {
                    let (mut found, mut purchase) = bought(tx, account, id.as_str()).await?;
                    check_payment(&purchase, call.goods, call.payment)?;
                    // How often it has renewed itself until now stays.
                    purchase.end = purchase.ends(now).map(Timestamp::as_millisecond);
                    purchase.renewal = call.renewal;
                    purchase.renewal_months = match call.renewal {
                        Renewal::Auto => months.or(purchase.renewal_months),
                        Renewal::Manual | Renewal::Not => None,
                    };
                    purchase.renew_if_over(now);
                    found.body.purchase = Some(purchase);
                    documents::update(tx, account, &found).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .await?;
        Ok(RenewalSet::default())
    }

    /// QueryAvailableInstances, in all regions, which is one.
    pub(crate) async fn bought_instances(
        &self,
        caller: &Caller,
        call: QueryAvailableInstances,
    ) -> Result<response::QueryAvailableInstances, Failure> {
        let account = self.own(caller, Action::QueryAvailableInstances, Resource::Account)?;
        let ids = call.instances.as_deref().map(named).transpose()?;
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move { documents::all::<Instance>(&mut *tx, account).await })
            })
            .await?;
        let is_here = call.region.as_ref().is_none_or(|own| own == self.region());
        let wanted = |own: &Named<Instance>, purchase: &Purchase| {
            is_here
                && ids.as_ref().is_none_or(|ids| {
                    let mut ids = ids.iter();
                    ids.any(|id| id.as_str() == own.name)
                })
                && call.goods.is_none_or(|goods| goods == purchase.goods)
                && call
                    .payment
                    .is_none_or(|payment| payment == purchase.goods.payment)
        };
        let found: Vec<_> = all
            .into_iter()
            .filter_map(|mut own| {
                let purchase = own.body.purchase.take()?;
                wanted(&own, &purchase).then(|| self.sold(account, &own, &purchase))
            })
            .collect();
        let page_num = call.page.map_or(1, Within::get);
        let page_size = call.page_size.map_or(20, Within::get);
        let size = usize::try_from(page_size).unwrap_or(usize::MAX);
        let before = usize::try_from(page_num.saturating_sub(1)).unwrap_or(usize::MAX);
        let total_count = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let page = found.into_iter().skip(before.saturating_mul(size));
        Ok(response::QueryAvailableInstances {
            data: AvailableInstances {
                page_num,
                page_size,
                total_count,
                instance_list: page.take(size).collect(),
            },
            ..response::QueryAvailableInstances::default()
        })
    }

    fn sold(
        &self,
        account: &AccountId,
        instance: &Named<Instance>,
        purchase: &Purchase,
    ) -> AvailableInstance {
        let now = self.now();
        let end = purchase.ends(now).map(write_timestamp);
        let unit = purchase.renewal_months.map(|_| PeriodUnit::Month.as_str());
        AvailableInstance {
            instance_id: instance.name.clone(),
            owner_id: account.as_str().parse().unwrap_or_default(),
            product_code: ProductCode::Kms.to_string(),
            product_type: purchase.goods.to_string(),
            subscription_type: purchase.goods.payment.to_string(),
            region: self.region().to_string(),
            status: purchase.sale_status(now).to_owned(),
            create_time: write_timestamp(instance.created),
            end_time: end.unwrap_or_default(),
            renew_status: purchase.renewal.to_string(),
            renewal_duration: purchase.renewal_months,
            renewal_duration_unit: unit.unwrap_or_default().to_owned(),
        }
    }
}

// === impl Purchase ===

impl Purchase {
    /// One that has ended and is to renew itself from now on does so at once.
    fn renew_if_over(&mut self, now: Timestamp) {
        let is_over = self.end.is_some_and(|end| end <= now.as_millisecond());
        let months = self.renewal_months.or(self.months);
        if let (Renewal::Auto, true, Some(months)) = (self.renewal, is_over, months) {
            let end = period_end(now, months).map(Timestamp::as_millisecond);
            self.end = end.or(self.end);
        }
    }
}

/// For how long what renews itself is renewed.
fn months(call: &SetRenewal) -> Result<Option<u32>, ApiError> {
    let unit = match call.unit {
        Some(PeriodUnit::Year) => 12,
        Some(PeriodUnit::Month) | None => 1,
    };
    match (call.renewal, call.period.map(Within::get)) {
        (Renewal::Auto, Some(0)) => Err(ApiError::invalid_parameter(
            "RenewalPeriod",
            "must be a number from 1 to 60",
        )),
        (_, count) => Ok(count.map(|count| count.saturating_mul(unit))),
    }
}

/// Ids with commas between them.
fn named(text: &str) -> Result<Vec<InstanceId>, ApiError> {
    let ids: Result<Vec<_>, _> = text.split(',').map(|id| id.trim().parse()).collect();
    let ids = ids.map_err(|reason| ApiError::invalid_parameter("InstanceIDs", reason))?;
    if ids.len() > MOST_NAMED {
        return Err(ApiError::invalid_parameter(
            "InstanceIDs",
            "names more than 100 instances",
        ));
    }
    Ok(ids)
}

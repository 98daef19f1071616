use jiff::Timestamp;
use kms_store::Mode;
use kms_types::ErrorCode;
use kms_wire::{
    Action, ApiError,
    request::{Payment, RenewInstance},
    response::InstanceChanged,
};
use serde::{Deserialize, Serialize};

use super::{
    Purchase,
    modify::{bought, changed, check_payment},
    months_after,
    order::check_token,
    order_id, period_end,
};
use crate::{Caller, Service, authorise::Resource, documents, failure::Failure};

/// A renewal that a client named, for when it asks again.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Renewed {
    token: String,
    months: u32,
    order_id: String,
}

impl Service {
    /// RenewInstance: for more months, from the end on or, if that is past, from now on. The
    /// same ClientToken as the last time renews nothing.
    pub(crate) async fn renew_instance(
        &self,
        caller: &Caller,
        call: RenewInstance,
    ) -> Result<InstanceChanged, Failure> {
        let account = self.own(caller, Action::RenewInstance, Resource::Account)?;
        check_token(call.client_token.as_deref())?;
        let now = self.now();
        let (call, order_id) = (&call, &order_id()?);
        let order_id = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let (mut found, mut purchase) =
                        bought(tx, account, call.instance.as_str()).await?;
                    check_payment(&purchase, call.goods, Some(Payment::Subscription))?;
                    if let Some(before) = purchase.renewed_by(call)? {
                        return Ok(before);
                    }
                    let months = call.period.get();
                    purchase.renew(months, now)?;
                    purchase.renewed = call.client_token.clone().map(|token| Renewed {
                        token,
                        months,
                        order_id: order_id.clone(),
                    });
                    found.body.purchase = Some(purchase);
                    documents::update(tx, account, &found).await?;
                    Ok::<_, Failure>(order_id.clone())
                })
            })
            .await?;
        Ok(changed(order_id))
    }
}

// === impl Purchase ===

impl Purchase {
    /// The order by which the same call renewed it before.
    ///
    /// # Errors
    /// `IdempotentParameterMismatch`.
    fn renewed_by(&self, call: &RenewInstance) -> Result<Option<String>, ApiError> {
        let Some(before) = &self.renewed else {
            return Ok(None);
        };
        if call.client_token.as_ref() != Some(&before.token) {
            return Ok(None);
        }
        if call.period.get() != before.months {
            return Err(ApiError::new(
                ErrorCode::TokenMismatch,
                "The same ClientToken came with another RenewPeriod before.",
            ));
        }
        Ok(Some(before.order_id.clone()))
    }

    /// Goes on for so many months: from its end, or from now if that is past.
    ///
    /// # Errors
    /// `InvalidParameter` beyond the end of all calendars.
    pub(super) fn renew(&mut self, months: u32, now: Timestamp) -> Result<(), ApiError> {
        let Some(end) = self.ends(now) else {
            return Ok(());
        };
        let later = if end > now {
            months_after(end, months)
        } else {
            period_end(now, months)
        };
        let later =
            later.ok_or_else(|| ApiError::invalid_parameter("RenewPeriod", "is too long"))?;
        self.end = Some(later.as_millisecond());
        Ok(())
    }
}

use jiff::Timestamp;
use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    Action, ApiError,
    request::{InstanceOrder, ModifyInstance, Payment, ProductType, RefundInstance},
    response::{InstanceChanged, Order},
};

use super::{Purchase, not_bought, order_id};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Named},
    failure::Failure,
    instances::{self, Instance},
};

impl Service {
    /// ModifyInstance, to more or to less, but never below what is used. The official provider
    /// calls both an upgrade.
    pub(crate) async fn modify_instance(
        &self,
        caller: &Caller,
        call: ModifyInstance,
    ) -> Result<InstanceChanged, Failure> {
        let account = self.own(caller, Action::ModifyInstance, Resource::Account)?;
        self.check_order(&call.order)?;
        let now = self.now();
        let (call, order_id) = (&call, order_id()?);
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let (found, purchase) = bought(tx, account, call.instance.as_str()).await?;
                check_payment(&purchase, call.goods, call.payment)?;
                change(tx, account, (found, purchase), &call.order, now).await
            })
        })
        .await?;
        Ok(changed(order_id))
    }

    /// RefundInstance, at once: later would be a promise that nobody keeps.
    pub(crate) async fn refund_instance(
        &self,
        caller: &Caller,
        call: RefundInstance,
    ) -> Result<InstanceChanged, Failure> {
        let account = self.own(caller, Action::RefundInstance, Resource::Account)?;
        if call.release.get() != 1 {
            return Err(ApiError::new(
                ErrorCode::UnsupportedOperation,
                "This server gives instances back at once (ImmediatelyRelease 1), not later.",
            )
            .into());
        }
        let (call, order_id) = (&call, order_id()?);
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let (found, purchase) = bought(tx, account, call.instance.as_str()).await?;
                check_payment(&purchase, call.goods, Some(Payment::Subscription))?;
                instances::give_back(tx, account, &found).await
            })
        })
        .await?;
        Ok(changed(order_id))
    }
}

pub(super) fn changed(order_id: String) -> InstanceChanged {
    InstanceChanged {
        data: Order { order_id },
        ..InstanceChanged::default()
    }
}

/// The account's instance of that id, and what was bought as such.
///
/// # Errors
/// `ResourceNotExists`.
pub(super) async fn bought(
    tx: &mut dyn Tx,
    account: &AccountId,
    id: &str,
) -> Result<(Named<Instance>, Purchase), Failure> {
    let found = documents::look_up::<Instance>(tx, account, id).await?;
    let found = found.ok_or_else(not_bought)?;
    let purchase = found.body.purchase.clone().ok_or_else(not_bought)?;
    Ok((found, purchase))
}

/// That a call speaks of the goods that were bought.
pub(super) fn check_payment(
    purchase: &Purchase,
    goods: Option<ProductType>,
    payment: Option<Payment>,
) -> Result<(), ApiError> {
    let own = purchase.goods.payment;
    if goods.is_some_and(|goods| goods.payment != own) {
        let why = "is not how the instance was bought";
        return Err(ApiError::invalid_parameter("ProductType", why));
    }
    if payment.is_some_and(|payment| payment != own) {
        let why = "is not how the instance is paid, and cannot be changed";
        return Err(ApiError::invalid_parameter("SubscriptionType", why));
    }
    Ok(())
}

async fn change(
    tx: &mut dyn Tx,
    account: &AccountId,
    (mut instance, mut purchase): (Named<Instance>, Purchase),
    order: &InstanceOrder,
    now: Timestamp,
) -> Result<(), Failure> {
    let id = instance.name.clone();
    if let Some(keys) = order.keys {
        check_used(keys, tx.keys().count_in_instance(&id).await?, "KeyNum")?;
        purchase.keys = keys;
    }
    if let Some(secrets) = order.secrets {
        let used = tx.secrets().count_in_instance(&id).await?;
        check_used(secrets, used, "SecretNum")?;
        purchase.secrets = secrets;
    }
    purchase.spec = order.spec.unwrap_or(purchase.spec);
    purchase.log = order.log.unwrap_or(purchase.log);
    purchase.log_storage = order.log_storage.unwrap_or(purchase.log_storage);
    instance.body.accesses = order.accesses.or(instance.body.accesses);
    instance.body.purchase = Some(purchase);
    instances::room(tx, account, &instance).await?.check()?;
    documents::update(tx, account, &instance).await?;
    instances::announce(tx, account, &id, now).await
}

fn check_used(wanted: u32, used: u64, what: &str) -> Result<(), ApiError> {
    if used > u64::from(wanted) {
        return Err(ApiError::new(
            ErrorCode::LimitExceeded,
            format!("The KMS instance uses more than that {what} already."),
        ));
    }
    Ok(())
}

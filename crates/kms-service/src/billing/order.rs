use jiff::Timestamp;
use kms_store::{Mode, Tx};
use kms_types::{AccountId, ErrorCode, InstanceId};
use kms_wire::{
    Action, ApiError, Operation as _,
    request::{CreateInstance, Payment, Renewal},
    response::{InstanceOrdered, OrderedInstance},
};

use super::{MOST_ACCESSES, MOST_CALLS, MOST_KEYS, MOST_SECRETS, Purchase, order_id, period_end};
use crate::{
    Caller, Service, authorise::Resource, documents, failure::Failure, instances::Instance, random,
};

/// Instances of an account. The cloud names no number; each has a certificate and a name here.
const MOST_INSTANCES: usize = 100;
/// Characters of a ClientToken: twice what the cloud's own clients send.
const LONGEST_TOKEN: usize = 128;

impl Service {
    /// CreateInstance: the instance is there at once, and in no network.
    pub(crate) async fn buy_instance(
        &self,
        caller: &Caller,
        call: CreateInstance,
    ) -> Result<InstanceOrdered, Failure> {
        let account = self.own(caller, Action::CreateInstance, Resource::Account)?;
        self.check_order(&call.order)?;
        let now = self.now();
        let instance = &ordered(&call, now)?;
        let id = &instance_id()?;
        let (id, order_id) = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if let Some(before) = bought_before(tx, account, instance).await? {
                        return Ok(before);
                    }
                    documents::create(tx, account, id.as_str(), instance, now).await?;
                    let purchase = instance.purchase.as_ref();
                    let order = purchase.map(|own| own.order_id.clone());
                    Ok::<_, Failure>((id.to_string(), order.unwrap_or_default()))
                })
            })
            .await?;
        Ok(InstanceOrdered {
            data: OrderedInstance {
                order_id,
                instance_id: id,
            },
            ..InstanceOrdered::default()
        })
    }
}

/// What the order comes to.
fn ordered(call: &CreateInstance, now: Timestamp) -> Result<Instance, Failure> {
    if call.goods.payment != call.payment {
        let why = "does not go with this SubscriptionType";
        return Err(ApiError::invalid_parameter("ProductType", why).into());
    }
    let token = call.client_token.as_deref();
    check_token(token)?;
    let order = &call.order;
    let needed = |given: Option<u32>, code: &str| {
        given.ok_or_else(|| ApiError::missing_parameter(&format!("Parameter (Code {code})")))
    };
    let (accesses, spec, keys, secrets, months) = match call.payment {
        // The official provider leaves out what is 0.
        Payment::Subscription => (
            order.accesses.unwrap_or(0),
            needed(order.spec, "Spec")?,
            needed(order.keys, "KeyNum")?,
            order.secrets.unwrap_or(0),
            Some(needed_period(call)?),
        ),
        Payment::PayAsYouGo => (
            order.accesses.unwrap_or(MOST_ACCESSES),
            order.spec.unwrap_or(MOST_CALLS),
            order.keys.unwrap_or(MOST_KEYS),
            order.secrets.unwrap_or(MOST_SECRETS),
            None,
        ),
    };
    let purchase = Purchase {
        goods: call.goods,
        spec,
        keys,
        secrets,
        log: order.log.unwrap_or(false),
        log_storage: order.log_storage.unwrap_or(0),
        months,
        end: months
            .and_then(|months| period_end(now, months))
            .map(Timestamp::as_millisecond),
        renewal: call.renewal.unwrap_or(Renewal::Manual),
        renewal_months: call.renewal_period.map(kms_wire::request::Months::get),
        token: token.map(str::to_owned),
        asked: asked(call),
        order_id: order_id()?,
        renewed: None,
    };
    Ok(Instance::bought(accesses, purchase))
}

/// # Errors
/// `InvalidParameter`.
pub(super) fn check_token(token: Option<&str>) -> Result<(), ApiError> {
    if token.is_some_and(|token| token.chars().count() > LONGEST_TOKEN) {
        let why = "must have 1 to 128 characters";
        return Err(ApiError::invalid_parameter("ClientToken", why));
    }
    Ok(())
}

fn needed_period(call: &CreateInstance) -> Result<u32, ApiError> {
    let period = call.period.map(kms_wire::request::Months::get);
    period.ok_or_else(|| ApiError::missing_parameter("Period"))
}

/// All that an order says but its token.
fn asked(call: &CreateInstance) -> String {
    let params = call.to_params();
    let said = params.iter().filter(|(name, _)| *name != "ClientToken");
    said.flat_map(|(name, value)| [name, "=", value, ";"])
        .collect()
}

/// What the same token has bought.
///
/// # Errors
/// `IdempotentParameterMismatch` if it was something else; `Rejected.LimitExceeded`.
async fn bought_before(
    tx: &mut dyn Tx,
    account: &AccountId,
    wanted: &Instance,
) -> Result<Option<(String, String)>, Failure> {
    let all = documents::all::<Instance>(tx, account).await?;
    let count = all.len();
    let wanted = wanted.purchase.as_ref();
    for own in all {
        let (Some(wanted), Some(has)) = (wanted, own.body.purchase) else {
            continue;
        };
        if wanted.token.is_none() || wanted.token != has.token {
            continue;
        }
        if wanted.asked != has.asked {
            return Err(ApiError::new(
                ErrorCode::TokenMismatch,
                "The same ClientToken came with another order before.",
            )
            .into());
        }
        return Ok(Some((own.name, has.order_id)));
    }
    if count >= MOST_INSTANCES {
        return Err(ApiError::new(
            ErrorCode::LimitExceeded,
            format!("An account has at most {MOST_INSTANCES} KMS instances."),
        )
        .into());
    }
    Ok(None)
}

fn instance_id() -> Result<InstanceId, Failure> {
    let alphabet: Vec<char> = ('0'..='9').chain('a'..='z').collect();
    let id = format!("kst-{}", *random::pick(&alphabet, 20)?);
    id.parse().map_err(|_cannot_be| Failure::Random)
}

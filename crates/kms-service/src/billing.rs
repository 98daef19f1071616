//! What accounts buy: KMS instances (BssOpenApi; reference accesskey §1, row 8). Nobody is
//! billed. What was ordered is what an instance may hold, and what it says of itself.

use jiff::{
    Span, Timestamp,
    civil::Time,
    tz::{TimeZone, offset},
};
use kms_types::ErrorCode;
use kms_wire::{
    ApiError,
    request::{InstanceOrder, Payment, ProductType, ProductVersion, Renewal},
};
use serde::{Deserialize, Serialize};

use crate::{Service, failure::Failure, random};

mod modify;
mod order;
mod renew;
mod renewal;

/// What was bought as an instance.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Purchase {
    /// Which goods.
    pub(crate) goods: ProductType,
    /// Calls a second. Told, not kept: what a server lets in is its configuration's to say.
    pub(crate) spec: u32,
    /// How many keys.
    pub(crate) keys: u32,
    /// How many secrets.
    pub(crate) secrets: u32,
    /// Whether there is a log.
    pub(crate) log: bool,
    /// GB.
    pub(crate) log_storage: u32,
    /// For how many months, if it was paid beforehand.
    months: Option<u32>,
    /// When that ends, milliseconds since 1970.
    end: Option<i64>,
    /// What happens then.
    renewal: Renewal,
    /// For how many months it is renewed.
    renewal_months: Option<u32>,
    /// What a client that asks again calls the purchase.
    token: Option<String>,
    /// What it asked for.
    asked: String,
    /// The order.
    order_id: String,
    /// How it was renewed last.
    #[serde(default)]
    renewed: Option<renew::Renewed>,
}

/// The most that is sold of each (reference accesskey §1, row 8): what is paid afterwards has
/// that unless less is asked for.
const MOST_ACCESSES: u32 = 10_000;
const MOST_KEYS: u32 = 100_000;
const MOST_SECRETS: u32 = 100_000;
const MOST_CALLS: u32 = 4000;

/// Renewals that are looked ahead: more than a life's worth.
const MOST_RENEWALS: u32 = 10_000;

// === impl Purchase ===

impl Purchase {
    /// As GetKmsInstance calls how it is paid.
    pub(crate) fn charge_type(&self) -> &'static str {
        match self.goods.payment {
            Payment::Subscription => "PREPAY",
            Payment::PayAsYouGo => "POSTPAY",
        }
    }

    /// When what was paid for ends. One that renews itself has done so until now.
    pub(crate) fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        let mut end = Timestamp::from_millisecond(self.end?).ok()?;
        if self.renewal != Renewal::Auto {
            return Some(end);
        }
        let months = self.renewal_months.or(self.months)?;
        for _ in 0..MOST_RENEWALS {
            if end > now {
                break;
            }
            end = months_after(end, months)?;
        }
        Some(end)
    }

    /// `Normal`, or `Expired` once it has ended (both by what the cloud's console says; its manual
    /// names no values).
    pub(crate) fn sale_status(&self, now: Timestamp) -> &'static str {
        match self.ends(now) {
            Some(end) if end <= now => "Expired",
            _ => "Normal",
        }
    }

    /// Whether somebody has to see to it that it goes on.
    pub(crate) fn wants_reminders(&self) -> bool {
        self.renewal == Renewal::Manual
    }
}

impl Service {
    /// That an order is for what this server has.
    fn check_order(&self, order: &InstanceOrder) -> Result<(), ApiError> {
        if order.version == Some(ProductVersion::Hardware) {
            return Err(ApiError::new(
                ErrorCode::UnsupportedOperation,
                "This server guards no keys by hardware (ProductVersion 5).",
            ));
        }
        let region = order.region.as_ref();
        if region.is_some_and(|region| region != self.region()) {
            return Err(ApiError::invalid_parameter(
                "Parameter",
                format_args!("Region must be {}, this server's own", self.region()),
            ));
        }
        Ok(())
    }
}

/// The calendar that periods go by (KMS manual, "Billing": UTC+8).
fn calendar() -> TimeZone {
    TimeZone::fixed(offset(8))
}

fn months_after(from: Timestamp, months: u32) -> Option<Timestamp> {
    let months = Span::new().try_months(months).ok()?;
    let later = calendar().to_datetime(from).checked_add(months).ok()?;
    calendar().to_timestamp(later).ok()
}

/// The end of a period that begins now: the midnight after its last day.
fn period_end(now: Timestamp, months: u32) -> Option<Timestamp> {
    let last = calendar().to_datetime(months_after(now, months)?).date();
    let midnight = last.tomorrow().ok()?.to_datetime(Time::midnight());
    calendar().to_timestamp(midnight).ok()
}

fn order_id() -> Result<String, Failure> {
    random::digits('2', 15)
}

/// It was not bought, or not by that account.
fn not_bought() -> ApiError {
    ApiError::new(
        ErrorCode::OrderNotFound,
        "The specified resource does not exist.",
    )
}

#[cfg(test)]
pub(crate) mod tests;

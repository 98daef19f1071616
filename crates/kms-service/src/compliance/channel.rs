//! A channel as it is kept: where findings are sent.

use jiff::Timestamp;
use kms_store::{DocumentKind, Tx};
use kms_types::{AccountId, ErrorCode};
use kms_wire::{
    ApiError,
    request::{ChannelKind, ChannelSettings},
    write_timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{scope::lists, target::DeliveryTarget};
use crate::{
    documents::{self, Document, Named},
    failure::Failure,
};

/// A channel. Its document's name is its id, `cdc-…`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Channel {
    /// The account group that it is for, unless for the account itself.
    #[serde(default)]
    pub(super) aggregator: Option<String>,
    pub(super) kind: ChannelKind,
    pub(super) target: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) non_compliant: bool,
    /// As it was said.
    pub(super) condition: String,
    pub(super) oversized: String,
    pub(super) is_on: bool,
    /// The token of the call that made it.
    #[serde(default)]
    pub(super) token: Option<String>,
    /// How sending went.
    #[serde(default)]
    pub(super) delivery: DeliveryState,
}

/// How sending to a channel goes.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct DeliveryState {
    /// How often in a row it failed.
    pub(super) failures: u32,
    /// Not before, in milliseconds since 1970.
    pub(super) next_try: i64,
    /// The last try.
    pub(super) last: Option<LastDelivery>,
}

/// A try to send something.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct LastDelivery {
    /// When, in milliseconds since 1970.
    pub(super) time: i64,
    /// Why it failed; no word of what was sent.
    pub(super) error: Option<String>,
}

/// Of `DeliveryChannelCondition`.
#[derive(Debug, Deserialize)]
struct Filter {
    #[serde(rename = "filterType")]
    by: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    values: Vec<String>,
}

/// How many channels an account may have.
pub(super) const MOST_CHANNELS: usize = 20;

impl Document for Channel {
    const KIND: DocumentKind = DocumentKind::DeliveryChannel;
}

// === impl Channel ===

impl Channel {
    /// A new one. Sends what is not compliant unless that was forbidden: here there is
    /// nothing else that it could be for.
    ///
    /// # Errors
    /// `InvalidParameter`.
    pub(super) fn new(
        kind: ChannelKind,
        target: String,
        settings: ChannelSettings,
        token: Option<String>,
    ) -> Result<Self, ApiError> {
        let mut channel = Self {
            aggregator: None,
            kind,
            target: String::new(),
            name: String::new(),
            description: String::new(),
            non_compliant: true,
            condition: String::new(),
            oversized: String::new(),
            is_on: true,
            token,
            delivery: DeliveryState::default(),
        };
        channel.change(Some(target), settings)?;
        Ok(channel)
    }

    /// Changes what is said.
    ///
    /// # Errors
    /// `InvalidParameter`.
    pub(super) fn change(
        &mut self,
        target: Option<String>,
        settings: ChannelSettings,
    ) -> Result<(), ApiError> {
        for (name, wanted) in [
            ("ConfigurationItemChangeNotification", settings.changes),
            ("ConfigurationSnapshot", settings.snapshot),
            ("CompliantSnapshot", settings.compliant_snapshot),
        ] {
            if wanted == Some(true) {
                return Err(ApiError::invalid_parameter(
                    name,
                    "this server sends what is not compliant, and nothing else",
                ));
            }
        }
        if let Some(target) = target {
            let said = DeliveryTarget::of(self.kind, &target);
            said.map_err(|why| ApiError::invalid_parameter("DeliveryChannelTargetArn", why))?;
            self.target = target;
            // Another place may work at once.
            self.delivery.next_try = 0;
        }
        if let Some(oversized) = &settings.oversized_target_arn {
            let said = DeliveryTarget::of(ChannelKind::Oss, oversized);
            said.map_err(|why| ApiError::invalid_parameter("OversizedDataOSSTargetArn", why))?;
        }
        if let Some(condition) = settings.condition {
            filters(&condition)?;
            self.condition = condition;
        }
        for (own, new) in [
            (&mut self.name, settings.name),
            (&mut self.description, settings.description),
            (&mut self.oversized, settings.oversized_target_arn),
        ] {
            if let Some(new) = new {
                *own = new;
            }
        }
        if let Some(non_compliant) = settings.non_compliant {
            self.non_compliant = non_compliant;
        }
        if let Some(status) = settings.status {
            self.is_on = status == 1;
        }
        Ok(())
    }

    /// Whether it gets a finding of this content.
    pub(super) fn wants(&self, content: &Value) -> bool {
        let text = |at: &str| content.pointer(at).and_then(Value::as_str).unwrap_or("");
        let risk = match text("/riskLevel") {
            "Critical" => 1,
            "Warning" => 2,
            _ => 3,
        };
        let of = text("/evaluationResultIdentifier/evaluationResultQualifier/resourceType");
        // What was checked before can be read; and what cannot keeps nothing back.
        let filters = filters(&self.condition).unwrap_or_default();
        self.is_on
            && self.non_compliant
            && filters.iter().all(|filter| filter.lets_through(risk, of))
    }
}

// === impl LastDelivery ===

impl LastDelivery {
    /// `Success`, `Failure`, or nothing if nothing was sent yet.
    pub(super) fn status(&self) -> &'static str {
        match &self.error {
            _ if self.time == 0 => "",
            None => "Success",
            Some(_) => "Failure",
        }
    }

    /// As times travel; nothing if nothing was sent yet.
    pub(super) fn time(&self) -> String {
        let time = Some(self.time).filter(|time| *time != 0);
        let time = time.and_then(|time| Timestamp::from_millisecond(time).ok());
        time.map(write_timestamp).unwrap_or_default()
    }
}

// === impl Filter ===

impl Filter {
    /// A level is the least: 1 critical ones only, 3 all.
    fn lets_through(&self, risk: u64, resource_type: &str) -> bool {
        if self.by == "RuleRiskLevel" {
            return self.level().is_none_or(|least| risk <= least);
        }
        let of = self.value.as_str().unwrap_or("");
        self.values.iter().any(|own| own == resource_type) || lists(of, resource_type)
    }

    fn level(&self) -> Option<u64> {
        match &self.value {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        }
        .filter(|level| (1..=3).contains(level))
    }
}

/// The channel of that id, of the account itself or of one of its account groups.
///
/// # Errors
/// `DeliveryChannelNotExists`.
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    aggregator: Option<&str>,
    id: &str,
) -> Result<Named<Channel>, Failure> {
    let found = documents::look_up::<Channel>(tx, account, id).await?;
    let found = found.filter(|found| found.body.aggregator.as_deref() == aggregator);
    found.ok_or_else(|| {
        let message = "The DeliveryChannel does not exist.";
        ApiError::new(ErrorCode::DeliveryChannelNotFound, message).into()
    })
}

/// All of the account itself or of one of its account groups.
pub(super) async fn all(
    tx: &mut dyn Tx,
    account: &AccountId,
    aggregator: Option<&str>,
) -> Result<Vec<Named<Channel>>, Failure> {
    let mut all = documents::all::<Channel>(tx, account).await?;
    all.retain(|found| found.body.aggregator.as_deref() == aggregator);
    Ok(all)
}

/// An array of filters by risk and by resource type; empty text is none.
fn filters(condition: &str) -> Result<Vec<Filter>, ApiError> {
    if condition.is_empty() {
        return Ok(Vec::new());
    }
    let refused = |why: &str| ApiError::invalid_parameter("DeliveryChannelCondition", why);
    let filters: Vec<Filter> = serde_json::from_str(condition)
        .map_err(|_quotes_it| refused("must be a JSON array of objects with filterType"))?;
    for filter in &filters {
        match filter.by.as_str() {
            "RuleRiskLevel" if filter.level().is_some() => {}
            "RuleRiskLevel" => return Err(refused("must have a value of 1, 2 or 3")),
            "ResourceType" => {}
            _ => return Err(refused("knows RuleRiskLevel and ResourceType")),
        }
    }
    Ok(filters)
}

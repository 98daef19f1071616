//! A rule as it is kept.

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kms_store::{DocumentKind, Tx};
use kms_types::AccountId;
use kms_wire::{
    ApiError,
    request::{Frequency, RuleScope, RuleSettings, RuleState, Trigger},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{kind::Kind, refusal::no_rule, scope};
use crate::{
    documents::{self, Document, Named},
    failure::Failure,
    random,
};

/// A rule. Its document's name is its id, `cr-…`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Rule {
    pub(super) name: String,
    /// The account group that it is for, unless for the account itself.
    #[serde(default)]
    pub(super) aggregator: Option<String>,
    /// As it was named: what there is under two names is told under the one that was used.
    pub(super) identifier: String,
    pub(super) description: String,
    pub(super) input: Map<String, Value>,
    pub(super) frequency: Frequency,
    /// 1 critical, 2 warning, 3 info.
    pub(super) risk: u32,
    pub(super) triggers: Vec<Trigger>,
    pub(super) scope: RuleScope,
    pub(super) state: RuleState,
    /// The token of the call that made it.
    #[serde(default)]
    pub(super) token: Option<String>,
    /// Milliseconds since 1970.
    pub(super) modified: i64,
}

/// How many rules an account may have (the cloud's own limit).
pub(super) const MOST_RULES: u64 = 200;

impl Document for Rule {
    const KIND: DocumentKind = DocumentKind::ConfigRule;
}

// === impl Rule ===

impl Rule {
    /// A new one, active.
    ///
    /// # Errors
    /// `InvalidParameter` and `MissingParameter`.
    pub(super) fn new(
        name: String,
        identifier: String,
        settings: RuleSettings,
        token: Option<String>,
        now: i64,
    ) -> Result<Self, ApiError> {
        if settings.risk_level.is_none() {
            return Err(ApiError::missing_parameter("RiskLevel"));
        }
        let mut rule = Self {
            name: checked(name)?,
            aggregator: None,
            identifier,
            description: String::new(),
            input: Map::new(),
            frequency: Frequency::Day,
            risk: 3,
            triggers: vec![Trigger::Schedule],
            scope: RuleScope::default(),
            state: RuleState::Active,
            token,
            modified: now,
        };
        rule.change(None, settings, now)?;
        Ok(rule)
    }

    /// Changes what is said.
    ///
    /// # Errors
    /// `InvalidParameter`.
    pub(super) fn change(
        &mut self,
        name: Option<String>,
        settings: RuleSettings,
        now: i64,
    ) -> Result<(), ApiError> {
        if let Some(name) = name {
            self.name = checked(name)?;
        }
        if let Some(description) = settings.description {
            self.description = description;
        }
        if let Some(frequency) = settings.frequency {
            self.frequency = frequency;
        }
        if let Some(risk) = settings.risk_level {
            self.risk = risk.get();
        }
        if let Some(triggers) = settings.triggers {
            self.triggers = triggers.0;
        }
        self.scope.update(settings.scope);
        let given = settings.input_parameters;
        let input = given.as_ref().map_or(&self.input, |given| &given.0);
        let kind = Kind::parse(&self.identifier, input)?;
        scope::check(&self.scope, kind.resource_type())?;
        if given.is_some() || self.input.is_empty() {
            self.input = kind.shown(given);
        }
        let types = kind.resource_type().as_str().to_owned();
        self.scope.resource_types.get_or_insert(types);
        self.modified = now;
        Ok(())
    }

    /// What it says. A rule that a later version no longer knows says nothing.
    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::parse(&self.identifier, &self.input).ok()
    }

    /// What it asks, as text that is another one when it asks something else.
    pub(super) fn question(&self) -> String {
        let asked = (&self.identifier, &self.input, &self.scope);
        // Texts and lists of them always serialise.
        let asked = serde_json::to_vec(&asked).unwrap_or_default();
        BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &asked))
    }

    pub(super) fn is_active(&self) -> bool {
        self.state == RuleState::Active
    }
}

/// The account's rule of that id, for an account group or for itself.
///
/// # Errors
/// `ConfigRuleNotExists`.
pub(super) async fn find(
    tx: &mut dyn Tx,
    account: &AccountId,
    aggregator: Option<&str>,
    id: &str,
) -> Result<Named<Rule>, Failure> {
    documents::look_up(tx, account, id)
        .await?
        .filter(|rule: &Named<Rule>| rule.body.aggregator.as_deref() == aggregator)
        .ok_or_else(no_rule)
}

/// All of these.
pub(super) async fn all(
    tx: &mut dyn Tx,
    account: &AccountId,
    aggregator: Option<&str>,
) -> Result<Vec<Named<Rule>>, Failure> {
    let mut all = documents::all::<Rule>(tx, account).await?;
    all.retain(|rule| rule.body.aggregator.as_deref() == aggregator);
    Ok(all)
}

/// An id that is nobody's yet.
pub(super) fn fresh_id(prefix: &str) -> Result<String, Failure> {
    let hex: Vec<char> = ('0'..='9').chain('a'..='f').collect();
    Ok(format!("{prefix}-{}", *random::pick(&hex, 20)?))
}

fn checked(name: String) -> Result<String, ApiError> {
    if (1..=128).contains(&name.chars().count()) {
        Ok(name)
    } else {
        Err(ApiError::invalid_parameter(
            "ConfigRuleName",
            "must have 1 to 128 characters",
        ))
    }
}

//! What a rule said of an account's resources when it was last asked.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kms_store::{DocumentKind, Mode, Tx};
use kms_types::AccountId;
use kms_wire::{
    Action, ApiError,
    request::{ComplianceType, ListConfigRuleEvaluationResults, Trigger, Within},
    response,
};
use serde::{Deserialize, Serialize};

use super::{annotation::Annotation, group::Reach, rule, scope::lists, write};
use crate::{
    Caller, Service,
    authorise::Resource,
    documents::{self, Document, Named},
    failure::Failure,
};

/// The results of a rule for an account. Its document's name is that of [`name`], in the
/// account that has the rule.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Results {
    /// Of what they are the results; see `Inventory::digest`.
    pub(super) digest: String,
    /// When the rule was asked by the clock or by a call, in milliseconds since 1970: its
    /// frequency counts from here.
    pub(super) scheduled: i64,
    /// When it was asked last.
    pub(super) invoked: i64,
    /// What made it be asked.
    pub(super) trigger: Why,
    /// What was asked, to be told from what the rule asks after a change of it; see
    /// `Rule::question`.
    #[serde(default)]
    pub(super) question: String,
    /// Whether there may be resources that nobody knows of.
    #[serde(default)]
    pub(super) is_unknown: bool,
    /// By resource id.
    pub(super) found: Vec<Found>,
}

/// What the rule says of a resource.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) region: String,
    #[serde(default)]
    pub(super) group: String,
    pub(super) compliance: ComplianceType,
    pub(super) annotation: Annotation,
    /// Since when it is not compliant, in milliseconds since 1970.
    #[serde(default)]
    pub(super) since: Option<i64>,
    /// When that was found, in milliseconds since 1970, if not when the rule was asked last.
    #[serde(default)]
    pub(super) at: Option<i64>,
    /// Why nothing newer is said.
    #[serde(default)]
    pub(super) note: Option<String>,
}

/// What made a rule be asked.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Why {
    /// A resource, or the rule, changed.
    #[serde(rename = "ConfigurationItemChangeNotification")]
    Change,
    /// Its time had come.
    #[serde(rename = "ScheduledNotification")]
    Schedule,
    /// A call asked for it.
    Manual,
}

impl Document for Results {
    const KIND: DocumentKind = DocumentKind::Evaluation;
}

// === impl Why ===

impl Why {
    /// As it travels (reference accesskey §5.3).
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Change => Trigger::Change.as_str(),
            Self::Schedule => Trigger::Schedule.as_str(),
            Self::Manual => "Manual",
        }
    }
}

impl Service {
    /// ListConfigRuleEvaluationResults.
    pub(crate) async fn list_evaluation_results(
        &self,
        caller: &Caller,
        call: ListConfigRuleEvaluationResults,
    ) -> Result<response::ListConfigRuleEvaluationResults, Failure> {
        let action = Action::ListConfigRuleEvaluationResults;
        let resource = call.config_rule_id.as_deref();
        let resource = resource.map_or(Resource::Account, write::rule_resource);
        let account = self.own(caller, action, resource)?;
        self.pick_results(account, None, None, &call).await
    }

    /// What rules of the account, for a group or for itself, say of what is asked for.
    pub(super) async fn pick_results(
        &self,
        account: &AccountId,
        aggregator: Option<&str>,
        owner: Option<&str>,
        call: &ListConfigRuleEvaluationResults,
    ) -> Result<response::ListConfigRuleEvaluationResults, Failure> {
        let all = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let rules = match &call.config_rule_id {
                        Some(id) => vec![rule::find(tx, account, aggregator, id).await?],
                        None => rule::all(tx, account, aggregator).await?,
                    };
                    let reach = Reach::of(tx, account, aggregator).await?;
                    let mut all = Vec::new();
                    for rule in &rules {
                        let mut own = of_rule(tx, account, &rule.name).await?;
                        reach.retain(&rule.body, &mut own);
                        for results in own {
                            let member = member(&results)?;
                            if owner.is_some_and(|owner| owner != member.as_str()) {
                                continue;
                            }
                            all.extend(write::results(account, rule, &member, &results.body));
                        }
                    }
                    Ok::<_, Failure>(all)
                })
            })
            .await?;
        let wanted = all.into_iter().filter(|result| {
            let of = &result
                .evaluation_result_identifier
                .evaluation_result_qualifier;
            call.compliance_type
                .is_none_or(|wanted| wanted.as_str() == result.compliance_type)
                && call
                    .resource_types
                    .as_deref()
                    .is_none_or(|wanted| lists(wanted, &of.resource_type))
        });
        let most = call.max_results.map_or(10, Within::get);
        page(wanted.collect(), most, call.next_token.as_deref())
    }
}

/// Whose resources they are about.
pub(super) fn member(results: &Named<Results>) -> Result<AccountId, Failure> {
    let member = results.name.rsplit('/').next().unwrap_or_default();
    member
        .parse()
        .map_err(|_not_an_id| Failure::Document(Results::KIND.as_str()))
}

/// What the results of a rule for an account are called.
pub(super) fn name(rule: &str, member: &AccountId) -> String {
    format!("{rule}/{member}")
}

/// Forgets all that the rule said.
pub(super) async fn forget(
    tx: &mut dyn Tx,
    account: &AccountId,
    rule: &str,
) -> Result<(), Failure> {
    for results in documents::all::<Results>(tx, account).await? {
        if results.name.starts_with(&format!("{rule}/")) {
            documents::remove::<Results>(tx, account, &results.name).await?;
        }
    }
    Ok(())
}

/// All that the rule said, by account.
pub(super) async fn of_rule(
    tx: &mut dyn Tx,
    account: &AccountId,
    rule: &str,
) -> Result<Vec<Named<Results>>, Failure> {
    let mut all = documents::all::<Results>(tx, account).await?;
    all.retain(|results| results.name.starts_with(&format!("{rule}/")));
    Ok(all)
}

/// The page that begins with what the token names: rule, account and resource of its first
/// result, so that what comes and goes between two pages moves nothing else.
fn page(
    all: Vec<response::EvaluationResult>,
    most: u32,
    token: Option<&str>,
) -> Result<response::ListConfigRuleEvaluationResults, Failure> {
    let key = |result: &response::EvaluationResult| {
        let of = &result
            .evaluation_result_identifier
            .evaluation_result_qualifier;
        format!(
            "{}/{}/{}",
            of.config_rule_id, of.resource_owner_id, of.resource_id
        )
    };
    let size = usize::try_from(most).unwrap_or(usize::MAX);
    let mut all = all;
    all.sort_by_key(key);
    if let Some(token) = token {
        let token = BASE64_URL_SAFE_NO_PAD
            .decode(token)
            .ok()
            .and_then(|it| String::from_utf8(it).ok());
        let token = token
            .ok_or_else(|| ApiError::invalid_parameter("NextToken", "is none of this server's"))?;
        all.retain(|result| key(result) >= token);
    }
    let next = all
        .get(size)
        .map(|result| BASE64_URL_SAFE_NO_PAD.encode(key(result)));
    all.truncate(size);
    Ok(response::ListConfigRuleEvaluationResults {
        evaluation_results: response::EvaluationResults {
            evaluation_result_list: all,
            max_results: most,
            next_token: next,
        },
    })
}

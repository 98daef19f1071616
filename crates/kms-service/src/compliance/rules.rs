//! Rules are made, read, changed and listed.

use kms_store::{Mode, Tx};
use kms_types::AccountId;
use kms_wire::{
    Action, ApiError,
    request::{
        ComplianceType, CreateConfigRule, GetConfigRule, ListConfigRules, RuleState,
        UpdateConfigRule,
    },
    response,
};

use super::{
    group::Reach,
    refusal::{rule_exists, too_many_rules},
    results::{self, Results, Why},
    rule::{self, MOST_RULES, Rule, fresh_id},
    write::{self, ALIYUN, rule_resource},
};
use crate::{
    Caller, Service,
    documents::{self, Named},
    failure::Failure,
};

impl Service {
    /// CreateConfigRule.
    pub(crate) async fn create_config_rule(
        &self,
        caller: &Caller,
        call: CreateConfigRule,
    ) -> Result<response::ConfigRuleNamed, Failure> {
        let account = self.own(caller, Action::CreateConfigRule, rule_resource("*"))?;
        check_owner(&call.source_owner)?;
        let now = self.now();
        let rule = Rule::new(
            call.config_rule_name,
            call.source_identifier,
            call.settings,
            call.client_token,
            now.as_millisecond(),
        )?;
        self.add_rule(account, rule).await
    }

    /// Makes the rule and asks it.
    pub(super) async fn add_rule(
        &self,
        account: &AccountId,
        rule: Rule,
    ) -> Result<response::ConfigRuleNamed, Failure> {
        let now = self.now();
        let (rule, id) = (&rule, &fresh_id("cr")?);
        let made = self
            .tx(Mode::Write, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    if let Some(made) = made_before(tx, account, rule).await? {
                        return Ok(made);
                    }
                    documents::create(tx, account, id, rule, now).await?;
                    let aggregator = rule.aggregator.as_deref();
                    let made = rule::find(tx, account, aggregator, id).await?;
                    self.ask_all(tx, account, &made, Why::Change).await?;
                    Ok::<_, Failure>(made.name)
                })
            })
            .await?;
        Ok(response::ConfigRuleNamed {
            config_rule_id: made,
        })
    }

    /// UpdateConfigRule.
    pub(crate) async fn update_config_rule(
        &self,
        caller: &Caller,
        call: UpdateConfigRule,
    ) -> Result<response::ConfigRuleNamed, Failure> {
        let resource = rule_resource(&call.config_rule_id);
        let account = self.own(caller, Action::UpdateConfigRule, resource)?;
        self.change_rule(account, None, call).await
    }

    /// Changes the rule and asks it.
    pub(super) async fn change_rule(
        &self,
        account: &AccountId,
        aggregator: Option<&str>,
        call: UpdateConfigRule,
    ) -> Result<response::ConfigRuleNamed, Failure> {
        let now = self.now().as_millisecond();
        let call = &call;
        self.tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let id = &call.config_rule_id;
                let mut rule = rule::find(tx, account, aggregator, id).await?;
                let name = call.config_rule_name.clone();
                rule.body.change(name, call.settings.clone(), now)?;
                let others = rule::all(tx, account, aggregator).await?;
                if others
                    .iter()
                    .any(|other| other.name != rule.name && other.body.name == rule.body.name)
                {
                    return Err(rule_exists());
                }
                documents::update(tx, account, &rule).await?;
                self.ask_all(tx, account, &rule, Why::Change).await
            })
        })
        .await?;
        Ok(response::ConfigRuleNamed {
            config_rule_id: call.config_rule_id.clone(),
        })
    }

    /// GetConfigRule.
    pub(crate) async fn get_config_rule(
        &self,
        caller: &Caller,
        call: GetConfigRule,
    ) -> Result<response::GetConfigRule, Failure> {
        let id = &call.config_rule_id;
        let account = self.own(caller, Action::GetConfigRule, rule_resource(id))?;
        let (rule, results) = self.read_rule(account, None, id).await?;
        Ok(response::GetConfigRule {
            config_rule: Box::new(write::rule(account, rule, &results)),
        })
    }

    /// The rule and all that it said.
    pub(super) async fn read_rule(
        &self,
        account: &AccountId,
        aggregator: Option<&str>,
        id: &str,
    ) -> Result<(Named<Rule>, Vec<Named<Results>>), Failure> {
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let rule = rule::find(tx, account, aggregator, id).await?;
                let reach = Reach::of(tx, account, aggregator).await?;
                let mut results = results::of_rule(tx, account, id).await?;
                reach.retain(&rule.body, &mut results);
                Ok::<_, Failure>((rule, results))
            })
        })
        .await
    }

    /// ListConfigRules.
    pub(crate) async fn list_config_rules(
        &self,
        caller: &Caller,
        call: ListConfigRules,
    ) -> Result<response::ListConfigRules, Failure> {
        let account = self.own(caller, Action::ListConfigRules, rule_resource("*"))?;
        self.pick_rules(account, None, &call).await
    }

    /// The rules that are asked for, with what they come to.
    pub(super) async fn pick_rules(
        &self,
        account: &AccountId,
        aggregator: Option<&str>,
        call: &ListConfigRules,
    ) -> Result<response::ListConfigRules, Failure> {
        let (rules, all) = self
            .tx(Mode::Read, |mut tx| {
                Box::pin(async move {
                    let tx = &mut *tx;
                    let rules = rule::all(tx, account, aggregator).await?;
                    let reach = Reach::of(tx, account, aggregator).await?;
                    let mut all = Vec::new();
                    for rule in &rules {
                        let mut own = results::of_rule(tx, account, &rule.name).await?;
                        reach.retain(&rule.body, &mut own);
                        all.extend(own);
                    }
                    Ok::<_, Failure>((rules, all))
                })
            })
            .await?;
        Ok(list(account, rules, &all, call))
    }
}

/// Those of the rules that are asked for, on the page that is.
fn list(
    account: &AccountId,
    rules: Vec<Named<Rule>>,
    results: &[Named<Results>],
    call: &ListConfigRules,
) -> response::ListConfigRules {
    let mut found: Vec<response::ConfigRuleSummary> = rules
        .into_iter()
        .map(|rule| {
            let own = format!("{}/", rule.name);
            let own = results.iter().filter(|one| one.name.starts_with(&own));
            let compliance = write::compliance(own.map(|one| &one.body));
            write::summary(account, rule, compliance)
        })
        .filter(|rule| {
            let is = |wanted: Option<&str>, own: &str| wanted.is_none_or(|wanted| wanted == own);
            let wanted_type = call.compliance_type.map(ComplianceType::as_str);
            is(wanted_type, &rule.compliance.compliance_type)
                && is(call.state.map(RuleState::as_str), &rule.config_rule_state)
                && is(call.config_rule_name.as_deref(), &rule.config_rule_name)
                && call
                    .risk_level
                    .is_none_or(|wanted| wanted.get() == rule.risk_level)
        })
        .collect();
    found.sort_by(|one, other| one.config_rule_name.cmp(&other.config_rule_name));
    let (number, size) = (call.page.number, call.page.size);
    let total_count = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let before = usize::try_from(u64::from(number.saturating_sub(1)) * u64::from(size));
    let page = found
        .into_iter()
        .skip(before.unwrap_or(usize::MAX))
        .take(usize::try_from(size).unwrap_or(usize::MAX));
    response::ListConfigRules {
        config_rules: response::ConfigRules {
            config_rule_list: page.collect(),
            page_number: number,
            page_size: size,
            total_count,
        },
    }
}

/// The rule that the same call made before, if it did; else that there is room for one of
/// that name.
async fn made_before(
    tx: &mut dyn Tx,
    account: &AccountId,
    rule: &Rule,
) -> Result<Option<String>, Failure> {
    let others = rule::all(tx, account, rule.aggregator.as_deref()).await?;
    if let Some(same) = others
        .iter()
        .find(|other| rule.token.is_some() && other.body.token == rule.token)
    {
        return Ok(Some(same.name.clone()));
    }
    if others.iter().any(|other| other.body.name == rule.name) {
        return Err(rule_exists());
    }
    if u64::try_from(others.len()).unwrap_or(u64::MAX) >= MOST_RULES {
        return Err(too_many_rules());
    }
    Ok(None)
}

/// Whether it is a rule of the cloud's that is asked for.
///
/// # Errors
/// `InvalidParameter`.
pub(super) fn check_owner(owner: &str) -> Result<(), ApiError> {
    if owner == ALIYUN {
        return Ok(());
    }
    Err(ApiError::invalid_parameter(
        "SourceOwner",
        "this server runs no functions and no conditions of one's own: it must be ALIYUN",
    ))
}

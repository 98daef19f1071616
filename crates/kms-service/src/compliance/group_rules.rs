//! Rules of account groups: as an account's own, for each account in the group.

use kms_store::Mode;
use kms_types::AccountId;
use kms_wire::{
    Action,
    request::{
        CreateAggregateConfigRule, GetAggregateConfigRule, Ids,
        ListAggregateConfigRuleEvaluationResults, ListAggregateConfigRules,
        ListConfigRuleEvaluationResults, ListConfigRules, StartAggregateConfigRuleEvaluation,
        UpdateAggregateConfigRule, UpdateConfigRule,
    },
    response,
};

use super::{
    Operation,
    group::{self, Sight},
    groups::resource,
    rule::Rule,
    rules::check_owner,
    write,
};
use crate::{Caller, Service, failure::Failure};

impl Service {
    /// CreateAggregateConfigRule.
    pub(crate) async fn create_group_rule(
        &self,
        caller: &Caller,
        call: CreateAggregateConfigRule,
    ) -> Result<response::ConfigRuleNamed, Failure> {
        let action = Action::CreateAggregateConfigRule;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        check_owner(&call.source_owner)?;
        let mut rule = Rule::new(
            call.config_rule_name,
            call.source_identifier,
            call.settings,
            call.client_token,
            self.now().as_millisecond(),
        )?;
        rule.aggregator = Some(call.aggregator);
        self.add_rule(account, rule).await
    }

    /// UpdateAggregateConfigRule.
    pub(crate) async fn update_group_rule(
        &self,
        caller: &Caller,
        call: UpdateAggregateConfigRule,
    ) -> Result<response::ConfigRuleNamed, Failure> {
        let action = Action::UpdateAggregateConfigRule;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        let change = UpdateConfigRule {
            config_rule_id: call.config_rule_id,
            config_rule_name: call.config_rule_name,
            settings: call.settings,
        };
        self.change_rule(account, Some(&call.aggregator), change)
            .await
    }

    /// GetAggregateConfigRule.
    pub(crate) async fn get_group_rule(
        &self,
        caller: &Caller,
        call: GetAggregateConfigRule,
    ) -> Result<response::GetConfigRule, Failure> {
        let action = Action::GetAggregateConfigRule;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        let group = Some(call.aggregator.as_str());
        let (rule, results) = self.read_rule(account, group, &call.config_rule_id).await?;
        let mut config_rule = Box::new(write::rule(account, rule, &results));
        let of = &mut config_rule.create_by;
        of.creator_type = Some("AGGREGATOR".to_owned());
        of.aggregator_id = Some(call.aggregator);
        Ok(response::GetConfigRule { config_rule })
    }

    /// ListAggregateConfigRules.
    pub(crate) async fn list_group_rules(
        &self,
        caller: &Caller,
        call: ListAggregateConfigRules,
    ) -> Result<response::ListConfigRules, Failure> {
        let action = Action::ListAggregateConfigRules;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        let wanted = ListConfigRules {
            compliance_type: call.compliance_type,
            state: call.state,
            risk_level: call.risk_level,
            config_rule_name: call.config_rule_name,
            page: call.page,
        };
        self.pick_rules(account, Some(&call.aggregator), &wanted)
            .await
    }

    /// ActiveAggregateConfigRules, DeactiveAggregateConfigRules and
    /// DeleteAggregateConfigRules.
    pub(crate) async fn operate_group_rules(
        &self,
        caller: &Caller,
        action: Action,
        (aggregator, operation): (String, Operation),
        ids: Ids,
    ) -> Result<response::OperateConfigRules, Failure> {
        let account = self.of_group(caller, action, &aggregator).await?;
        self.operate_all(account, Some(&aggregator), operation, ids)
            .await
    }

    /// StartAggregateConfigRuleEvaluation.
    pub(crate) async fn start_group_evaluation(
        &self,
        caller: &Caller,
        call: StartAggregateConfigRuleEvaluation,
    ) -> Result<response::StartConfigRuleEvaluation, Failure> {
        let action = Action::StartAggregateConfigRuleEvaluation;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        self.ask_now(account, Some(&call.aggregator), &call.config_rule_id)
            .await
    }

    /// ListAggregateConfigRuleEvaluationResults.
    pub(crate) async fn list_group_results(
        &self,
        caller: &Caller,
        call: ListAggregateConfigRuleEvaluationResults,
    ) -> Result<response::ListConfigRuleEvaluationResults, Failure> {
        let action = Action::ListAggregateConfigRuleEvaluationResults;
        let account = self.of_group(caller, action, &call.aggregator).await?;
        let wanted = ListConfigRuleEvaluationResults {
            config_rule_id: call.config_rule_id,
            compliance_type: call.compliance_type,
            resource_types: call.resource_types,
            max_results: call.max_results,
            next_token: call.next_token,
        };
        let (group, owner) = (Some(call.aggregator.as_str()), call.owner.as_deref());
        self.pick_results(account, group, owner, &wanted).await
    }

    /// The caller's account, if it has such a group and may look at other accounts still.
    pub(super) async fn of_group<'c>(
        &self,
        caller: &'c Caller,
        action: Action,
        aggregator: &str,
    ) -> Result<&'c AccountId, Failure> {
        let account = self.own(caller, action, resource(aggregator))?;
        self.tx(Mode::Read, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                Sight::need(tx, account).await?;
                group::find(tx, account, aggregator).await?;
                Ok::<_, Failure>(())
            })
        })
        .await?;
        Ok(account)
    }
}

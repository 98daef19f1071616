//! Cloud Config, and the list of events.

use kms_wire::{Request, Response as R};

use super::{Answer, answer, no};
use crate::{
    Caller, Service, authorise::Resource, compliance::Operation, service::refusal::refused,
};

impl Service {
    pub(super) fn run_compliance<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        let operate = |operation, ids| {
            let done = self.operate_config_rules(caller, action, operation, ids);
            answer(R::OperateConfigRules, done)
        };
        match request {
            Request::ActiveConfigRules(call) => operate(Operation::Activate, call.config_rule_ids),
            Request::Config2019ActiveConfigRules(call) => {
                operate(Operation::Activate, call.config_rule_ids)
            }
            Request::Config2019DeleteConfigRules(call) => {
                operate(Operation::Delete, call.config_rule_ids)
            }
            Request::Config2019StopConfigRules(call) => {
                operate(Operation::Stop, call.config_rule_ids)
            }
            Request::CreateConfigDeliveryChannel(call) => {
                let made = self.create_channel(caller, call);
                answer(R::ConfigDeliveryChannelNamed, made)
            }
            Request::DeleteConfigDeliveryChannel(call) => {
                let deleted = self.delete_channel(caller, call);
                answer(R::ConfigDeliveryChannelNamed, deleted)
            }
            Request::GetConfigDeliveryChannel(call) => {
                answer(R::GetConfigDeliveryChannel, self.get_channel(caller, call))
            }
            Request::ListConfigDeliveryChannels(call) => answer(
                R::ListConfigDeliveryChannels,
                self.list_channels(caller, call),
            ),
            Request::UpdateConfigDeliveryChannel(call) => {
                let changed = self.update_channel(caller, call);
                answer(R::ConfigDeliveryChannelNamed, changed)
            }
            Request::CreateConfigRule(call) => {
                answer(R::ConfigRuleNamed, self.create_config_rule(caller, call))
            }
            Request::DeleteConfigRules(call) => operate(Operation::Delete, call.config_rule_ids),
            Request::DescribeSystemEventAttribute(call) => answer(
                R::DescribeSystemEventAttribute,
                self.list_events(caller, call),
            ),
            Request::GetConfigRule(call) => {
                answer(R::GetConfigRule, self.get_config_rule(caller, call))
            }
            Request::ListConfigRuleEvaluationResults(call) => answer(
                R::ListConfigRuleEvaluationResults,
                self.list_evaluation_results(caller, call),
            ),
            Request::ListConfigRules(call) => {
                answer(R::ListConfigRules, self.list_config_rules(caller, call))
            }
            Request::StartConfigRuleEvaluation(call) => answer(
                R::StartConfigRuleEvaluation,
                self.start_evaluation(caller, call),
            ),
            Request::StopConfigRules(call) => operate(Operation::Stop, call.config_rule_ids),
            Request::UpdateConfigRule(call) => {
                answer(R::ConfigRuleNamed, self.update_config_rule(caller, call))
            }
            other => self.run_account_groups(caller, other),
        }
    }

    fn run_account_groups<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        let operate = |aggregator, operation, ids| {
            let done = self.operate_group_rules(caller, action, (aggregator, operation), ids);
            answer(R::OperateConfigRules, done)
        };
        match request {
            Request::ActiveAggregateConfigRules(call) => {
                operate(call.aggregator, Operation::Activate, call.config_rule_ids)
            }
            Request::DeactiveAggregateConfigRules(call) => {
                operate(call.aggregator, Operation::Stop, call.config_rule_ids)
            }
            Request::DeleteAggregateConfigRules(call) => {
                operate(call.aggregator, Operation::Delete, call.config_rule_ids)
            }
            Request::CreateAggregateConfigRule(call) => {
                answer(R::ConfigRuleNamed, self.create_group_rule(caller, call))
            }
            Request::UpdateAggregateConfigRule(call) => {
                answer(R::ConfigRuleNamed, self.update_group_rule(caller, call))
            }
            Request::GetAggregateConfigRule(call) => {
                answer(R::GetConfigRule, self.get_group_rule(caller, call))
            }
            Request::ListAggregateConfigRules(call) => {
                answer(R::ListConfigRules, self.list_group_rules(caller, call))
            }
            Request::StartAggregateConfigRuleEvaluation(call) => answer(
                R::StartConfigRuleEvaluation,
                self.start_group_evaluation(caller, call),
            ),
            Request::ListAggregateConfigRuleEvaluationResults(call) => answer(
                R::ListConfigRuleEvaluationResults,
                self.list_group_results(caller, call),
            ),
            Request::CreateAggregator(call) => {
                answer(R::AggregatorNamed, self.create_aggregator(caller, call))
            }
            Request::UpdateAggregator(call) => {
                answer(R::AggregatorNamed, self.update_aggregator(caller, call))
            }
            Request::GetAggregator(call) => {
                answer(R::GetAggregator, self.get_aggregator(caller, call))
            }
            Request::ListAggregators(call) => {
                answer(R::ListAggregators, self.list_aggregators(caller, call))
            }
            Request::DeleteAggregators(call) => {
                answer(R::OperateAggregators, self.delete_aggregators(caller, call))
            }
            other => self.run_group_channels(caller, other),
        }
    }

    fn run_group_channels<'a>(&'a self, caller: &'a Caller, request: Request) -> Answer<'a> {
        let action = request.action();
        match request {
            Request::CreateAggregateConfigDeliveryChannel(call) => {
                let made = self.create_group_channel(caller, call);
                answer(R::ConfigDeliveryChannelNamed, made)
            }
            Request::UpdateAggregateConfigDeliveryChannel(call) => {
                let changed = self.update_group_channel(caller, call);
                answer(R::ConfigDeliveryChannelNamed, changed)
            }
            Request::GetAggregateConfigDeliveryChannel(call) => answer(
                R::GetConfigDeliveryChannel,
                self.get_group_channel(caller, call),
            ),
            Request::ListAggregateConfigDeliveryChannels(call) => answer(
                R::ListConfigDeliveryChannels,
                self.list_group_channels(caller, call),
            ),
            Request::DeleteAggregateConfigDeliveryChannel(call) => {
                let deleted = self.delete_group_channel(caller, call);
                answer(R::ConfigDeliveryChannelNamed, deleted)
            }
            // What kms-wire knows and this crate does not do.
            _ => {
                let own = self.own(caller, action, Resource::Account);
                no(own.err().unwrap_or_else(|| refused(action)))
            }
        }
    }
}

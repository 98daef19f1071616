//! Answers of Cloud Config. Its lists are plain, unlike those of KMS and RAM.

mod delivery;
mod groups;
mod results;
mod rules;

pub use delivery::{
    ConfigDeliveryChannel, ConfigDeliveryChannelNamed, GetConfigDeliveryChannel,
    ListConfigDeliveryChannels,
};
pub use groups::{
    Aggregator, AggregatorMember, AggregatorNamed, AggregatorsResult, GetAggregator,
    ListAggregators, OperateAggregator, OperateAggregators, OperateAggregatorsResult,
};
pub use results::{
    EvaluationResult, EvaluationResultIdentifier, EvaluationResultQualifier, EvaluationResults,
    ListConfigRuleEvaluationResults,
};
pub use rules::{
    ConfigRule, ConfigRuleCompliance, ConfigRuleCreator, ConfigRuleNamed, ConfigRuleScope,
    ConfigRuleSource, ConfigRuleSourceDetail, ConfigRuleStatus, ConfigRuleSummary, ConfigRules,
    GetConfigRule, ListConfigRules, OperateConfigRules, OperateRuleItem, OperateRuleResult,
    StartConfigRuleEvaluation,
};

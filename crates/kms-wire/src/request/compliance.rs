//! Cloud Config (Config 2020-09-07): rules about resources, groups of accounts that rules are
//! for, and where findings are sent (reference accesskey §5.2).

mod delivery;
mod group_delivery;
mod groups;
mod operate;
mod results;
mod rules;
mod settings;
mod words;

pub use delivery::{
    ChannelKind, ChannelSettings, CreateConfigDeliveryChannel, DeleteConfigDeliveryChannel,
    GetConfigDeliveryChannel, ListConfigDeliveryChannels, UpdateConfigDeliveryChannel,
};
pub use group_delivery::{
    CreateAggregateConfigDeliveryChannel, DeleteAggregateConfigDeliveryChannel,
    GetAggregateConfigDeliveryChannel, ListAggregateConfigDeliveryChannels,
    UpdateAggregateConfigDeliveryChannel,
};
pub use groups::{
    ActiveAggregateConfigRules, AggregatorAccount, AggregatorAccounts, AggregatorKind,
    CreateAggregateConfigRule, CreateAggregator, DeactiveAggregateConfigRules,
    DeleteAggregateConfigRules, DeleteAggregators, GetAggregateConfigRule, GetAggregator,
    ListAggregateConfigRuleEvaluationResults, ListAggregateConfigRules, ListAggregators,
    StartAggregateConfigRuleEvaluation, UpdateAggregateConfigRule, UpdateAggregator,
};
pub use operate::{
    ActiveConfigRules, Config2019ActiveConfigRules, Config2019DeleteConfigRules,
    Config2019StopConfigRules, DeleteConfigRules, StartConfigRuleEvaluation, StopConfigRules,
};
pub use results::ListConfigRuleEvaluationResults;
pub use rules::{CreateConfigRule, GetConfigRule, ListConfigRules, UpdateConfigRule};
pub use settings::{RuleScope, RuleSettings, TagScope};
pub use words::{ComplianceType, Frequency, Ids, InputParameters, RuleState, Trigger, Triggers};

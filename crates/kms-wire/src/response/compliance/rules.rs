use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::request::TagScope;

/// Answer of CreateConfigRule and UpdateConfigRule.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRuleNamed {
    /// `cr-…`.
    pub config_rule_id: String,
}

/// Answer of GetConfigRule.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetConfigRule {
    /// The rule; in a box, for it is larger than all other answers.
    pub config_rule: Box<ConfigRule>,
}

/// A rule. What nobody said is absent.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRule {
    /// Whose it is.
    pub account_id: u64,
    /// `acs:config::<account>:rule/<id>`.
    pub config_rule_arn: String,
    /// `cr-…`.
    pub config_rule_id: String,
    /// Its name.
    pub config_rule_name: String,
    /// `ACTIVE` or `INACTIVE`.
    pub config_rule_state: String,
    /// With commas between.
    pub config_rule_trigger_types: String,
    /// For people.
    pub description: String,
    /// 1 critical, 2 warning, 3 info.
    pub risk_level: u32,
    /// Its parameters.
    pub input_parameters: Map<String, Value>,
    /// How often it is evaluated at most.
    pub maximum_execution_frequency: String,
    /// With commas between.
    pub resource_types_scope: String,
    /// What it is about.
    pub scope: ConfigRuleScope,
    /// What it says.
    pub source: ConfigRuleSource,
    /// What came of it.
    pub compliance: ConfigRuleCompliance,
    /// When it was evaluated.
    pub config_rule_evaluation_status: ConfigRuleStatus,
    /// Who made it.
    pub create_by: ConfigRuleCreator,
    /// Milliseconds since 1970.
    pub create_timestamp: i64,
    /// Milliseconds since 1970.
    pub modified_timestamp: i64,
    /// See [`crate::request::RuleScope`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_resource_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_region_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_group_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_resource_group_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_key_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_value_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_key_logic_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_scope: Vec<TagScope>,
    /// Likewise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_tags_scope: Vec<TagScope>,
    /// Likewise, of an account group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_account_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder_ids_scope: Option<String>,
    /// Likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_folder_ids_scope: Option<String>,
}

/// What types of resources a rule is about.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRuleScope {
    /// `ACS::RAM::User` and others.
    pub compliance_resource_types: Vec<String>,
}

/// What a rule says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRuleSource {
    /// `ALIYUN`.
    pub owner: String,
    /// As it was named.
    pub identifier: String,
    /// What makes it be evaluated.
    pub source_details: Vec<ConfigRuleSourceDetail>,
}

/// What makes a rule be evaluated.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRuleSourceDetail {
    /// `aliyun.config`.
    pub event_source: String,
    /// `ConfigurationItemChangeNotification` or `ScheduledNotification`; all, with commas
    /// between, in the first: the Terraform provider reads that one only.
    pub message_type: String,
    /// For the latter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_execution_frequency: Option<String>,
}

/// What came of a rule.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRuleCompliance {
    /// The worst that it says.
    pub compliance_type: String,
    /// Of how many resources it says that.
    pub count: u32,
}

/// When a rule was evaluated; milliseconds since 1970.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRuleStatus {
    /// Since when it is there.
    pub first_activated_timestamp: i64,
    /// Whether it was evaluated.
    pub first_evaluation_started: bool,
    /// When last; 0: never.
    pub last_successful_evaluation_timestamp: i64,
    /// The same.
    pub last_successful_invocation_timestamp: i64,
}

/// Who made a rule.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRuleCreator {
    /// The account, or that of the account group.
    pub creator_id: String,
    /// `AGGREGATOR` for an account group's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator_type: Option<String>,
    /// The account group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregator_id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregator_name: Option<String>,
}

/// Answer of ListConfigRules.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListConfigRules {
    /// The page.
    pub config_rules: ConfigRules,
}

/// A page of rules.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRules {
    /// The rules.
    pub config_rule_list: Vec<ConfigRuleSummary>,
    /// From 1.
    pub page_number: u32,
    /// How many at most.
    pub page_size: u32,
    /// On all pages.
    pub total_count: u64,
}

/// A rule in a list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConfigRuleSummary {
    /// Whose it is.
    pub account_id: u64,
    /// `acs:config::<account>:rule/<id>`.
    pub config_rule_arn: String,
    /// `cr-…`.
    pub config_rule_id: String,
    /// Its name.
    pub config_rule_name: String,
    /// `ACTIVE` or `INACTIVE`.
    pub config_rule_state: String,
    /// For people.
    pub description: String,
    /// 1 critical, 2 warning, 3 info.
    pub risk_level: u32,
    /// `ALIYUN`.
    pub source_owner: String,
    /// As it was named.
    pub source_identifier: String,
    /// With commas between.
    pub resource_types_scope: String,
    /// What came of it.
    pub compliance: ConfigRuleCompliance,
    /// `YYYY-MM-DD`.
    pub create_date: String,
}

/// Answer of what is done to rules by their ids.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OperateConfigRules {
    /// What came of it.
    pub operate_rule_result: OperateRuleResult,
}

/// What came of each.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OperateRuleResult {
    /// In the order of the call.
    pub operate_rule_item_list: Vec<OperateRuleItem>,
}

/// What came of one.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OperateRuleItem {
    /// The rule.
    pub config_rule_id: String,
    /// Whether it was done.
    pub success: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
}

/// Answer of StartConfigRuleEvaluation.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StartConfigRuleEvaluation {
    /// That it was done.
    pub result: bool,
}

use serde::{Deserialize, Serialize};

/// Answer of ListConfigRuleEvaluationResults.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListConfigRuleEvaluationResults {
    /// The page.
    pub evaluation_results: EvaluationResults,
}

/// A page of results.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EvaluationResults {
    /// The results.
    pub evaluation_result_list: Vec<EvaluationResult>,
    /// How many at most.
    pub max_results: u32,
    /// Where the next page begins; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// What a rule says of a resource.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EvaluationResult {
    /// Why: JSON as text (reference accesskey §5.3).
    pub annotation: String,
    /// `COMPLIANT`, `NON_COMPLIANT` or `NOT_APPLICABLE`.
    pub compliance_type: String,
    /// Milliseconds since 1970.
    pub config_rule_invoked_timestamp: i64,
    /// Of what, by which rule.
    pub evaluation_result_identifier: EvaluationResultIdentifier,
    /// What made it be evaluated.
    pub invoking_event_message_type: String,
    /// Since when it has not been as it should be, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_non_compliant_record_timestamp: Option<i64>,
    /// Whether somebody mends it by itself: no.
    pub remediation_enabled: bool,
    /// Milliseconds since 1970.
    pub result_recorded_timestamp: i64,
    /// 1 critical, 2 warning, 3 info.
    pub risk_level: u32,
}

/// Of what a rule says something.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EvaluationResultIdentifier {
    /// Of what.
    pub evaluation_result_qualifier: EvaluationResultQualifier,
    /// When it was so, in milliseconds since 1970.
    pub ordering_timestamp: i64,
}

/// A rule and a resource.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EvaluationResultQualifier {
    /// `acs:config::<account>:rule/<id>`.
    pub config_rule_arn: String,
    /// `cr-…`.
    pub config_rule_id: String,
    /// Its name.
    pub config_rule_name: String,
    /// `global` for RAM's.
    pub region_id: String,
    /// The resource group that it is in; empty if in none.
    pub resource_group_id: String,
    /// The resource.
    pub resource_id: String,
    /// Its name.
    pub resource_name: String,
    /// The account that has it.
    pub resource_owner_id: u64,
    /// `ACS::RAM::User`.
    pub resource_type: String,
}

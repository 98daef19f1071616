use super::words::ComplianceType;
use crate::request::{keys::operations, param::Within};

operations! {
    /// Lists what a rule says of each resource.
    ListConfigRuleEvaluationResults -> ListConfigRuleEvaluationResults {
        /// Which rule; all if none is named.
        config_rule_id: Option<String> = "ConfigRuleId",
        /// Only what it says this of.
        compliance_type: Option<ComplianceType> = "ComplianceType",
        /// Only of this type of resources.
        resource_types: Option<String> = "ResourceTypes",
        /// 1 to 100, 10 unless given.
        max_results: Option<Within<1, 100>> = "MaxResults",
        /// Where the page before ended.
        next_token: Option<String> = "NextToken",
    }
}

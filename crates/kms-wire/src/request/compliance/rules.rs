use super::{
    settings::RuleSettings,
    words::{ComplianceType, RuleState},
};
use crate::request::{
    keys::operations,
    param::{Page, Within},
};

operations! {
    /// Makes a rule; it is evaluated at once.
    CreateConfigRule -> ConfigRuleNamed {
        /// Its name, unique in the account.
        config_rule_name: String = "ConfigRuleName",
        /// Who wrote it: `ALIYUN`.
        source_owner: String = "SourceOwner",
        /// What it says.
        source_identifier: String = "SourceIdentifier",
        /// The same token makes the same rule.
        client_token: Option<String> = "ClientToken",
        /// What else there is to say.
        settings: RuleSettings = "Settings",
    }

    /// Changes a rule; it is evaluated at once.
    UpdateConfigRule -> ConfigRuleNamed {
        /// Which.
        config_rule_id: String = "ConfigRuleId",
        /// Its new name.
        config_rule_name: Option<String> = "ConfigRuleName",
        /// What changes.
        settings: RuleSettings = "Settings",
    }

    /// Reads a rule.
    GetConfigRule -> GetConfigRule {
        /// Which.
        config_rule_id: String = "ConfigRuleId",
    }

    /// Lists rules by name.
    ListConfigRules -> ListConfigRules {
        /// Those that say this of something; all if nothing is said.
        compliance_type: Option<ComplianceType> = "ComplianceType",
        /// Those in this state.
        state: Option<RuleState> = "ConfigRuleState",
        /// Those of this level.
        risk_level: Option<Within<1, 3>> = "RiskLevel",
        /// The one of this name.
        config_rule_name: Option<String> = "ConfigRuleName",
        /// Of 10 unless said otherwise.
        page: Page<10> = "PageNumber",
    }
}

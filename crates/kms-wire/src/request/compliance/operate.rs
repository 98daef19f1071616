//! What is done to rules by their ids. The official Terraform provider still does it under the
//! version of 2019 (reference accesskey §5.2).

use super::words::Ids;
use crate::request::keys::operations;

operations! {
    /// Lets rules be evaluated again.
    ActiveConfigRules -> OperateConfigRules {
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// Lets rules be evaluated no more; what they said stays.
    StopConfigRules -> OperateConfigRules {
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// Deletes rules with what they said.
    DeleteConfigRules -> OperateConfigRules {
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// As [`ActiveConfigRules`].
    Config2019ActiveConfigRules -> OperateConfigRules {
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// As [`StopConfigRules`].
    Config2019StopConfigRules -> OperateConfigRules {
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// As [`DeleteConfigRules`].
    Config2019DeleteConfigRules -> OperateConfigRules {
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// Evaluates a rule now.
    StartConfigRuleEvaluation -> StartConfigRuleEvaluation {
        /// Which.
        config_rule_id: String = "ConfigRuleId",
    }
}

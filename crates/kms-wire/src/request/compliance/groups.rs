//! Groups of accounts, and their rules.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    settings::RuleSettings,
    words::{ComplianceType, Ids, RuleState},
};
use crate::{
    ApiError, Params,
    request::{
        fields::Fields,
        keys::operations,
        param::{Page, Param, Within},
    },
};

operations! {
    /// Makes an account group.
    CreateAggregator -> AggregatorNamed {
        /// Its name.
        name: String = "AggregatorName",
        /// Who is in it; CUSTOM unless said.
        kind: Option<AggregatorKind> = "AggregatorType",
        /// For people.
        description: String = "Description",
        /// The accounts of a CUSTOM one.
        accounts: Option<AggregatorAccounts> = "AggregatorAccounts",
        /// The folder of a FOLDER one.
        folder: Option<String> = "FolderId",
        /// The same token makes the same group.
        client_token: Option<String> = "ClientToken",
    }

    /// Changes an account group; what is absent stays.
    UpdateAggregator -> AggregatorNamed {
        /// Which.
        aggregator: String = "AggregatorId",
        /// Its new name.
        name: Option<String> = "AggregatorName",
        /// For people.
        description: Option<String> = "Description",
        /// The accounts of a CUSTOM one from now on.
        accounts: Option<AggregatorAccounts> = "AggregatorAccounts",
        /// The folder of a FOLDER one from now on.
        folder: Option<String> = "FolderId",
    }

    /// Reads an account group.
    GetAggregator -> GetAggregator {
        /// Which.
        aggregator: String = "AggregatorId",
    }

    /// Lists account groups.
    ListAggregators -> ListAggregators {
        /// 1 to 100, 10 unless given.
        max_results: Option<Within<1, 100>> = "MaxResults",
        /// Where the page before ended.
        next_token: Option<String> = "NextToken",
    }

    /// Deletes account groups with their rules.
    DeleteAggregators -> OperateAggregators {
        /// Which.
        aggregators: Ids = "AggregatorIds",
    }

    /// Makes a rule for the accounts of a group.
    CreateAggregateConfigRule -> ConfigRuleNamed {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Its name, unique in the group.
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

    /// Changes a rule of a group.
    UpdateAggregateConfigRule -> ConfigRuleNamed {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Which.
        config_rule_id: String = "ConfigRuleId",
        /// Its new name.
        config_rule_name: Option<String> = "ConfigRuleName",
        /// What changes.
        settings: RuleSettings = "Settings",
    }

    /// Reads a rule of a group.
    GetAggregateConfigRule -> GetConfigRule {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Which.
        config_rule_id: String = "ConfigRuleId",
    }

    /// Lists rules of a group.
    ListAggregateConfigRules -> ListConfigRules {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Those that say this of something.
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

    /// Deletes rules of a group.
    DeleteAggregateConfigRules -> OperateConfigRules {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// Lets rules of a group be evaluated again.
    ActiveAggregateConfigRules -> OperateConfigRules {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// Lets rules of a group be evaluated no more.
    DeactiveAggregateConfigRules -> OperateConfigRules {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Which.
        config_rule_ids: Ids = "ConfigRuleIds",
    }

    /// Evaluates a rule of a group now.
    StartAggregateConfigRuleEvaluation -> StartConfigRuleEvaluation {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Which.
        config_rule_id: String = "ConfigRuleId",
    }

    /// Lists what a rule of a group says of each resource of its accounts.
    ListAggregateConfigRuleEvaluationResults -> ListConfigRuleEvaluationResults {
        /// Whose accounts.
        aggregator: String = "AggregatorId",
        /// Which rule; all if none is named.
        config_rule_id: Option<String> = "ConfigRuleId",
        /// Only what it says this of.
        compliance_type: Option<ComplianceType> = "ComplianceType",
        /// Only of this type of resources.
        resource_types: Option<String> = "ResourceTypes",
        /// Only of this account.
        owner: Option<String> = "ResourceOwnerId",
        /// 1 to 100, 10 unless given.
        max_results: Option<Within<1, 100>> = "MaxResults",
        /// Where the page before ended.
        next_token: Option<String> = "NextToken",
    }
}

/// Who is in an account group.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum AggregatorKind {
    /// All accounts of the directory, present and future.
    #[serde(rename = "RD")]
    Directory,
    /// All accounts of a folder, present and future.
    #[serde(rename = "FOLDER")]
    Folder,
    /// Those that are named.
    #[serde(rename = "CUSTOM")]
    Custom,
}

/// Accounts, as JSON: 1 to 200.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AggregatorAccounts(pub Vec<AggregatorAccount>);

/// An account of a group.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AggregatorAccount {
    /// Its id. SDKs send a number, Terraform text.
    #[serde(deserialize_with = "id")]
    pub account_id: String,
    /// Its name, for people.
    #[serde(default)]
    pub account_name: String,
    /// `ResourceDirectory`.
    #[serde(default)]
    pub account_type: String,
}

// === impl AggregatorKind ===

impl AggregatorKind {
    /// As it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Directory => "RD",
            Self::Folder => "FOLDER",
            Self::Custom => "CUSTOM",
        }
    }
}

impl fmt::Display for AggregatorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AggregatorKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "RD" => Ok(Self::Directory),
            "FOLDER" => Ok(Self::Folder),
            "CUSTOM" => Ok(Self::Custom),
            _ => Err("must be RD, FOLDER or CUSTOM"),
        }
    }
}

// === impl AggregatorAccounts ===

impl Param for Option<AggregatorAccounts> {
    fn read(fields: Fields<'_>, name: &str) -> Result<Self, ApiError> {
        let wanted = "a JSON array of 1 to 200 objects with AccountId";
        let Some(read) = fields.json::<Vec<AggregatorAccount>>(name, wanted)? else {
            return Ok(None);
        };
        let is_id =
            |one: &AggregatorAccount| one.account_id.parse::<kms_types::AccountId>().is_ok();
        if read.is_empty() || read.len() > 200 || !read.iter().all(is_id) {
            return Err(ApiError::invalid_parameter(
                name,
                format_args!("must be {wanted}"),
            ));
        }
        Ok(Some(AggregatorAccounts(read)))
    }

    fn write(&self, params: &mut Params, name: &str) {
        let text = self.as_ref().map(|own| serde_json::to_string(&own.0));
        params.push_some(name, text.and_then(Result::ok));
    }
}

fn id<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(u64),
        Text(String),
    }
    Ok(match Id::deserialize(from)? {
        Id::Number(number) => number.to_string(),
        Id::Text(text) => text,
    })
}

//! Rules and results as they travel.

use kms_types::AccountId;
use kms_wire::{
    request::{ComplianceType, RuleScope},
    response,
};

use super::{
    results::{Found, Results},
    rule::Rule,
};
use crate::{authorise::Resource, documents::Named};

/// For policies.
pub(super) fn rule_resource(id: &str) -> Resource<'_> {
    Resource::Of {
        product: "config",
        kind: "rule",
        name: id,
    }
}

/// `acs:config::<account>:rule/<id>`.
pub(super) fn rule_arn(account: &AccountId, id: &str) -> String {
    format!("acs:config::{account}:rule/{id}")
}

/// An account's id as Cloud Config tells it: a number. Ids of twenty digits, which no cloud
/// has, may be none.
pub(super) fn number(account: &AccountId) -> u64 {
    account.as_str().parse().unwrap_or_default()
}

/// What a rule comes to: the worst that it says, and of how many.
pub(super) fn compliance<'a>(
    results: impl IntoIterator<Item = &'a Results>,
) -> response::ConfigRuleCompliance {
    let results: Vec<&Results> = results.into_iter().collect();
    let is_unknown = results.iter().any(|results| results.is_unknown);
    let found: Vec<&Found> = results.iter().flat_map(|results| &results.found).collect();
    let count = |of: ComplianceType| {
        let of = found.iter().filter(|found| found.compliance == of);
        u32::try_from(of.count()).unwrap_or(u32::MAX)
    };
    // What is not known keeps a rule from being green.
    let worst = [
        ComplianceType::NonCompliant,
        ComplianceType::InsufficientData,
        ComplianceType::Compliant,
        ComplianceType::NotApplicable,
    ];
    let worst = worst
        .into_iter()
        .find(|of| count(*of) > 0 || (is_unknown && *of == ComplianceType::InsufficientData));
    let worst = worst.unwrap_or(ComplianceType::InsufficientData);
    response::ConfigRuleCompliance {
        compliance_type: worst.as_str().to_owned(),
        count: count(worst),
    }
}

/// For GetConfigRule.
pub(super) fn rule(
    account: &AccountId,
    rule: Named<Rule>,
    results: &[Named<Results>],
) -> response::ConfigRule {
    let Named {
        name: id,
        body: own,
        created,
    } = rule;
    let triggers: Vec<&str> = own
        .triggers
        .iter()
        .map(|trigger| trigger.as_str())
        .collect();
    let triggers = triggers.join(",");
    let frequency = own.frequency.as_str().to_owned();
    let last = results.iter().map(|results| results.body.invoked).max();
    let types = own.scope.resource_types.clone().unwrap_or_default();
    let RuleScope {
        resource_ids,
        exclude_resource_ids,
        region_ids,
        exclude_region_ids,
        resource_group_ids,
        exclude_resource_group_ids,
        tag_key,
        tag_value,
        tag_key_logic,
        tags,
        exclude_tags,
        account_ids,
        exclude_account_ids,
        folder_ids,
        exclude_folder_ids,
        ..
    } = own.scope;
    response::ConfigRule {
        account_id: number(account),
        config_rule_arn: rule_arn(account, &id),
        config_rule_id: id,
        config_rule_name: own.name,
        config_rule_state: own.state.as_str().to_owned(),
        config_rule_trigger_types: triggers.clone(),
        description: own.description,
        risk_level: own.risk,
        input_parameters: own.input,
        maximum_execution_frequency: frequency.clone(),
        scope: response::ConfigRuleScope {
            compliance_resource_types: types.split(',').map(str::to_owned).collect(),
        },
        resource_types_scope: types,
        source: response::ConfigRuleSource {
            owner: ALIYUN.to_owned(),
            identifier: own.identifier,
            source_details: vec![response::ConfigRuleSourceDetail {
                event_source: "aliyun.config".to_owned(),
                message_type: triggers,
                maximum_execution_frequency: Some(frequency),
            }],
        },
        compliance: compliance(results.iter().map(|results| &results.body)),
        config_rule_evaluation_status: response::ConfigRuleStatus {
            first_activated_timestamp: created.as_millisecond(),
            first_evaluation_started: last.is_some(),
            last_successful_evaluation_timestamp: last.unwrap_or_default(),
            last_successful_invocation_timestamp: last.unwrap_or_default(),
        },
        create_by: response::ConfigRuleCreator {
            creator_id: account.to_string(),
            ..response::ConfigRuleCreator::default()
        },
        create_timestamp: created.as_millisecond(),
        modified_timestamp: own.modified,
        resource_ids_scope: resource_ids,
        exclude_resource_ids_scope: exclude_resource_ids,
        region_ids_scope: region_ids,
        exclude_region_ids_scope: exclude_region_ids,
        resource_group_ids_scope: resource_group_ids,
        exclude_resource_group_ids_scope: exclude_resource_group_ids,
        tag_key_scope: tag_key,
        tag_value_scope: tag_value,
        tag_key_logic_scope: tag_key_logic,
        tags_scope: tags,
        exclude_tags_scope: exclude_tags,
        account_ids_scope: account_ids,
        exclude_account_ids_scope: exclude_account_ids,
        folder_ids_scope: folder_ids,
        exclude_folder_ids_scope: exclude_folder_ids,
    }
}

/// For ListConfigRules.
pub(super) fn summary(
    account: &AccountId,
    rule: Named<Rule>,
    compliance: response::ConfigRuleCompliance,
) -> response::ConfigRuleSummary {
    response::ConfigRuleSummary {
        account_id: number(account),
        config_rule_arn: rule_arn(account, &rule.name),
        config_rule_id: rule.name,
        config_rule_name: rule.body.name,
        config_rule_state: rule.body.state.as_str().to_owned(),
        description: rule.body.description,
        risk_level: rule.body.risk,
        source_owner: ALIYUN.to_owned(),
        source_identifier: rule.body.identifier,
        resource_types_scope: rule.body.scope.resource_types.unwrap_or_default(),
        compliance,
        create_date: rule.created.strftime("%Y-%m-%d").to_string(),
    }
}

/// What a rule says of a member's resources.
pub(super) fn results<'a>(
    account: &'a AccountId,
    rule: &'a Named<Rule>,
    member: &'a AccountId,
    results: &'a Results,
) -> impl Iterator<Item = response::EvaluationResult> {
    let types = rule.body.scope.resource_types.clone().unwrap_or_default();
    results
        .found
        .iter()
        .map(move |found| response::EvaluationResult {
            annotation: found.annotation.noted(found.note.as_deref()).to_text(),
            compliance_type: found.compliance.as_str().to_owned(),
            config_rule_invoked_timestamp: found.at.unwrap_or(results.invoked),
            evaluation_result_identifier: response::EvaluationResultIdentifier {
                evaluation_result_qualifier: response::EvaluationResultQualifier {
                    config_rule_arn: rule_arn(account, &rule.name),
                    config_rule_id: rule.name.clone(),
                    config_rule_name: rule.body.name.clone(),
                    region_id: found.region.clone(),
                    resource_group_id: found.group.clone(),
                    resource_id: found.id.clone(),
                    resource_name: found.name.clone(),
                    resource_owner_id: number(member),
                    resource_type: types.clone(),
                },
                ordering_timestamp: found.at.unwrap_or(results.invoked),
            },
            invoking_event_message_type: results.trigger.as_str().to_owned(),
            last_non_compliant_record_timestamp: found.since,
            remediation_enabled: false,
            result_recorded_timestamp: found.at.unwrap_or(results.invoked),
            risk_level: rule.body.risk,
        })
}

/// Who writes the rules that there are.
pub(super) const ALIYUN: &str = "ALIYUN";

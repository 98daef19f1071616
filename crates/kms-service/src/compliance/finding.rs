//! What is told of a resource that is not compliant, when it has just become so (reference
//! accesskey §5.3). It is an event like any other: listed, and sent to whom channels name.

use jiff::Timestamp;
use kms_store::Tx;
use kms_types::{AccountId, RequestId};
use serde_json::json;

use super::{
    inventory::Resource,
    queue,
    results::{Found, Why},
    rule::Rule,
    write::rule_arn,
};
use crate::{
    documents::Named,
    events::{self, Event, Level},
    failure::Failure,
};

/// What such events are called.
const NAME: &str = "Config:NonCompliantNotification";

/// Raises it in the account that has the rule.
pub(super) async fn raise(
    tx: &mut dyn Tx,
    account: &AccountId,
    rule: &Named<Rule>,
    member: &AccountId,
    (found, resource): (&Found, &Resource),
    why: Why,
    now: Timestamp,
) -> Result<(), Failure> {
    let moment = now.as_millisecond().to_string();
    let (level, risk) = match rule.body.risk {
        1 => (Level::Critical, "Critical"),
        2 => (Level::Warn, "Warning"),
        _ => (Level::Info, "Info"),
    };
    let mut qualifier = json!({
        "resourceId": found.id,
        "resourceName": found.name,
        "resourceType": rule.body.scope.resource_types,
        "resourceArn": resource.arn,
        "resourceOwnerId": member,
        "resourceGroupId": resource.group,
        "regionId": found.region,
        "configRuleId": rule.name,
        "configRuleName": rule.body.name,
        "configRuleArn": rule_arn(account, &rule.name),
        "sourceIdentifier": rule.body.identifier,
        "compliancePackId": "",
        "captureTime": moment,
    });
    if let (Some(aggregator), Some(own)) = (&rule.body.aggregator, qualifier.as_object_mut()) {
        own.insert("aggregatorId".to_owned(), json!(aggregator));
    }
    let event = Event {
        name: NAME.to_owned(),
        level,
        resource: resource.arn.clone(),
        content: json!({
            "annotation": found.annotation,
            "riskLevel": risk,
            "dataType": "NonCompliantNotification",
            "eventType": "ResourceCompliance",
            "eventName": "NonCompliant",
            "complianceType": found.compliance,
            "invokingEventMessageType": why.as_str(),
            "accountId": member,
            "requestId": RequestId::random().to_string(),
            "notificationCreationTime": moment,
            "lastNonCompliantRecordTimestamp": moment,
            "evaluationResultIdentifier": {
                "orderingTimestamp": moment,
                "evaluationResultQualifier": qualifier,
            },
        }),
    };
    // Once for each time that it becomes so.
    let key = format!("finding/{}/{member}/{}/{moment}", rule.name, found.id);
    if events::raise(tx, account, &key, &event, now).await? {
        let of = (account, rule.body.aggregator.as_deref());
        queue::append(tx, of, &key, &event.content, now).await?;
    }
    Ok(())
}

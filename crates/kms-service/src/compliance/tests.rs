//! Rules as they are made, asked and read.

use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::Stand;

mod changes;
mod deliveries;
mod findings;
mod group_channels;
mod group_rules;
mod groups;
mod operations;
mod other_ram;
mod refusals;
mod rotation;
mod rules;
mod scopes;
mod user_scopes;

const DAY: u64 = 86_400;
const AGE: &str = "ram-user-ak-create-date-expired-check";
const IDLE: &str = "ram-user-ak-used-expired-check";

/// A rule of the name `rule`; its id.
async fn rule(stand: &Stand, identifier: &str, more: &[(&str, &str)]) -> Result<String, ErrorCode> {
    let mut params = vec![
        ("ConfigRuleName", "rule"),
        ("SourceOwner", "ALIYUN"),
        ("SourceIdentifier", identifier),
        ("RiskLevel", "1"),
        ("ConfigRuleTriggerTypes", "ScheduledNotification"),
    ];
    for (name, value) in more {
        params.retain(|(own, _)| own != name);
        params.push((name, value));
    }
    let made = stand.call("CreateConfigRule", &params).await?;
    Ok(made["ConfigRuleId"].as_str().unwrap().to_owned())
}

/// The result for that user.
async fn result(stand: &Stand, id: &str, user: &str) -> Value {
    let all = results(stand, id).await;
    all.into_iter()
        .find(|one| qualifier(one)["ResourceName"] == user)
        .unwrap_or_else(|| panic!("nothing is said of {user}"))
}

async fn results(stand: &Stand, id: &str) -> Vec<Value> {
    let params = [("ConfigRuleId", id), ("MaxResults", "100")];
    let listed = stand.call("ListConfigRuleEvaluationResults", &params).await;
    let listed = listed.unwrap();
    let list = &listed["EvaluationResults"]["EvaluationResultList"];
    list.as_array().unwrap().clone()
}

fn qualifier(result: &Value) -> &Value {
    &result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
}

fn annotation(result: &Value) -> Value {
    serde_json::from_str(result["Annotation"].as_str().unwrap()).unwrap()
}

async fn get(stand: &Stand, id: &str) -> Value {
    let got = stand.call("GetConfigRule", &[("ConfigRuleId", id)]).await;
    got.unwrap()["ConfigRule"].clone()
}

/// A user `app` with one key; its id.
async fn app(stand: &Stand) -> String {
    let user = [("UserName", "app")];
    stand.call("CreateUser", &user).await.unwrap();
    key(stand).await
}

/// One more key of `app`.
async fn key(stand: &Stand) -> String {
    let made = stand.call("CreateAccessKey", &[("UserName", "app")]).await;
    let id = &made.unwrap()["AccessKey"]["AccessKeyId"];
    id.as_str().unwrap().to_owned()
}

async fn delete_key(stand: &Stand, id: &str) {
    let params = [("UserName", "app"), ("UserAccessKeyId", id)];
    stand.call("DeleteAccessKey", &params).await.unwrap();
}

//! Account groups: who is in them now, and who may look.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::Caller;

const OUTSIDER: &str = "3333333333333333";

/// A directory that the stand's account manages, with a folder and an account in it whose
/// user has an old key; and an account outside. The folder's id.
pub(super) async fn directory(stand: &Stand) -> (String, String, Caller) {
    let eve = stand.stranger(OUTSIDER, "eve").await;
    stand.call("EnableResourceDirectory", &[]).await.unwrap();
    let made = stand
        .call("CreateFolder", &[("FolderName", "apps")])
        .await
        .unwrap();
    let folder = made["Folder"]["FolderId"].as_str().unwrap().to_owned();
    let params = [("DisplayName", "app"), ("ParentFolderId", folder.as_str())];
    let made = stand.call("CreateResourceAccount", &params).await.unwrap();
    let member = made["Account"]["AccountId"].as_str().unwrap().to_owned();
    stand
        .service
        .ensure_user(&member.parse().unwrap(), "old")
        .await
        .unwrap();
    stand
        .service
        .create_access_key(&member.parse().unwrap(), "old")
        .await
        .unwrap();
    (folder, member, eve)
}

pub(super) async fn group(
    stand: &Stand,
    kind: &str,
    more: &[(&str, &str)],
) -> Result<String, ErrorCode> {
    let mut params = vec![
        ("AggregatorName", kind),
        ("AggregatorType", kind),
        ("Description", "x"),
    ];
    params.extend(more);
    let made = stand.call("CreateAggregator", &params).await?;
    Ok(made["AggregatorId"].as_str().unwrap().to_owned())
}

pub(super) async fn group_rule(stand: &Stand, group: &str, more: &[(&str, &str)]) -> String {
    let mut params = vec![
        ("AggregatorId", group),
        ("ConfigRuleName", "rule"),
        ("SourceOwner", "ALIYUN"),
        ("SourceIdentifier", AGE),
        ("RiskLevel", "1"),
    ];
    for (name, value) in more {
        params.retain(|(own, _)| own != name);
        params.push((name, value));
    }
    let made = stand.call("CreateAggregateConfigRule", &params).await;
    made.unwrap()["ConfigRuleId"].as_str().unwrap().to_owned()
}

/// Accounts that the rule says something of, with how many results each.
pub(super) async fn owners(stand: &Stand, group: &str, rule: &str) -> BTreeMap<String, usize> {
    let params = [
        ("AggregatorId", group),
        ("ConfigRuleId", rule),
        ("MaxResults", "100"),
    ];
    let listed = stand
        .call("ListAggregateConfigRuleEvaluationResults", &params)
        .await;
    let listed = listed.unwrap();
    let list = &listed["EvaluationResults"]["EvaluationResultList"];
    let mut owners = BTreeMap::new();
    for one in list.as_array().unwrap() {
        *owners
            .entry(qualifier(one)["ResourceOwnerId"].to_string())
            .or_default() += 1;
    }
    owners
}

#[tokio::test]
async fn the_global_group_follows_the_directory() {
    let stand = Stand::new().await;
    let (_folder, member, _eve) = directory(&stand).await;
    let id = group(&stand, "RD", &[]).await.unwrap();
    // One only.
    assert_eq!(
        group(&stand, "RD", &[]).await,
        Err(ErrorCode::AggregatorExists)
    );
    let rule = group_rule(&stand, &id, &[]).await;
    let found = owners(&stand, &id, &rule).await;
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let mut expected = vec!["1234567890123456", member.as_str()];
    expected.sort_unstable();
    assert_eq!(names, expected);
    // Who comes later is in it.
    let made = stand
        .call("CreateResourceAccount", &[("DisplayName", "late")])
        .await;
    let late = made.unwrap()["Account"]["AccountId"]
        .as_str()
        .unwrap()
        .to_owned();
    let late_id = late.parse().unwrap();
    stand.service.ensure_user(&late_id, "new").await.unwrap();
    stand.service.evaluate_rules("one").await.unwrap();
    assert!(owners(&stand, &id, &rule).await.contains_key(&late));
    let got = stand
        .call("GetAggregator", &[("AggregatorId", &id)])
        .await
        .unwrap();
    assert_eq!(got["Aggregator"]["AggregatorAccountCount"], 3);
    assert_eq!(got["Aggregator"]["AggregatorStatus"], 1);
    // The account's own rules are others.
    let own = stand.call("ListConfigRules", &[]).await.unwrap();
    assert_eq!(own["ConfigRules"]["TotalCount"], 0);
    let refused = stand
        .call("GetConfigRule", &[("ConfigRuleId", &rule)])
        .await;
    assert_eq!(refused, Err(ErrorCode::ConfigRuleNotFound));
}

#[tokio::test]
async fn folders_and_named_accounts_are_of_the_directory() {
    let stand = Stand::new().await;
    let (folder, member, _eve) = directory(&stand).await;
    let in_folder = [("FolderId", folder.as_str())];
    let id = group(&stand, "FOLDER", &in_folder).await.unwrap();
    let rule = group_rule(&stand, &id, &[]).await;
    let found = owners(&stand, &id, &rule).await;
    assert_eq!(found.keys().collect::<Vec<_>>(), [&member]);
    // Another folder, as Terraform's provider changes it.
    let parent = [("FolderName", "empty")];
    let made = stand.call("CreateFolder", &parent).await.unwrap();
    let empty = made["Folder"]["FolderId"].as_str().unwrap();
    let moved = |to: &str| {
        let named = [("AggregatorId", id.clone()), ("FolderId", to.to_owned())];
        let stand = &stand;
        async move {
            let named = named
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            stand.call("UpdateAggregator", &named).await
        }
    };
    moved(empty).await.unwrap();
    let asked = [("AggregatorId", id.as_str())];
    let got = stand.call("GetAggregator", &asked).await.unwrap();
    assert_eq!(got["Aggregator"]["FolderId"], empty);
    assert!(owners(&stand, &id, &rule).await.is_empty());
    assert_eq!(moved("fd-none").await, Err(ErrorCode::InvalidParameter));

    let accounts = |id: &str| {
        json!([{"AccountId": id, "AccountName": "x", "AccountType": "ResourceDirectory"}])
            .to_string()
    };
    let outside = accounts(OUTSIDER);
    let named = [("AggregatorAccounts", outside.as_str())];
    let refused = group(&stand, "CUSTOM", &named).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
    let inside = accounts(&member);
    let named = [("AggregatorAccounts", inside.as_str())];
    let custom = group(&stand, "CUSTOM", &named).await.unwrap();
    let rule = group_rule(&stand, &custom, &[]).await;
    assert_eq!(owners(&stand, &custom, &rule).await.len(), 1);

    let ids = format!("{custom},ca-none");
    let deleted = stand
        .call("DeleteAggregators", &[("AggregatorIds", &ids)])
        .await;
    let items = deleted.unwrap()["OperateAggregatorsResult"]["OperateAggregators"].clone();
    assert_eq!(items[0]["Success"], true);
    assert_eq!(items[1]["ErrorCode"], "Invalid.AggregatorId.Value");
    let gone = stand
        .call("GetAggregator", &[("AggregatorId", &custom)])
        .await;
    assert_eq!(gone, Err(ErrorCode::AggregatorNotFound));
}

#[tokio::test]
async fn nobody_else_looks_at_other_accounts() {
    let stand = Stand::new().await;
    let (_folder, member, eve) = directory(&stand).await;
    let mallory = stand.stranger(&member, "mallory").await;
    let params = [
        ("AggregatorName", "x"),
        ("AggregatorType", "RD"),
        ("Description", "x"),
    ];
    for stranger in [&eve, &mallory] {
        let refused = stand.call_as(stranger, "CreateAggregator", &params).await;
        assert_eq!(refused, Err(ErrorCode::RamForbidden));
    }
    // A delegated administrator may, until it is none any more.
    let delegate = [
        ("AccountId", member.as_str()),
        ("ServicePrincipal", "config.aliyuncs.com"),
    ];
    stand
        .call("RegisterDelegatedAdministrator", &delegate)
        .await
        .unwrap();
    let made = stand
        .call_as(&mallory, "CreateAggregator", &params)
        .await
        .unwrap();
    let id = made["AggregatorId"].as_str().unwrap();
    let rule = [
        ("AggregatorId", id),
        ("ConfigRuleName", "rule"),
        ("SourceOwner", "ALIYUN"),
        ("SourceIdentifier", AGE),
        ("RiskLevel", "1"),
    ];
    stand
        .call_as(&mallory, "CreateAggregateConfigRule", &rule)
        .await
        .unwrap();
    let of = [("AggregatorId", id)];
    let action = "ListAggregateConfigRuleEvaluationResults";
    let listed = stand.call_as(&mallory, action, &of).await.unwrap();
    let list = listed["EvaluationResults"]["EvaluationResultList"]
        .as_array()
        .unwrap()
        .clone();
    assert!(
        list.iter()
            .any(|one| qualifier(one)["ResourceOwnerId"] == 1_234_567_890_123_456_u64)
    );
    stand
        .call("DeregisterDelegatedAdministrator", &delegate)
        .await
        .unwrap();
    let refused = stand.call_as(&mallory, action, &of).await;
    assert_eq!(refused, Err(ErrorCode::RamForbidden));
    // And what was known of others is forgotten.
    stand.service.evaluate_rules("one").await.unwrap();
    stand
        .call("RegisterDelegatedAdministrator", &delegate)
        .await
        .unwrap();
    let listed = stand.call_as(&mallory, action, &of).await.unwrap();
    assert_eq!(
        listed["EvaluationResults"]["EvaluationResultList"],
        json!([])
    );
}

//! Rules of account groups: what they say of accounts that come, go and change.

use serde_json::json;

use super::{
    groups::{directory, group, group_rule, owners},
    *,
};
use crate::stand::ACCOUNT;

/// What the rule of the group says of that, by user.
async fn found(stand: &Stand, group: &str, rule: &str, compliance: &str) -> Vec<Value> {
    let params = [
        ("AggregatorId", group),
        ("ConfigRuleId", rule),
        ("ComplianceType", compliance),
    ];
    let listed = stand.call("ListAggregateConfigRuleEvaluationResults", &params);
    let listed = listed.await.unwrap();
    let list = &listed["EvaluationResults"]["EvaluationResultList"];
    list.as_array().unwrap().clone()
}

#[tokio::test]
async fn an_old_key_of_another_account_is_found_and_told_of_to_who_asked() {
    let stand = Stand::new().await;
    let (_folder, member, _eve) = directory(&stand).await;
    stand.pass(100 * DAY);
    let id = group(&stand, "RD", &[]).await.unwrap();
    let scope = [
        ("InputParameters", r#"{"days":"90"}"#),
        ("ExcludeAccountIdsScope", ACCOUNT),
    ];
    let rule = group_rule(&stand, &id, &scope).await;
    let red = found(&stand, &id, &rule, "NON_COMPLIANT").await;
    assert_eq!(red.len(), 1, "{red:?}");
    assert_eq!(qualifier(&red[0])["ResourceName"], "old");
    assert_eq!(qualifier(&red[0])["ResourceOwnerId"].to_string(), member);
    assert_eq!(annotation(&red[0])["configuration"], "100");
    let named = [
        ("AggregatorId", id.as_str()),
        ("ConfigRuleId", rule.as_str()),
    ];
    let got = stand.call("GetAggregateConfigRule", &named).await.unwrap();
    let told = &got["ConfigRule"];
    assert_eq!(
        told["Compliance"],
        json!({"ComplianceType": "NON_COMPLIANT", "Count": 1})
    );
    assert_eq!(told["CreateBy"]["AggregatorId"], id.as_str());
    assert_eq!(told["ExcludeAccountIdsScope"], ACCOUNT);
    let event = [("Name", "Config:NonCompliantNotification")];
    let events = stand.call("DescribeSystemEventAttribute", &event).await;
    let events = events.unwrap()["SystemEvents"]["SystemEvent"].clone();
    assert_eq!(events.as_array().unwrap().len(), 1);
    let content = events[0]["Content"].as_str().unwrap();
    let content: Value = serde_json::from_str(content).unwrap();
    assert_eq!(content["accountId"], member.as_str());

    // A key that is replaced is noticed by the server that did it, at once.
    let account = member.parse().unwrap();
    let eve = stand.stranger(&member, "eve").await;
    stand
        .service
        .create_access_key(&account, "old")
        .await
        .unwrap();
    let user = [("UserName", "old")];
    let keys = stand.call_as(&eve, "ListAccessKeys", &user).await.unwrap();
    let keys = keys["AccessKeys"]["AccessKey"].as_array().unwrap().clone();
    let oldest = keys.iter().min_by_key(|key| key["CreateDate"].to_string());
    let oldest = oldest.unwrap()["AccessKeyId"].as_str().unwrap();
    let key = [("UserName", "old"), ("UserAccessKeyId", oldest)];
    stand.call_as(&eve, "DeleteAccessKey", &key).await.unwrap();
    assert_eq!(
        found(&stand, &id, &rule, "NON_COMPLIANT").await,
        Vec::<Value>::new()
    );
}

#[tokio::test]
async fn who_leaves_the_folder_is_not_told_of_from_then_on() {
    let stand = Stand::new().await;
    let (folder, member, _eve) = directory(&stand).await;
    let in_folder = [("FolderId", folder.as_str())];
    let id = group(&stand, "FOLDER", &in_folder).await.unwrap();
    let rule = group_rule(&stand, &id, &[]).await;
    assert_eq!(owners(&stand, &id, &rule).await.len(), 1);
    let elsewhere = stand.folder("elsewhere", None).await;
    let moved = [
        ("AccountId", member.as_str()),
        ("DestinationFolderId", elsewhere.as_str()),
    ];
    stand.call("MoveAccount", &moved).await.unwrap();
    // Before anybody has forgotten what was known.
    assert_eq!(owners(&stand, &id, &rule).await.len(), 0);
    let of = [("AggregatorId", id.as_str())];
    let listed = stand.call("ListAggregateConfigRules", &of).await.unwrap();
    let listed = &listed["ConfigRules"]["ConfigRuleList"][0];
    assert_eq!(listed["Compliance"]["ComplianceType"], "INSUFFICIENT_DATA");
}

#[tokio::test]
async fn rules_of_a_group_are_changed_stopped_and_deleted_by_the_group() {
    let stand = Stand::new().await;
    let (_folder, member, _eve) = directory(&stand).await;
    let id = group(&stand, "RD", &[]).await.unwrap();
    let rule = group_rule(&stand, &id, &[]).await;
    let own = super::rule(&stand, AGE, &[]).await.unwrap();
    let narrower = [
        ("AggregatorId", id.as_str()),
        ("ConfigRuleId", rule.as_str()),
        ("AccountIdsScope", member.as_str()),
    ];
    let changed = stand.call("UpdateAggregateConfigRule", &narrower).await;
    changed.unwrap();
    assert_eq!(
        owners(&stand, &id, &rule).await.keys().collect::<Vec<_>>(),
        [&member]
    );
    let start = "StartAggregateConfigRuleEvaluation";
    let started = stand.call(start, &narrower[..2]).await.unwrap();
    assert_eq!(started["Result"], true);
    // The account's own rule is none of the group's.
    let foreign = [
        ("AggregatorId", id.as_str()),
        ("ConfigRuleId", own.as_str()),
    ];
    let refused = stand.call(start, &foreign).await;
    assert_eq!(refused, Err(ErrorCode::ConfigRuleNotFound));
    let both = format!("{rule},{own}");
    let ids = [
        ("AggregatorId", id.as_str()),
        ("ConfigRuleIds", both.as_str()),
    ];
    for (action, state) in [
        ("DeactiveAggregateConfigRules", Some("INACTIVE")),
        ("ActiveAggregateConfigRules", Some("ACTIVE")),
        ("DeleteAggregateConfigRules", None),
    ] {
        let done = stand.call(action, &ids).await.unwrap();
        let items = &done["OperateRuleResult"]["OperateRuleItemList"];
        assert_eq!(items[0]["Success"], true, "{action}");
        assert_eq!(items[1]["ErrorCode"], "ConfigRuleNotExists", "{action}");
        let got = stand.call("GetAggregateConfigRule", &narrower[..2]).await;
        match state {
            Some(state) => assert_eq!(got.unwrap()["ConfigRule"]["ConfigRuleState"], state),
            None => assert_eq!(got, Err(ErrorCode::ConfigRuleNotFound)),
        }
    }
    assert_eq!(get(&stand, &own).await["ConfigRuleState"], "ACTIVE");
}

#[tokio::test]
async fn named_accounts_are_changed_and_a_token_makes_one_group() {
    let stand = Stand::new().await;
    let (_folder, member, _eve) = directory(&stand).await;
    let accounts = |id: &str| json!([{"AccountId": id}]).to_string();
    let (before, after) = (accounts(&member), accounts(ACCOUNT));
    let named = [
        ("AggregatorAccounts", before.as_str()),
        ("ClientToken", "t"),
    ];
    let id = group(&stand, "CUSTOM", &named).await.unwrap();
    assert_eq!(group(&stand, "CUSTOM", &named).await.unwrap(), id);
    let change = [
        ("AggregatorId", id.as_str()),
        ("AggregatorName", "others"),
        ("AggregatorAccounts", after.as_str()),
    ];
    stand.call("UpdateAggregator", &change).await.unwrap();
    let outside = accounts("3333333333333333");
    let wrong = [
        ("AggregatorId", id.as_str()),
        ("AggregatorAccounts", outside.as_str()),
    ];
    let refused = stand.call("UpdateAggregator", &wrong).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
    let listed = stand.call("ListAggregators", &[]).await.unwrap();
    let listed = &listed["AggregatorsResult"]["Aggregators"];
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["AggregatorName"], "others");
    let got = stand.call("GetAggregator", &[("AggregatorId", &id)]).await;
    let members = got.unwrap()["Aggregator"]["AggregatorAccounts"].clone();
    assert_eq!(members.as_array().unwrap().len(), 1);
    assert_eq!(members[0]["AccountId"].to_string(), ACCOUNT);
}

#[tokio::test]
async fn no_more_than_ten_groups_and_a_page_of_them_at_a_time() {
    let stand = Stand::new().await;
    let (folder, _member, _eve) = directory(&stand).await;
    let in_folder = [("FolderId", folder.as_str())];
    for _ in 0..10 {
        group(&stand, "FOLDER", &in_folder).await.unwrap();
    }
    let refused = group(&stand, "FOLDER", &in_folder).await;
    assert_eq!(refused, Err(ErrorCode::AggregatorLimit));
    let none = [("FolderId", "fd-AAAAAAAAAA")];
    let refused = group(&stand, "FOLDER", &none).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
    let most = [("MaxResults", "7")];
    let page = stand.call("ListAggregators", &most).await.unwrap();
    let page = &page["AggregatorsResult"];
    assert_eq!(page["Aggregators"].as_array().unwrap().len(), 7);
    let token = page["NextToken"].as_str().unwrap();
    let rest = [("MaxResults", "7"), ("NextToken", token)];
    let rest = stand.call("ListAggregators", &rest).await.unwrap();
    let rest = &rest["AggregatorsResult"];
    assert_eq!(rest["Aggregators"].as_array().unwrap().len(), 3);
    assert_eq!(rest["NextToken"], Value::Null);
}

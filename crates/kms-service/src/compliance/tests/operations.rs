//! Rules that are stopped, started and deleted, and how many there may be.

use kms_store::Mode;

use super::{
    super::{channel::Channel, results::Results, rule::Rule},
    groups::{directory, group, group_rule},
    *,
};
use crate::{documents, failure::Failure, stand::account};

const HOUR: u64 = 3_600;

async fn operate(stand: &Stand, action: &str, id: &str) {
    let ids = [("ConfigRuleIds", id)];
    stand.call(action, &ids).await.unwrap();
}

/// How many rules, results of them and channels lie in the store.
async fn kept(stand: &Stand) -> [usize; 3] {
    let account = &account();
    let counted = stand.service.tx(Mode::Read, |mut tx| {
        Box::pin(async move {
            let tx = &mut *tx;
            let rules = documents::all::<Rule>(tx, account).await?;
            let results = documents::all::<Results>(tx, account).await?;
            let channels = documents::all::<Channel>(tx, account).await?;
            Ok::<_, Failure>([rules.len(), results.len(), channels.len()])
        })
    });
    counted.await.unwrap()
}

#[tokio::test]
async fn a_rule_that_is_stopped_says_nothing_new_until_it_is_started() {
    let stand = Stand::new().await;
    let key = app(&stand).await;
    let id = rule(&stand, "ram-user-invalid-ak-check", &[])
        .await
        .unwrap();
    operate(&stand, "StopConfigRules", &id).await;
    let disable = [
        ("UserName", "app"),
        ("UserAccessKeyId", key.as_str()),
        ("Status", "Inactive"),
    ];
    stand.call("UpdateAccessKey", &disable).await.unwrap();
    stand.pass(2 * DAY);
    assert_eq!(stand.service.evaluate_rules("one").await.unwrap(), 0);
    let found = result(&stand, &id, "app").await;
    assert_eq!(found["ComplianceType"], "COMPLIANT");
    operate(&stand, "ActiveConfigRules", &id).await;
    let found = result(&stand, &id, "app").await;
    assert_eq!(found["ComplianceType"], "NON_COMPLIANT");
}

#[tokio::test]
async fn rules_are_asked_by_one_server_at_a_time() {
    let stand = Stand::new().await;
    rule(&stand, AGE, &[]).await.unwrap();
    stand.pass(24 * HOUR - 60);
    assert_eq!(stand.service.evaluate_rules("one").await.unwrap(), 0);
    stand.pass(60);
    assert_eq!(stand.service.evaluate_rules("two").await.unwrap(), 0);
    assert_eq!(stand.service.evaluate_rules("one").await.unwrap(), 1);
    // That one is gone.
    stand.pass(24 * HOUR);
    assert_eq!(stand.service.evaluate_rules("two").await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_deleted_leaves_nothing_behind() {
    let stand = Stand::new().await;
    directory(&stand).await;
    let own = rule(&stand, AGE, &[]).await.unwrap();
    let all = group(&stand, "RD", &[]).await.unwrap();
    group_rule(&stand, &all, &[]).await;
    let channel = [
        ("AggregatorId", all.as_str()),
        ("DeliveryChannelType", "SLS"),
        (
            "DeliveryChannelTargetArn",
            "acs:log:cn-hangzhou:1:project/p/logstore/l",
        ),
    ];
    let action = "CreateAggregateConfigDeliveryChannel";
    stand.call(action, &channel).await.unwrap();
    assert_eq!(kept(&stand).await, [2, 3, 1]);
    operate(&stand, "DeleteConfigRules", &own).await;
    assert_eq!(kept(&stand).await, [1, 2, 1]);
    let ids = [("AggregatorIds", all.as_str())];
    stand.call("DeleteAggregators", &ids).await.unwrap();
    assert_eq!(kept(&stand).await, [0, 0, 0]);
}

#[tokio::test]
async fn no_more_than_two_hundred_rules() {
    let stand = Stand::new().await;
    let kind = "kms-secret-rotation-enabled";
    for number in 0..200 {
        let name = format!("rule-{number}");
        let more = [("ConfigRuleName", name.as_str())];
        rule(&stand, kind, &more).await.unwrap();
    }
    let refused = rule(&stand, kind, &[]).await;
    assert_eq!(refused, Err(ErrorCode::ConfigRuleLimit));
}

#[tokio::test]
async fn results_of_a_group_are_picked_by_account_and_type_and_rules_by_folder() {
    let stand = Stand::new().await;
    let (folder, member, _eve) = directory(&stand).await;
    let all = group(&stand, "RD", &[]).await.unwrap();
    let id = group_rule(&stand, &all, &[]).await;
    let whose = async |rule: &str, more: &[(&str, &str)]| {
        let named = [("AggregatorId", all.as_str()), ("ConfigRuleId", rule)];
        let params = [&named[..], more].concat();
        let listed = stand.call("ListAggregateConfigRuleEvaluationResults", &params);
        let listed = listed.await.unwrap();
        let list = listed["EvaluationResults"]["EvaluationResultList"].clone();
        let owner = |one: &Value| qualifier(one)["ResourceOwnerId"].to_string();
        let mut owners: Vec<_> = list.as_array().unwrap().iter().map(owner).collect();
        owners.sort();
        owners
    };
    assert_eq!(
        whose(&id, &[("ResourceOwnerId", &member)]).await,
        [member.as_str()]
    );
    let users = [("ResourceTypes", "ACS::KMS::Secret,ACS::RAM::User")];
    assert_eq!(whose(&id, &users).await.len(), 2);
    let secrets = [("ResourceTypes", "ACS::KMS::Secret")];
    assert!(whose(&id, &secrets).await.is_empty());

    let inside = [
        ("ConfigRuleName", "in"),
        ("FolderIdsScope", folder.as_str()),
    ];
    let inside = group_rule(&stand, &all, &inside).await;
    assert_eq!(whose(&inside, &[]).await, [member.as_str()]);
    let outside = [
        ("ConfigRuleName", "out"),
        ("ExcludeFolderIdsScope", folder.as_str()),
    ];
    let outside = group_rule(&stand, &all, &outside).await;
    assert_eq!(whose(&outside, &[]).await, [crate::stand::ACCOUNT]);
}

#[tokio::test]
async fn accounts_that_terraform_sends_along_are_none_of_a_folders() {
    let stand = Stand::new().await;
    let (folder, member, _eve) = directory(&stand).await;
    let in_folder = [("FolderId", folder.as_str())];
    let id = group(&stand, "FOLDER", &in_folder).await.unwrap();
    let accounts = json!([
        {"AccountId": "3333333333333333"},
        {"AccountId": member, "AccountName": "another"},
    ]);
    let accounts = accounts.to_string();
    let change = [
        ("AggregatorId", id.as_str()),
        ("AggregatorAccounts", accounts.as_str()),
    ];
    stand.call("UpdateAggregator", &change).await.unwrap();
    let got = stand.call("GetAggregator", &change[..1]).await.unwrap();
    let accounts = &got["Aggregator"]["AggregatorAccounts"];
    assert_eq!(accounts.as_array().unwrap().len(), 1);
    assert_eq!(accounts[0]["AccountId"].to_string(), member);
    assert_eq!(accounts[0]["AccountName"], member.as_str());
}

//! Channels of account groups, and who may have any.

use serde_json::json;

use super::{
    groups::{directory, group, group_rule},
    *,
};

const LOG: &str = "acs:log:cn-hangzhou:1:project/p/logstore/l";

async fn channel(stand: &Stand, group: &str, more: &[(&str, &str)]) -> Result<String, ErrorCode> {
    let mut params = vec![
        ("AggregatorId", group),
        ("DeliveryChannelType", "SLS"),
        ("DeliveryChannelTargetArn", LOG),
    ];
    params.extend(more);
    let made = stand.call("CreateAggregateConfigDeliveryChannel", &params);
    let made = made.await?;
    Ok(made["DeliveryChannelId"].as_str().unwrap().to_owned())
}

/// The ids of the group's channels.
async fn listed(stand: &Stand, group: &str, more: &[(&str, &str)]) -> Vec<String> {
    let params = [&[("AggregatorId", group)], more].concat();
    let listed = stand.call("ListAggregateConfigDeliveryChannels", &params);
    let listed = listed.await.unwrap();
    let all = listed["DeliveryChannels"].as_array().unwrap();
    let id = |one: &Value| one["DeliveryChannelId"].as_str().unwrap().to_owned();
    all.iter().map(id).collect()
}

#[tokio::test]
async fn a_groups_channels_are_made_read_changed_and_deleted_by_the_group() {
    let stand = Stand::new().await;
    directory(&stand).await;
    let id = group(&stand, "RD", &[]).await.unwrap();
    let token = [("ClientToken", "t"), ("DeliveryChannelName", "audit")];
    let made = channel(&stand, &id, &token).await.unwrap();
    assert_eq!(channel(&stand, &id, &token).await.unwrap(), made);
    let other = channel(&stand, &id, &[]).await.unwrap();
    let mut both = vec![made.clone(), other.clone()];
    both.sort();
    assert_eq!(listed(&stand, &id, &[]).await, both);
    let one = [("DeliveryChannelIds", other.as_str())];
    assert_eq!(listed(&stand, &id, &one).await, [other.as_str()]);

    let named = [
        ("AggregatorId", id.as_str()),
        ("DeliveryChannelId", made.as_str()),
    ];
    let change = [
        named[0],
        named[1],
        ("Description", "To the auditors."),
        ("Status", "0"),
    ];
    stand
        .call("UpdateAggregateConfigDeliveryChannel", &change)
        .await
        .unwrap();
    let got = stand
        .call("GetAggregateConfigDeliveryChannel", &named)
        .await;
    let got = got.unwrap()["DeliveryChannel"].clone();
    assert_eq!(got["AggregatorId"], id.as_str());
    assert_eq!(got["DeliveryChannelName"], "audit");
    assert_eq!(got["Description"], "To the auditors.");
    assert_eq!(got["Status"], 0);
    // The account's own actions do not know it, and the group's not the account's.
    let missing = Err(ErrorCode::DeliveryChannelNotFound);
    for action in ["GetConfigDeliveryChannel", "DeleteConfigDeliveryChannel"] {
        assert_eq!(stand.call(action, &named[1..]).await, missing, "{action}");
    }
    let own = stand.call("ListConfigDeliveryChannels", &[]).await.unwrap();
    assert_eq!(own, json!({"DeliveryChannels": []}));
    let own = [
        ("DeliveryChannelType", "SLS"),
        ("DeliveryChannelTargetArn", LOG),
    ];
    let own = stand
        .call("CreateConfigDeliveryChannel", &own)
        .await
        .unwrap();
    let own = own["DeliveryChannelId"].as_str().unwrap();
    let wrong = [named[0], ("DeliveryChannelId", own)];
    for action in [
        "GetAggregateConfigDeliveryChannel",
        "UpdateAggregateConfigDeliveryChannel",
        "DeleteAggregateConfigDeliveryChannel",
    ] {
        assert_eq!(stand.call(action, &wrong).await, missing, "{action}");
    }
    stand
        .call("DeleteAggregateConfigDeliveryChannel", &named)
        .await
        .unwrap();
    assert_eq!(listed(&stand, &id, &[]).await, [other.as_str()]);
    // What goes with a group.
    let gone = [("AggregatorIds", id.as_str())];
    stand.call("DeleteAggregators", &gone).await.unwrap();
    let again = group(&stand, "RD", &[]).await.unwrap();
    assert!(listed(&stand, &again, &[]).await.is_empty());
    let refused = stand.call("GetAggregateConfigDeliveryChannel", &named);
    assert_eq!(refused.await, Err(ErrorCode::AggregatorNotFound));
}

#[tokio::test]
async fn a_groups_channel_gets_what_its_rules_find_and_nothing_else() {
    let stand = Stand::new().await;
    let (folder, _member, _eve) = directory(&stand).await;
    let whole = group(&stand, "RD", &[]).await.unwrap();
    let in_folder = [("FolderId", folder.as_str())];
    let other = group(&stand, "FOLDER", &in_folder).await.unwrap();
    let of_whole = channel(&stand, &whole, &[]).await.unwrap();
    let of_other = channel(&stand, &other, &[]).await.unwrap();
    let own = [
        ("DeliveryChannelType", "SLS"),
        ("DeliveryChannelTargetArn", LOG),
    ];
    let own = stand
        .call("CreateConfigDeliveryChannel", &own)
        .await
        .unwrap();
    let own = own["DeliveryChannelId"].as_str().unwrap().to_owned();
    stand.pass(100 * DAY);
    // How many findings wait for each.
    let waiting = async || {
        let mut waiting = Vec::new();
        for (group, id) in [(&whole, &of_whole), (&other, &of_other)] {
            let named = [
                ("AggregatorId", group.as_str()),
                ("DeliveryChannelId", id.as_str()),
            ];
            let got = stand.call("GetAggregateConfigDeliveryChannel", &named);
            let got = got.await.unwrap();
            waiting.push(got["DeliveryChannel"]["WaitingDeliveries"].clone());
        }
        let named = [("DeliveryChannelId", own.as_str())];
        let got = stand.call("GetConfigDeliveryChannel", &named).await;
        waiting.push(got.unwrap()["DeliveryChannel"]["WaitingDeliveries"].clone());
        waiting
    };
    assert_eq!(waiting().await, [json!(0), json!(0), json!(0)]);
    // Two old keys: alice's and the member's.
    group_rule(&stand, &whole, &[]).await;
    assert_eq!(waiting().await, [json!(2), json!(0), json!(2)]);
    // A rule of the account's own is none of any group's.
    rule(&stand, AGE, &[]).await.unwrap();
    assert_eq!(waiting().await, [json!(2), json!(0), json!(3)]);
    let event = [("Name", "Config:NonCompliantNotification")];
    let events = stand.call("DescribeSystemEventAttribute", &event).await;
    let events = events.unwrap()["SystemEvents"]["SystemEvent"].clone();
    let of_group = |event: &&Value| {
        let content = event["Content"].as_str().unwrap();
        content.contains(&format!("\"aggregatorId\":\"{whole}\""))
    };
    assert_eq!(
        events.as_array().unwrap().iter().filter(of_group).count(),
        2
    );
}

#[tokio::test]
async fn who_administers_the_directory_no_more_does_nothing_to_groups() {
    let stand = Stand::new().await;
    let (_folder, member, eve) = directory(&stand).await;
    let mallory = stand.stranger(&member, "mallory").await;
    let delegate = [
        ("AccountId", member.as_str()),
        ("ServicePrincipal", "config.aliyuncs.com"),
    ];
    stand
        .call("RegisterDelegatedAdministrator", &delegate)
        .await
        .unwrap();
    let params = [
        ("AggregatorName", "x"),
        ("AggregatorType", "RD"),
        ("Description", "x"),
    ];
    let made = stand.call_as(&mallory, "CreateAggregator", &params).await;
    let id = made.unwrap()["AggregatorId"].as_str().unwrap().to_owned();
    let of = ("AggregatorId", id.as_str());
    let channel = [
        of,
        ("DeliveryChannelType", "SLS"),
        ("DeliveryChannelTargetArn", LOG),
    ];
    let action = "CreateAggregateConfigDeliveryChannel";
    let made = stand.call_as(&mallory, action, &channel).await.unwrap();
    let cdc = made["DeliveryChannelId"].as_str().unwrap().to_owned();
    let made = [
        of,
        ("ConfigRuleName", "rule"),
        ("SourceOwner", "ALIYUN"),
        ("SourceIdentifier", AGE),
        ("RiskLevel", "1"),
    ];
    let made = stand
        .call_as(&mallory, "CreateAggregateConfigRule", &made)
        .await;
    let cr = made.unwrap()["ConfigRuleId"].as_str().unwrap().to_owned();
    stand
        .call("DeregisterDelegatedAdministrator", &delegate)
        .await
        .unwrap();
    let channel_id = ("DeliveryChannelId", cdc.as_str());
    let rule_id = ("ConfigRuleId", cr.as_str());
    let rule_ids = ("ConfigRuleIds", cr.as_str());
    let named = [of, channel_id, rule_id, rule_ids];
    for action in [
        "GetAggregator",
        "ListAggregators",
        "UpdateAggregator",
        "DeleteAggregators",
        "GetAggregateConfigRule",
        "ListAggregateConfigRules",
        "UpdateAggregateConfigRule",
        "ActiveAggregateConfigRules",
        "DeactiveAggregateConfigRules",
        "DeleteAggregateConfigRules",
        "StartAggregateConfigRuleEvaluation",
        "ListAggregateConfigRuleEvaluationResults",
        "CreateAggregateConfigDeliveryChannel",
        "GetAggregateConfigDeliveryChannel",
        "ListAggregateConfigDeliveryChannels",
        "UpdateAggregateConfigDeliveryChannel",
        "DeleteAggregateConfigDeliveryChannel",
    ] {
        let more = [
            ("AggregatorIds", id.as_str()),
            ("DeliveryChannelType", "SLS"),
            ("DeliveryChannelTargetArn", LOG),
        ];
        let params = [&named[..], &more].concat();
        for stranger in [&mallory, &eve] {
            let refused = stand.call_as(stranger, action, &params).await;
            assert_eq!(refused, Err(ErrorCode::RamForbidden), "{action}");
        }
    }
    // It is as it was: nothing was deleted.
    stand
        .call("RegisterDelegatedAdministrator", &delegate)
        .await
        .unwrap();
    let named = [of, rule_id];
    let got = stand.call_as(&mallory, "GetAggregateConfigRule", &named);
    assert_eq!(
        got.await.unwrap()["ConfigRule"]["ConfigRuleId"],
        cr.as_str()
    );
}

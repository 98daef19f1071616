//! What is told, to whom.

use serde_json::json;

use super::*;

async fn pending(stand: &Stand) -> Vec<crate::PendingNotice> {
    stand.service.pending_notices("one").await.unwrap()
}

async fn channel(
    stand: &Stand,
    kind: &str,
    arn: &str,
    more: &[(&str, &str)],
) -> Result<String, ErrorCode> {
    let mut params = vec![
        ("DeliveryChannelType", kind),
        ("DeliveryChannelTargetArn", arn),
    ];
    params.extend(more);
    let made = stand.call("CreateConfigDeliveryChannel", &params).await?;
    Ok(made["DeliveryChannelId"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_user_is_told_of_once_each_time_that_it_becomes_non_compliant() {
    let stand = Stand::new().await;
    let old = app(&stand).await;
    let scope = user_id(&stand, "app").await;
    let more = [
        ("InputParameters", r#"{"days":"1"}"#),
        ("ResourceIdsScope", scope.as_str()),
    ];
    let id = rule(&stand, AGE, &more).await.unwrap();
    stand.pass(2 * DAY);
    stand.service.evaluate_rules("one").await.unwrap();
    let told = pending(&stand).await;
    assert_eq!(told.len(), 1);
    let notice = &told[0].notice;
    assert_eq!(notice.name, "Config:NonCompliantNotification");
    assert_eq!(notice.resource, "acs:ram::1234567890123456:user/app");
    let mut content = notice.content.clone();
    let request = content["requestId"].take();
    assert_eq!(request.as_str().unwrap().len(), 36);
    assert_eq!(
        content,
        json!({
            "annotation": {
                "configuration": "2",
                "desiredValue": "1",
                "operator": "LessOrEquals",
                "property": format!("$.AccessKeys[{old}].CreateDate"),
            },
            "riskLevel": "Critical",
            "dataType": "NonCompliantNotification",
            "eventType": "ResourceCompliance",
            "eventName": "NonCompliant",
            "complianceType": "NON_COMPLIANT",
            "invokingEventMessageType": "ScheduledNotification",
            "accountId": "1234567890123456",
            "requestId": null,
            "notificationCreationTime": "1736063957000",
            "lastNonCompliantRecordTimestamp": "1736063957000",
            "evaluationResultIdentifier": {
                "orderingTimestamp": "1736063957000",
                "evaluationResultQualifier": {
                    "resourceId": scope,
                    "resourceName": "app",
                    "resourceType": "ACS::RAM::User",
                    "resourceArn": "acs:ram::1234567890123456:user/app",
                    "resourceOwnerId": "1234567890123456",
                    "resourceGroupId": "rg-acfmsdawfgwkqnf",
                    "regionId": "global",
                    "configRuleId": id,
                    "configRuleName": "rule",
                    "configRuleArn": format!("acs:config::1234567890123456:rule/{id}"),
                    "sourceIdentifier": AGE,
                    "compliancePackId": "",
                    "captureTime": "1736063957000",
                },
            },
        })
    );
    stand.service.note_end(&told[0], true).await.unwrap();
    // Still red: nothing new.
    stand.pass(DAY);
    stand.service.evaluate_rules("one").await.unwrap();
    assert!(pending(&stand).await.is_empty());
    // Green, and red again.
    key(&stand).await;
    delete_key(&stand, &old).await;
    stand.pass(3 * DAY);
    stand.service.evaluate_rules("one").await.unwrap();
    assert_eq!(pending(&stand).await.len(), 1);
}

async fn user_id(stand: &Stand, name: &str) -> String {
    let user = stand.call("GetUser", &[("UserName", name)]).await.unwrap();
    user["User"]["UserId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn channels_get_what_they_want_and_nothing_from_before_they_were() {
    let stand = Stand::new().await;
    app(&stand).await;
    let log = "acs:log:cn-hangzhou:1:project/p/logstore/l";
    let critical = r#"[{"filterType":"RuleRiskLevel","value":"1","multiple":false}]"#;
    let secrets =
        r#"[{"filterType":"ResourceType","values":["ACS::KMS::Secret"],"multiple":true}]"#;
    let all = channel(&stand, "SLS", log, &[]).await.unwrap();
    let grave = [("DeliveryChannelCondition", critical)];
    channel(&stand, "SLS", log, &grave).await.unwrap();
    let other = [("DeliveryChannelCondition", secrets)];
    channel(&stand, "OSS", "acs:oss:cn-hangzhou:1:b", &other)
        .await
        .unwrap();
    let off = [("NonCompliantNotification", "false")];
    channel(&stand, "MNS", "acs:mns:cn-hangzhou:1:/topics/t", &off)
        .await
        .unwrap();
    let stopped = channel(&stand, "SLS", log, &[]).await.unwrap();
    let stop = [("DeliveryChannelId", stopped.as_str()), ("Status", "0")];
    stand
        .call("UpdateConfigDeliveryChannel", &stop)
        .await
        .unwrap();
    let more = [("InputParameters", r#"{"days":"1"}"#), ("RiskLevel", "2")];
    rule(&stand, AGE, &more).await.unwrap();
    stand.pass(2 * DAY);
    stand.service.evaluate_rules("one").await.unwrap();
    stand.pass(1);
    channel(&stand, "SLS", log, &[]).await.unwrap();
    let backlogs = stand.service.backlogs("one").await.unwrap();
    let ids: Vec<&str> = backlogs.iter().map(|to| to.channel.as_str()).collect();
    assert_eq!(ids, [all.as_str()]);
}

#[tokio::test]
async fn channels_are_refused_what_this_server_does_not_do() {
    let stand = Stand::new().await;
    let log = "acs:log:cn-hangzhou:1:project/p/logstore/l";
    for (kind, arn, more) in [
        ("SLS", "acs:oss:cn-hangzhou:1:b", ("Description", "x")),
        ("SLS", log, ("ConfigurationSnapshot", "true")),
        ("SLS", log, ("ConfigurationItemChangeNotification", "true")),
        ("SLS", log, ("DeliveryChannelCondition", "{}")),
        (
            "SLS",
            log,
            ("DeliveryChannelCondition", r#"[{"filterType":"Mood"}]"#),
        ),
        (
            "SLS",
            log,
            (
                "DeliveryChannelCondition",
                r#"[{"filterType":"RuleRiskLevel","value":"9"}]"#,
            ),
        ),
    ] {
        let refused = channel(&stand, kind, arn, &[more]).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{more:?}");
    }
    let none = stand
        .call(
            "GetConfigDeliveryChannel",
            &[("DeliveryChannelId", "cdc-x")],
        )
        .await;
    assert_eq!(none, Err(ErrorCode::DeliveryChannelNotFound));
    // Twice with one token is once.
    let token = [("ClientToken", "t")];
    let one = channel(&stand, "SLS", log, &token).await.unwrap();
    assert_eq!(channel(&stand, "SLS", log, &token).await.unwrap(), one);
    let id = [("DeliveryChannelId", one.as_str())];
    let got = stand.call("GetConfigDeliveryChannel", &id).await.unwrap();
    assert_eq!(got["DeliveryChannel"]["DeliveryChannelTargetArn"], log);
    assert_eq!(got["DeliveryChannel"]["Status"], 1);
    stand
        .call("DeleteConfigDeliveryChannel", &id)
        .await
        .unwrap();
    let listed = stand.call("ListConfigDeliveryChannels", &[]).await.unwrap();
    assert_eq!(listed, json!({"DeliveryChannels": []}));
}

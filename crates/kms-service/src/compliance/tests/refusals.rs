use super::*;

#[tokio::test]
async fn rules_are_refused_what_they_cannot_mean() {
    let stand = Stand::new().await;
    for (identifier, more) in [
        ("ram-user-mfa-check", ("Description", "x")),
        (AGE, ("SourceOwner", "CUSTOM_FC")),
        (AGE, ("InputParameters", r#"{"days":"0"}"#)),
        (AGE, ("InputParameters", r#"{"days":"3651"}"#)),
        (AGE, ("InputParameters", r#"{"days":"ninety"}"#)),
        (AGE, ("InputParameters", r#"{"hours":"90"}"#)),
        (
            "ram-user-invalid-ak-check",
            ("InputParameters", r#"{"days":"90"}"#),
        ),
        (AGE, ("ResourceTypesScope", "ACS::ECS::Instance")),
        (AGE, ("TagKeyScope", " , ")),
        (AGE, ("TagKeyLogicScope", "XOR")),
        (AGE, ("TagValueScope", "prod")),
    ] {
        let refused = rule(&stand, identifier, &[more]).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{more:?}");
    }
    let without = [
        ("ConfigRuleName", "rule"),
        ("SourceOwner", "ALIYUN"),
        ("SourceIdentifier", AGE),
    ];
    let refused = stand.call("CreateConfigRule", &without).await;
    assert_eq!(refused, Err(ErrorCode::MissingParameter));
    assert_eq!(
        stand.call("ListConfigRules", &[]).await.unwrap()["ConfigRules"]["TotalCount"],
        0
    );
}

#[tokio::test]
async fn names_are_unique_and_a_token_makes_one_rule() {
    let stand = Stand::new().await;
    let token = [("ClientToken", "t")];
    let id = rule(&stand, AGE, &token).await.unwrap();
    assert_eq!(rule(&stand, AGE, &token).await.unwrap(), id);
    let again = rule(&stand, IDLE, &[]).await;
    assert_eq!(again, Err(ErrorCode::ConfigRuleExists));
    let other = rule(&stand, IDLE, &[("ConfigRuleName", "other")])
        .await
        .unwrap();
    let rename = [("ConfigRuleId", other.as_str()), ("ConfigRuleName", "rule")];
    let renamed = stand.call("UpdateConfigRule", &rename).await;
    assert_eq!(renamed, Err(ErrorCode::ConfigRuleExists));
}

#[tokio::test]
async fn rules_of_another_account_are_none() {
    let stand = Stand::new().await;
    let id = rule(&stand, AGE, &[]).await.unwrap();
    let stranger = stand.stranger("2222222222222222", "eve").await;
    let named = [("ConfigRuleId", id.as_str())];
    for action in [
        "GetConfigRule",
        "UpdateConfigRule",
        "StartConfigRuleEvaluation",
    ] {
        let refused = stand.call_as(&stranger, action, &named).await;
        assert_eq!(refused, Err(ErrorCode::ConfigRuleNotFound), "{action}");
    }
    let ids = [("ConfigRuleIds", id.as_str())];
    let done = stand.call_as(&stranger, "DeleteConfigRules", &ids).await;
    let item = &done.unwrap()["OperateRuleResult"]["OperateRuleItemList"][0];
    assert_eq!(item["Success"], false);
    assert_eq!(item["ErrorCode"], "ConfigRuleNotExists");
    assert_eq!(get(&stand, &id).await["ConfigRuleState"], "ACTIVE");
}

#[tokio::test]
async fn who_may_do_nothing_learns_nothing() {
    let stand = Stand::new().await;
    let id = rule(&stand, AGE, &[]).await.unwrap();
    let key = stand.person("bob", &[]).await;
    let bob = stand.come_in(&key).await;
    let (one, many) = (
        [("ConfigRuleId", id.as_str())],
        [("ConfigRuleIds", id.as_str())],
    );
    for (action, params) in [
        ("GetConfigRule", &one[..]),
        ("DeleteConfigRules", &many[..]),
        ("Config2019StopConfigRules", &many[..]),
        ("ListConfigRules", &[]),
        ("ListConfigRuleEvaluationResults", &one[..]),
        ("DescribeSystemEventAttribute", &[]),
    ] {
        let refused = stand.call_as(&bob, action, params).await;
        assert_eq!(refused, Err(ErrorCode::RamForbidden), "{action}");
    }
    let policy = crate::stand::document("Allow", "config:Get*", "acs:config:*:*:rule/*");
    let key = stand.person("carol", &[&policy]).await;
    let carol = stand.come_in(&key).await;
    stand.call_as(&carol, "GetConfigRule", &one).await.unwrap();
}

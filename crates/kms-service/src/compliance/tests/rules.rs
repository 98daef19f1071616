use super::*;

#[tokio::test]
async fn a_rule_is_asked_when_it_is_made_and_says_something_of_each_user() {
    let stand = Stand::new().await;
    let key = app(&stand).await;
    let idle = [("UserName", "keyless")];
    stand.call("CreateUser", &idle).await.unwrap();
    let id = rule(&stand, AGE, &[]).await.unwrap();
    assert_eq!(results(&stand, &id).await.len(), 3);
    let found = result(&stand, &id, "app").await;
    assert_eq!(found["ComplianceType"], "COMPLIANT");
    assert_eq!(qualifier(&found)["ResourceType"], "ACS::RAM::User");
    assert_eq!(
        annotation(&found),
        json!({
            "configuration": "0",
            "desiredValue": "90",
            "operator": "LessOrEquals",
            "property": format!("$.AccessKeys[{key}].CreateDate"),
        })
    );
    let found = result(&stand, &id, "keyless").await;
    assert_eq!(found["ComplianceType"], "COMPLIANT");
    assert_eq!(annotation(&found)["property"], "$.AccessKeys");
    let told = get(&stand, &id).await;
    assert_eq!(told["ConfigRuleState"], "ACTIVE");
    assert_eq!(told["InputParameters"], json!({"days": "90"}));
    assert_eq!(told["MaximumExecutionFrequency"], "TwentyFour_Hours");
    assert_eq!(
        told["Compliance"],
        json!({"ComplianceType": "COMPLIANT", "Count": 3})
    );
}

#[tokio::test]
async fn a_key_turns_red_at_the_next_turn_and_its_replacement_makes_it_green_at_once() {
    let stand = Stand::new().await;
    let old = app(&stand).await;
    let id = rule(&stand, AGE, &[("InputParameters", r#"{"days":"1"}"#)]);
    let id = id.await.unwrap();
    stand.pass(DAY);
    assert_eq!(stand.service.evaluate_rules("one").await.unwrap(), 1);
    // Just a day: not yet.
    assert_eq!(
        result(&stand, &id, "app").await["ComplianceType"],
        "COMPLIANT"
    );
    stand.pass(DAY - 1);
    assert_eq!(stand.service.evaluate_rules("one").await.unwrap(), 0);
    stand.pass(1);
    assert_eq!(stand.service.evaluate_rules("one").await.unwrap(), 1);
    let found = result(&stand, &id, "app").await;
    assert_eq!(found["ComplianceType"], "NON_COMPLIANT");
    assert_eq!(found["InvokingEventMessageType"], "ScheduledNotification");
    assert_eq!(annotation(&found)["configuration"], "2");
    let told = get(&stand, &id).await;
    // Alice's key is as old.
    assert_eq!(told["Compliance"]["Count"], 2);

    let new = key(&stand).await;
    assert_eq!(
        result(&stand, &id, "app").await["ComplianceType"],
        "NON_COMPLIANT"
    );
    delete_key(&stand, &old).await;
    let found = result(&stand, &id, "app").await;
    assert_eq!(found["ComplianceType"], "COMPLIANT");
    assert_eq!(
        found["InvokingEventMessageType"],
        "ConfigurationItemChangeNotification"
    );
    let property = annotation(&found)["property"].to_string();
    assert!(property.contains(&new), "{property}");
}

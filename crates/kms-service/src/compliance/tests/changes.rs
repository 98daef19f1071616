//! When rules are asked: so often, and when something changes.

use super::*;
use crate::stand::Scheme;

const HOUR: u64 = 3_600;

async fn evaluated(stand: &Stand) -> usize {
    stand.service.evaluate_rules("one").await.unwrap()
}

/// When the rule was asked last, and why.
async fn asked(stand: &Stand, id: &str) -> (i64, String) {
    let found = results(stand, id).await;
    let at = found[0]["ConfigRuleInvokedTimestamp"].as_i64().unwrap();
    let why = found[0]["InvokingEventMessageType"].as_str().unwrap();
    (at, why.to_owned())
}

fn now(stand: &Stand) -> i64 {
    kms_types::Clock::now(&stand.clock).as_millisecond()
}

#[tokio::test]
async fn each_frequency_is_kept_to_the_second() {
    for (frequency, hours) in [
        ("One_Hour", 1),
        ("Three_Hours", 3),
        ("Six_Hours", 6),
        ("Twelve_Hours", 12),
        ("TwentyFour_Hours", 24),
    ] {
        let stand = Stand::new().await;
        let more = [("MaximumExecutionFrequency", frequency)];
        let id = rule(&stand, AGE, &more).await.unwrap();
        assert_eq!(
            get(&stand, &id).await["MaximumExecutionFrequency"],
            frequency
        );
        for _ in 0..2 {
            stand.pass(hours * HOUR - 1);
            assert_eq!(evaluated(&stand).await, 0, "{frequency}");
            stand.pass(1);
            assert_eq!(evaluated(&stand).await, 1, "{frequency}");
            let why = "ScheduledNotification".to_owned();
            assert_eq!(asked(&stand, &id).await, (now(&stand), why));
        }
    }
}

#[tokio::test]
async fn a_frequency_that_changes_counts_from_the_last_turn() {
    let stand = Stand::new().await;
    let id = rule(&stand, AGE, &[]).await.unwrap();
    stand.pass(5 * HOUR);
    let change = [
        ("ConfigRuleId", id.as_str()),
        ("MaximumExecutionFrequency", "Six_Hours"),
    ];
    stand.call("UpdateConfigRule", &change).await.unwrap();
    stand.pass(HOUR);
    assert_eq!(evaluated(&stand).await, 1);
    assert_eq!(asked(&stand, &id).await.1, "ScheduledNotification");
}

#[tokio::test]
async fn a_change_does_not_put_off_the_next_turn() {
    let stand = Stand::new().await;
    app(&stand).await;
    let id = rule(&stand, AGE, &[]).await.unwrap();
    stand.pass(23 * HOUR);
    key(&stand).await;
    let change = "ConfigurationItemChangeNotification";
    assert_eq!(asked(&stand, &id).await, (now(&stand), change.to_owned()));
    stand.pass(HOUR);
    assert_eq!(evaluated(&stand).await, 1);
    assert_eq!(asked(&stand, &id).await.1, "ScheduledNotification");
}

#[tokio::test]
async fn whatever_happens_to_a_key_is_a_change_at_once() {
    let stand = Stand::new().await;
    let first = app(&stand).await;
    let id = rule(&stand, "ram-user-invalid-ak-check", &[])
        .await
        .unwrap();
    let compliance = async || result(&stand, &id, "app").await["ComplianceType"].clone();
    assert_eq!(compliance().await, "COMPLIANT");
    let status = async |status: &str| {
        let params = [
            ("UserName", "app"),
            ("UserAccessKeyId", first.as_str()),
            ("Status", status),
        ];
        stand.call("UpdateAccessKey", &params).await.unwrap();
    };
    status("Inactive").await;
    assert_eq!(compliance().await, "NON_COMPLIANT");
    status("Active").await;
    assert_eq!(compliance().await, "COMPLIANT");
    status("Inactive").await;
    delete_key(&stand, &first).await;
    assert_eq!(compliance().await, "COMPLIANT");
}

#[tokio::test]
async fn the_first_use_of_a_key_is_a_change_and_the_next_is_none() {
    let stand = Stand::new().await;
    let id = rule(&stand, IDLE, &[("InputParameters", r#"{"days":"1"}"#)]);
    let id = id.await.unwrap();
    stand.pass(2 * DAY);
    evaluated(&stand).await;
    let found = result(&stand, &id, "alice").await;
    assert_eq!(found["ComplianceType"], "NON_COMPLIANT");
    assert!(
        annotation(&found)["property"]
            .to_string()
            .contains("CreateDate")
    );
    let claim = stand.claim(Scheme::V3, &stand.key, "first");
    stand.service.authenticate(&claim).await.unwrap();
    let found = result(&stand, &id, "alice").await;
    assert_eq!(found["ComplianceType"], "COMPLIANT");
    assert!(
        annotation(&found)["property"]
            .to_string()
            .contains("LastUsedDate")
    );
    stand.pass(HOUR);
    let claim = stand.claim(Scheme::V3, &stand.key, "second");
    stand.service.authenticate(&claim).await.unwrap();
    assert_eq!(evaluated(&stand).await, 0);
}

#[tokio::test]
async fn users_and_secrets_that_come_and_go_are_found_by_the_next_look() {
    let stand = Stand::new().await;
    let keys = rule(&stand, AGE, &[]).await.unwrap();
    let more = [("ConfigRuleName", "secrets")];
    let secrets = rule(&stand, "kms-secret-rotation-enabled", &more).await;
    let secrets = secrets.unwrap();
    assert_eq!(evaluated(&stand).await, 0);
    let bob = [("UserName", "bob")];
    stand.call("CreateUser", &bob).await.unwrap();
    stand.create("db", "x").await;
    // Both, and nothing else.
    assert_eq!(evaluated(&stand).await, 2);
    assert_eq!(results(&stand, &keys).await.len(), 2);
    assert_eq!(results(&stand, &secrets).await.len(), 1);
    stand.call("DeleteUser", &bob).await.unwrap();
    let gone = [("SecretName", "db"), ("ForceDeleteWithoutRecovery", "true")];
    stand.call("DeleteSecret", &gone).await.unwrap();
    assert_eq!(evaluated(&stand).await, 2);
    assert_eq!(results(&stand, &keys).await.len(), 1);
    assert!(results(&stand, &secrets).await.is_empty());
    assert_eq!(evaluated(&stand).await, 0);
}

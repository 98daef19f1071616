//! The rule about old keys while one is being replaced, and the event when it was.

use super::*;
use crate::rotation::delegation;

/// A stand whose RAM is its own, with a hosted key of `app`.
async fn hosted() -> (Stand, String) {
    let stand = Stand::new().await;
    stand
        .call("CreateUser", &[("UserName", "app")])
        .await
        .unwrap();
    let made = stand.call("CreateAccessKey", &[("UserName", "app")]).await;
    let made = made.unwrap();
    let field = |name: &str| made["AccessKey"][name].as_str().unwrap().to_owned();
    delegate(&stand).await;
    let data = json!({"AccessKeys": [{
        "AccessKeyId": field("AccessKeyId"),
        "AccessKeySecret": field("AccessKeySecret"),
    }]});
    let data = data.to_string();
    let params = [
        ("SecretName", "$Auto"),
        ("SecretType", "RAMCredentials"),
        ("VersionId", "v1"),
        (
            "ExtendedConfig",
            r#"{"SecretSubType":"RamUserAccessKey","UserName":"app"}"#,
        ),
        ("SecretData", data.as_str()),
    ];
    stand.call("CreateSecret", &params).await.unwrap();
    let id = field("AccessKeyId");
    (stand, id)
}

/// The role by which KMS works at RAM.
async fn delegate(stand: &Stand) {
    let role = [
        ("RoleName", delegation::ROLE),
        ("AssumeRolePolicyDocument", delegation::TRUST_DOCUMENT),
    ];
    stand.call("CreateRole", &role).await.unwrap();
    let policy = [
        ("PolicyName", delegation::POLICY),
        ("PolicyDocument", delegation::POLICY_DOCUMENT),
    ];
    stand.call("RamCreatePolicy", &policy).await.unwrap();
    let attach = [
        ("PolicyType", "Custom"),
        ("PolicyName", delegation::POLICY),
        ("RoleName", delegation::ROLE),
    ];
    stand.call("AttachPolicyToRole", &attach).await.unwrap();
}

/// Works on rotations until nothing is to be done now.
async fn work(stand: &Stand) {
    while stand.service.rotate("worker").await.unwrap() {}
}

async fn events(stand: &Stand, name: &str) -> Vec<Value> {
    let named = [("Name", name)];
    let listed = stand.call("DescribeSystemEventAttribute", &named).await;
    let listed = listed.unwrap();
    listed["SystemEvents"]["SystemEvent"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn a_rotation_turns_the_rule_green_at_once_and_is_told_of_once() {
    let (stand, old) = hosted().await;
    let more = [("InputParameters", r#"{"days":"1"}"#)];
    let id = rule(&stand, AGE, &more).await.unwrap();
    stand.pass(2 * DAY);
    stand.service.evaluate_rules("one").await.unwrap();
    assert_eq!(
        result(&stand, &id, "app").await["ComplianceType"],
        "NON_COMPLIANT"
    );

    let rotate = [("SecretName", "acs/ram/user/app"), ("VersionId", "v2")];
    stand.call("RotateSecret", &rotate).await.unwrap();
    work(&stand).await;
    // The old key still signs: its rotation deletes it.
    stand.service.evaluate_rules("one").await.unwrap();
    let found = result(&stand, &id, "app").await;
    assert_eq!(found["ComplianceType"], "COMPLIANT");
    let said = annotation(&found);
    let why = said["reason"].as_str().unwrap();
    assert!(why.starts_with(&old), "{why}");
    assert!(!said["property"].as_str().unwrap().contains(&old));
    assert!(
        events(&stand, "Secret:RotateSecret:Success")
            .await
            .is_empty()
    );

    for _ in 0..20 {
        stand.pass(DAY / 2);
        work(&stand).await;
    }
    let told = events(&stand, "Secret:RotateSecret:Success").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["Level"], "INFO");
    assert_eq!(told[0]["InstanceName"], "acs/ram/user/app");
    let content: Value = serde_json::from_str(told[0]["Content"].as_str().unwrap()).unwrap();
    assert_eq!(content["secretName"], "acs/ram/user/app");
    assert_eq!(content["secretType"], "RAMCredentials");
    assert_eq!(content["rotationStatus"], "Success");
    assert_eq!(content["versionId"], "v2");
    assert_eq!(content["oldAccessKeyId"], old.as_str());
    assert_eq!(
        content["RotationEntityArn"],
        "acs:ram::1234567890123456:user/app"
    );
    assert!(
        events(&stand, "Secret:RotateSecret:Failure")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_rotation_that_is_given_up_is_told_of_as_critical_once() {
    let (stand, _old) = hosted().await;
    let detach = [
        ("PolicyType", "Custom"),
        ("PolicyName", delegation::POLICY),
        ("RoleName", delegation::ROLE),
    ];
    stand.call("DetachPolicyFromRole", &detach).await.unwrap();
    let rotate = [("SecretName", "acs/ram/user/app"), ("VersionId", "v2")];
    stand.call("RotateSecret", &rotate).await.unwrap();
    for _ in 0..60 {
        work(&stand).await;
        stand.pass(3600);
    }
    let told = events(&stand, "Secret:RotateSecret:Failure").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["Level"], "CRITICAL");
    let content: Value = serde_json::from_str(told[0]["Content"].as_str().unwrap()).unwrap();
    assert_eq!(content["rotationStatus"], "Failure");
    assert!(!content["failureInfo"].as_str().unwrap().is_empty());
}

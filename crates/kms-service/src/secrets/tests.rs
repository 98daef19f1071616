//! Use cases as clients see them: parameters in, answers as JSON or a code out.

use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::Stand;

mod access;
mod at_rest;
mod contended;
mod deletion;
mod listing;
mod managed;
mod model;
mod policies;
mod under_key;
mod versions;

/// The labels on a version, as ListSecretVersionIds tells them.
async fn labels(stand: &Stand, name: &str) -> Vec<(String, Vec<String>)> {
    let params = [
        ("SecretName", name),
        ("IncludeDeprecated", "true"),
        ("PageSize", "100"),
    ];
    let answer = stand.call("ListSecretVersionIds", &params).await.unwrap();
    let versions = answer["VersionIds"]["VersionId"].as_array().unwrap();
    versions
        .iter()
        .map(|version| {
            let labels = version["VersionStages"]["VersionStage"].as_array().unwrap();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (
                text(&version["VersionId"]),
                labels.iter().map(text).collect(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_secret_is_made_described_and_read() {
    let stand = Stand::new().await;
    let made = stand
        .call(
            "CreateSecret",
            &[
                ("SecretName", "app/db"),
                ("VersionId", "v1"),
                ("SecretData", "p\u{e4}ss \"w\u{f6}rd\" <&>%"),
                ("Description", "the database"),
                ("Tags", r#"[{"TagKey":"team","TagValue":"red"}]"#),
            ],
        )
        .await;
    let arn = "acs:kms:cn-hangzhou:1234567890123456:secret/app/db";
    assert_eq!(
        made,
        Ok(json!({
            "Arn": arn,
            "SecretName": "app/db",
            "VersionId": "v1",
            "SecretType": "Generic",
            "DKMSInstanceId": "",
        }))
    );

    stand.pass(60);
    let value = json!({
        "SecretName": "app/db",
        "SecretType": "Generic",
        "SecretData": "p\u{e4}ss \"w\u{f6}rd\" <&>%",
        "SecretDataType": "text",
        "VersionId": "v1",
        "VersionStages": {"VersionStage": ["ACSCurrent"]},
        "CreateTime": "2025-01-03T07:59:17Z",
    });
    for name in ["app/db", arn] {
        let read = stand.call("GetSecretValue", &[("SecretName", name)]).await;
        assert_eq!(read, Ok(value.clone()), "{name}");
    }

    let described = stand
        .call(
            "DescribeSecret",
            &[("SecretName", "app/db"), ("FetchTags", "True")],
        )
        .await
        .unwrap();
    assert_eq!(described["Arn"], arn);
    assert_eq!(described["Description"], "the database");
    assert_eq!(described["CreateTime"], "2025-01-03T07:59:17Z");
    assert_eq!(described["UpdateTime"], "2025-01-03T07:59:17Z");
    assert_eq!(described["PlannedDeleteTime"], "");
    assert_eq!(
        described["Tags"],
        json!({"Tag": [{"TagKey": "team", "TagValue": "red"}]})
    );
    let described = stand
        .call("DescribeSecret", &[("SecretName", "app/db")])
        .await
        .unwrap();
    assert_eq!(described.get("Tags"), None);
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    let again = [
        ("SecretName", "app/db"),
        ("VersionId", "v1"),
        ("SecretData", "one"),
    ];
    assert_eq!(
        stand.call("CreateSecret", &again).await,
        Err(ErrorCode::ResourceExist)
    );
    assert_eq!(
        stand.read("app/db", "ACSCurrent").await.as_deref(),
        Ok("one")
    );
}

#[tokio::test]
async fn an_instance_that_is_not_there_is_refused() {
    let stand = Stand::new().await;
    let params = [
        ("SecretName", "app/db"),
        ("VersionId", "v1"),
        ("SecretData", "{}"),
        ("ExtendedConfig", "{}"),
        ("DKMSInstanceId", "kst-hzz"),
    ];
    assert_eq!(
        stand.call("CreateSecret", &params).await,
        Err(ErrorCode::InstanceNotFound)
    );
    assert_eq!(
        stand.read("app/db", "ACSCurrent").await,
        Err(ErrorCode::ResourceNotFound)
    );
}

#[tokio::test]
async fn binary_values_travel_as_base64() {
    let stand = Stand::new().await;
    let params = [
        ("SecretName", "key"),
        ("VersionId", "v1"),
        ("SecretData", "AP8A"),
        ("SecretDataType", "binary"),
    ];
    stand.call("CreateSecret", &params).await.unwrap();
    let read = stand
        .call("GetSecretValue", &[("SecretName", "key")])
        .await
        .unwrap();
    assert_eq!(read["SecretData"], "AP8A");
    assert_eq!(read["SecretDataType"], "binary");
}

#[tokio::test]
async fn metadata_changes() {
    let stand = Stand::new().await;
    stand.create("app/db", "one").await;
    stand.pass(100);
    let params = [
        ("SecretName", "app/db"),
        ("Description", "new words"),
        ("ExtendedConfig.CustomData", r#"{"a":"b"}"#),
    ];
    let updated = stand.call("UpdateSecret", &params).await;
    assert_eq!(updated, Ok(json!({"SecretName": "app/db"})));
    let described = stand
        .call("DescribeSecret", &[("SecretName", "app/db")])
        .await
        .unwrap();
    assert_eq!(described["Description"], "new words");
    assert_eq!(described["CreateTime"], "2025-01-03T07:59:17Z");
    assert_eq!(described["UpdateTime"], "2025-01-03T08:00:57Z");
    assert_eq!(described["ExtendedConfig"], "", "ignored for Generic");

    stand
        .call("UpdateSecret", &[("SecretName", "app/db")])
        .await
        .unwrap();
    let described = stand
        .call("DescribeSecret", &[("SecretName", "app/db")])
        .await
        .unwrap();
    assert_eq!(described["Description"], "new words", "left alone");
}

#[tokio::test]
async fn missing_secrets_are_missing_everywhere() {
    let stand = Stand::new().await;
    for (action, more) in [
        ("GetSecretValue", vec![]),
        ("DescribeSecret", vec![]),
        ("UpdateSecret", vec![("Description", "x")]),
        (
            "PutSecretValue",
            vec![("VersionId", "v1"), ("SecretData", "x")],
        ),
        ("ListSecretVersionIds", vec![]),
        (
            "UpdateSecretVersionStage",
            vec![("VersionStage", "blue"), ("MoveToVersion", "v1")],
        ),
        ("DeleteSecret", vec![]),
        ("DeleteSecret", vec![("ForceDeleteWithoutRecovery", "true")]),
        ("RestoreSecret", vec![]),
    ] {
        let mut params = vec![("SecretName", "nowhere")];
        params.extend(more);
        let answer = stand.call(action, &params).await;
        assert_eq!(answer, Err(ErrorCode::ResourceNotFound), "{action}");
    }
}

use kms_types::Secret;

use super::*;

/// Seed 002's sample.
fn sample(text: &str) -> GetSecretValue {
    GetSecretValue {
        secret_name: "agent-test".to_owned(),
        secret_type: "Generic".to_owned(),
        secret_data: Secret::from(text),
        secret_data_type: DataType::Text,
        version_id: "v2".to_owned(),
        version_stages: VersionStages {
            version_stage: vec!["ACSCurrent".to_owned()],
        },
        create_time: "2025-01-03T07:59:17Z".to_owned(),
        automatic_rotation: None,
        rotation_interval: None,
        next_rotation_date: None,
        last_rotation_date: None,
        extended_config: None,
        request_id: "cc315250-04c9-4caf-a055-6648f36598b9".to_owned(),
    }
}

fn rendered(secret: &GetSecretValue, response_type: ResponseType) -> Rendered {
    value(secret, response_type, true, Duration::from_mins(5)).unwrap()
}

fn text(bytes: &Bytes) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn answers_as_the_samples_of_the_documentation() {
    let secret = sample(r#"{"k3":"v3"}"#);
    assert_eq!(
        text(&rendered(&secret, ResponseType::Kms).plain),
        r#"{"CreateTime":"2025-01-03T07:59:17Z","RequestId":"cc315250-04c9-4caf-a055-6648f36598b9","SecretData":"{\"k3\":\"v3\"}","SecretDataType":"text","SecretName":"agent-test","SecretType":"Generic","VersionId":"v2","VersionStages":{"VersionStage":["ACSCurrent"]}}"#
    );
    assert_eq!(
        text(&rendered(&secret, ResponseType::Aws).plain),
        r#"{"ARN":"","Name":"agent-test","VersionId":"v2","SecretString":"{\"k3\":\"v3\"}","VersionStages":["ACSCurrent"],"CreatedDate":"2025-01-03T07:59:17Z"}"#
    );
    let vault = rendered(&secret, ResponseType::Vault);
    assert_eq!(
        text(&vault.plain),
        r#"{"request_id":"cc315250-04c9-4caf-a055-6648f36598b9","lease_id":"","renewable":false,"lease_duration":300,"data":{"k3":"v3"},"wrap_info":null,"warnings":null,"auth":null}"#
    );
    assert_eq!(
        text(&vault.kv2.unwrap()),
        r#"{"request_id":"cc315250-04c9-4caf-a055-6648f36598b9","lease_id":"","renewable":false,"lease_duration":0,"data":{"data":{"k3":"v3"},"metadata":{"created_time":"2025-01-03T07:59:17Z","custom_metadata":null,"deletion_time":"","destroyed":false,"version":2}},"wrap_info":null,"warnings":null,"auth":null}"#
    );
}

#[test]
fn binary_secrets_go_into_the_binary_field() {
    let mut secret = sample("AAEC");
    secret.secret_data_type = DataType::Binary;
    let aws: serde_json::Value =
        serde_json::from_slice(&rendered(&secret, ResponseType::Aws).plain).unwrap();
    assert_eq!(aws["SecretBinary"], "AAEC");
    assert!(aws.get("SecretString").is_none());
    assert!(
        text(&rendered(&secret, ResponseType::Kms).plain).contains(r#""SecretDataType":"binary""#)
    );
    assert!(
        text(&rendered(&secret, ResponseType::Vault).plain).contains(r#""data":{"value":"AAEC"}"#)
    );
}

#[test]
fn objects_pass_through_vault_as_written() {
    for object in [
        r#"{"n":12345678901234567890.10,"b":1,"a":2,"a":3,"e":1E400}"#,
        r#"{"t":"</script> 密 \u0041"}"#,
        "{}",
        &format!("{{\"deep\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000)),
    ] {
        let vault = rendered(&sample(object), ResponseType::Vault);
        assert!(text(&vault.plain).contains(&format!("\"data\":{object},")));
        assert!(text(&vault.kv2.unwrap()).contains(&format!("\"data\":{{\"data\":{object},")));
    }
}

#[test]
fn what_is_no_object_becomes_one() {
    for other in [
        "plain",
        "",
        "[1,2]",
        "12345678901234567890",
        "{\"a\":NaN}",
        "\"q\"",
        "null",
    ] {
        let vault = rendered(&sample(other), ResponseType::Vault);
        let vault: serde_json::Value = serde_json::from_slice(&vault.plain).unwrap();
        assert_eq!(vault["data"], serde_json::json!({"value": other}));
    }
}

#[test]
fn versions_that_are_no_number_are_told_beside_it() {
    let mut secret = sample("{}");
    for (id, version) in [
        ("0a7513ee719da740807b15b77500abcd", 1),
        ("v0", 1),
        ("v12", 12),
        ("v+1", 1),
    ] {
        secret.version_id = id.to_owned();
        let body = rendered(&secret, ResponseType::Vault).kv2.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let metadata = &body["data"]["metadata"];
        assert_eq!(metadata["version"], version, "{id}");
        if version == 1 {
            assert_eq!(metadata["custom_metadata"]["kms_version_id"], id);
        }
    }
}

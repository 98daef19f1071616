//! Secrets of managed types (reference kms-api §2.2).

use kms_types::ErrorCode;
use serde_json::{Value, json};

use crate::stand::Stand;

const RDS: &str = r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#;
const RDS_TWO: &str = r#"{"SecretSubType":"DoubleUsers","DBInstanceId":"rm-1"}"#;
const REDIS: &str = r#"{"SecretSubType":"DoubleUsers","AccountName":"app","CloneAccountName":"app_clone","AccountPrivilege":"RoleReadWrite","InstanceId":"r-1","RegionId":"cn-hangzhou"}"#;
const POLAR: &str = r#"{"SecretSubType":"DoubleUsers","RegionId":"cn-hangzhou","DBClusterId":"pc-1","DBType":"PostgreSQL","AccountName":"app"}"#;
const RAM: &str = r#"{"SecretSubType":"RamUserAccessKey","UserName":"bob"}"#;
const ECS: &str = r#"{"SecretSubType":"Password","RegionId":"cn-hangzhou","InstanceId":"i-1"}"#;
const ECS_KEY: &str = r#"{"SecretSubType":"SSHKey","RegionId":"cn-hangzhou","InstanceId":"i-1"}"#;

const ONE: &str = r#"{"Accounts":[{"AccountName":"app","AccountPassword":"canary-1"}]}"#;
const TWO: &str = r#"{"Accounts":[{"AccountName":"a","AccountPassword":"canary-1"},{"AccountName":"b","AccountPassword":"canary-2"}]}"#;

async fn create(
    stand: &Stand,
    (kind, name): (&str, &str),
    config: &str,
    data: &str,
) -> Result<Value, ErrorCode> {
    let params = [
        ("SecretName", name),
        ("SecretType", kind),
        ("VersionId", "v1"),
        ("ExtendedConfig", config),
        ("SecretData", data),
    ];
    stand.call("CreateSecret", &params).await
}

async fn value(stand: &Stand, name: &str, stage: &str) -> Value {
    serde_json::from_str(&stand.read(name, stage).await.unwrap()).unwrap()
}

#[tokio::test]
async fn what_is_brought_as_a_list_is_read_flat() {
    let stand = Stand::new().await;
    create(&stand, ("Rds", "db/one"), RDS, ONE).await.unwrap();
    assert_eq!(
        stand.read("db/one", "ACSCurrent").await.unwrap(),
        r#"{"AccountName":"app","AccountPassword":"canary-1"}"#
    );
    assert_eq!(
        stand.read("db/one", "ACSPrevious").await,
        Err(ErrorCode::ResourceNotFound)
    );
    create(&stand, ("Rds", "db/two"), RDS_TWO, TWO)
        .await
        .unwrap();
    let current = value(&stand, "db/two", "ACSCurrent").await;
    assert_eq!(
        current,
        json!({"AccountName": "a", "AccountPassword": "canary-1"})
    );
    let previous = value(&stand, "db/two", "ACSPrevious").await;
    assert_eq!(
        previous,
        json!({"AccountName": "b", "AccountPassword": "canary-2"})
    );
}

#[tokio::test]
async fn passwords_nobody_brought_are_made() {
    let stand = Stand::new().await;
    for (kind, name, config) in [("Redis", "r", REDIS), ("PolarDB", "p", POLAR)] {
        create(&stand, (kind, name), config, "$Auto").await.unwrap();
        let current = value(&stand, name, "ACSCurrent").await;
        let previous = value(&stand, name, "ACSPrevious").await;
        assert_eq!(current["AccountName"], "app");
        assert_eq!(previous["AccountName"], "app_clone");
        let passwords = [&current, &previous].map(|value| {
            let password = value["AccountPassword"].as_str().unwrap();
            assert_eq!(password.len(), 32);
            password.to_owned()
        });
        assert_ne!(passwords[0], passwords[1]);
    }
}

#[tokio::test]
async fn machines_have_passwords_or_key_pairs() {
    let stand = Stand::new().await;
    let data = r#"{"UserName":"root","Password":"canary-1"}"#;
    create(&stand, ("ECS", "acs/ecs/p"), ECS, data)
        .await
        .unwrap();
    assert_eq!(stand.read("acs/ecs/p", "ACSCurrent").await.unwrap(), data);
    let data = r#"{"UserName":"root","PublicKey":"ssh-rsa x","PrivateKey":"canary-1"}"#;
    create(&stand, ("ECS", "acs/ecs/k"), ECS_KEY, data)
        .await
        .unwrap();
    assert_eq!(stand.read("acs/ecs/k", "ACSCurrent").await.unwrap(), data);
}

#[tokio::test]
async fn wrong_configurations_are_refused() {
    let stand = Stand::new().await;
    let bad = Err(ErrorCode::InvalidParameter);
    let without = |config: &str, name: &str| {
        let mut config: Value = serde_json::from_str(config).unwrap();
        config.as_object_mut().unwrap().remove(name).unwrap();
        config.to_string()
    };
    let with = |config: &str, name: &str, value: Value| {
        let mut config: Value = serde_json::from_str(config).unwrap();
        config[name] = value;
        config.to_string()
    };
    let rds = ("Rds", "x");
    for config in [
        without(RDS, "SecretSubType"),
        without(RDS, "DBInstanceId"),
        with(RDS, "SecretSubType", json!("Anybody")),
        with(RDS, "DBInstanceId", json!(7)),
        with(RDS, "DBInstanceId", json!("")),
    ] {
        assert_eq!(create(&stand, rds, &config, ONE).await, bad, "{config}");
    }
    for name in [
        "SecretSubType",
        "AccountName",
        "CloneAccountName",
        "AccountPrivilege",
        "InstanceId",
        "RegionId",
    ] {
        let config = without(REDIS, name);
        assert_eq!(
            create(&stand, ("Redis", "x"), &config, "$Auto").await,
            bad,
            "{name}"
        );
    }
    let config = with(REDIS, "CloneAccountName", json!("other"));
    assert_eq!(create(&stand, ("Redis", "x"), &config, "$Auto").await, bad);
    for config in [
        without(POLAR, "DBType"),
        without(POLAR, "DBClusterId"),
        with(POLAR, "DBType", json!("Oracle")),
        with(POLAR, "AccountType", json!("Super")),
        with(POLAR, "CloneAccountName", json!("other")),
    ] {
        assert_eq!(
            create(&stand, ("PolarDB", "x"), &config, "$Auto").await,
            bad,
            "{config}"
        );
    }
    let listed = stand.call("ListSecrets", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
}

#[tokio::test]
async fn wrong_values_are_refused() {
    let stand = Stand::new().await;
    let bad = Err(ErrorCode::InvalidParameter);
    for (kind, config, data) in [
        ("Rds", RDS, TWO),
        ("Rds", RDS_TWO, ONE),
        ("Rds", RDS, "$Auto"),
        ("Rds", RDS, r#"{"AccountName":"a","AccountPassword":"b"}"#),
        (
            "Rds",
            RDS,
            r#"{"Accounts":[{"AccountName":"a","AccountPassword":""}]}"#,
        ),
        (
            "Rds",
            RDS,
            r#"{"Accounts":[{"AccountName":"a","AccountPassword":7}]}"#,
        ),
        (
            "Rds",
            RDS,
            r#"{"Accounts":[{"AccountName":"a","AccountPassword":"b","More":1}]}"#,
        ),
        (
            "Rds",
            RDS_TWO,
            r#"{"Accounts":[{"AccountName":"a","AccountPassword":"1"},{"AccountName":"a","AccountPassword":"2"}]}"#,
        ),
        ("Redis", REDIS, ONE),
        ("PolarDB", POLAR, "$auto"),
    ] {
        assert_eq!(
            create(&stand, (kind, "x"), config, data).await,
            bad,
            "{kind} {data}"
        );
    }
    for data in [
        r#"{"AccessKeys":[]}"#,
        r#"{"AccessKeys":[{"AccessKeyId":"a"}]}"#,
        r#"{"AccessKeys":[{"AccessKeyId":"a","AccessKeySecret":"1"},{"AccessKeyId":"b","AccessKeySecret":"2"},{"AccessKeyId":"c","AccessKeySecret":"3"}]}"#,
    ] {
        assert_eq!(
            create(&stand, ("RAMCredentials", "$Auto"), RAM, data).await,
            bad,
            "{data}"
        );
    }
    for (config, data) in [
        (
            ECS,
            r#"{"UserName":"root","PublicKey":"x","PrivateKey":"y"}"#,
        ),
        (ECS_KEY, r#"{"UserName":"root","Password":"x"}"#),
        (
            ECS_KEY,
            r#"{"UserName":"root","PublicKey":"","PrivateKey":"y"}"#,
        ),
        (ECS, r#"{"UserName":"","Password":"x"}"#),
    ] {
        assert_eq!(
            create(&stand, ("ECS", "acs/ecs/x"), config, data).await,
            bad,
            "{data}"
        );
    }
    let listed = stand.call("ListSecrets", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
}

#[tokio::test]
async fn their_owner_neither_puts_nor_labels() {
    let stand = Stand::new().await;
    create(&stand, ("Rds", "db"), RDS, ONE).await.unwrap();
    let refused = Err(ErrorCode::UnsupportedOperation);
    assert_eq!(stand.put("db", "v2", "x").await, refused);
    let params = [
        ("SecretName", "db"),
        ("VersionStage", "mine"),
        ("MoveToVersion", "v1"),
    ];
    assert_eq!(
        stand.call("UpdateSecretVersionStage", &params).await,
        refused
    );
    // The id of a version is not looked at.
    let params = [("SecretName", "db"), ("VersionId", "no-such-version")];
    assert!(stand.call("GetSecretValue", &params).await.is_ok());
}

#[tokio::test]
async fn rotation_is_told_and_changed() {
    let stand = Stand::new().await;
    let params = [
        ("SecretName", "db"),
        ("SecretType", "Rds"),
        ("VersionId", "v1"),
        ("ExtendedConfig", RDS),
        ("SecretData", ONE),
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "7d"),
    ];
    let made = stand.call("CreateSecret", &params).await.unwrap();
    // Nobody is there to rotate it.
    assert_eq!(made["AutomaticRotation"], "Invalid");
    assert_eq!(made["RotationInterval"], "604800s");
    assert_eq!(made.get("NextRotationDate"), None);
    assert_eq!(made["ExtendedConfig"], RDS);
    let told = stand
        .call("DescribeSecret", &[("SecretName", "db")])
        .await
        .unwrap();
    assert_eq!(told["AutomaticRotation"], "Invalid");
    assert_eq!(told["SecretType"], "Rds");
    let update = |enabled, interval| {
        let stand = &stand;
        async move {
            let params = [
                ("SecretName", "db"),
                ("EnableAutomaticRotation", enabled),
                ("RotationInterval", interval),
            ];
            stand.call("UpdateSecretRotationPolicy", &params).await
        }
    };
    assert_eq!(update("true", "5h").await, Err(ErrorCode::InvalidParameter));
    assert_eq!(
        update("true", "21599s").await,
        Err(ErrorCode::InvalidParameter)
    );
    update("true", "6h").await.unwrap();
    let told = stand
        .call("DescribeSecret", &[("SecretName", "db")])
        .await
        .unwrap();
    assert_eq!(told["RotationInterval"], "21600s");
    update("false", "").await.unwrap();
    let told = stand
        .call("DescribeSecret", &[("SecretName", "db")])
        .await
        .unwrap();
    assert_eq!(told["AutomaticRotation"], "Disabled");
    assert_eq!(told.get("RotationInterval"), None);
    // A Generic secret has none of it.
    stand.create("plain", "x").await;
    let params = [
        ("SecretName", "plain"),
        ("EnableAutomaticRotation", "false"),
    ];
    assert_eq!(
        stand.call("UpdateSecretRotationPolicy", &params).await,
        Err(ErrorCode::UnsupportedOperation)
    );
    let told = stand
        .call("DescribeSecret", &[("SecretName", "plain")])
        .await
        .unwrap();
    assert_eq!(told.get("AutomaticRotation"), None);
}

#[tokio::test]
async fn they_are_listed_by_type() {
    let stand = Stand::new().await;
    create(&stand, ("Rds", "db"), RDS, ONE).await.unwrap();
    create(&stand, ("Redis", "cache"), REDIS, "$Auto")
        .await
        .unwrap();
    stand.create("plain", "x").await;
    let filters = r#"[{"Key":"SecretType","Values":["Redis"]}]"#;
    let listed = stand
        .call("ListSecrets", &[("Filters", filters)])
        .await
        .unwrap();
    assert_eq!(listed["TotalCount"], 1);
    assert_eq!(listed["SecretList"]["Secret"][0]["SecretName"], "cache");
    assert_eq!(listed["SecretList"]["Secret"][0]["SecretType"], "Redis");
}

#[tokio::test]
async fn several_values_are_read_at_once() {
    let stand = Stand::new().await;
    stand.create("a", "canary-1").await;
    create(&stand, ("Rds", "db"), RDS, ONE).await.unwrap();
    let list = r#"[{"SecretName":"a"},{"SecretName":"missing"},{"SecretName":"db","FetchExtendedConfig":"true"}]"#;
    let read = stand
        .call("BatchGetSecretValue", &[("SecretsList", list)])
        .await
        .unwrap();
    assert_eq!(read["SecretValues"][0]["SecretData"], "canary-1");
    assert_eq!(read["SecretValues"][1]["ExtendedConfig"], RDS);
    assert_eq!(
        read["Errors"],
        json!([{"SecretName": "missing", "Code": "Forbidden.ResourceNotFound", "Message": "Resource not found.", "HttpStatus": 404}])
    );
}

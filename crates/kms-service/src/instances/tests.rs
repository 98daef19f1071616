use kms_types::{AccountId, ErrorCode, InstanceId};
use serde_json::json;

use crate::{
    Caller, Gateway, SetupError,
    stand::{Stand, account},
};

mod concurrency;
pub(crate) mod networks;
mod quota;

const HERE: &str = "kst-here";
const THERE: &str = "kst-there";

async fn with_instances() -> Stand {
    let stand = Stand::new().await;
    for id in [THERE, HERE] {
        let id = id.parse().unwrap();
        stand
            .service
            .ensure_instance(&account(), &id)
            .await
            .unwrap();
    }
    stand
}

#[tokio::test]
async fn an_id_is_one_accounts() {
    let stand = with_instances().await;
    let (other, id): (AccountId, InstanceId) = ("99".parse().unwrap(), HERE.parse().unwrap());
    let refused = stand
        .service
        .ensure_instance(&other, &id)
        .await
        .unwrap_err();
    assert!(matches!(&refused, SetupError::InstanceOfAnother { owner, .. } if *owner == account()));
    let says = format!("{HERE} is an instance of the account {}", account());
    assert_eq!(refused.to_string(), says);
}

/// The user, through the gateway of an instance.
fn through(stand: &Stand, id: &str) -> Caller {
    Caller {
        gateway: Gateway::Instance(id.parse().unwrap()),
        ..stand.caller.clone()
    }
}

fn secret<'a>(name: &'a str, instance: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("SecretName", name),
        ("VersionId", "v1"),
        ("SecretData", "one"),
        ("DKMSInstanceId", instance),
    ]
}

#[tokio::test]
async fn an_instance_is_made_once_and_told() {
    let stand = with_instances().await;
    stand.pass(60);
    let here: InstanceId = HERE.parse().unwrap();
    stand
        .service
        .ensure_instance(&account(), &here)
        .await
        .unwrap();
    assert_eq!(
        stand.call("ListKmsInstances", &[]).await,
        Ok(json!({
            "KmsInstances": {"KmsInstance": [
                {
                    "KmsInstanceId": "kst-here",
                    "KmsInstanceArn": "acs:kms:cn-hangzhou:1234567890123456:keystore/kst-here",
                },
                {
                    "KmsInstanceId": "kst-there",
                    "KmsInstanceArn": "acs:kms:cn-hangzhou:1234567890123456:keystore/kst-there",
                },
            ]},
            "PageNumber": 1,
            "PageSize": 20,
            "TotalCount": 2,
        }))
    );
    let one = stand
        .call("GetKmsInstance", &[("KmsInstanceId", HERE)])
        .await
        .unwrap();
    assert_eq!(one["KmsInstance"]["InstanceId"], HERE);
    assert_eq!(one["KmsInstance"]["Status"], "Connected");
    assert_eq!(one["KmsInstance"]["CreateTime"], "2025-01-03T07:59:17Z");
    assert_eq!(one["KmsInstance"]["CaCertificateChainPem"], "");
    // For Terraform's provider, 404 is what gone looks like.
    for id in ["kst-gone", "kst-*", "KST-HERE", "a\nb"] {
        let gone = stand.call("GetKmsInstance", &[("KmsInstanceId", id)]).await;
        assert_eq!(gone, Err(ErrorCode::ResourceNotFound), "{id}");
    }
}

#[tokio::test]
async fn an_instance_tells_by_which_ca_it_is_known() {
    let stand = with_instances().await;
    let here: InstanceId = HERE.parse().unwrap();
    for ca in ["one", "two"] {
        stand
            .service
            .set_instance_ca(&account(), &here, ca)
            .await
            .unwrap();
        // Made already: nothing is forgotten.
        stand
            .service
            .ensure_instance(&account(), &here)
            .await
            .unwrap();
        for (id, expected) in [(HERE, ca), (THERE, "")] {
            let told = stand.call("GetKmsInstance", &[("KmsInstanceId", id)]).await;
            let told = told.unwrap();
            assert_eq!(told["KmsInstance"]["CaCertificateChainPem"], expected);
        }
    }
    let gone = "kst-gone".parse().unwrap();
    let set = stand.service.set_instance_ca(&account(), &gone, "x").await;
    assert!(matches!(set, Err(SetupError::NoSuchInstance)));
}

#[tokio::test]
async fn an_account_that_nobody_made_is_made() {
    let stand = Stand::new().await;
    let other: AccountId = "99".parse().unwrap();
    let id = HERE.parse().unwrap();
    stand.service.ensure_instance(&other, &id).await.unwrap();
    let listed = stand.call("ListKmsInstances", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0, "another account's");
    let made = stand.call("CreateSecret", &secret("app/db", HERE)).await;
    assert_eq!(made, Err(ErrorCode::InstanceNotFound));
}

#[tokio::test]
async fn a_secret_lives_in_the_instance_that_it_names() {
    let stand = with_instances().await;
    let made = stand
        .call("CreateSecret", &secret("app/db", HERE))
        .await
        .unwrap();
    assert_eq!(made["DKMSInstanceId"], HERE);
    let described = stand
        .call("DescribeSecret", &[("SecretName", "app/db")])
        .await
        .unwrap();
    assert_eq!(described["DKMSInstanceId"], HERE);
    stand.create("app/shared", "two").await;
    for (instance, expected) in [(HERE, 1), (THERE, 0)] {
        let filters = format!(r#"[{{"Key":"DKMSInstanceId","Values":["{instance}"]}}]"#);
        let listed = stand
            .call("ListSecrets", &[("Filters", &filters)])
            .await
            .unwrap();
        assert_eq!(listed["TotalCount"], expected, "{instance}");
    }
    for instance in ["kst-gone", "KST-HERE", "shared", "kst-her"] {
        let made = stand.call("CreateSecret", &secret("x", instance)).await;
        assert_eq!(made, Err(ErrorCode::InstanceNotFound), "{instance}");
    }
    let read = stand.read("x", "ACSCurrent").await;
    assert_eq!(read, Err(ErrorCode::ResourceNotFound));
}

#[tokio::test]
async fn the_gateway_of_an_instance_shows_what_lives_there() {
    let stand = with_instances().await;
    stand
        .call("CreateSecret", &secret("app/here", HERE))
        .await
        .unwrap();
    stand.create("app/nowhere", "two").await;
    let gone = Err(ErrorCode::ResourceNotFound);
    for (caller, name, expected) in [
        (through(&stand, HERE), "app/here", Ok("one")),
        (through(&stand, THERE), "app/here", gone),
        (through(&stand, HERE), "app/nowhere", gone),
        (stand.caller.clone(), "app/here", Ok("one")),
        (stand.caller.clone(), "app/nowhere", Ok("two")),
    ] {
        let read = stand
            .call_as(&caller, "GetSecretValue", &[("SecretName", name)])
            .await
            .map(|answer| answer["SecretData"].as_str().unwrap().to_owned());
        let expected = expected.map(str::to_owned);
        assert_eq!(read, expected, "{name} by {:?}", caller.gateway);
    }
}

#[tokio::test]
async fn the_gateway_of_an_instance_manages_nothing() {
    let stand = with_instances().await;
    let caller = through(&stand, HERE);
    for (action, params) in [
        ("CreateSecret", secret("app/db", HERE).to_vec()),
        ("DescribeSecret", vec![("SecretName", "app/db")]),
        ("DeleteSecret", vec![("SecretName", "app/db")]),
        ("ListSecrets", vec![]),
        ("GetRandomPassword", vec![]),
        ("ListKmsInstances", vec![]),
        ("GetCallerIdentity", vec![]),
    ] {
        let answer = stand.call_as(&caller, action, &params).await;
        assert_eq!(answer, Err(ErrorCode::UnsupportedOperation), "{action}");
    }
}

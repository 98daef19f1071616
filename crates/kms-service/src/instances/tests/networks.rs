//! Connecting and binding.

use jiff::SignedDuration;
use kms_types::ErrorCode;
use kms_wire::Request;
use serde_json::{Value, json};

use super::{secret, through};
use crate::stand::{ACCOUNT, Stand};

/// An instance with room for so many networks and principals, and so many secrets.
pub(super) async fn bought(stand: &Stand, accesses: &str, secrets: &str) -> String {
    let order = [
        ("ProductCode", "kms"),
        ("ProductType", "kms_ppi_public_cn"),
        ("SubscriptionType", "PayAsYouGo"),
        ("Parameter.1.Code", "VpcNum"),
        ("Parameter.1.Value", accesses),
        ("Parameter.2.Code", "SecretNum"),
        ("Parameter.2.Value", secrets),
        ("Parameter.3.Code", "KeyNum"),
        ("Parameter.3.Value", "100"),
    ];
    let answer = stand.call("CreateInstance", &order).await.unwrap();
    answer["Data"]["InstanceId"].as_str().unwrap().to_owned()
}

/// A VPC with one vSwitch in that zone, 10.<number>.0.0/16.
pub(crate) async fn network(stand: &Stand, number: u8, zone: &str) -> (String, String) {
    let block = format!("10.{number}.0.0/16");
    let vpc = stand.call("CreateVpc", &[("CidrBlock", &block)]).await;
    let vpc = vpc.unwrap()["VpcId"].as_str().unwrap().to_owned();
    let vswitch = vswitch(stand, &vpc, &format!("10.{number}.1.0/24"), zone).await;
    (vpc, vswitch)
}

async fn vswitch(stand: &Stand, vpc: &str, block: &str, zone: &str) -> String {
    let params = [("VpcId", vpc), ("CidrBlock", block), ("ZoneId", zone)];
    let answer = stand.call("CreateVSwitch", &params).await.unwrap();
    answer["VSwitchId"].as_str().unwrap().to_owned()
}

pub(crate) async fn connect(
    stand: &Stand,
    id: &str,
    vpc: &str,
    vswitches: &str,
) -> Result<Value, ErrorCode> {
    let params = [
        ("KmsInstanceId", id),
        ("KMProvider", "Aliyun"),
        ("VpcId", vpc),
        ("VSwitchIds", vswitches),
        ("ZoneIds", "cn-hangzhou-k"),
    ];
    stand.call("ConnectKmsInstance", &params).await
}

/// One that is connected, in 10.1.0.0/16.
pub(super) async fn connected(stand: &Stand, accesses: &str, secrets: &str) -> String {
    let id = bought(stand, accesses, secrets).await;
    let (vpc, vswitch) = network(stand, 1, "cn-hangzhou-k").await;
    connect(stand, &id, &vpc, &vswitch).await.unwrap();
    id
}

pub(crate) async fn bind(
    stand: &Stand,
    id: &str,
    networks: &[&(String, String)],
) -> Result<Value, ErrorCode> {
    let list: Vec<_> = networks
        .iter()
        .map(|(vpc, vswitch)| {
            json!({
                "VpcId": vpc,
                "VSwitchId": vswitch,
                "RegionId": "cn-hangzhou",
                "VpcOwnerId": ACCOUNT.parse::<u64>().unwrap(),
            })
        })
        .collect();
    let list = Value::from(list).to_string();
    let params = [("KmsInstanceId", id), ("BindVpcs", list.as_str())];
    stand.call("UpdateKmsInstanceBindVpc", &params).await
}

pub(crate) async fn shown(stand: &Stand, id: &str) -> Value {
    let answer = stand.call("GetKmsInstance", &[("KmsInstanceId", id)]).await;
    answer.unwrap()["KmsInstance"].clone()
}

pub(super) async fn quota(stand: &Stand, id: &str, kind: &str) -> (u64, u64) {
    let params = [("KmsInstanceId", id), ("ResourceType", kind)];
    let answer = stand.call("GetKmsInstanceQuotaInfos", &params).await;
    let info = &answer.unwrap()["KmsInstanceQuotaInfos"][0];
    assert_eq!(info["ResourceType"], kind);
    let number = |field: &str| info[field].as_u64().unwrap();
    (number("UsedQuantity"), number("ResourceQuota"))
}

pub(super) async fn free(stand: &Stand, vswitch: &str) -> u64 {
    let answer = stand
        .call("DescribeVSwitchAttributes", &[("VSwitchId", vswitch)])
        .await;
    answer.unwrap()["AvailableIpAddressCount"].as_u64().unwrap()
}

#[tokio::test]
async fn an_instance_that_takes_time_is_connecting_until_it_is_connected() {
    let stand = Stand::new().await;
    stand
        .service
        .set_connect_time(SignedDuration::from_mins(30));
    let id = bought(&stand, "2", "5").await;
    let (vpc, vswitch) = network(&stand, 1, "cn-hangzhou-k").await;
    let near = network(&stand, 2, "cn-hangzhou-k").await;
    // Asked again meanwhile, it is not begun anew.
    for (seconds, expected) in [(0, "Connecting"), (1_799, "Connecting"), (1, "Connected")] {
        stand.pass(seconds);
        connect(&stand, &id, &vpc, &vswitch).await.unwrap();
        assert_eq!(shown(&stand, &id).await["Status"], expected, "{seconds}");
        let waits = (expected == "Connecting").then_some(ErrorCode::InstanceState);
        let made = stand.call("CreateKey", &[("DKMSInstanceId", &id)]).await;
        assert_eq!(made.err(), waits, "{seconds}");
        let inside = crate::Caller {
            source: "10.1.1.9".parse().unwrap(),
            ..through(&stand, &id)
        };
        let params = [("SecretName", "app/none")];
        let read = stand.call_as(&inside, "GetSecretValue", &params).await;
        assert_eq!(
            read,
            Err(waits.unwrap_or(ErrorCode::ResourceNotFound)),
            "{seconds}"
        );
        assert_eq!(bind(&stand, &id, &[&near]).await.err(), waits, "{seconds}");
    }
}

#[tokio::test]
async fn an_instance_is_used_when_it_is_connected_and_not_before() {
    let stand = Stand::new().await;
    let id = bought(&stand, "2", "5").await;
    for action in ["CreateSecret", "CreateKey"] {
        let params = match action {
            "CreateSecret" => secret("app/db", &id).to_vec(),
            _ => vec![("DKMSInstanceId", id.as_str())],
        };
        let early = stand.call(action, &params).await;
        assert_eq!(early, Err(ErrorCode::InstanceState), "{action}");
    }
    let (vpc, first) = network(&stand, 1, "cn-hangzhou-k").await;
    let second = vswitch(&stand, &vpc, "10.1.2.0/24", "cn-hangzhou-j").await;
    let before = free(&stand, &first).await;
    let both = format!("{first},{second}");
    let params = [
        ("KmsInstanceId", id.as_str()),
        ("KMProvider", "Aliyun"),
        ("VpcId", &vpc),
        ("VSwitchIds", &both),
        ("ZoneIds", "cn-hangzhou-k,cn-hangzhou-j"),
    ];
    stand.pass(60);
    // Asked twice by who did not hear the answer.
    for _ in 0..2 {
        stand.call("ConnectKmsInstance", &params).await.unwrap();
    }
    let one = shown(&stand, &id).await;
    for (field, expected) in [
        ("Status", json!("Connected")),
        ("VpcId", json!(vpc)),
        ("VswitchIds", json!([first, second])),
        ("ZoneIds", json!(["cn-hangzhou-k", "cn-hangzhou-j"])),
        ("BindVpcs", json!({"BindVpc": []})),
        ("CreateTime", json!("2025-01-03T07:59:17Z")),
        ("StartDate", json!("2025-01-03T08:00:17Z")),
    ] {
        assert_eq!(one[field], expected, "{field}");
    }
    assert_eq!(free(&stand, &first).await, before - 1);
    // One VPC, whatever the number of vSwitches.
    assert_eq!(quota(&stand, &id, "vpc").await, (1, 2));
    stand
        .call("CreateSecret", &secret("app/db", &id))
        .await
        .unwrap();
    let elsewhere = connect(&stand, &id, &vpc, &first).await;
    assert_eq!(elsewhere, Err(ErrorCode::InstanceState));
}

#[tokio::test]
async fn a_network_that_cannot_be_meant_is_refused_and_a_full_one_is_an_error() {
    let stand = Stand::new().await;
    let id = bought(&stand, "2", "5").await;
    let (vpc, vswitch) = network(&stand, 1, "cn-hangzhou-k").await;
    let (other, elsewhere) = network(&stand, 2, "cn-hangzhou-j").await;
    for (vpc, vswitches) in [
        (&other, &vswitch),
        (&vpc, &elsewhere),
        (&other, &elsewhere),
        (&vpc, &format!("{vswitch},{vswitch}")),
        (&vpc, &format!("{vswitch},")),
        (
            &vpc,
            &(1..=9)
                .map(|n| format!("vsw-{n}"))
                .collect::<Vec<_>>()
                .join(","),
        ),
    ] {
        let refused = connect(&stand, &id, vpc, vswitches).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{vswitches}");
    }
    let nobody = connect(&stand, &id, &vpc, "vsw-gone").await;
    assert!(nobody.is_err());
    assert_eq!(shown(&stand, &id).await["Status"], "Uninitialized");

    // A vSwitch of eight addresses, of which four are nobody's, and four instances.
    let small = vswitch_of(&stand, &vpc).await;
    for _ in 0..4 {
        let next = bought(&stand, "2", "5").await;
        connect(&stand, &next, &vpc, &small).await.unwrap();
        assert_eq!(shown(&stand, &next).await["Status"], "Connected");
    }
    // What was taken before the one that is full is given back.
    let before = free(&stand, &vswitch).await;
    let both = format!("{vswitch},{small}");
    connect(&stand, &id, &vpc, &both).await.unwrap();
    assert_eq!(shown(&stand, &id).await["Status"], "Error");
    assert_eq!(free(&stand, &vswitch).await, before);
    assert_eq!(
        stand.call("CreateSecret", &secret("app/db", &id)).await,
        Err(ErrorCode::InstanceState)
    );
    connect(&stand, &id, &vpc, &vswitch).await.unwrap();
    assert_eq!(shown(&stand, &id).await["Status"], "Connected");
}

async fn vswitch_of(stand: &Stand, vpc: &str) -> String {
    vswitch(stand, vpc, "10.1.9.0/29", "cn-hangzhou-k").await
}

#[tokio::test]
async fn binding_replaces_the_whole_list_or_nothing() {
    let stand = Stand::new().await;
    let id = connected(&stand, "3", "5").await;
    let (a, b, c) = (
        network(&stand, 11, "cn-hangzhou-k").await,
        network(&stand, 12, "cn-hangzhou-k").await,
        network(&stand, 13, "cn-hangzhou-k").await,
    );
    let before = free(&stand, &a.1).await;
    bind(&stand, &id, &[&a, &b]).await.unwrap();
    assert_eq!(free(&stand, &a.1).await, before - 1);
    let told = shown(&stand, &id).await["BindVpcs"]["BindVpc"].clone();
    assert_eq!(
        told[0],
        json!({
            "VpcId": a.0,
            "VSwitchId": a.1,
            "RegionId": "cn-hangzhou",
            "VpcOwnerId": ACCOUNT,
        })
    );
    assert_eq!(quota(&stand, &id, "vpc").await, (3, 3));
    // One too many: nothing changes, no address is taken.
    let full = bind(&stand, &id, &[&b, &c, &a]).await;
    assert_eq!(full, Err(ErrorCode::ShareQuotaExceedLimit));
    assert_eq!(shown(&stand, &id).await["BindVpcs"]["BindVpc"], told);
    assert_eq!(free(&stand, &c.1).await, before);
    bind(&stand, &id, &[&c]).await.unwrap();
    assert_eq!(free(&stand, &a.1).await, before);
    assert_eq!(quota(&stand, &id, "vpc").await, (2, 3));
    for wrong in [
        (c.0.clone(), a.1.clone()),
        (a.0.clone(), "vsw-gone".to_owned()),
    ] {
        let refused = bind(&stand, &id, &[&b, &wrong]).await;
        assert!(refused.is_err(), "{wrong:?}");
    }
    let list = format!(
        r#"[{{"VpcId":"{}","VSwitchId":"{}","RegionId":"cn-beijing"}}]"#,
        a.0, a.1
    );
    let far = [("KmsInstanceId", id.as_str()), ("BindVpcs", &list)];
    let far = stand.call("UpdateKmsInstanceBindVpc", &far).await;
    assert_eq!(far, Err(ErrorCode::InvalidParameter));
    let far = [("RegionId", "cn-beijing"), ("CidrBlock", "10.9.0.0/16")];
    let far = stand.call("CreateVpc", &far).await.unwrap()["VpcId"].clone();
    let far = far.as_str().unwrap().to_owned();
    let there = vswitch(&stand, &far, "10.9.1.0/24", "cn-beijing-k").await;
    for twice_or_far in [
        format!(r#"[{{"VpcId":"{far}","VSwitchId":"{there}"}}]"#),
        format!(
            r#"[{{"VpcId":"{0}","VSwitchId":"{1}"}},{{"VpcId":"{0}","VSwitchId":"{1}"}}]"#,
            a.0, a.1
        ),
    ] {
        let params = [("KmsInstanceId", id.as_str()), ("BindVpcs", &twice_or_far)];
        let refused = stand.call("UpdateKmsInstanceBindVpc", &params).await;
        assert_eq!(refused, Err(ErrorCode::InvalidParameter), "{twice_or_far}");
    }
    // What is left out is echoed as left out: Terraform compares.
    let list = format!(r#"[{{"VpcId":"{}","VSwitchId":"{}"}}]"#, a.0, a.1);
    let short = [("KmsInstanceId", id.as_str()), ("BindVpcs", &list)];
    stand
        .call("UpdateKmsInstanceBindVpc", &short)
        .await
        .unwrap();
    assert_eq!(
        shown(&stand, &id).await["BindVpcs"]["BindVpc"],
        json!([{"VpcId": a.0, "VSwitchId": a.1}])
    );
    bind(&stand, &id, &[]).await.unwrap();
    assert_eq!(quota(&stand, &id, "vpc").await, (1, 3));
}

#[tokio::test]
async fn nothing_of_an_instance_is_read_through_another() {
    let stand = Stand::new().await;
    let here = connected(&stand, "2", "5").await;
    let there = bought(&stand, "2", "5").await;
    let (vpc, vswitch) = network(&stand, 2, "cn-hangzhou-k").await;
    connect(&stand, &there, &vpc, &vswitch).await.unwrap();
    stand
        .call("CreateSecret", &secret("app/db", &here))
        .await
        .unwrap();
    let key = stand.call("CreateKey", &[("DKMSInstanceId", &here)]).await;
    let key = key.unwrap()["KeyMetadata"]["KeyId"]
        .as_str()
        .unwrap()
        .to_owned();
    for (instance, source, is_let_in) in [(&here, "10.1.0.9", true), (&there, "10.2.0.9", false)] {
        let caller = crate::Caller {
            source: source.parse().unwrap(),
            ..through(&stand, instance)
        };
        for (action, params) in [
            (
                "GetSecretValue",
                [("SecretName", "app/db"), ("VersionStage", "ACSCurrent")],
            ),
            ("Encrypt", [("KeyId", key.as_str()), ("Plaintext", "eA==")]),
        ] {
            let answer = stand.call_as(&caller, action, &params).await;
            assert_eq!(answer.is_ok(), is_let_in, "{action} {source}: {answer:?}");
        }
    }
    // The key of a secret must live where the secret does.
    let mut elsewhere = secret("app/other", &there).to_vec();
    elsewhere.push(("EncryptionKeyId", &key));
    let made = stand.call("CreateSecret", &elsewhere).await;
    assert_eq!(made, Err(ErrorCode::InvalidParameter));
    let pair = [("DKMSInstanceId", here.as_str()), ("KeySpec", "RSA_2048")];
    let pair = [pair.as_slice(), &[("KeyUsage", "SIGN/VERIFY")]].concat();
    let pair = stand.call("CreateKey", &pair).await.unwrap();
    let mut asymmetric = secret("app/other", &here).to_vec();
    let pair = pair["KeyMetadata"]["KeyId"].as_str().unwrap();
    asymmetric.push(("EncryptionKeyId", pair));
    let made = stand.call("CreateSecret", &asymmetric).await;
    assert_eq!(made, Err(ErrorCode::UnsupportedOperation));
}

#[tokio::test]
async fn an_instance_has_tags_and_a_name() {
    let stand = Stand::new().await;
    let id = bought(&stand, "2", "5").await;
    let named = [("KmsInstanceId", id.as_str()), ("InstanceName", "shop")];
    stand.call("UpdateKmsInstance", &named).await.unwrap();
    assert_eq!(shown(&stand, &id).await["InstanceName"], "shop");
    let tags = [
        ("ResourceType", "instance"),
        ("ResourceId.1", id.as_str()),
        ("Tag.1.Key", "team"),
        ("Tag.1.Value", "shop"),
        ("Tag.2.Key", "stage"),
        ("Tag.2.Value", "prod"),
    ];
    stand.call("TagResources", &tags).await.unwrap();
    let ask = [("ResourceType", "instance"), ("ResourceId.1", id.as_str())];
    let tag = |key: &str, value: &str| {
        json!({
            "ResourceId": id,
            "ResourceType": "instance",
            "TagKey": key,
            "TagValue": value,
        })
    };
    let listed = stand.call("ListTagResources", &ask).await.unwrap();
    assert_eq!(
        listed["TagResources"]["TagResource"],
        json!([tag("stage", "prod"), tag("team", "shop")])
            .as_array()
            .map(|tags| Value::from(tags.clone()))
            .unwrap()
    );
    let untag = [
        ("ResourceType", "instance"),
        ("ResourceId.1", id.as_str()),
        ("TagKey.1", "stage"),
    ];
    stand.call("UntagResources", &untag).await.unwrap();
    for ask in [&ask[..], &ask[..1]] {
        let listed = stand.call("ListTagResources", ask).await.unwrap();
        let listed = &listed["TagResources"]["TagResource"];
        assert_eq!(*listed, json!([tag("team", "shop")]));
    }
    let gone = [("ResourceType", "instance"), ("ResourceId.1", "kst-gone")];
    let listed = stand.call("ListTagResources", &gone).await;
    // Terraform's provider takes this for no tags.
    assert_eq!(listed, Err(ErrorCode::InstanceNotFound));
}

#[test]
fn a_request_of_billing_says_which_instance_it_is_about() {
    let mut params = kms_wire::Params::default();
    for (name, value) in [
        ("ProductCode", "kms"),
        ("ModifyType", "Upgrade"),
        ("InstanceId", "kst-1"),
    ] {
        params.push(name, value);
    }
    let request = Request::parse(kms_wire::Action::ModifyInstance, &params).unwrap();
    assert_eq!(request.subject().resources, ["keystore/kst-1"]);
}

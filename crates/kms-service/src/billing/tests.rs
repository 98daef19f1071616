use kms_types::ErrorCode;
use serde_json::{Value, json};

mod lists;

use crate::stand::{ACCOUNT, Stand};

/// What Terraform's provider sends for an `alicloud_kms_instance` (reference accesskey §2.2).
pub(crate) const ORDER: [(&str, &str); 17] = [
    ("ProductCode", "kms"),
    ("ProductType", "kms_ddi_public_cn"),
    ("SubscriptionType", "Subscription"),
    ("Period", "1"),
    ("ClientToken", "TF-CreateInstance-1"),
    ("Parameter.1.Code", "Region"),
    ("Parameter.1.Value", "cn-hangzhou"),
    ("Parameter.2.Code", "VpcNum"),
    ("Parameter.2.Value", "7"),
    ("Parameter.3.Code", "Spec"),
    ("Parameter.3.Value", "1000"),
    ("Parameter.4.Code", "SecretNum"),
    ("Parameter.4.Value", "2"),
    ("Parameter.5.Code", "KeyNum"),
    ("Parameter.5.Value", "100"),
    ("Parameter.6.Code", "ProductVersion"),
    ("Parameter.6.Value", "3"),
];

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut order = ORDER.to_vec();
    for (name, value) in changes {
        order.retain(|(own, _)| own != name);
        if !value.is_empty() {
            order.push((name, value));
        }
    }
    order
}

async fn buy(stand: &Stand, changes: &[(&str, &str)]) -> Result<String, ErrorCode> {
    let answer = stand.call("CreateInstance", &with(changes)).await?;
    assert_eq!(answer["Code"], "Success");
    assert_eq!(answer["Success"], true);
    Ok(answer["Data"]["InstanceId"].as_str().unwrap().to_owned())
}

async fn get(stand: &Stand, id: &str) -> Value {
    let answer = stand.call("GetKmsInstance", &[("KmsInstanceId", id)]).await;
    answer.unwrap()["KmsInstance"].clone()
}

fn modify<'a>(id: &'a str, code: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("ProductCode", "kms"),
        ("ProductType", "kms_ddi_public_cn"),
        ("SubscriptionType", "Subscription"),
        ("ModifyType", "Upgrade"),
        ("InstanceId", id),
        ("Parameter.1.Code", code),
        ("Parameter.1.Value", value),
    ]
}

#[tokio::test]
async fn what_was_bought_is_what_it_says_of_itself() {
    let stand = Stand::new().await;
    let id = buy(&stand, &[]).await.unwrap();
    let random = id.strip_prefix("kst-").unwrap();
    assert_eq!(random.len(), 20);
    assert!(
        random
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    );
    assert_eq!(
        get(&stand, &id).await,
        json!({
            "InstanceId": id,
            "InstanceName": "",
            "Status": "Uninitialized",
            "Spec": 1000,
            "KeyNum": 100,
            "SecretNum": "2",
            "VpcNum": 7,
            "Log": 0,
            "LogStorage": 0,
            "VpcId": "",
            "VswitchIds": [],
            "ZoneIds": [],
            "BindVpcs": {"BindVpc": []},
            "CaCertificateChainPem": "",
            "ChargeType": "PREPAY",
            "ProductType": "kms_ddi_public_cn",
            "ProductVersion": "3",
            "SaleStatus": "Normal",
            "StartDate": "",
            "EndDate": "2025-02-03T16:00:00Z",
            "CreateTime": "2025-01-03T07:59:17Z",
            "DeletionProtection": false,
            "DeletionProtectionDescription": "",
        })
    );
    let query = [("InstanceIDs", id.as_str()), ("ProductCode", "kms")];
    let sold = stand.call("QueryAvailableInstances", &query).await.unwrap();
    assert_eq!(
        sold["Data"]["InstanceList"],
        json!([{
            "InstanceID": id,
            "OwnerId": ACCOUNT.parse::<u64>().unwrap(),
            "ProductCode": "kms",
            "ProductType": "kms_ddi_public_cn",
            "SubscriptionType": "Subscription",
            "Region": "cn-hangzhou",
            "Status": "Normal",
            "CreateTime": "2025-01-03T07:59:17Z",
            "EndTime": "2025-02-03T16:00:00Z",
            "RenewStatus": "ManualRenewal",
        }])
    );
}

#[tokio::test]
async fn an_order_that_is_sent_again_buys_nothing() {
    let stand = Stand::new().await;
    let id = buy(&stand, &[]).await.unwrap();
    assert_eq!(buy(&stand, &[]).await, Ok(id.clone()));
    let other = buy(&stand, &[("Parameter.2.Value", "8")]).await;
    assert_eq!(other, Err(ErrorCode::TokenMismatch));
    let next = buy(&stand, &[("ClientToken", "TF-CreateInstance-2")]).await;
    assert_ne!(next.unwrap(), id);
    for _ in 0..2 {
        buy(&stand, &[("ClientToken", "")]).await.unwrap();
    }
    let listed = stand.call("ListKmsInstances", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 4);
}

#[tokio::test]
async fn what_is_not_sold_here_is_refused_by_name() {
    let stand = Stand::new().await;
    for (changes, expected) in [
        (("Parameter.6.Value", "5"), ErrorCode::UnsupportedOperation),
        (
            ("Parameter.1.Value", "cn-beijing"),
            ErrorCode::InvalidParameter,
        ),
        (
            ("ProductType", "kms_ppi_public_cn"),
            ErrorCode::InvalidParameter,
        ),
        (("Period", ""), ErrorCode::MissingParameter),
    ] {
        let bought = buy(&stand, &[changes]).await;
        assert_eq!(bought, Err(expected), "{changes:?}");
    }
    // Its spec and its number of keys must be said.
    for at in [3, 5] {
        let mut order = ORDER.to_vec();
        let code = format!("Parameter.{at}.");
        order.retain(|(name, _)| !name.starts_with(&code));
        let order: Vec<_> = order
            .iter()
            .map(|(name, value)| {
                let later = name.strip_prefix("Parameter.6.").filter(|_| at == 5);
                let name = later.map_or((*name).to_owned(), |rest| format!("Parameter.5.{rest}"));
                (name, *value)
            })
            .filter(|(name, _)| at == 5 || !name.starts_with("Parameter.4"))
            .collect();
        let order: Vec<_> = order.iter().map(|(n, v)| (n.as_str(), *v)).collect();
        let bought = stand.call("CreateInstance", &order).await;
        assert_eq!(bought, Err(ErrorCode::MissingParameter), "{order:?}");
    }
    let listed = stand.call("ListKmsInstances", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
}

#[tokio::test]
async fn what_is_paid_afterwards_has_the_most_that_is_sold() {
    let stand = Stand::new().await;
    let order = [
        ("ProductCode", "kms"),
        ("ProductType", "kms_ppi_public_cn"),
        ("SubscriptionType", "PayAsYouGo"),
        ("Parameter.1.Code", "SecretNum"),
        ("Parameter.1.Value", "5"),
    ];
    let answer = stand.call("CreateInstance", &order).await.unwrap();
    let id = answer["Data"]["InstanceId"].as_str().unwrap();
    let one = get(&stand, id).await;
    for (field, expected) in [
        ("ChargeType", json!("POSTPAY")),
        ("EndDate", json!("")),
        ("KeyNum", json!(100_000)),
        ("SecretNum", json!("5")),
        ("Spec", json!(4000)),
        ("VpcNum", json!(10_000)),
    ] {
        assert_eq!(one[field], expected, "{field}");
    }
    // It is released, not refunded.
    let refund = [
        ("ProductCode", "kms"),
        ("InstanceId", id),
        ("ImmediatelyRelease", "1"),
    ];
    let refunded = stand.call("RefundInstance", &refund).await;
    assert_eq!(refunded, Err(ErrorCode::InvalidParameter));
    let this = [("KmsInstanceId", id)];
    stand.call("ReleaseKmsInstance", &this).await.unwrap();
    let gone = stand.call("GetKmsInstance", &this).await;
    assert_eq!(gone, Err(ErrorCode::ResourceNotFound));
}

#[tokio::test]
async fn an_instance_grows_and_shrinks_and_ends_and_is_renewed() {
    let stand = Stand::new().await;
    let id = buy(&stand, &[]).await.unwrap();
    for (code, value, field, shown) in [
        ("VpcNum", "9", "VpcNum", json!(9)),
        ("VpcNum", "1", "VpcNum", json!(1)),
        ("KeyNum", "200", "KeyNum", json!(200)),
        ("SecretNum", "3", "SecretNum", json!("3")),
        ("Spec", "2000", "Spec", json!(2000)),
        ("Log", "1", "Log", json!(1)),
        ("LogStorage", "1000", "LogStorage", json!(1000)),
    ] {
        stand
            .call("ModifyInstance", &modify(&id, code, value))
            .await
            .unwrap();
        assert_eq!(get(&stand, &id).await[field], shown, "{code}");
    }
    let hardware = modify(&id, "ProductVersion", "5");
    let refused = stand.call("ModifyInstance", &hardware).await;
    assert_eq!(refused, Err(ErrorCode::UnsupportedOperation));
    let nobody = modify("kst-gone", "VpcNum", "2");
    let refused = stand.call("ModifyInstance", &nobody).await;
    assert_eq!(refused, Err(ErrorCode::OrderNotFound));
    let renewal = [
        ("ProductCode", "kms"),
        ("InstanceIDs", id.as_str()),
        ("RenewalStatus", "AutoRenewal"),
        ("RenewalPeriod", "2"),
        ("RenewalPeriodUnit", "M"),
    ];
    stand.call("SetRenewal", &renewal).await.unwrap();
    let query = [("InstanceIDs", id.as_str())];
    let sold = stand.call("QueryAvailableInstances", &query).await.unwrap();
    let sold = &sold["Data"]["InstanceList"][0];
    assert_eq!(sold["RenewStatus"], "AutoRenewal");
    assert_eq!(sold["RenewalDuration"], 2);
    assert_eq!(get(&stand, &id).await["EndDate"], "2025-02-03T16:00:00Z");
    stand.pass(60 * 86_400);
    assert_eq!(get(&stand, &id).await["EndDate"], "2025-04-03T16:00:00Z");
    stand.pass(60 * 86_400);
    assert_eq!(get(&stand, &id).await["EndDate"], "2025-06-03T16:00:00Z");

    // As Terraform's provider sends it: a period of nothing, which counts only for what
    // renews itself.
    let nothing = |status| {
        [
            ("ProductCode", "kms"),
            ("InstanceIDs", id.as_str()),
            ("RenewalStatus", status),
            ("RenewalPeriod", "0"),
        ]
    };
    let refused = stand.call("SetRenewal", &nothing("AutoRenewal")).await;
    assert_eq!(refused, Err(ErrorCode::InvalidParameter));
    stand
        .call("SetRenewal", &nothing("ManualRenewal"))
        .await
        .unwrap();
    let sold = stand.call("QueryAvailableInstances", &query).await.unwrap();
    let sold = &sold["Data"]["InstanceList"][0];
    assert_eq!(sold["RenewStatus"], "ManualRenewal");
    assert!(sold.get("RenewalDuration").is_none());
}

#[tokio::test]
async fn an_instance_is_given_back_when_nothing_holds_it() {
    let stand = Stand::new().await;
    let id = buy(&stand, &[]).await.unwrap();
    let refund = [
        ("ProductCode", "kms"),
        ("ProductType", "kms_ddi_public_cn"),
        ("InstanceId", id.as_str()),
        ("ImmediatelyRelease", "1"),
    ];
    let protect = |on| {
        [
            ("KmsInstanceId", id.as_str()),
            ("EnableDeletionProtection", on),
            ("DeletionProtectionDescription", "holds the keys of shop"),
        ]
    };
    stand
        .call("SetDeletionProtection", &protect("true"))
        .await
        .unwrap();
    let one = get(&stand, &id).await;
    assert_eq!(one["DeletionProtection"], true);
    assert_eq!(
        one["DeletionProtectionDescription"],
        "holds the keys of shop"
    );
    let refused = stand.call("RefundInstance", &refund).await;
    assert_eq!(refused, Err(ErrorCode::InstanceState));
    stand
        .call("SetDeletionProtection", &protect("false"))
        .await
        .unwrap();
    // It was paid for beforehand.
    let this = [("KmsInstanceId", id.as_str())];
    let released = stand.call("ReleaseKmsInstance", &this).await;
    assert_eq!(released, Err(ErrorCode::InstanceState));
    stand.call("RefundInstance", &refund).await.unwrap();
    let gone = stand.call("GetKmsInstance", &this).await;
    assert_eq!(gone, Err(ErrorCode::ResourceNotFound));
    // So that Terraform takes it for done.
    let again = stand.call("RefundInstance", &refund).await;
    assert_eq!(again, Err(ErrorCode::OrderNotFound));
}

#[tokio::test]
async fn nobody_sees_or_changes_what_others_bought() {
    let stand = Stand::new().await;
    let id = buy(&stand, &[]).await.unwrap();
    let stranger = stand.stranger("99", "eve").await;
    let refund = [
        ("ProductCode", "kms"),
        ("InstanceId", id.as_str()),
        ("ImmediatelyRelease", "1"),
    ];
    for (action, params, expected) in [
        (
            "GetKmsInstance",
            vec![("KmsInstanceId", id.as_str())],
            ErrorCode::ResourceNotFound,
        ),
        (
            "GetKmsInstanceQuotaInfos",
            vec![("KmsInstanceId", id.as_str())],
            ErrorCode::ResourceNotFound,
        ),
        (
            "ModifyInstance",
            modify(&id, "VpcNum", "2"),
            ErrorCode::OrderNotFound,
        ),
        ("RefundInstance", refund.to_vec(), ErrorCode::OrderNotFound),
        (
            "ReleaseKmsInstance",
            vec![("KmsInstanceId", id.as_str())],
            ErrorCode::ResourceNotFound,
        ),
        (
            "UpdateKmsInstance",
            vec![("KmsInstanceId", id.as_str()), ("InstanceName", "mine")],
            ErrorCode::ResourceNotFound,
        ),
    ] {
        let answer = stand.call_as(&stranger, action, &params).await;
        assert_eq!(answer, Err(expected), "{action}");
    }
    for action in ["ListKmsInstances", "QueryAvailableInstances"] {
        let listed = stand.call_as(&stranger, action, &[]).await.unwrap();
        let total = listed
            .get("TotalCount")
            .unwrap_or(&listed["Data"]["TotalCount"]);
        assert_eq!(total, 0, "{action}");
    }
    // The same token is another purchase's there.
    let bought = stand.call_as(&stranger, "CreateInstance", &ORDER).await;
    assert_ne!(bought.unwrap()["Data"]["InstanceId"], id);
}

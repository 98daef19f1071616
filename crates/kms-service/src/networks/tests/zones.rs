use super::*;

/// A zone of that name.
async fn zone(stand: &Stand, name: &str) -> String {
    let made = stand.call("AddZone", &[("ZoneName", name)]).await;
    text(&made.unwrap(), "ZoneId")
}

async fn record(
    stand: &Stand,
    zone: &str,
    (rr, kind, value): (&str, &str, &str),
) -> Result<String, ErrorCode> {
    let params = [
        ("ZoneId", zone),
        ("Rr", rr),
        ("Type", kind),
        ("Value", value),
    ];
    let made = stand.call("AddZoneRecord", &params).await?;
    Ok(made["RecordId"].to_string())
}

#[tokio::test]
async fn a_zone_is_made_bound_told_and_deleted() {
    let stand = Stand::new().await;
    let id = zone(&stand, "CryptoService.kms.aliyuncs.com.").await;
    let own = [("ZoneId", id.as_str())];
    let home = vpc(&stand, "127.0.20.0/24").await;
    let near = vpc(&stand, "127.0.21.0/24").await;
    stand.pass(60);
    let bind = [
        own[0],
        ("Vpcs.1.VpcId", &home),
        ("Vpcs.2.VpcId", &near),
        ("Vpcs.3.VpcId", &home),
    ];
    stand.call("BindZoneVpc", &bind).await.unwrap();
    let told = |vpcs: &[&String]| {
        let vpcs: Vec<Value> = vpcs
            .iter()
            .map(|id| {
                json!({
                    "VpcId": id,
                    "VpcName": "",
                    "RegionId": "cn-hangzhou",
                    "RegionName": "cn-hangzhou",
                    "VpcUserId": 1_234_567_890_123_456_u64,
                })
            })
            .collect();
        json!({
            "ZoneId": id,
            "ZoneName": "cryptoservice.kms.aliyuncs.com",
            "ZoneType": "AUTH_ZONE",
            "ZoneTag": "",
            "RecordCount": 0,
            "BindVpcs": {"Vpc": vpcs},
            "Remark": "",
            "ProxyPattern": "ZONE",
            "IsPtr": false,
            "SlaveDns": false,
            "CreateTime": "2025-01-03T07:59:17Z",
            "CreateTimestamp": 1_735_891_157_000_u64,
            "UpdateTime": "2025-01-03T08:00:17Z",
            "UpdateTimestamp": 1_735_891_217_000_u64,
            "ResourceGroupId": "",
        })
    };
    assert_eq!(
        stand.call("DescribeZoneInfo", &own).await,
        Ok(told(&[&home, &near]))
    );
    // A list takes the place of the one before.
    let bind = [own[0], ("Vpcs.1.VpcId", near.as_str())];
    stand.call("BindZoneVpc", &bind).await.unwrap();
    assert_eq!(
        stand.call("DescribeZoneInfo", &own).await,
        Ok(told(&[&near]))
    );
    for (vpc, expected) in [(&home, 0), (&near, 1)] {
        let listed = stand
            .call("DescribeZones", &[("QueryVpcId", vpc)])
            .await
            .unwrap();
        assert_eq!(listed["TotalItems"], expected, "{vpc}");
    }
    for bad in ["vpc-none", ""] {
        let far = [
            own[0],
            ("Vpcs.1.VpcId", &home),
            ("Vpcs.1.RegionId", "cn-beijing"),
        ];
        let none = [own[0], ("Vpcs.1.VpcId", bad)];
        let params = if bad.is_empty() { &far[..] } else { &none[..] };
        let refused = stand.call("BindZoneVpc", params).await;
        assert_eq!(refused, Err(ErrorCode::ZoneVpcNotFound), "{bad}");
    }
    let kept = stand.call("DeleteZone", &own).await;
    assert_eq!(kept, Err(ErrorCode::ZoneHasVpcs));
    let kept = stand.call("DeleteVpc", &[("VpcId", &near)]).await;
    assert_eq!(kept, Err(ErrorCode::DependencyViolation));
    stand.call("BindZoneVpc", &own).await.unwrap();
    stand.call("DeleteZone", &own).await.unwrap();
    for action in [
        "DescribeZoneInfo",
        "DescribeZoneRecords",
        "BindZoneVpc",
        "DeleteZone",
    ] {
        let gone = stand.call(action, &own).await;
        assert_eq!(gone, Err(ErrorCode::ZoneNotFound), "{action}");
    }
}

#[tokio::test]
async fn a_zones_name_is_a_name_and_there_once() {
    let stand = Stand::new().await;
    zone(&stand, "kms.test").await;
    let again = stand.call("AddZone", &[("ZoneName", "KMS.test")]).await;
    assert_eq!(again, Err(ErrorCode::ZoneExists));
    let long = "a".repeat(64);
    for bad in [
        "a b",
        "-a.test",
        "a-.test",
        ".test",
        "a..test",
        long.as_str(),
        "é.test",
    ] {
        let refused = stand.call("AddZone", &[("ZoneName", bad)]).await;
        assert_eq!(refused, Err(ErrorCode::ZoneName), "{bad}");
    }
    let listed = stand
        .call("DescribeZones", &[("Keyword", "kms")])
        .await
        .unwrap();
    assert_eq!(listed["TotalItems"], 1);
    let listed = stand
        .call("DescribeZones", &[("Keyword", "none")])
        .await
        .unwrap();
    assert_eq!(listed["TotalItems"], 0);
    let other = stand.stranger("9999999999999999", "mallory").await;
    let listed = stand.call_as(&other, "DescribeZones", &[]).await.unwrap();
    assert_eq!(listed["TotalItems"], 0);
}

#[tokio::test]
async fn a_record_is_added_changed_stopped_and_deleted() {
    let stand = Stand::new().await;
    let id = zone(&stand, "kms.test").await;
    let made = record(&stand, &id, ("kst-1", "A", "127.0.20.1"))
        .await
        .unwrap();
    let own = [("ZoneId", id.as_str())];
    let told = |value: &str, ttl: u32, status: &str| {
        json!([{
            "RecordId": made.parse::<u64>().unwrap(),
            "ZoneId": id,
            "Rr": "kst-1",
            "Type": "A",
            "Value": value,
            "Ttl": ttl,
            "Status": status,
            "Remark": "",
            "Priority": 0,
            "Line": "default",
        }])
    };
    let listed = stand.call("DescribeZoneRecords", &own).await.unwrap();
    assert_eq!(
        listed["Records"]["Record"],
        told("127.0.20.1", 60, "ENABLE")
    );
    let info = stand.call("DescribeZoneInfo", &own).await.unwrap();
    assert_eq!(info["RecordCount"], 1);
    let change = [
        ("RecordId", made.as_str()),
        ("Rr", "kst-1"),
        ("Type", "A"),
        ("Value", "127.0.20.2"),
        ("Ttl", "5"),
    ];
    stand.call("UpdateZoneRecord", &change).await.unwrap();
    let stop = [change[0], ("Status", "DISABLE")];
    stand.call("SetZoneRecordStatus", &stop).await.unwrap();
    let listed = stand.call("DescribeZoneRecords", &own).await.unwrap();
    assert_eq!(
        listed["Records"]["Record"],
        told("127.0.20.2", 5, "DISABLE")
    );
    stand.call("DeleteZoneRecord", &change[..1]).await.unwrap();
    let listed = stand.call("DescribeZoneRecords", &own).await.unwrap();
    assert_eq!(
        (&listed["TotalItems"], &listed["TotalPages"]),
        (&json!(0), &json!(0))
    );
    let other = stand.stranger("9999999999999999", "mallory").await;
    for caller in [&stand.caller, &other] {
        for (action, params) in [
            ("UpdateZoneRecord", &change[..]),
            ("SetZoneRecordStatus", &stop[..]),
            ("DeleteZoneRecord", &change[..1]),
        ] {
            let gone = stand.call_as(caller, action, params).await;
            assert_eq!(gone, Err(ErrorCode::RecordNotFound), "{action}");
        }
    }
}

#[tokio::test]
async fn a_record_that_is_changed_still_fits_the_others() {
    let stand = Stand::new().await;
    let id = zone(&stand, "kms.test").await;
    record(&stand, &id, ("a", "A", "10.0.0.1")).await.unwrap();
    let second = record(&stand, &id, ("b", "A", "10.0.0.2")).await.unwrap();
    for (rr, kind, value, code) in [
        ("a", "A", "10.0.0.1", Some(ErrorCode::RecordConflict)),
        ("a", "CNAME", "b.kms.test", Some(ErrorCode::RecordConflict)),
        ("b", "A", "10.0.0.2", None),
        ("a", "A", "10.0.0.2", None),
    ] {
        let change = [
            ("RecordId", second.as_str()),
            ("Rr", rr),
            ("Type", kind),
            ("Value", value),
        ];
        let changed = stand.call("UpdateZoneRecord", &change).await;
        assert_eq!(changed.err(), code, "{rr} {kind} {value}");
    }
}

#[tokio::test]
async fn records_fit_their_type_and_each_other() {
    let stand = Stand::new().await;
    let id = zone(&stand, "kms.test").await;
    for (good, code) in [
        (("a", "A", "10.0.0.1"), None),
        (("a", "A", "10.0.0.2"), None),
        (("a", "AAAA", "fd00::1"), None),
        (("t", "TXT", "any text at all"), None),
        (("@", "A", "10.0.0.3"), None),
        (("*", "A", "10.0.0.4"), None),
        (("*.deep", "A", "10.0.0.4"), None),
        (("c", "CNAME", "a.kms.test"), None),
        (("a", "A", "10.0.0.1"), Some(ErrorCode::RecordConflict)),
        (
            ("a", "CNAME", "t.kms.test"),
            Some(ErrorCode::RecordConflict),
        ),
        (("c", "A", "10.0.0.1"), Some(ErrorCode::RecordConflict)),
        (("b", "A", "10.0.0.256"), Some(ErrorCode::RecordValue)),
        (("b", "A", "fd00::1"), Some(ErrorCode::RecordValue)),
        (("b", "AAAA", "10.0.0.1"), Some(ErrorCode::RecordValue)),
        (("b", "CNAME", "not a name"), Some(ErrorCode::RecordValue)),
        (("b b", "A", "10.0.0.1"), Some(ErrorCode::InvalidParameter)),
        (("b.", "A", "10.0.0.1"), Some(ErrorCode::InvalidParameter)),
    ] {
        assert_eq!(record(&stand, &id, good).await.err(), code, "{good:?}");
    }
    let longest = "x".repeat(255);
    record(&stand, &id, ("l", "TXT", &longest)).await.unwrap();
    let long = "x".repeat(256);
    let refused = record(&stand, &id, ("b", "TXT", &long)).await;
    assert_eq!(refused, Err(ErrorCode::RecordValue));
    let params = [("ZoneId", id.as_str()), ("Keyword", "10.0.0.4")];
    let listed = stand.call("DescribeZoneRecords", &params).await.unwrap();
    assert_eq!(listed["TotalItems"], 2);
}

#[tokio::test]
async fn terraform_finds_neither_tags_nor_synchronised_hosts() {
    let stand = Stand::new().await;
    let id = zone(&stand, "kms.test").await;
    let task = stand
        .call("DescribeSyncEcsHostTask", &[("ZoneId", &id)])
        .await;
    assert_eq!(task, Err(ErrorCode::SyncTaskNotFound));
    let tags = stand
        .call("PvtzListTagResources", &[("ResourceType", "ZONE")])
        .await;
    assert_eq!(tags, Ok(json!({"TagResources": [], "NextToken": ""})));
}

use kms_store::Mode;

use super::*;
use crate::{
    failure::Failure,
    networks::{self, VSwitch},
};

/// What the account finds of that id.
async fn find(stand: &Stand, id: &str) -> VSwitch {
    let account = &account();
    stand
        .service
        .tx(Mode::Read, |mut tx| {
            Box::pin(async move { networks::vswitch(&mut *tx, account, id).await })
        })
        .await
        .unwrap()
}

/// The address that the holder takes, and has.
async fn take(stand: &Stand, id: &str, holder: &str) -> Option<String> {
    let vswitch = &find(stand, id).await;
    let taken = stand
        .service
        .tx(Mode::Write, |mut tx| {
            Box::pin(async move { networks::take(&mut *tx, vswitch, holder).await })
        })
        .await
        .unwrap();
    taken.map(|address| address.to_string())
}

async fn give_back(stand: &Stand, id: &str, holder: &str) {
    let account = &account();
    stand
        .service
        .tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                networks::give_back(&mut *tx, account, id, holder).await?;
                Ok::<_, Failure>(())
            })
        })
        .await
        .unwrap();
}

async fn free(stand: &Stand, id: &str) -> Value {
    let told = stand
        .call("DescribeVSwitchAttributes", &[("VSwitchId", id)])
        .await;
    told.unwrap()["AvailableIpAddressCount"].clone()
}

#[tokio::test]
async fn a_vswitch_is_made_told_changed_and_deleted() {
    let stand = Stand::new().await;
    let vpc = vpc(&stand, "10.1.0.0/16").await;
    let params = [
        ("VpcId", vpc.as_str()),
        ("CidrBlock", "10.1.2.0/24"),
        ("ZoneId", "cn-hangzhou-k"),
        ("VSwitchName", "app"),
        ("Description", "where it runs"),
    ];
    let id = text(
        &stand.call("CreateVSwitch", &params).await.unwrap(),
        "VSwitchId",
    );
    let own = [("VSwitchId", id.as_str())];
    let told = stand.call("DescribeVSwitchAttributes", &own).await.unwrap();
    let table = told["RouteTable"]["RouteTableId"].clone();
    assert_eq!(
        told,
        json!({
            "VSwitchId": id,
            "VSwitchName": "app",
            "Description": "where it runs",
            "VpcId": vpc,
            "ZoneId": "cn-hangzhou-k",
            "CidrBlock": "10.1.2.0/24",
            "AvailableIpAddressCount": 252,
            "Status": "Available",
            "CreationTime": "2025-01-03T07:59:17Z",
            "OwnerId": 1_234_567_890_123_456_u64,
            "IsDefault": false,
            "ShareType": "",
            "RouteTable": {"RouteTableId": table, "RouteTableType": "System"},
            "ResourceGroupId": "",
        })
    );
    let listed = stand.call("DescribeVSwitches", &[("VpcId", &vpc)]).await;
    assert_eq!(listed.unwrap()["VSwitches"]["VSwitch"], json!([told]));
    let change = [own[0], ("VSwitchName", "other"), ("Description", "")];
    stand.call("ModifyVSwitchAttribute", &change).await.unwrap();
    let told = stand.call("DescribeVSwitchAttributes", &own).await.unwrap();
    assert_eq!(
        (&told["VSwitchName"], &told["Description"]),
        (&json!("other"), &json!(""))
    );

    let other = stand.stranger("9999999999999999", "mallory").await;
    for action in [
        "DescribeVSwitchAttributes",
        "ModifyVSwitchAttribute",
        "DeleteVSwitch",
    ] {
        let hidden = stand.call_as(&other, action, &own).await;
        assert_eq!(hidden, Err(ErrorCode::VSwitchNotFound), "{action}");
    }
    assert_eq!(stand.call("DeleteVSwitch", &own).await, Ok(json!({})));
    for action in [
        "DescribeVSwitchAttributes",
        "ModifyVSwitchAttribute",
        "DeleteVSwitch",
    ] {
        let gone = stand.call(action, &own).await;
        assert_eq!(gone, Err(ErrorCode::VSwitchNotFound), "{action}");
    }
}

#[tokio::test]
async fn vswitches_lie_in_their_vpc_and_apart() {
    let stand = Stand::new().await;
    let vpc = vpc(&stand, "10.1.0.0/16").await;
    vswitch(&stand, &vpc, "10.1.2.0/24").await.unwrap();
    for (block, expected) in [
        ("10.2.0.0/24", ErrorCode::BlockOutside),
        ("10.1.2.0/24", ErrorCode::BlockOverlaps),
        ("10.1.2.128/25", ErrorCode::BlockOverlaps),
        ("10.1.0.0/16", ErrorCode::BlockOverlaps),
    ] {
        assert_eq!(vswitch(&stand, &vpc, block).await, Err(expected), "{block}");
    }
    vswitch(&stand, &vpc, "10.1.3.0/24").await.unwrap();
    let nowhere = vswitch(&stand, "vpc-none", "10.1.4.0/24").await;
    assert_eq!(nowhere, Err(ErrorCode::VpcNotFound));
    // Another VPC may have the same addresses.
    let twin = super::vpc(&stand, "10.1.0.0/16").await;
    vswitch(&stand, &twin, "10.1.2.0/24").await.unwrap();
}

#[tokio::test]
async fn addresses_are_taken_once_and_come_back() {
    let stand = Stand::new().await;
    let vpc = vpc(&stand, "127.0.20.0/24").await;
    let id = vswitch(&stand, &vpc, "127.0.20.8/29").await.unwrap();
    assert_eq!(free(&stand, &id).await, 4);
    // The first of the block is the cloud's, and so are the last three.
    for (holder, expected) in [
        ("kst-a", Some("127.0.20.9")),
        ("kst-b", Some("127.0.20.10")),
        ("kst-a", Some("127.0.20.9")),
        ("kst-c", Some("127.0.20.11")),
        ("kst-d", Some("127.0.20.12")),
        ("kst-e", None),
    ] {
        let taken = take(&stand, &id, holder).await;
        assert_eq!(taken.as_deref(), expected, "{holder}");
    }
    assert_eq!(free(&stand, &id).await, 0);
    let own = [("VSwitchId", id.as_str())];
    let kept = stand.call("DeleteVSwitch", &own).await;
    assert_eq!(kept, Err(ErrorCode::DependencyViolation));

    give_back(&stand, &id, "kst-b").await;
    give_back(&stand, &id, "kst-b").await;
    give_back(&stand, "vsw-none", "kst-b").await;
    assert_eq!(free(&stand, &id).await, 1);
    let taken = take(&stand, &id, "kst-e").await;
    assert_eq!(taken.as_deref(), Some("127.0.20.10"));
    for holder in ["kst-a", "kst-c", "kst-d", "kst-e"] {
        give_back(&stand, &id, holder).await;
    }
    assert_eq!(stand.call("DeleteVSwitch", &own).await, Ok(json!({})));
}

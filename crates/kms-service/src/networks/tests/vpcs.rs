use super::*;

#[tokio::test]
async fn a_vpc_is_made_told_changed_and_deleted() {
    let stand = Stand::new().await;
    let params = [
        ("RegionId", "cn-hangzhou"),
        ("CidrBlock", "127.0.16.0/20"),
        ("VpcName", "app"),
        ("Description", "where it runs"),
    ];
    let made = stand.call("CreateVpc", &params).await.unwrap();
    let id = text(&made, "VpcId");
    assert!(id.starts_with("vpc-") && id.len() == 25, "{id}");
    let switch = vswitch(&stand, &id, "127.0.20.0/24").await.unwrap();
    let own = [("VpcId", id.as_str())];
    let told = stand.call("DescribeVpcAttribute", &own).await.unwrap();
    assert_eq!(
        told,
        json!({
            "VpcId": id,
            "VpcName": "app",
            "Description": "where it runs",
            "CidrBlock": "127.0.16.0/20",
            "RegionId": "cn-hangzhou",
            "Status": "Available",
            "CreationTime": "2025-01-03T07:59:17Z",
            "OwnerId": 1_234_567_890_123_456_u64,
            "IsDefault": false,
            "ClassicLinkEnabled": false,
            "VRouterId": made["VRouterId"],
            "VSwitchIds": {"VSwitchId": [switch]},
            "AssociatedCens": {"AssociatedCen": []},
            "ResourceGroupId": "",
        })
    );
    let tables = stand.call("DescribeRouteTableList", &own).await.unwrap();
    let table = &tables["RouterTableList"]["RouterTableListType"][0];
    assert_eq!(table["RouteTableId"], made["RouteTableId"]);
    assert_eq!(
        (&table["RouteTableType"], &table["VpcId"]),
        (&json!("System"), &json!(id))
    );

    let change = [own[0], ("VpcName", "other"), ("Description", "")];
    stand.call("ModifyVpcAttribute", &change).await.unwrap();
    let told = stand.call("DescribeVpcAttribute", &own).await.unwrap();
    assert_eq!(
        (&told["VpcName"], &told["Description"]),
        (&json!("other"), &json!(""))
    );

    let kept = stand.call("DeleteVpc", &own).await;
    assert_eq!(kept, Err(ErrorCode::VpcHasVSwitches));
    let switch = [("VSwitchId", switch.as_str())];
    stand.call("DeleteVSwitch", &switch).await.unwrap();
    assert_eq!(stand.call("DeleteVpc", &own).await, Ok(json!({})));
    for action in ["DescribeVpcAttribute", "ModifyVpcAttribute", "DeleteVpc"] {
        let gone = stand.call(action, &own).await;
        assert_eq!(gone, Err(ErrorCode::VpcNotFound), "{action}");
    }
}

#[tokio::test]
async fn vpcs_are_listed_by_id_name_region_and_page() {
    let stand = Stand::new().await;
    let far = [
        ("RegionId", "cn-beijing"),
        ("VpcName", "far"),
        ("CidrBlock", "10.0.0.0/8"),
    ];
    let far = text(&stand.call("CreateVpc", &far).await.unwrap(), "VpcId");
    let near = vpc(&stand, "192.168.0.0/16").await;
    // Nobody else sees them.
    let other = stand.stranger("9999999999999999", "mallory").await;
    let listed = stand.call_as(&other, "DescribeVpcs", &[]).await.unwrap();
    assert_eq!(listed["TotalCount"], 0);
    let both = format!("{far},{near}");
    for (params, expected) in [
        (vec![], 2),
        (vec![("RegionId", "cn-beijing")], 1),
        (vec![("RegionId", "cn-hangzhou")], 1),
        (vec![("VpcName", "far")], 1),
        (vec![("VpcName", "near")], 0),
        (vec![("VpcId", near.as_str())], 1),
        (vec![("VpcId", both.as_str())], 2),
        (vec![("VpcId", "vpc-none")], 0),
    ] {
        let listed = stand.call("DescribeVpcs", &params).await.unwrap();
        assert_eq!(listed["TotalCount"], expected, "{params:?}");
        let vpcs = listed["Vpcs"]["Vpc"].as_array().unwrap();
        assert_eq!(vpcs.len(), expected, "{params:?}");
    }
    let page = [("PageNumber", "2"), ("PageSize", "1")];
    let listed = stand.call("DescribeVpcs", &page).await.unwrap();
    assert_eq!(listed["TotalCount"], 2);
    assert_eq!(listed["Vpcs"]["Vpc"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_block_it_is_the_clouds_own() {
    let stand = Stand::new().await;
    let made = stand.call("CreateVpc", &[]).await.unwrap();
    let own = text(&made, "VpcId");
    let told = stand.call("DescribeVpcAttribute", &[("VpcId", &own)]).await;
    assert_eq!(told.unwrap()["CidrBlock"], "172.16.0.0/12");
}

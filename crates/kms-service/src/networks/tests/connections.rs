use super::{
    admission::{bind, read},
    *,
};
use crate::Caller;

const OTHER: &str = "2222222222222222";
const KST: &str = "kst-here";

/// What the account sees of a peering connection's state.
async fn status(stand: &Stand, caller: &Caller, id: &str) -> Value {
    let params = [("InstanceId", id)];
    let told = stand
        .call_as(caller, "GetVpcPeerConnectionAttribute", &params)
        .await;
    told.unwrap()["Status"].clone()
}

/// A VPC of another account.
async fn vpc_of(stand: &Stand, caller: &Caller, region: &str, block: &str) -> String {
    let params = [("RegionId", region), ("CidrBlock", block)];
    let answer = stand.call_as(caller, "CreateVpc", &params).await;
    text(&answer.unwrap(), "VpcId")
}

async fn peer(
    stand: &Stand,
    from: &str,
    owner: &str,
    region: &str,
    to: &str,
) -> Result<String, ErrorCode> {
    let params = [
        ("VpcId", from),
        ("AcceptingAliUid", owner),
        ("AcceptingRegionId", region),
        ("AcceptingVpcId", to),
        ("Name", "both"),
    ];
    let answer = stand.call("CreateVpcPeerConnection", &params).await?;
    Ok(text(&answer, "InstanceId"))
}

/// Whether the instance answers who calls from these addresses.
async fn assert_reached(stand: &Stand, expected: &[(&str, bool)]) {
    for (source, is_let_in) in expected {
        let code = read(stand, &stand.caller, KST, source).await;
        let wanted = if *is_let_in {
            ErrorCode::ResourceNotFound
        } else {
            ErrorCode::VpcNotBound
        };
        assert_eq!(code, wanted, "{source}");
    }
}

#[tokio::test]
async fn a_peering_within_an_account_connects_at_once_and_reaches_one_hop() {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    let near = vpc(&stand, "127.0.21.0/24").await;
    let far = vpc(&stand, "127.0.22.0/24").await;
    bind(&stand, KST, &[&home]).await;
    assert_reached(&stand, &[("127.0.20.9", true), ("127.0.21.9", false)]).await;
    let id = peer(&stand, &home, ACCOUNT, "cn-hangzhou", &near)
        .await
        .unwrap();
    peer(&stand, &far, ACCOUNT, "cn-hangzhou", &near)
        .await
        .unwrap();
    assert_eq!(status(&stand, &stand.caller, &id).await, "Activated");
    let connected = [
        ("127.0.20.9", true),
        ("127.0.21.9", true),
        ("127.0.22.9", false),
    ];
    assert_reached(&stand, &connected).await;
    let kept = stand.call("DeleteVpc", &[("VpcId", &near)]).await;
    assert_eq!(kept, Err(ErrorCode::DependencyViolation));

    let delete = [("InstanceId", id.as_str())];
    stand
        .call("DeleteVpcPeerConnection", &delete)
        .await
        .unwrap();
    assert_reached(&stand, &[("127.0.20.9", true), ("127.0.21.9", false)]).await;
    let gone = stand.call("GetVpcPeerConnectionAttribute", &delete).await;
    assert_eq!(gone, Err(ErrorCode::PeerNotFound));
}

#[tokio::test]
async fn a_peering_of_two_accounts_connects_when_the_other_one_agrees() {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let other = stand.stranger(OTHER, "bob").await;
    let third = stand.stranger("3333333333333333", "carol").await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    let away = vpc_of(&stand, &other, "cn-beijing", "127.0.30.0/24").await;
    bind(&stand, KST, &[&home]).await;
    let id = peer(&stand, &home, OTHER, "cn-beijing", &away)
        .await
        .unwrap();
    for caller in [&stand.caller, &other] {
        assert_eq!(status(&stand, caller, &id).await, "Accepting");
    }
    assert_reached(&stand, &[("127.0.30.9", false)]).await;
    let own = [("InstanceId", id.as_str())];
    let asked = stand.call("AcceptVpcPeerConnection", &own).await;
    assert_eq!(
        asked,
        Err(ErrorCode::PeerStatus),
        "who asked does not agree"
    );
    for action in [
        "AcceptVpcPeerConnection",
        "GetVpcPeerConnectionAttribute",
        "DeleteVpcPeerConnection",
    ] {
        let hidden = stand.call_as(&third, action, &own).await;
        assert_eq!(hidden, Err(ErrorCode::PeerNotFound), "{action}");
    }
    stand.pass(60);
    let accepted = stand.call_as(&other, "AcceptVpcPeerConnection", &own).await;
    assert_eq!(accepted, Ok(json!({})));
    assert_reached(&stand, &[("127.0.30.9", true)]).await;
    let again = stand.call_as(&other, "AcceptVpcPeerConnection", &own).await;
    assert_eq!(again, Err(ErrorCode::PeerStatus));
    assert_eq!(
        stand.call("GetVpcPeerConnectionAttribute", &own).await,
        Ok(json!({
            "InstanceId": id,
            "Name": "both",
            "Description": "",
            "Status": "Activated",
            "BizStatus": "Normal",
            "OwnerId": 1_234_567_890_123_456_u64,
            "RegionId": "cn-hangzhou",
            "Vpc": {"VpcId": home, "Ipv4Cidrs": ["127.0.20.0/24"]},
            "AcceptingOwnerUid": 2_222_222_222_222_222_u64,
            "AcceptingRegionId": "cn-beijing",
            "AcceptingVpc": {"VpcId": away, "Ipv4Cidrs": ["127.0.30.0/24"]},
            "Bandwidth": -1,
            "GmtCreate": "2025-01-03T07:59:17Z",
            "GmtModified": "2025-01-03T08:00:17Z",
            "ResourceGroupId": "",
        }))
    );
    stand
        .call_as(&other, "DeleteVpcPeerConnection", &own)
        .await
        .unwrap();
    assert_reached(&stand, &[("127.0.30.9", false)]).await;
}

#[tokio::test]
async fn a_peering_needs_two_vpcs_and_is_made_once() {
    let stand = Stand::new().await;
    let other = stand.stranger(OTHER, "bob").await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    let near = vpc(&stand, "127.0.21.0/24").await;
    let away = vpc_of(&stand, &other, "cn-beijing", "127.0.30.0/24").await;
    for (from, owner, region, to, expected) in [
        (
            home.as_str(),
            ACCOUNT,
            "cn-hangzhou",
            home.as_str(),
            ErrorCode::InvalidParameter,
        ),
        (
            &home,
            ACCOUNT,
            "cn-hangzhou",
            "vpc-none",
            ErrorCode::PeerVpcNotFound,
        ),
        (
            "vpc-none",
            ACCOUNT,
            "cn-hangzhou",
            &home,
            ErrorCode::PeerVpcNotFound,
        ),
        (
            &home,
            ACCOUNT,
            "cn-beijing",
            &near,
            ErrorCode::PeerVpcNotFound,
        ),
        (
            &home,
            ACCOUNT,
            "cn-beijing",
            &away,
            ErrorCode::PeerVpcNotFound,
        ),
        (
            &away,
            ACCOUNT,
            "cn-hangzhou",
            &home,
            ErrorCode::PeerVpcNotFound,
        ),
    ] {
        let made = peer(&stand, from, owner, region, to).await;
        assert_eq!(made, Err(expected), "{from} {region} {to}");
    }
    let first = peer(&stand, &home, ACCOUNT, "cn-hangzhou", &near)
        .await
        .unwrap();
    let second = peer(&stand, &home, OTHER, "cn-beijing", &away)
        .await
        .unwrap();
    for (from, to) in [(&home, &near), (&near, &home)] {
        let again = peer(&stand, from, ACCOUNT, "cn-hangzhou", to).await;
        assert_eq!(again, Err(ErrorCode::PeerExists));
    }
    for (params, expected) in [
        (vec![], vec![&first, &second]),
        (vec![("VpcId.1", near.as_str())], vec![&first]),
        (vec![("InstanceId", second.as_str())], vec![&second]),
        (vec![("Name", "none")], vec![]),
    ] {
        let listed = stand.call("ListVpcPeerConnections", &params).await.unwrap();
        let connections = listed["VpcPeerConnects"].as_array().unwrap();
        let mut found: Vec<_> = connections
            .iter()
            .map(|peer| text(peer, "InstanceId"))
            .collect();
        let mut expected: Vec<_> = expected.into_iter().cloned().collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{params:?}");
    }
    let page = [("MaxResults", "1")];
    let listed = stand.call("ListVpcPeerConnections", &page).await.unwrap();
    let next = text(&listed, "NextToken");
    let page = [("MaxResults", "1"), ("NextToken", next.as_str())];
    let listed = stand.call("ListVpcPeerConnections", &page).await.unwrap();
    assert_eq!(
        (&listed["NextToken"], &listed["TotalCount"]),
        (&json!(""), &json!(2))
    );
    let theirs = stand
        .call_as(&other, "ListVpcPeerConnections", &[])
        .await
        .unwrap();
    assert_eq!(theirs["TotalCount"], 1);
}

/// The parameters of a VPC at a Cloud Enterprise Network.
fn child<'a>(cen: &'a str, vpc: &'a str, region: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("CenId", cen),
        ("ChildInstanceId", vpc),
        ("ChildInstanceType", "VPC"),
        ("ChildInstanceRegionId", region),
    ]
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, step by step")]
async fn a_cen_connects_all_that_it_has() {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let other = stand.stranger(OTHER, "bob").await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    let near = vpc(&stand, "127.0.21.0/24").await;
    let away = vpc_of(&stand, &other, "cn-beijing", "127.0.30.0/24").await;
    bind(&stand, KST, &[&home]).await;
    let cen = text(
        &stand.call("CreateCen", &[("Name", "all")]).await.unwrap(),
        "CenId",
    );
    for vpc in [&home, &near] {
        let child = child(&cen, vpc, "cn-hangzhou");
        stand.call("AttachCenChildInstance", &child).await.unwrap();
        let again = stand.call("AttachCenChildInstance", &child).await;
        assert_eq!(again, Err(ErrorCode::CenChildAttached));
    }
    assert_reached(
        &stand,
        &[
            ("127.0.20.9", true),
            ("127.0.21.9", true),
            ("127.0.30.9", false),
        ],
    )
    .await;

    // One of another account takes a grant by its owner.
    let theirs = child(&cen, &away, "cn-beijing");
    let attach = [&theirs[..], &[("ChildInstanceOwnerId", OTHER)]].concat();
    let early = stand.call("AttachCenChildInstance", &attach).await;
    assert_eq!(early, Err(ErrorCode::CenNotGranted));
    let grant = [
        ("CenId", cen.as_str()),
        ("CenOwnerId", ACCOUNT),
        ("InstanceId", away.as_str()),
        ("InstanceType", "VPC"),
    ];
    stand
        .call_as(&other, "GrantInstanceToCen", &grant)
        .await
        .unwrap();
    let asked = [("InstanceId", away.as_str()), ("InstanceType", "VPC")];
    let rules = stand
        .call_as(&other, "DescribeGrantRulesToCen", &asked)
        .await
        .unwrap();
    assert_eq!(
        rules["CenGrantRules"]["CbnGrantRule"],
        json!([{
            "CenInstanceId": cen,
            "CenOwnerId": 1_234_567_890_123_456_u64,
            "CreationTime": "2025-01-03T07:59:17Z",
        }])
    );
    stand.call("AttachCenChildInstance", &attach).await.unwrap();
    assert_reached(
        &stand,
        &[
            ("127.0.20.9", true),
            ("127.0.21.9", true),
            ("127.0.30.9", true),
        ],
    )
    .await;

    let told = stand
        .call("DescribeCenAttachedChildInstanceAttribute", &theirs)
        .await
        .unwrap();
    assert_eq!(told["ChildInstanceOwnerId"], 2_222_222_222_222_222_u64);
    assert_eq!(told["Status"], "Attached");
    assert_eq!(
        told["ChildInstanceAttributes"],
        json!({"CidrBlock": "127.0.30.0/24"})
    );
    let own = [("CenId", cen.as_str())];
    let listed = stand
        .call("DescribeCenAttachedChildInstances", &own)
        .await
        .unwrap();
    assert_eq!(listed["TotalCount"], 3);
    let described = stand
        .call("DescribeVpcAttribute", &[("VpcId", &home)])
        .await
        .unwrap();
    let cens = &described["AssociatedCens"]["AssociatedCen"];
    assert_eq!(
        (&cens[0]["CenId"], &cens[0]["CenStatus"]),
        (&json!(cen), &json!("Attached"))
    );

    // What is not attached any more reaches nothing, and its owner may cut it off, too.
    let detach = [&theirs[..], &[("CenOwnerId", ACCOUNT)]].concat();
    stand
        .call_as(&other, "DetachCenChildInstance", &detach)
        .await
        .unwrap();
    assert_reached(&stand, &[("127.0.21.9", true), ("127.0.30.9", false)]).await;
    let gone = stand
        .call("DescribeCenAttachedChildInstanceAttribute", &theirs)
        .await;
    assert_eq!(gone, Err(ErrorCode::CenChildNotFound));
    stand
        .call_as(&other, "RevokeInstanceFromCen", &grant)
        .await
        .unwrap();
    let revoked = stand.call("AttachCenChildInstance", &attach).await;
    assert_eq!(revoked, Err(ErrorCode::CenNotGranted));

    let kept = stand.call("DeleteCen", &own).await;
    assert_eq!(kept, Err(ErrorCode::CenStatus));
    let kept = stand.call("DeleteVpc", &[("VpcId", &near)]).await;
    assert_eq!(kept, Err(ErrorCode::DependencyViolation));
    let strangers = [
        &child(&cen, &home, "cn-hangzhou")[..],
        &[("CenOwnerId", ACCOUNT)],
    ]
    .concat();
    let refused = stand
        .call_as(&other, "DetachCenChildInstance", &strangers)
        .await;
    assert_eq!(refused, Err(ErrorCode::CenChildNotFound));
    for vpc in [&home, &near] {
        let child = child(&cen, vpc, "cn-hangzhou");
        stand.call("DetachCenChildInstance", &child).await.unwrap();
    }
    assert_reached(&stand, &[("127.0.20.9", true), ("127.0.21.9", false)]).await;
    stand.call("DeleteCen", &own).await.unwrap();
    assert_eq!(
        stand.call("DeleteCen", &own).await,
        Err(ErrorCode::CenNotFound)
    );
}

#[tokio::test]
async fn cens_are_listed_by_what_is_asked_for() {
    let stand = Stand::new().await;
    let mut ids = Vec::new();
    for name in ["one", "two"] {
        let made = stand.call("CreateCen", &[("Name", name)]).await.unwrap();
        ids.push(text(&made, "CenId"));
    }
    for (params, expected) in [
        (vec![], 2),
        (
            vec![
                ("Filter.1.Key", "CenId"),
                ("Filter.1.Value.1", ids[0].as_str()),
            ],
            1,
        ),
        (
            vec![("Filter.1.Key", "Name"), ("Filter.1.Value.1", "two")],
            1,
        ),
        (
            vec![("Filter.1.Key", "Name"), ("Filter.1.Value.1", "three")],
            0,
        ),
    ] {
        let listed = stand.call("DescribeCens", &params).await.unwrap();
        assert_eq!(listed["TotalCount"], expected, "{params:?}");
        for cen in listed["Cens"]["Cen"].as_array().unwrap() {
            assert_eq!(
                (&cen["Status"], &cen["ProtectionLevel"]),
                (&json!("Active"), &json!("REDUCED"))
            );
        }
    }
}

#[tokio::test]
async fn a_vpc_is_attached_where_it_was_granted_and_where_it_is() {
    let stand = Stand::new().await;
    let other = stand.stranger(OTHER, "bob").await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    let away = vpc_of(&stand, &other, "cn-beijing", "127.0.30.0/24").await;
    let mut cens = Vec::new();
    for _ in 0..2 {
        cens.push(text(&stand.call("CreateCen", &[]).await.unwrap(), "CenId"));
    }
    let grant = [
        ("CenId", cens[0].as_str()),
        ("CenOwnerId", ACCOUNT),
        ("InstanceId", away.as_str()),
        ("InstanceType", "VPC"),
    ];
    // Granted twice is granted once.
    for _ in 0..2 {
        let granted = stand.call_as(&other, "GrantInstanceToCen", &grant).await;
        granted.unwrap();
    }
    let asked = [("InstanceId", away.as_str()), ("InstanceType", "VPC")];
    let rules = stand.call_as(&other, "DescribeGrantRulesToCen", &asked);
    assert_eq!(rules.await.unwrap()["TotalCount"], 1);
    for (cen, vpc, owner, region, expected) in [
        (
            &cens[1],
            &away,
            OTHER,
            "cn-beijing",
            ErrorCode::CenNotGranted,
        ),
        (
            &cens[0],
            &away,
            OTHER,
            "cn-hangzhou",
            ErrorCode::CenNotGranted,
        ),
        (
            &cens[0],
            &home,
            ACCOUNT,
            "cn-beijing",
            ErrorCode::CenChildNotFound,
        ),
    ] {
        let child = child(cen, vpc, region);
        let attach = [&child[..], &[("ChildInstanceOwnerId", owner)]].concat();
        let refused = stand.call("AttachCenChildInstance", &attach).await;
        assert_eq!(refused, Err(expected), "{vpc} {region}");
    }
}

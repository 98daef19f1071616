//! From where an instance is reached, acted out: programs at separate addresses of loopback ask
//! for its name and call it, in its own network, in one that is attached, in one that is peered or
//! joined, here and in another region, and from outside (reference accesskey §1, rows 12 to 14).

use std::net::IpAddr;

use hickory_proto::op::ResponseCode;
use serde_json::json;

use crate::{call::KMS, place::Place};

pub(crate) mod scene;

use scene::{Account, HERE, Network, PVTZ, Scene, VPC, text};

const PEER: &str = "2022-01-01";
const CBN: &str = "2017-09-12";

/// A region that the server is not in.
const ELSEWHERE: &str = "cn-shanghai";

/// Where the instance is in its own network: the first address that is not the network's own.
const AT_HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 40, 1));

/// The instance is bound to these networks besides its own.
fn bind(scene: &Scene, networks: &[(&Network, &Account)]) {
    let list: Vec<_> = networks
        .iter()
        .map(|(network, owner)| {
            json!({
                "VpcId": network.vpc,
                "VSwitchId": network.vswitch,
                "RegionId": network.region,
                "VpcOwnerId": owner.id,
            })
        })
        .collect();
    let list = json!(list).to_string();
    let params = [
        ("KmsInstanceId", scene.instance.as_str()),
        ("BindVpcs", &list),
    ];
    scene.owner.ok(KMS, "UpdateKmsInstanceBindVpc", &params);
}

/// What seed 003's administrator does for a network that is only connected: the value of the
/// service's own zone, copied into one that the network is bound to.
fn copy_the_name(scene: &Scene, network: &Network) {
    let owner = &scene.owner;
    let zones = [("ZoneType", "CLOUD_PRODUCT_ZONE")];
    let zones = owner.ok(PVTZ, "DescribeZones", &zones);
    let zone = text(&zones["Zones"]["Zone"][0], "ZoneId");
    let records = owner.ok(PVTZ, "DescribeZoneRecords", &[("ZoneId", &zone)]);
    let value = text(&records["Records"]["Record"][0], "Value");

    let application = &scene.application;
    let name = [("ZoneName", "cryptoservice.kms.aliyuncs.com")];
    let zone = text(&application.ok(PVTZ, "AddZone", &name), "ZoneId");
    let record = [
        ("ZoneId", zone.as_str()),
        ("Rr", &scene.instance),
        ("Type", "A"),
        ("Value", &value),
    ];
    application.ok(PVTZ, "AddZoneRecord", &record);
    let bind = [
        record[0],
        ("Vpcs.1.VpcId", &network.vpc),
        ("Vpcs.1.RegionId", &network.region),
    ];
    application.ok(PVTZ, "BindZoneVpc", &bind);
}

fn an_attached_network_reaches_it_until_it_is_not_attached(place: &Place) {
    let scene = Scene::new(place);
    let (owner, application) = (&scene.owner, &scene.application);
    // The instance's own network, to which its name is known by itself.
    assert_eq!(scene.told("127.0.40.9"), Ok(AT_HOME));
    let mut inside = scene.line("127.0.40.9", AT_HOME);
    scene.assert_reads(&mut inside);
    // Nobody's network.
    assert_eq!(scene.told("127.0.49.9"), Err(ResponseCode::Refused));
    scene.assert_refused(&mut scene.line("127.0.49.9", AT_HOME));

    let network = application.network(HERE, "127.0.41");
    application.network(HERE, "127.0.42");
    let mut attached = scene.line("127.0.41.9", AT_HOME);
    scene.assert_refused(&mut attached);
    assert_eq!(scene.told("127.0.41.9"), Err(ResponseCode::NXDomain));
    assert_eq!(owner.accesses(&scene.instance), 2);

    application.lend(("VSwitch", &network.vswitch), owner);
    bind(&scene, &[(&network, application)]);
    // By the connection that was open already, and by the address that its own network is told.
    scene.assert_reads(&mut attached);
    let there = "127.0.41.1".parse().unwrap();
    assert_eq!(scene.told("127.0.41.9"), Ok(there));
    scene.assert_reads(&mut scene.line("127.0.41.9", there));
    assert_eq!(owner.accesses(&scene.instance), 3);
    // Another network of the same account is another.
    assert_eq!(scene.told("127.0.42.9"), Err(ResponseCode::NXDomain));
    scene.assert_refused(&mut scene.line("127.0.42.9", there));

    bind(&scene, &[]);
    scene.assert_refused(&mut attached);
    assert_eq!(scene.told("127.0.41.9"), Err(ResponseCode::NXDomain));
    assert_eq!(owner.accesses(&scene.instance), 2);
    scene.assert_reads(&mut inside);

    // Whom it is shared with no longer is out wherever it calls from.
    owner.take_back(&scene.share);
    let gone = (403, "Forbidden.DKMSInstanceNotFound".to_owned());
    assert_eq!(inside.read(application), Err(gone));
    assert_eq!(inside.read(owner), Ok("the owner's".to_owned()));
}

fn a_peered_network_reaches_it_without_quota(region: &str) {
    let scene = Scene::new(&Place::sqlite());
    let (owner, application) = (&scene.owner, &scene.application);
    let network = application.network(region, "127.0.43");
    application.network(region, "127.0.44");
    let mut peered = scene.line("127.0.43.9", AT_HOME);
    scene.assert_refused(&mut peered);
    let params = [
        ("VpcId", scene.home.vpc.as_str()),
        ("AcceptingAliUid", &application.id),
        ("AcceptingRegionId", region),
        ("AcceptingVpcId", &network.vpc),
    ];
    let made = owner.ok(PEER, "CreateVpcPeerConnection", &params);
    let connection = text(&made, "InstanceId");
    let connection = [("InstanceId", connection.as_str())];
    scene.assert_refused(&mut peered);
    application.ok(PEER, "AcceptVpcPeerConnection", &connection);
    scene.assert_reads(&mut peered);

    // A connection brings packets there, and no name.
    assert_eq!(scene.told("127.0.43.9"), Err(ResponseCode::NXDomain));
    copy_the_name(&scene, &network);
    assert_eq!(scene.told("127.0.43.9"), Ok(AT_HOME));
    scene.assert_reads(&mut scene.line("127.0.43.9", AT_HOME));
    assert_eq!(scene.told("127.0.44.9"), Err(ResponseCode::NXDomain));
    scene.assert_refused(&mut scene.line("127.0.44.9", AT_HOME));
    assert_eq!(owner.accesses(&scene.instance), 2);

    application.ok(PEER, "DeleteVpcPeerConnection", &connection);
    scene.assert_refused(&mut peered);
    scene.assert_reads(&mut scene.line("127.0.40.9", AT_HOME));
}

fn a_joined_network_reaches_it_without_quota(region: &str) {
    let scene = Scene::new(&Place::sqlite());
    let (owner, application) = (&scene.owner, &scene.application);
    let network = application.network(region, "127.0.45");
    application.network(region, "127.0.46");
    let mut joined = scene.line("127.0.45.9", AT_HOME);
    let cen = text(&owner.ok(CBN, "CreateCen", &[]), "CenId");
    let child = |vpc, region| {
        [
            ("CenId", cen.as_str()),
            ("ChildInstanceId", vpc),
            ("ChildInstanceType", "VPC"),
            ("ChildInstanceRegionId", region),
        ]
    };
    let home = child(scene.home.vpc.as_str(), HERE);
    owner.ok(CBN, "AttachCenChildInstance", &home);
    let away = child(network.vpc.as_str(), region);
    let theirs = [
        &away[..],
        &[("ChildInstanceOwnerId", application.id.as_str())],
    ]
    .concat();
    assert_eq!(
        owner.refused(CBN, "AttachCenChildInstance", &theirs),
        "InvalidOperation.NotGranted"
    );
    let grant = [
        ("CenId", cen.as_str()),
        ("CenOwnerId", &owner.id),
        ("InstanceId", &network.vpc),
        ("InstanceType", "VPC"),
        ("RegionId", region),
    ];
    application.ok(VPC, "GrantInstanceToCen", &grant);
    scene.assert_refused(&mut joined);
    owner.ok(CBN, "AttachCenChildInstance", &theirs);
    scene.assert_reads(&mut joined);
    scene.assert_refused(&mut scene.line("127.0.46.9", AT_HOME));
    copy_the_name(&scene, &network);
    assert_eq!(scene.told("127.0.45.9"), Ok(AT_HOME));
    assert_eq!(owner.accesses(&scene.instance), 2);

    // Either end may leave.
    application.ok(
        CBN,
        "DetachCenChildInstance",
        &[&away[..], &[("CenOwnerId", owner.id.as_str())]].concat(),
    );
    scene.assert_refused(&mut joined);
    owner.ok(CBN, "AttachCenChildInstance", &theirs);
    scene.assert_reads(&mut joined);
    owner.ok(CBN, "DetachCenChildInstance", &home);
    scene.assert_refused(&mut joined);
    scene.assert_reads(&mut scene.line("127.0.40.9", AT_HOME));
}

#[test]
fn an_attached_network_of_another_account_reaches_an_instance() {
    an_attached_network_reaches_it_until_it_is_not_attached(&Place::sqlite());
}

#[test]
fn an_attached_network_of_another_account_reaches_an_instance_on_postgresql() {
    an_attached_network_reaches_it_until_it_is_not_attached(&Place::postgres());
}

#[test]
fn a_peered_network_reaches_an_instance() {
    a_peered_network_reaches_it_without_quota(HERE);
}

#[test]
fn a_peered_network_of_another_region_reaches_an_instance() {
    a_peered_network_reaches_it_without_quota(ELSEWHERE);
}

#[test]
fn a_joined_network_reaches_an_instance() {
    a_joined_network_reaches_it_without_quota(HERE);
}

#[test]
fn a_joined_network_of_another_region_reaches_an_instance() {
    a_joined_network_reaches_it_without_quota(ELSEWHERE);
}

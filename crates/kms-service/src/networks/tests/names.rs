use kms_store::Mode;
use kms_wire::request::RecordKind;

use super::{admission::bind, *};
use crate::{
    Names,
    documents::{self, Named},
    failure::Failure,
    instances::{Attachment, Instance},
    networks,
};

const KST: &str = "kst-here";
const NAME: &str = "kst-here.cryptoservice.kms.aliyuncs.com";

/// Puts the instance into the vSwitch, as it is when it is connected.
async fn place(stand: &Stand, vpc: &str, switch: &str) {
    let network = json!({"vpc": vpc, "vswitch": switch, "region": "cn-hangzhou", "owner": ACCOUNT});
    let network: Attachment = serde_json::from_value(network).unwrap();
    let (account, network) = (&account(), &network);
    stand
        .service
        .tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let vswitch = networks::vswitch(tx, account, switch).await?;
                networks::take(tx, &vswitch, KST).await?;
                let mut found: Named<Instance> = documents::find(tx, account, KST).await?;
                found.body.networks.push(network.clone());
                documents::update(tx, account, &found).await?;
                Ok::<_, Failure>(())
            })
        })
        .await
        .unwrap();
}

/// What a client at that address sees: the values, or why there are none.
async fn see(stand: &Stand, name: &str, kind: RecordKind, source: &str) -> String {
    let source = source.parse().unwrap();
    match stand
        .service
        .resolve(name, Some(kind), source)
        .await
        .unwrap()
    {
        Names::Refused => "refused".to_owned(),
        Names::Missing { .. } => "missing".to_owned(),
        Names::Found { records, .. } => {
            let values: Vec<_> = records.into_iter().map(|record| record.value).collect();
            values.join(" ")
        }
    }
}

#[tokio::test]
async fn an_instances_name_is_seen_from_its_networks_only() {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    let near = vpc(&stand, "127.0.21.0/24").await;
    let _far = vpc(&stand, "127.0.22.0/24").await;
    for (vpc, block) in [(&home, "127.0.20.16/28"), (&near, "127.0.21.32/28")] {
        let switch = vswitch(&stand, vpc, block).await.unwrap();
        place(&stand, vpc, &switch).await;
    }
    for (source, expected) in [
        ("127.0.20.9", "127.0.20.17"),
        ("127.0.21.9", "127.0.21.33"),
        ("127.0.22.9", "missing"),
        ("127.0.0.1", "refused"),
        ("203.0.113.7", "refused"),
        ("::1", "refused"),
    ] {
        assert_eq!(
            see(&stand, NAME, RecordKind::A, source).await,
            expected,
            "{source}"
        );
    }
    let upper = see(
        &stand,
        "KST-here.CryptoService.kms.aliyuncs.com.",
        RecordKind::A,
        "127.0.20.9",
    );
    assert_eq!(upper.await, "127.0.20.17");
    let no_kind = see(&stand, NAME, RecordKind::Aaaa, "127.0.20.9").await;
    assert_eq!(no_kind, "", "the name is there, an IPv6 address is not");
    for (name, expected) in [
        ("kst-none.cryptoservice.kms.aliyuncs.com", "missing"),
        ("cryptoservice.kms.aliyuncs.com", ""),
        ("kms.aliyuncs.com", "refused"),
        ("example.com", "refused"),
        ("xcryptoservice.kms.aliyuncs.com", "refused"),
    ] {
        assert_eq!(
            see(&stand, name, RecordKind::A, "127.0.20.9").await,
            expected,
            "{name}"
        );
    }
    bind(&stand, KST, &[&near]).await;
    assert_eq!(
        see(&stand, NAME, RecordKind::A, "127.0.20.9").await,
        "missing",
        "unbound"
    );
}

#[tokio::test]
async fn the_administrator_copies_the_value_into_a_zone_for_connected_networks() {
    let stand = Stand::new().await;
    stand.instance(KST).await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    let switch = vswitch(&stand, &home, "127.0.20.16/28").await.unwrap();
    let kms = [("ZoneType", "CLOUD_PRODUCT_ZONE")];
    let none = stand.call("DescribeZones", &kms).await.unwrap();
    assert_eq!(none["TotalItems"], 0);
    place(&stand, &home, &switch).await;
    let zones = stand.call("DescribeZones", &kms).await.unwrap();
    let zone = &zones["Zones"]["Zone"][0];
    assert_eq!(zone["ZoneName"], "cryptoservice.kms.aliyuncs.com");
    assert_eq!(
        (&zone["ZoneType"], &zone["ZoneTag"]),
        (&json!("CLOUD_PRODUCT_ZONE"), &json!("kms"))
    );
    let kms = [("ZoneId", zone["ZoneId"].as_str().unwrap())];
    let records = stand.call("DescribeZoneRecords", &kms).await.unwrap();
    let found = &records["Records"]["Record"][0];
    assert_eq!((&found["Rr"], &found["Type"]), (&json!(KST), &json!("A")));
    let value = text(found, "Value");
    assert_eq!(value, "127.0.20.17");
    let info = stand.call("DescribeZoneInfo", &kms).await.unwrap();
    assert_eq!(info["BindVpcs"]["Vpc"][0]["VpcId"], json!(home));
    // It is nobody's to change.
    let add = [kms[0], ("Rr", "x"), ("Type", "A"), ("Value", "127.0.20.1")];
    assert_eq!(
        stand.call("AddZoneRecord", &add).await,
        Err(ErrorCode::ZoneNotFound)
    );
    assert_eq!(
        stand.call("DeleteZone", &kms).await,
        Err(ErrorCode::ZoneNotFound)
    );
    let other = stand.stranger("9999999999999999", "mallory").await;
    let hidden = stand.call_as(&other, "DescribeZoneRecords", &kms).await;
    assert_eq!(hidden, Err(ErrorCode::ZoneNotFound));

    // Another account's VPC, which is connected by whatever means.
    let params = [("CidrBlock", "127.0.30.0/24")];
    let away = stand.call_as(&other, "CreateVpc", &params).await.unwrap();
    let away = text(&away, "VpcId");
    assert_eq!(
        see(&stand, NAME, RecordKind::A, "127.0.30.9").await,
        "missing"
    );
    let name = [("ZoneName", "cryptoservice.kms.aliyuncs.com")];
    let made = stand.call_as(&other, "AddZone", &name).await.unwrap();
    let id = text(&made, "ZoneId");
    let add = [
        ("ZoneId", id.as_str()),
        ("Rr", KST),
        ("Type", "A"),
        ("Value", &value),
    ];
    stand.call_as(&other, "AddZoneRecord", &add).await.unwrap();
    assert_eq!(
        see(&stand, NAME, RecordKind::A, "127.0.30.9").await,
        "missing",
        "not bound yet"
    );
    let bind = [add[0], ("Vpcs.1.VpcId", away.as_str())];
    stand.call_as(&other, "BindZoneVpc", &bind).await.unwrap();
    assert_eq!(
        see(&stand, NAME, RecordKind::A, "127.0.30.9").await,
        "127.0.20.17"
    );
    assert_eq!(
        see(&stand, NAME, RecordKind::A, "127.0.0.1").await,
        "refused"
    );
}

#[tokio::test]
async fn zones_answer_by_name_star_alias_and_status() {
    use RecordKind::{A, Aaaa, Cname, Txt};

    let stand = Stand::new().await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    let mut zones = Vec::new();
    for name in ["kms.test", "deep.kms.test"] {
        let made = stand.call("AddZone", &[("ZoneName", name)]).await.unwrap();
        let id = text(&made, "ZoneId");
        let bind = [("ZoneId", id.as_str()), ("Vpcs.1.VpcId", home.as_str())];
        stand.call("BindZoneVpc", &bind).await.unwrap();
        zones.push(id);
    }
    let [outer, inner] = zones.try_into().unwrap();
    let mut stopped = String::new();
    for (zone, rr, kind, value) in [
        (&outer, "@", "A", "10.0.0.1"),
        (&outer, "a", "A", "10.0.0.2"),
        (&outer, "a", "AAAA", "fd00::2"),
        (&outer, "x.y", "A", "10.0.0.3"),
        (&outer, "*", "TXT", "any"),
        (&outer, "*", "A", "10.0.0.4"),
        (&outer, "alias", "CNAME", "b.deep.kms.test"),
        (&outer, "loop", "CNAME", "loop2.kms.test"),
        (&outer, "loop2", "CNAME", "loop.kms.test"),
        (&outer, "away", "CNAME", "example.com"),
        (&inner, "b", "A", "10.0.0.5"),
        (&inner, "off", "A", "10.0.0.6"),
    ] {
        let params = [
            ("ZoneId", zone.as_str()),
            ("Rr", rr),
            ("Type", kind),
            ("Value", value),
        ];
        let made = stand.call("AddZoneRecord", &params).await.unwrap();
        stopped = made["RecordId"].to_string();
    }
    for (name, kind, expected) in [
        ("kms.test", A, "10.0.0.1"),
        ("a.kms.test", A, "10.0.0.2"),
        ("a.kms.test", Aaaa, "fd00::2"),
        ("a.kms.test", Txt, ""),
        ("x.y.kms.test", A, "10.0.0.3"),
        // It is there, for there is something below it; the star is not for it.
        ("y.kms.test", A, ""),
        ("other.kms.test", A, "10.0.0.4"),
        ("any.thing.kms.test", Txt, "any"),
        ("alias.kms.test", A, "b.deep.kms.test 10.0.0.5"),
        ("alias.kms.test", Cname, "b.deep.kms.test"),
        ("away.kms.test", A, "example.com"),
        ("b.deep.kms.test", A, "10.0.0.5"),
        // The longer zone's, which has no star.
        ("none.deep.kms.test", A, "missing"),
        ("off.deep.kms.test", A, "10.0.0.6"),
    ] {
        assert_eq!(
            see(&stand, name, kind, "127.0.20.9").await,
            expected,
            "{name} {kind}"
        );
    }
    let round = see(&stand, "loop.kms.test", A, "127.0.20.9").await;
    assert_eq!(round.split(' ').count(), 8, "it ends: {round}");
    let stop = [("RecordId", stopped.as_str()), ("Status", "DISABLE")];
    stand.call("SetZoneRecordStatus", &stop).await.unwrap();
    assert_eq!(
        see(&stand, "off.deep.kms.test", A, "127.0.20.9").await,
        "missing"
    );
    assert_eq!(see(&stand, "a.kms.test", A, "127.0.21.9").await, "refused");
}

#[tokio::test]
async fn of_zones_in_each_other_the_longest_that_has_the_name_answers() {
    let stand = Stand::new().await;
    let home = vpc(&stand, "127.0.20.0/24").await;
    // Their ids are random: five come in the right order by themselves once in 120 times.
    let zones = [
        "a.test",
        "b.a.test",
        "c.b.a.test",
        "d.c.b.a.test",
        "e.d.c.b.a.test",
    ];
    for (number, name) in zones.into_iter().enumerate() {
        let made = stand.call("AddZone", &[("ZoneName", name)]).await.unwrap();
        let id = text(&made, "ZoneId");
        let value = format!("10.0.0.{number}");
        let params = [
            ("ZoneId", id.as_str()),
            ("Rr", "x"),
            ("Type", "A"),
            ("Value", value.as_str()),
        ];
        stand.call("AddZoneRecord", &params).await.unwrap();
        let bind = [("ZoneId", id.as_str()), ("Vpcs.1.VpcId", home.as_str())];
        stand.call("BindZoneVpc", &bind).await.unwrap();
    }
    for (number, name) in zones.into_iter().enumerate() {
        let said = see(&stand, &format!("x.{name}"), RecordKind::A, "127.0.20.9").await;
        assert_eq!(said, format!("10.0.0.{number}"), "{name}");
    }
}

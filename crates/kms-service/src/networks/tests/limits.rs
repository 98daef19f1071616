//! How many there may be of each.

use kms_store::Mode;
use kms_wire::request::{RecordKind, RecordStatus};

use super::*;
use crate::{
    documents::{self, Named},
    failure::Failure,
    networks::{records::Record, zones::Zone},
};

#[tokio::test]
async fn an_account_has_a_hundred_vpcs_and_one_of_them_a_hundred_and_fifty_vswitches() {
    let stand = Stand::new().await;
    let first = vpc(&stand, "10.0.0.0/16").await;
    for _ in 1..100 {
        vpc(&stand, "10.1.0.0/16").await;
    }
    let more = [("CidrBlock", "10.2.0.0/16")];
    let more = stand.call("CreateVpc", &more).await;
    assert_eq!(more, Err(ErrorCode::NetworkQuota));
    let block = |number: u32| format!("10.0.{}.{}/29", number / 32, number % 32 * 8);
    for number in 0..150 {
        vswitch(&stand, &first, &block(number)).await.unwrap();
    }
    let more = vswitch(&stand, &first, &block(150)).await;
    assert_eq!(more, Err(ErrorCode::NetworkQuota));
}

/// Puts so many records into the zone at once.
async fn fill(stand: &Stand, id: &str, count: u32) {
    let account = &account();
    let record = |number: u32| Record {
        id: number,
        rr: format!("r{number}"),
        kind: RecordKind::A,
        value: "10.0.0.1".to_owned(),
        ttl: 60,
        status: RecordStatus::Enable,
        remark: String::new(),
    };
    stand
        .service
        .tx(Mode::Write, |mut tx| {
            Box::pin(async move {
                let tx = &mut *tx;
                let mut zone: Named<Zone> = documents::find(tx, account, id).await?;
                zone.body.records = (1..=count).map(record).collect();
                documents::update(tx, account, &zone).await?;
                Ok::<_, Failure>(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_zone_has_two_thousand_records_at_most() {
    let stand = Stand::new().await;
    let zone = stand.call("AddZone", &[("ZoneName", "kms.test")]).await;
    let id = text(&zone.unwrap(), "ZoneId");
    fill(&stand, &id, 1_999).await;
    let add = |rr| {
        [
            ("ZoneId", id.as_str()),
            ("Rr", rr),
            ("Type", "A"),
            ("Value", "10.0.0.2"),
        ]
    };
    stand.call("AddZoneRecord", &add("last")).await.unwrap();
    let more = stand.call("AddZoneRecord", &add("more")).await;
    assert_eq!(more, Err(ErrorCode::NetworkQuota));
}

use std::collections::BTreeSet;

use serde_json::Value;

use crate::stand::{Stand, servers};

const DAY: u64 = 86_400;

/// The account's events, newest first.
async fn events(stand: &Stand, more: &[(&str, &str)]) -> Vec<Value> {
    let listed = stand.call("DescribeSystemEventAttribute", more).await;
    let list = &listed.unwrap()["SystemEvents"]["SystemEvent"];
    list.as_array().unwrap().clone()
}

fn names(events: &[Value]) -> Vec<String> {
    let name = |event: &Value| event["Name"].as_str().unwrap().to_owned();
    events.iter().map(name).collect()
}

/// A ClientKey that is good for so many days.
async fn client_key(stand: &Stand, days: u64) -> String {
    let now = kms_types::Clock::now(&stand.clock);
    let end = now + jiff::SignedDuration::from_secs(i64::try_from(days * DAY).unwrap());
    let (begin, end) = (
        kms_wire::write_timestamp(now),
        kms_wire::write_timestamp(end),
    );
    let params = [
        ("AapName", "app"),
        ("Password", crate::stand::clients::PASSWORD),
        ("NotBefore", begin.as_str()),
        ("NotAfter", end.as_str()),
    ];
    let made = stand.call("CreateClientKey", &params).await.unwrap();
    made["ClientKeyId"].as_str().unwrap().to_owned()
}

/// Reminds each day, of two servers in turn, one of them new each time.
async fn live(stand: &Stand, days: u64) -> Vec<(u64, String)> {
    let mut raised = Vec::new();
    let mut known = BTreeSet::new();
    for day in 0..=days {
        let restarted = stand.beside(std::sync::Arc::clone(&stand.parts.store));
        let before = known.len();
        let count = restarted.service.remind().await.unwrap();
        for event in events(stand, &[]).await {
            let name = event["Name"].as_str().unwrap().to_owned();
            let id = (name.clone(), event["ResourceId"].to_string());
            if known.insert(id) {
                raised.push((day, name));
            }
        }
        assert_eq!(count, known.len() - before, "day {day}");
        assert_eq!(stand.service.remind().await.unwrap(), 0, "day {day}");
        stand.pass(DAY);
    }
    raised
}

fn said(days: &[(u64, &str)]) -> Vec<(u64, String)> {
    days.iter()
        .map(|(day, of)| (*day, format!("ClientKey:Expiration:{of}Days")))
        .collect()
}

#[tokio::test]
async fn of_a_years_key_people_hear_four_times_and_each_time_once() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    let id = client_key(&stand, 365).await;
    assert_eq!(
        live(&stand, 370).await,
        said(&[(185, "180"), (275, "90"), (335, "30"), (358, "7")])
    );
    let last = events(&stand, &[]).await.remove(0);
    assert_eq!(last["Level"], "CRITICAL");
    assert_eq!(last["InstanceName"], id.as_str());
    let content: Value = serde_json::from_str(last["Content"].as_str().unwrap()).unwrap();
    assert_eq!(content["daysLeft"], 7);
    assert_eq!(content["aapName"], "app");
}

#[tokio::test]
async fn a_key_of_twenty_days_is_reminded_of_once_only() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    client_key(&stand, 20).await;
    assert_eq!(live(&stand, 25).await, said(&[(13, "7")]));
}

#[tokio::test]
async fn it_is_said_to_the_second() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    client_key(&stand, 100).await;
    stand.pass(10 * DAY - 1);
    assert_eq!(stand.service.remind().await.unwrap(), 0);
    stand.pass(1);
    assert_eq!(stand.service.remind().await.unwrap(), 1);
}

#[tokio::test]
async fn what_was_missed_is_made_up_for_unless_it_is_too_late() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    client_key(&stand, 100).await;
    stand.pass(80 * DAY);
    // 90 and 30 days have passed by; 7 have not.
    assert_eq!(stand.service.remind().await.unwrap(), 2);
    stand.pass(20 * DAY + 1);
    assert_eq!(stand.service.remind().await.unwrap(), 0);
    // Whoever deletes the key hears nothing more of it.
    let gone = client_key(&stand, 10).await;
    stand
        .call("DeleteClientKey", &[("ClientKeyId", &gone)])
        .await
        .unwrap();
    stand.pass(5 * DAY);
    assert_eq!(stand.service.remind().await.unwrap(), 0);
}

#[tokio::test]
async fn two_servers_on_one_postgresql_remind_once() {
    let [one, other] = servers().await;
    one.access_point("app", "shared").await;
    client_key(&one, 100).await;
    one.pass(11 * DAY);
    let (first, second) = tokio::join!(one.service.remind(), other.service.remind());
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    let listed = events(&other, &[]).await;
    assert_eq!(names(&listed), ["ClientKey:Expiration:90Days"]);
    // One of them tells, the other does not.
    let pending = one.service.pending_notices("one").await.unwrap();
    assert_eq!(pending.len(), 1);
    assert!(
        other
            .service
            .pending_notices("other")
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn who_looks_in_vain_keeps_nobody_from_telling() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    client_key(&stand, 100).await;
    stand.pass(11 * DAY);
    let pending = async |owner| stand.service.pending_notices(owner).await.unwrap().len();
    assert_eq!(pending("one").await, 0);
    stand.service.remind().await.unwrap();
    assert_eq!(pending("other").await, 1);
    assert_eq!(pending("one").await, 0);
}

#[tokio::test]
async fn each_is_told_at_least_once_and_then_no_more_across_restarts() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    client_key(&stand, 100).await;
    stand.pass(11 * DAY);
    stand.service.remind().await.unwrap();
    let pending = stand
        .service
        .pending_notices("one")
        .await
        .unwrap()
        .remove(0);
    assert!(!pending.was_told("mail"));
    stand.service.note_told(&pending, "mail").await.unwrap();
    // The webhook does not answer: later.
    stand.service.note_end(&pending, false).await.unwrap();
    assert!(
        stand
            .service
            .pending_notices("one")
            .await
            .unwrap()
            .is_empty()
    );
    stand.pass(60);
    let restarted = stand.beside(std::sync::Arc::clone(&stand.parts.store));
    let pending = restarted
        .service
        .pending_notices("one")
        .await
        .unwrap()
        .remove(0);
    assert!(pending.was_told("mail"));
    restarted.service.note_end(&pending, true).await.unwrap();
    stand.pass(DAY);
    assert!(
        restarted
            .service
            .pending_notices("one")
            .await
            .unwrap()
            .is_empty()
    );
    // It stays in the list.
    assert_eq!(events(&stand, &[]).await.len(), 1);
}

#[tokio::test]
async fn nobody_is_told_of_an_event_for_ever() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    client_key(&stand, 100).await;
    stand.pass(11 * DAY);
    stand.service.remind().await.unwrap();
    let mut tries = 0;
    for _ in 0..400 {
        for pending in stand.service.pending_notices("one").await.unwrap() {
            tries += 1;
            stand.service.note_end(&pending, false).await.unwrap();
        }
        stand.pass(3600);
    }
    // Each hour for a week; the first was at once.
    assert!((160..=170).contains(&tries), "{tries}");
}

#[tokio::test]
async fn events_are_forgotten_in_time_and_counted_until_then() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    client_key(&stand, 365).await;
    stand.pass(186 * DAY);
    stand.service.remind().await.unwrap();
    let counted = stand.service.count_events().await.unwrap();
    assert_eq!(counted.len(), 1);
    assert_eq!(counted[0].name, "ClientKey:Expiration:180Days");
    assert_eq!(counted[0].count, 1);
    stand.pass(100 * DAY);
    // It may still be raised again: the key has not ended.
    assert_eq!(stand.service.forget_events().await.unwrap(), 0);
    stand.pass(301 * DAY);
    assert_eq!(stand.service.forget_events().await.unwrap(), 1);
    assert!(stand.service.count_events().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_list_is_asked_for_parts() {
    let stand = Stand::new().await;
    stand.access_point("app", "shared").await;
    client_key(&stand, 100).await;
    stand.pass(80 * DAY);
    stand.service.remind().await.unwrap();
    let time = events(&stand, &[]).await[0]["Time"].to_string();
    for (params, count) in [
        (vec![("Product", "KMS")], 2),
        (vec![("Product", "CONFIG")], 0),
        (vec![("Level", "critical")], 2),
        (vec![("Name", "ClientKey:Expiration:30Days")], 1),
        (vec![("SearchKeywords", "clientkey/KAAP.")], 2),
        (vec![("SearchKeywords", "nothing")], 0),
        (vec![("StartTime", time.as_str())], 2),
        (vec![("EndTime", time.as_str())], 0),
        (vec![("PageSize", "1"), ("PageNumber", "2")], 1),
        (vec![("PageSize", "1"), ("PageNumber", "3")], 0),
    ] {
        assert_eq!(events(&stand, &params).await.len(), count, "{params:?}");
    }
}

//! What waits for channels, in which order, and for how long.

use serde_json::json;

use super::*;
use crate::{Backlog, Outcome};

const LOG: &str = "acs:log:cn-hangzhou:1234567890123456:project/audit/logstore/findings";

async fn channel(stand: &Stand) -> String {
    let params = [
        ("DeliveryChannelType", "SLS"),
        ("DeliveryChannelTargetArn", LOG),
    ];
    let made = stand.call("CreateConfigDeliveryChannel", &params).await;
    made.unwrap()["DeliveryChannelId"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn backlogs(stand: &Stand, owner: &str) -> Vec<Backlog> {
    stand.service.backlogs(owner).await.unwrap()
}

/// As many findings as there are days, a day apart: each day another user is found out.
async fn findings(stand: &Stand, days: u64) {
    app(stand).await;
    let more = [("InputParameters", r#"{"days":"1"}"#)];
    rule(stand, AGE, &more).await.unwrap();
    stand.pass(2 * DAY);
    stand.service.evaluate_rules("one").await.unwrap();
    for day in 1..days {
        let name = format!("user-{day}");
        let user = [("UserName", name.as_str())];
        stand.call("CreateUser", &user).await.unwrap();
        stand.call("CreateAccessKey", &user).await.unwrap();
        stand.pass(2 * DAY);
        stand.service.evaluate_rules("one").await.unwrap();
    }
}

fn times(backlog: &Backlog) -> Vec<i64> {
    let times = backlog.notices.iter().map(|notice| notice.time.as_second());
    times.collect()
}

async fn show(stand: &Stand, id: &str) -> Value {
    let params = [("DeliveryChannelId", id)];
    let shown = stand.call("GetConfigDeliveryChannel", &params).await;
    shown.unwrap()["DeliveryChannel"].clone()
}

#[tokio::test]
async fn a_channel_gets_findings_in_their_order_and_a_failure_holds_up_those_behind_it() {
    let stand = Stand::new().await;
    let id = channel(&stand).await;
    assert_eq!(show(&stand, &id).await["LastDeliveryStatus"], "");
    findings(&stand, 3).await;
    let first = backlogs(&stand, "one").await.remove(0);
    assert_eq!(first.channel, id);
    assert_eq!(first.target, LOG);
    let waiting = first.notices.len();
    assert!(waiting >= 3, "{waiting}");
    assert!(times(&first).is_sorted());
    assert_eq!(show(&stand, &id).await["WaitingDeliveries"], waiting);

    let note = async |notice: usize, outcome: Outcome| {
        let notice = &first.notices[notice];
        let noted = stand.service.note_delivery("one", &first, notice, &outcome);
        assert!(noted.await.unwrap());
    };
    note(0, Outcome::Sent).await;
    let shown = show(&stand, &id).await;
    assert_eq!(shown["LastDeliveryStatus"], "Success");
    assert_eq!(shown["WaitingDeliveries"], waiting - 1);
    note(1, Outcome::Failed("HTTP 503".to_owned())).await;
    let shown = show(&stand, &id).await;
    assert_eq!(shown["LastDeliveryStatus"], "Failure");
    assert_eq!(shown["LastDeliveryError"], "HTTP 503");
    assert_eq!(shown["WaitingDeliveries"], waiting - 1);
    // Nothing of this channel is sent before its time, and then the failed one first.
    assert!(backlogs(&stand, "one").await.is_empty());
    stand.pass(9);
    assert!(backlogs(&stand, "one").await.is_empty());
    stand.pass(1);
    let again = backlogs(&stand, "one").await.remove(0);
    assert_eq!(again.notices[0].id, first.notices[1].id);
    assert_eq!(again.notices.len(), waiting - 1);
    // Twice as long each time, and not for longer than half an hour.
    note(1, Outcome::Failed("HTTP 503".to_owned())).await;
    stand.pass(19);
    assert!(backlogs(&stand, "one").await.is_empty());
    stand.pass(1);
    assert_eq!(backlogs(&stand, "one").await.len(), 1);
    for _ in 0..40 {
        note(1, Outcome::Failed("HTTP 503".to_owned())).await;
    }
    stand.pass(1799);
    assert!(backlogs(&stand, "one").await.is_empty());
    stand.pass(1);
    assert_eq!(backlogs(&stand, "one").await.len(), 1);
    // What nobody can take is out of the way at once.
    note(1, Outcome::Dropped("too large".to_owned())).await;
    let next = backlogs(&stand, "one").await.remove(0);
    assert_eq!(next.notices[0].id, first.notices[2].id);
    assert_eq!(show(&stand, &id).await["LastDeliveryError"], "too large");
}

#[tokio::test]
async fn one_server_sends_at_a_time_and_one_that_is_late_is_told_to_stop() {
    let stand = Stand::new().await;
    channel(&stand).await;
    findings(&stand, 1).await;
    let one = backlogs(&stand, "one").await.remove(0);
    assert!(backlogs(&stand, "two").await.is_empty());
    stand.pass(121);
    let two = backlogs(&stand, "two").await.remove(0);
    assert_eq!(two.notices[0].id, one.notices[0].id);
    let noted = stand
        .service
        .note_delivery("one", &one, &one.notices[0], &Outcome::Sent);
    assert!(!noted.await.unwrap(), "it may not send on");
    let noted = stand
        .service
        .note_delivery("two", &two, &two.notices[0], &Outcome::Sent);
    assert!(noted.await.unwrap(), "what is gone is no error");
}

#[tokio::test]
async fn who_looks_in_vain_keeps_nobody_from_sending() {
    let stand = Stand::new().await;
    channel(&stand).await;
    app(&stand).await;
    let more = [("InputParameters", r#"{"days":"1"}"#)];
    rule(&stand, AGE, &more).await.unwrap();
    stand.pass(2 * DAY);
    assert!(backlogs(&stand, "one").await.is_empty());
    stand.service.evaluate_rules("one").await.unwrap();
    assert_eq!(backlogs(&stand, "two").await.len(), 1);
    assert!(backlogs(&stand, "one").await.is_empty());
}

#[tokio::test]
async fn what_waits_stays_while_a_channel_is_off_and_goes_with_it() {
    let stand = Stand::new().await;
    let id = channel(&stand).await;
    findings(&stand, 1).await;
    let switch = async |status: &str| {
        let params = [("DeliveryChannelId", id.as_str()), ("Status", status)];
        stand.call("UpdateConfigDeliveryChannel", &params).await
    };
    switch("0").await.unwrap();
    assert!(backlogs(&stand, "one").await.is_empty());
    switch("1").await.unwrap();
    assert_eq!(backlogs(&stand, "one").await.len(), 1);
    let counts = stand.service.count_channels().await.unwrap();
    let sls = counts.iter().find(|count| count.kind.as_str() == "SLS");
    let sls = sls.unwrap();
    assert!(sls.waiting > 0 && sls.oldest.is_some());
    let params = [("DeliveryChannelId", id.as_str())];
    stand
        .call("DeleteConfigDeliveryChannel", &params)
        .await
        .unwrap();
    let counts = stand.service.count_channels().await.unwrap();
    assert!(counts.iter().all(|count| count.waiting == 0));
    assert!(backlogs(&stand, "one").await.is_empty());
}

#[tokio::test]
async fn another_target_is_tried_at_once() {
    let stand = Stand::new().await;
    let id = channel(&stand).await;
    findings(&stand, 1).await;
    let one = backlogs(&stand, "one").await.remove(0);
    let failed = Outcome::Failed("gone".to_owned());
    let noted = stand
        .service
        .note_delivery("one", &one, &one.notices[0], &failed);
    assert!(noted.await.unwrap());
    let counts = stand.service.count_channels().await.unwrap();
    assert_eq!(counts.iter().map(|count| count.failing).sum::<u64>(), 1);
    let params = [
        ("DeliveryChannelId", id.as_str()),
        ("DeliveryChannelTargetArn", LOG),
    ];
    stand
        .call("UpdateConfigDeliveryChannel", &params)
        .await
        .unwrap();
    assert_eq!(backlogs(&stand, "one").await.len(), 1);
}

#[tokio::test]
async fn what_nobody_takes_is_given_up_when_its_event_is_forgotten() {
    let stand = Stand::new().await;
    let id = channel(&stand).await;
    findings(&stand, 1).await;
    stand.pass(91 * DAY);
    stand.service.forget_events().await.unwrap();
    assert!(backlogs(&stand, "one").await.is_empty());
    assert_eq!(show(&stand, &id).await["WaitingDeliveries"], 0);
}

#[tokio::test]
async fn targets_are_what_the_cloud_could_have() {
    let stand = Stand::new().await;
    for (kind, arn, is_fine) in [
        ("OSS", "acs:oss:cn-hangzhou:1:a-bucket", true),
        ("OSS", "acs:oss:cn-hangzhou:1:evil.example.com", false),
        ("OSS", "acs:oss:cn-hangzhou:1:-b", false),
        ("OSS", "acs:oss:cn-hangzhou:1:b/../c", false),
        ("OSS", "acs:oss:cn-hangzhou:x:b", false),
        ("OSS", "acs:oss:cn.evil:1:b", false),
        ("OSS", "acs:oss::1:b", false),
        ("OSS", "acs:oss:cn-hangzhou:1:", false),
        ("SLS", "acs:log:cn-hangzhou:1:project/p/logstore/l_1", true),
        (
            "SLS",
            "acs:log:cn-hangzhou:1:project/p@evil/logstore/l",
            false,
        ),
        (
            "SLS",
            "acs:log:cn-hangzhou:1:project/p/logstore/l?x=1",
            false,
        ),
        ("SLS", "acs:log:cn-hangzhou:1:project/p", false),
        ("MNS", "acs:mns:cn-hangzhou:1:/topics/Findings-1", true),
        ("MNS", "acs:mns:cn-hangzhou:1:/topics/a/b", false),
        ("MNS", "acs:oss:cn-hangzhou:1:b", false),
    ] {
        let params = [
            ("DeliveryChannelType", kind),
            ("DeliveryChannelTargetArn", arn),
        ];
        let made = stand.call("CreateConfigDeliveryChannel", &params).await;
        assert_eq!(made.is_ok(), is_fine, "{arn}");
        if kind == "OSS" {
            let params = [
                ("DeliveryChannelType", "SLS"),
                ("DeliveryChannelTargetArn", LOG),
                ("OversizedDataOSSTargetArn", arn),
            ];
            let made = stand.call("CreateConfigDeliveryChannel", &params).await;
            assert_eq!(made.is_ok(), is_fine, "{arn}");
        }
    }
    let listed = stand.call("ListConfigDeliveryChannels", &[]).await.unwrap();
    let listed = listed["DeliveryChannels"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 4);
    let oversized: Vec<&Value> = listed
        .iter()
        .map(|one| &one["OversizedDataOSSTargetArn"])
        .filter(|arn| **arn != json!(""))
        .collect();
    assert_eq!(oversized, ["acs:oss:cn-hangzhou:1:a-bucket"]);
}

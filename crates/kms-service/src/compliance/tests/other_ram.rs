//! Users of a RAM that is not this server's own: rules say of them what they say of others, and
//! of what cannot be read what they said before.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::{RamError, stand::ACCOUNT};

mod cloud;

use cloud::{Cloud, fast};

const OLD: &str = "LTAI5tCloudOld";
const NEW: &str = "LTAI5tCloudNew";
const HOUR: u64 = 3_600;

fn now(stand: &Stand) -> Timestamp {
    kms_types::Clock::now(&stand.clock)
}

fn before(stand: &Stand, days: i64) -> Timestamp {
    now(stand) - SignedDuration::from_hours(24 * days)
}

async fn read(stand: &Stand) -> usize {
    stand.service.read_rams("one", &fast()).await.unwrap()
}

/// What the rule says of the user, and when that was found.
async fn said(stand: &Stand, id: &str, user: &str) -> (String, i64) {
    let found = result(stand, id, user).await;
    let at = found["ConfigRuleInvokedTimestamp"].as_i64().unwrap();
    let compliance = found["ComplianceType"].as_str().unwrap();
    (compliance.to_owned(), at)
}

async fn reason(stand: &Stand, id: &str, user: &str) -> String {
    let said = annotation(&result(stand, id, user).await);
    said["reason"].as_str().unwrap_or_default().to_owned()
}

async fn total(stand: &Stand, id: &str) -> Value {
    get(stand, id).await["Compliance"]["ComplianceType"].clone()
}

/// Somebody wants it to be read.
async fn wanted(stand: &Stand) {
    let wanted = stand.service.ram_is_wanted();
    let long = std::time::Duration::from_secs(30);
    tokio::time::timeout(long, wanted).await.unwrap();
}

fn gone() -> RamError {
    RamError::Unreachable("no answer in time")
}

#[tokio::test]
async fn its_users_are_judged_as_all_others_page_by_page() {
    let (stand, cloud) = Cloud::beside().await;
    cloud.key("app", OLD, before(&stand, 91));
    cloud.key("fresh", NEW, before(&stand, 90));
    for name in ["idle-1", "idle-2", "idle-3"] {
        cloud.user(name);
    }
    cloud.pages_of(2);
    let id = rule(&stand, AGE, &[]).await.unwrap();
    assert_eq!(read(&stand).await, 1);
    let pages = cloud.calls();
    let pages: Vec<_> = pages
        .iter()
        .filter(|call| call.starts_with("users"))
        .collect();
    assert_eq!(pages, ["users -", "users fresh", "users idle-2"]);
    // Alice is this server's own.
    assert_eq!(results(&stand, &id).await.len(), 6);
    let found = result(&stand, &id, "app").await;
    assert_eq!(found["ComplianceType"], "NON_COMPLIANT");
    assert_eq!(qualifier(&found)["ResourceId"], "29app");
    assert_eq!(qualifier(&found)["ResourceOwnerId"].to_string(), ACCOUNT);
    assert_eq!(
        annotation(&found),
        json!({
            "configuration": "91",
            "desiredValue": "90",
            "operator": "LessOrEquals",
            "property": format!("$.AccessKeys[{OLD}].CreateDate"),
        })
    );
    for name in ["fresh", "idle-3", "alice"] {
        assert_eq!(said(&stand, &id, name).await.0, "COMPLIANT", "{name}");
    }
    let pending = stand.service.pending_notices("one").await.unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!(
        pending[0].notice.resource,
        "acs:ram::1234567890123456:user/app"
    );
    // By time it ages as others do.
    stand.pass(DAY);
    read(&stand).await;
    stand.service.evaluate_rules("one").await.unwrap();
    assert_eq!(said(&stand, &id, "fresh").await.0, "NON_COMPLIANT");
}

#[tokio::test]
async fn it_is_read_once_an_hour_and_one_server_does_it() {
    let (stand, cloud) = Cloud::beside().await;
    // Nobody wants to know.
    assert_eq!(read(&stand).await, 0);
    rule(&stand, "kms-secret-rotation-enabled", &[])
        .await
        .unwrap();
    assert_eq!(read(&stand).await, 0);
    let more = [("ConfigRuleName", "keys")];
    let id = rule(&stand, AGE, &more).await.unwrap();
    assert_eq!(read(&stand).await, 1);
    stand.pass(50 * 60 - 1);
    assert_eq!(read(&stand).await, 0);
    stand.pass(1);
    // It is time, and the other server has looked last.
    let other = stand.service.read_rams("two", &fast()).await.unwrap();
    assert_eq!(other, 0);
    assert_eq!(read(&stand).await, 1);
    // That one is gone.
    stand.pass(50 * 60);
    let other = stand.service.read_rams("two", &fast()).await.unwrap();
    assert_eq!(other, 1);
    let _calls = cloud.calls();
    let stop = [("ConfigRuleIds", id.as_str())];
    stand.call("StopConfigRules", &stop).await.unwrap();
    stand.pass(DAY);
    assert_eq!(read(&stand).await, 0);
    assert!(cloud.calls().is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_stays_as_it_was_with_its_time_and_says_so() {
    let (stand, cloud) = Cloud::beside().await;
    cloud.key("app", OLD, before(&stand, 91));
    cloud.key("fresh", NEW, before(&stand, 90));
    let id = rule(&stand, AGE, &[]).await.unwrap();
    read(&stand).await;
    let found_at = now(&stand).as_millisecond();
    let failing = RamError::Denied("NoPermission for ListUsers".to_owned());
    cloud.fails("users", failing, usize::MAX);
    // The red one is mended in the cloud, which nobody sees.
    cloud.drop_key("app", OLD);
    stand.pass(2 * DAY);
    assert_eq!(read(&stand).await, 1);
    let since = now(&stand);
    stand.service.evaluate_rules("one").await.unwrap();
    let red = ("NON_COMPLIANT".to_owned(), found_at);
    let green = ("COMPLIANT".to_owned(), found_at);
    assert_eq!(said(&stand, &id, "app").await, red);
    // By time alone it would be red by now; nothing is made up either way.
    assert_eq!(said(&stand, &id, "fresh").await, green);
    assert_eq!(
        reason(&stand, &id, "fresh").await,
        format!(
            "the account's RAM cannot be read since {} (RAM refuses the call: NoPermission for \
             ListUsers); this was found at 2025-01-03T07:59:17Z",
            kms_wire::write_timestamp(since)
        )
    );
    // This server's own are asked as ever.
    let own = said(&stand, &id, "alice").await;
    assert_eq!(own, ("COMPLIANT".to_owned(), since.as_millisecond()));
    // Again and again: still the first time, and nobody is told anew.
    for _ in 0..3 {
        stand.pass(DAY);
        read(&stand).await;
        stand.service.evaluate_rules("one").await.unwrap();
    }
    assert_eq!(said(&stand, &id, "app").await, red);
    let asked = [("ConfigRuleId", id.as_str())];
    stand
        .call("StartConfigRuleEvaluation", &asked)
        .await
        .unwrap();
    assert_eq!(said(&stand, &id, "app").await, red);
    assert!(reason(&stand, &id, "app").await.contains("2025-01-05"));
    assert_eq!(stand.service.pending_notices("one").await.unwrap().len(), 1);

    cloud.works_again();
    stand.pass(HOUR);
    assert_eq!(read(&stand).await, 1);
    let at = now(&stand).as_millisecond();
    assert_eq!(said(&stand, &id, "app").await, ("COMPLIANT".to_owned(), at));
    let found = said(&stand, &id, "fresh").await;
    assert_eq!(found, ("NON_COMPLIANT".to_owned(), at));
    assert_eq!(reason(&stand, &id, "fresh").await, "");
}

#[tokio::test]
async fn a_rule_is_not_green_of_whom_it_does_not_know() {
    let (stand, cloud) = Cloud::beside().await;
    cloud.key("fresh", NEW, now(&stand));
    let id = rule(&stand, AGE, &[]).await.unwrap();
    // Not yet read.
    assert_eq!(said(&stand, &id, "alice").await.0, "COMPLIANT");
    assert_eq!(total(&stand, &id).await, "INSUFFICIENT_DATA");
    cloud.fails("keys", gone(), 1);
    read(&stand).await;
    assert_eq!(total(&stand, &id).await, "INSUFFICIENT_DATA");
    stand.pass(HOUR);
    read(&stand).await;
    assert_eq!(total(&stand, &id).await, "COMPLIANT");
    // A rule that is made, or asks something else, while RAM is away has nothing to go by.
    cloud.fails("users", gone(), usize::MAX);
    stand.pass(HOUR);
    read(&stand).await;
    assert_eq!(total(&stand, &id).await, "COMPLIANT");
    let more = [
        ("ConfigRuleName", "late"),
        ("InputParameters", r#"{"days":"30"}"#),
    ];
    let late = rule(&stand, AGE, &more).await.unwrap();
    assert_eq!(said(&stand, &late, "fresh").await.0, "INSUFFICIENT_DATA");
    let why = reason(&stand, &late, "fresh").await;
    assert!(why.ends_with("nothing is known of the user"), "{why}");
    assert_eq!(total(&stand, &late).await, "INSUFFICIENT_DATA");
    // To have known nothing is nothing that was found.
    let asked = [("ConfigRuleId", late.as_str())];
    stand
        .call("StartConfigRuleEvaluation", &asked)
        .await
        .unwrap();
    assert_eq!(reason(&stand, &late, "fresh").await, why);
    let change = [
        ("ConfigRuleId", id.as_str()),
        ("InputParameters", r#"{"days":"30"}"#),
    ];
    stand.call("UpdateConfigRule", &change).await.unwrap();
    assert_eq!(said(&stand, &id, "fresh").await.0, "INSUFFICIENT_DATA");
    // Stopped and started again it asks the same.
    cloud.works_again();
    stand.pass(HOUR);
    read(&stand).await;
    assert_eq!(total(&stand, &id).await, "COMPLIANT");
    cloud.fails("users", gone(), usize::MAX);
    stand.pass(HOUR);
    read(&stand).await;
    let ids = [("ConfigRuleIds", id.as_str())];
    for action in ["StopConfigRules", "ActiveConfigRules"] {
        stand.call(action, &ids).await.unwrap();
    }
    assert_eq!(said(&stand, &id, "fresh").await.0, "COMPLIANT");
}

#[tokio::test]
async fn last_use_that_is_not_told_keeps_the_rule_that_needs_it_and_no_other() {
    let (stand, cloud) = Cloud::beside().await;
    let long_ago = before(&stand, 200);
    cloud.key("app", OLD, long_ago);
    cloud.used("app", OLD, before(&stand, 1));
    let idle = rule(&stand, IDLE, &[]).await.unwrap();
    let more = [
        ("ConfigRuleName", "age"),
        ("InputParameters", r#"{"days":"201"}"#),
    ];
    let age = rule(&stand, AGE, &more).await.unwrap();
    read(&stand).await;
    assert_eq!(said(&stand, &idle, "app").await.0, "COMPLIANT");
    let used = annotation(&result(&stand, &idle, "app").await);
    assert!(used["property"].to_string().contains("LastUsedDate"));
    cloud.fails("used", RamError::Denied("x".to_owned()), usize::MAX);
    cloud.key("late", NEW, long_ago);
    stand.pass(2 * DAY);
    read(&stand).await;
    stand.service.evaluate_rules("one").await.unwrap();
    assert!(
        reason(&stand, &idle, "app")
            .await
            .contains("cannot be read")
    );
    assert_eq!(said(&stand, &idle, "app").await.0, "COMPLIANT");
    // Whether that one was used is not known.
    assert_eq!(said(&stand, &idle, "late").await.0, "INSUFFICIENT_DATA");
    assert_eq!(total(&stand, &idle).await, "INSUFFICIENT_DATA");
    assert_eq!(said(&stand, &age, "app").await.0, "NON_COMPLIANT");
    assert_eq!(reason(&stand, &age, "app").await, "");
}

#[tokio::test]
async fn too_many_calls_are_made_again_a_few_times_and_then_left_for_later() {
    let (stand, cloud) = Cloud::beside().await;
    cloud.key("app", OLD, before(&stand, 91));
    let id = rule(&stand, AGE, &[]).await.unwrap();
    cloud.fails("keys", RamError::Throttled, 3);
    read(&stand).await;
    assert_eq!(said(&stand, &id, "app").await.0, "NON_COMPLIANT");
    let keys = cloud.calls();
    assert_eq!(keys.iter().filter(|call| *call == "keys app").count(), 4);
    cloud.fails("keys", RamError::Throttled, usize::MAX);
    stand.pass(HOUR);
    assert_eq!(read(&stand).await, 1);
    assert!(reason(&stand, &id, "app").await.contains("asked too often"));
    // After ten minutes, then twenty and forty, and whoever wants it.
    let _calls = cloud.calls();
    for minutes in [10, 20, 40, 50, 50] {
        stand.pass(minutes * 60 - 1);
        let asked = [("ConfigRuleId", id.as_str())];
        stand
            .call("StartConfigRuleEvaluation", &asked)
            .await
            .unwrap();
        assert_eq!(read(&stand).await, 0, "{minutes}");
        assert!(cloud.calls().is_empty(), "{minutes}");
        stand.pass(1);
        assert_eq!(read(&stand).await, 1, "{minutes}");
        assert_eq!(cloud.calls().len(), 5, "{minutes}");
    }
}

#[tokio::test]
async fn its_users_tags_are_asked_for_if_a_rule_goes_by_them() {
    let (stand, cloud) = Cloud::beside().await;
    for number in 0..60 {
        cloud.user(&format!("user-{number:02}"));
    }
    cloud.tag("user-59", "env", "prod");
    let all = rule(&stand, AGE, &[]).await.unwrap();
    read(&stand).await;
    assert_eq!(results(&stand, &all).await.len(), 61);
    assert!(!cloud.calls().iter().any(|call| call.starts_with("tags")));
    let more = [("ConfigRuleName", "prod"), ("TagKeyScope", "env")];
    let id = rule(&stand, AGE, &more).await.unwrap();
    assert_eq!(total(&stand, &id).await, "INSUFFICIENT_DATA");
    assert_eq!(read(&stand).await, 1, "tags were never read");
    let calls = cloud.calls();
    let tags: Vec<_> = calls
        .iter()
        .filter(|call| call.starts_with("tags"))
        .collect();
    assert_eq!(tags, ["tags 50", "tags 10"]);
    assert_eq!(results(&stand, &id).await.len(), 1);
    assert_eq!(said(&stand, &id, "user-59").await.0, "COMPLIANT");
    // Tags that cannot be read are those that were.
    cloud.fails("tags", gone(), usize::MAX);
    stand.pass(HOUR);
    read(&stand).await;
    assert_eq!(said(&stand, &id, "user-59").await.0, "COMPLIANT");
    let why = reason(&stand, &id, "user-59").await;
    assert!(why.contains("cannot be read"), "{why}");
    // They are in no resource group of this server's.
    let listed = stand.call("ListResourceGroups", &[]).await.unwrap();
    let default = &listed["ResourceGroups"]["ResourceGroup"][0]["Id"];
    let more = [
        ("ConfigRuleName", "grouped"),
        ("ResourceGroupIdsScope", default.as_str().unwrap()),
    ];
    let grouped = rule(&stand, AGE, &more).await.unwrap();
    assert_eq!(results(&stand, &grouped).await.len(), 1);
}

#[tokio::test]
async fn who_goes_while_it_is_read_is_let_go_and_a_list_without_end_is_no_reading() {
    let (stand, cloud) = Cloud::beside().await;
    cloud.user("app");
    cloud.user("gone");
    let id = rule(&stand, AGE, &[]).await.unwrap();
    cloud.fails("keys", RamError::NoUser, 1);
    read(&stand).await;
    assert_eq!(results(&stand, &id).await.len(), 2);
    cloud.never_ends();
    stand.pass(HOUR);
    read(&stand).await;
    assert!(cloud.calls().len() < 100);
    assert!(reason(&stand, &id, "gone").await.contains("has no end"));
}

#[tokio::test]
async fn who_asks_for_it_has_it_read_at_once() {
    let (stand, cloud) = Cloud::beside().await;
    cloud.key("app", OLD, before(&stand, 91));
    let id = rule(&stand, AGE, &[]).await.unwrap();
    wanted(&stand).await;
    read(&stand).await;
    assert_eq!(said(&stand, &id, "app").await.0, "NON_COMPLIANT");
    cloud.key("app", NEW, now(&stand));
    cloud.drop_key("app", OLD);
    stand.pass(60);
    assert_eq!(read(&stand).await, 0);
    let asked = [("ConfigRuleId", id.as_str())];
    stand
        .call("StartConfigRuleEvaluation", &asked)
        .await
        .unwrap();
    wanted(&stand).await;
    // On whichever server.
    let other = stand.service.read_rams("two", &fast()).await.unwrap();
    assert_eq!(other, 1);
    assert_eq!(said(&stand, &id, "app").await.0, "COMPLIANT");
    // And not faster than once a minute.
    stand
        .call("StartConfigRuleEvaluation", &asked)
        .await
        .unwrap();
    stand.pass(59);
    assert_eq!(read(&stand).await, 0);
    stand.pass(1);
    assert_eq!(read(&stand).await, 1);
}

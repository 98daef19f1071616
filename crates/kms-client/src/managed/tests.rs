use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use kms_testkit::{FakeKms, MockClock, Reply};
use kms_types::{Clock as _, Secret};
use serde_json::{Value, json};
use thiserror::Error;

use super::{
    AccessKeyPair, ManagedAccessKey, ManagedAccessKeyError, ManagedCallError, Pace,
    ParseAccessKeyPairError, ServiceError,
};
use crate::{Client, Connection, RetryPolicy, chance::Chance, response::GetSecretValue};

mod rotation;
mod storm;

const SECRET: &str = "acs/ram/user/app";
const NOW: &str = "2025-01-03T08:00:00Z";

/// A KMS that hosts one key, and a clock that both go by.
struct Hosted {
    kms: FakeKms,
    clock: MockClock,
}

/// Draws the half of everything.
struct Half;

/// What a service answers to a key that is none.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("{0}")]
struct Refused(&'static str);

impl ServiceError for Refused {
    fn code(&self) -> Option<&str> {
        Some(self.0)
    }
}

impl Chance for Half {
    fn nonce(&self) -> String {
        "nonce".to_owned()
    }

    fn up_to(&self, most: Duration) -> Duration {
        most / 2
    }
}

// === impl Hosted ===

impl Hosted {
    fn start() -> Self {
        Self {
            kms: FakeKms::start().unwrap(),
            clock: MockClock::at(NOW.parse().unwrap()),
        }
    }

    /// KMS gives out this key from now on, and announces when it will be another.
    fn set(&self, id: &str, next: Option<&str>) {
        self.kms.set(SECRET, answer(id, next));
    }

    fn key(&self) -> ManagedAccessKey {
        self.key_at(Pace::default())
    }

    fn key_at(&self, pace: Pace) -> ManagedAccessKey {
        ManagedAccessKey::builder(SECRET.parse().unwrap(), Arc::new(client(&self.kms)))
            .clock(Arc::new(self.clock.clone()))
            .chance(Arc::new(Half))
            .pace(pace)
            .open()
    }

    /// Lets time pass as a background task that looks every 30 s sees it.
    async fn pass(&self, key: &ManagedAccessKey, time: Duration) {
        let end = self.clock.monotonic() + time;
        while self.clock.monotonic() < end {
            let left = end.saturating_sub(self.clock.monotonic());
            self.clock.advance(left.min(Duration::from_secs(30)));
            key.inner.tick().await;
        }
    }

    fn calls(&self) -> usize {
        self.kms.calls_of(SECRET)
    }
}

pub(super) fn client(kms: &FakeKms) -> Client {
    let env = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tReader"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "reader"),
    ];
    Connection::new(env.into_iter().collect(), "cn-hangzhou".parse().unwrap())
        .endpoint(kms.url().parse().unwrap())
        .builder()
        .unwrap()
        .retry(RetryPolicy::never())
        .build()
}

fn value(data: &Value, next: Option<&str>) -> Value {
    json!({
        "SecretName": SECRET, "SecretType": "RAMCredentials", "SecretDataType": "text",
        "SecretData": data.to_string(), "VersionId": "v7", "CreateTime": NOW, "RequestId": "r",
        "VersionStages": {"VersionStage": ["ACSCurrent"]}, "AutomaticRotation": "Enabled",
        "RotationInterval": "604800s", "NextRotationDate": next,
    })
}

fn answer(id: &str, next: Option<&str>) -> Reply {
    let data = json!({"AccessKeyId": id, "AccessKeySecret": format!("secret-of-{id}")});
    Reply::Body(200, value(&data, next).to_string().into_bytes())
}

fn parsed(answer: Value) -> Result<AccessKeyPair, ParseAccessKeyPairError> {
    let answer: GetSecretValue = serde_json::from_value(answer).unwrap();
    AccessKeyPair::parse(&answer)
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

#[test]
fn a_value_is_read_as_the_plug_ins_read_it() {
    let data = json!({"AccessKeyId": "LTAI5tA", "AccessKeySecret": "abc/+=", "Other": [1]});
    let pair = parsed(value(&data, Some("2025-01-10T08:00:00Z"))).unwrap();
    assert_eq!(pair.id.as_str(), "LTAI5tA");
    assert_eq!(pair.secret.expose(), "abc/+=");
    assert_eq!(pair.version_id, "v7");
    assert_eq!(pair.next_rotation, "2025-01-10T08:00:00Z".parse().ok());
    assert!(!format!("{pair:?}").contains("abc"));

    // Two spellings, and the answer's own date before both.
    for name in ["ScheduleRotateTimestamp", "scheduleRotateTimestamp"] {
        let mut data = data.clone();
        data[name] = json!(1_736_496_000);
        let of_value = parsed(value(&data, None)).unwrap().next_rotation;
        assert_eq!(of_value, "2025-01-10T08:00:00Z".parse().ok());
        let of_answer = parsed(value(&data, Some("2025-01-04T08:00:00Z"))).unwrap();
        assert_eq!(of_answer.next_rotation, "2025-01-04T08:00:00Z".parse().ok());
    }
    for state in ["Disabled", "Invalid"] {
        let mut answer = value(&data, Some("2025-01-10T08:00:00Z"));
        answer["AutomaticRotation"] = json!(state);
        assert_eq!(parsed(answer).unwrap().next_rotation, None, "{state}");
    }
}

#[test]
fn what_is_no_access_key_is_refused_without_being_repeated() {
    use ParseAccessKeyPairError as Wrong;
    for (data, wrong) in [
        (json!("hunter2"), Wrong::Json),
        (json!({"AccessKeyId": "hunter2"}), Wrong::Json),
        (
            json!({"AccessKeyId": "a", "AccessKeySecret": 5}),
            Wrong::Json,
        ),
        (
            json!({"AccessKeys": [{"AccessKeyId": "a", "AccessKeySecret": "hunter2"}]}),
            Wrong::Json,
        ),
        (
            json!({"AccessKeyId": "a b", "AccessKeySecret": "hunter2"}),
            Wrong::Id,
        ),
        (
            json!({"AccessKeyId": "a", "AccessKeySecret": ""}),
            Wrong::Secret,
        ),
        (
            json!({"AccessKeyId": "a", "AccessKeySecret": "hunter2\n"}),
            Wrong::Secret,
        ),
    ] {
        let error = parsed(value(&data, None)).unwrap_err();
        assert_eq!(error, wrong, "{data}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[tokio::test]
async fn it_is_read_again_after_the_planned_rotation_and_not_before() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", Some("2025-01-03T09:00:00Z"));
    let key = hosted.key();
    assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tOld");
    let health = key.health();
    // Planned, 5 min, and half of 5 min of jitter.
    assert_eq!(health.next_refresh, "2025-01-03T09:07:30Z".parse().unwrap());
    assert_eq!(health.fetched, NOW.parse::<Timestamp>().ok());

    hosted.set("LTAI5tNew", Some("2025-01-10T09:00:00Z"));
    hosted.pass(&key, minutes(67)).await;
    assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tOld");
    assert_eq!(hosted.calls(), 1);
    hosted.pass(&key, minutes(1)).await;
    assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tNew");
    assert_eq!(hosted.calls(), 2);
    // A week from now is looked at again after 6 h and the jitter.
    hosted.pass(&key, minutes(361)).await;
    assert_eq!(hosted.calls(), 2);
    hosted.pass(&key, minutes(3)).await;
    assert_eq!(hosted.calls(), 3);
}

#[tokio::test]
async fn a_late_rotation_is_looked_for_in_minutes_and_not_in_hours() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", Some("2025-01-03T09:00:00Z"));
    let key = hosted.key();
    key.current().await.unwrap();
    // The worker is late, and the date in answers stays as it was.
    hosted.pass(&key, minutes(68)).await;
    assert_eq!(hosted.calls(), 2);
    hosted.pass(&key, minutes(2)).await;
    assert_eq!(hosted.calls(), 3);
    // 4, 8, 10, 10 min from there.
    hosted.pass(&key, minutes(33)).await;
    assert_eq!(hosted.calls(), 7);
    // The same for a server that puts it off in each answer.
    for _ in 0..3 {
        let soon = (hosted.clock.now() + minutes(11)).to_string();
        hosted.set("LTAI5tOld", Some(&soon));
        let before = hosted.calls();
        hosted.pass(&key, minutes(10)).await;
        assert_eq!(hosted.calls(), before + 1);
    }
    hosted.set("LTAI5tNew", Some("2025-01-10T09:00:00Z"));
    hosted.pass(&key, minutes(10)).await;
    assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tNew");
}

#[tokio::test]
async fn a_key_in_hand_outlives_every_failure_and_its_age_shows() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", Some("2025-01-03T08:10:00Z"));
    let key = hosted.key();
    key.current().await.unwrap();
    for reply in [
        Reply::unavailable(),
        Reply::forbidden(),
        Reply::not_found(),
        Reply::Text("no key at all".to_owned()),
        Reply::HangUp,
    ] {
        let before = hosted.calls();
        hosted.kms.set(SECRET, reply.clone());
        hosted.pass(&key, minutes(20)).await;
        assert!(hosted.calls() > before, "{reply:?}");
        assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tOld");
        assert!(key.refresh().await.is_err(), "{reply:?}");
        let health = key.health();
        assert!(health.failures > 0 && health.last_error.is_some());
    }
    assert_eq!(key.health().age, Some(minutes(100)));
    hosted.set("LTAI5tNew", Some("2025-01-10T08:10:00Z"));
    hosted.pass(&key, minutes(5)).await;
    assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tNew");
    let health = key.health();
    assert_eq!(health.failures, 0);
    assert!(health.last_error.is_none() && health.age < Some(minutes(5)));
}

#[tokio::test]
async fn failures_are_not_answered_with_calls_without_end() {
    let hosted = Hosted::start();
    hosted.kms.set(SECRET, Reply::forbidden());
    let key = hosted.key();
    for _ in 0..50 {
        let error = key.current().await.unwrap_err();
        assert!(matches!(error, ManagedAccessKeyError::Read { .. }));
        assert!(!error.is_transient());
    }
    assert_eq!(hosted.calls(), 1);
    // 10, 20, 40, 80, 160 s, then each 300 s: the looks come every 30 s.
    hosted.pass(&key, minutes(30)).await;
    let calls = hosted.calls();
    assert!((8..=11).contains(&calls), "{calls}");
}

#[tokio::test]
async fn a_key_that_nobody_looked_after_is_read_before_it_is_handed_out() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", Some("2025-01-03T09:00:00Z"));
    let key = hosted.key();
    key.current().await.unwrap();
    hosted.set("LTAI5tNew", Some("2025-01-10T09:00:00Z"));
    // Due at 67.5 min; the watchdog's time is 10 min later. No task saw this time pass.
    hosted.clock.advance(minutes(77));
    assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tOld");
    hosted.set("LTAI5tNewer", Some("2025-01-03T10:00:00Z"));
    hosted.clock.advance(Duration::from_hours(7));
    assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tNewer");
    // KMS is gone: late is better than never.
    hosted.kms.set_down(true);
    hosted.clock.advance(Duration::from_hours(7));
    assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tNewer");
}

#[tokio::test]
async fn the_task_ends_with_the_last_handle() {
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", None);
    // Kept, for its connections are tasks, too.
    let source = Arc::new(client(&hosted.kms));
    let key = ManagedAccessKey::open(SECRET.parse().unwrap(), source.clone());
    let other = key.clone();
    key.current().await.unwrap();
    let inner = Arc::downgrade(&key.inner);
    let (with_it, without) = (tasks(), tasks() - 1);
    drop(key);
    other.current().await.unwrap();
    assert!(inner.upgrade().is_some());
    assert_eq!(tasks(), with_it);
    drop(other);
    tokio::task::yield_now().await;
    assert!(inner.upgrade().is_none());
    assert_eq!(tasks(), without);
}

#[tokio::test]
async fn a_client_calls_with_a_hosted_key() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", None);
    let service = FakeKms::start().unwrap();
    service.set(
        "thing",
        Reply::in_turn([
            Reply::Text("with the old one".to_owned()),
            Reply::Error {
                status: 404,
                code: "InvalidAccessKeyId.NotFound",
                message: "gone".to_owned(),
            },
            Reply::Text("with the new one".to_owned()),
        ]),
    );
    let key = hosted.key();
    let client = Connection::new(
        [("A", "b")].into_iter().collect(),
        "cn-hangzhou".parse().unwrap(),
    )
    .endpoint(service.url().parse().unwrap())
    .identity(Arc::new(key))
    .open()
    .unwrap();
    let read = async || {
        let operation = crate::request::GetSecretValue::new("thing".parse().unwrap());
        let data: Secret<String> = client.call(&operation).await.unwrap().secret_data;
        data.expose().clone()
    };
    assert_eq!(read().await, "with the old one");
    hosted.set("LTAI5tNew", None);
    assert_eq!(read().await, "with the new one");
    let callers: Vec<_> = service
        .calls()
        .into_iter()
        .filter_map(|call| call.access_key_id)
        .collect();
    assert_eq!(callers, ["LTAI5tOld", "LTAI5tOld", "LTAI5tNew"]);
}

#[tokio::test]
async fn expired_codes_are_called_again_once_and_others_never() {
    for code in [
        "InvalidAccessKeyId.NotFound",
        "InvalidAccessKeyId",
        "InvalidAccessKeyId.Inactive",
        "Forbidden.AccessKeyDisabled",
        "Unauthorized",
    ] {
        let (calls, ended) = called(code).await;
        assert_eq!(calls, ["LTAI5tOld", "LTAI5tNew"], "{code}");
        assert!(matches!(ended, Err(ManagedCallError::Call(Refused(own))) if own == code));
    }
    for code in [
        "SignatureDoesNotMatch",
        "Forbidden",
        "InvalidAccessKeyId.Other",
    ] {
        let (calls, ended) = called(code).await;
        assert_eq!(calls, ["LTAI5tOld"], "{code}");
        assert!(matches!(ended, Err(ManagedCallError::Call(Refused(own))) if own == code));
    }
}

/// The keys that a service saw which refuses every one with this code.
async fn called(code: &'static str) -> (Vec<String>, Result<(), ManagedCallError<Refused>>) {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", None);
    let key = hosted.key();
    key.current().await.unwrap();
    hosted.set("LTAI5tNew", None);
    let calls = std::sync::Mutex::new(Vec::new());
    let ended = key
        .with(|key| {
            calls.lock().unwrap().push(key.id.to_string());
            async move { Err(Refused(code)) }
        })
        .await;
    (calls.into_inner().unwrap(), ended)
}

#[tokio::test]
async fn whoever_failed_with_an_older_key_gets_the_one_in_hand() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", None);
    let key = hosted.key();
    let old = key.current().await.unwrap();
    hosted.set("LTAI5tNew", None);
    key.refresh().await.unwrap();
    let other = key.inner.after_refusal(&old.id).await.unwrap();
    assert_eq!(other.id.as_str(), "LTAI5tNew");
    assert_eq!(hosted.calls(), 2);
}

#[tokio::test]
async fn whoever_waits_for_another_key_gets_it_when_it_comes() {
    let hosted = Hosted::start();
    hosted.set("LTAI5tOld", None);
    let key = hosted.key();
    let old = key.changed(None).await.unwrap();
    assert_eq!(old.id.as_str(), "LTAI5tOld");
    let waiting = tokio::spawn({
        let key = key.clone();
        async move { key.changed(Some(&old.id)).await.unwrap() }
    });
    key.refresh().await.unwrap();
    assert!(!waiting.is_finished(), "it is the same");
    hosted.set("LTAI5tNew", None);
    key.refresh().await.unwrap();
    assert_eq!(waiting.await.unwrap().id.as_str(), "LTAI5tNew");
}

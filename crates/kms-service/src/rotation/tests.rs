//! Rotations from begin to end, with a rotator that does as it is told and a clock that is
//! moved by hand.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::SignedDuration;
use kms_types::{AccountId, ErrorCode, Secret, SecretName, SecretType};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{Rotation, RotationAsk, RotationStep, RotatorError, Rotators};
use crate::stand::Stand;

mod crashes;
mod limits;

const ONE: &str = r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#;
const TWO: &str = r#"{"SecretSubType":"DoubleUsers","DBInstanceId":"rm-1"}"#;
const SSH: &str = r#"{"SecretSubType":"SSHKey","RegionId":"cn-hangzhou","InstanceId":"i-1"}"#;

/// What the fake does when it is asked next; it says yes if nothing is left to do.
enum Act {
    Fail(RotatorError),
    Answer(&'static str),
    /// Never answers; the worker is dropped while it waits.
    Hang(Arc<Notify>),
    /// Says yes when it is let.
    Late(Arc<Notify>, Arc<Notify>),
}

#[derive(Clone, Default)]
struct Fake(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    acts: VecDeque<Act>,
    asked: Vec<(RotationStep, String, Option<String>)>,
}

impl Fake {
    fn then(&self, act: Act) {
        self.0.lock().unwrap().acts.push_back(act);
    }

    /// The steps that it was asked for, and forgets them.
    fn steps(&self) -> Vec<&'static str> {
        let asked = std::mem::take(&mut self.0.lock().unwrap().asked);
        asked.into_iter().map(|(step, ..)| step.as_str()).collect()
    }

    fn pending(&self) -> Vec<Option<String>> {
        let inner = self.0.lock().unwrap();
        inner
            .asked
            .iter()
            .map(|(_, _, pending)| pending.clone())
            .collect()
    }
}

#[async_trait]
impl Rotators for Fake {
    fn serves(&self, _account: &AccountId, _kind: SecretType, secret: &SecretName) -> bool {
        !secret.as_str().starts_with("unserved/")
    }

    async fn ask(&self, ask: &RotationAsk) -> Result<Option<Secret<String>>, RotatorError> {
        let act = {
            let mut inner = self.0.lock().unwrap();
            let pending = ask.pending.as_ref().map(|value| value.expose().clone());
            let current = ask.current.expose().clone();
            inner.asked.push((ask.step, current, pending));
            inner.acts.pop_front()
        };
        match act {
            None => Ok(None),
            Some(Act::Fail(error)) => Err(error),
            Some(Act::Answer(value)) => Ok(Some(Secret::from(value))),
            Some(Act::Hang(reached)) => {
                reached.notify_one();
                std::future::pending().await
            }
            Some(Act::Late(reached, go)) => {
                reached.notify_one();
                go.notified().await;
                Ok(None)
            }
        }
    }
}

/// With a secret `db` of one account, whose password is `old`.
async fn with(config: &str, data: &str) -> (Stand, Fake) {
    let stand = Stand::new().await;
    let fake = Fake::default();
    stand.service.set_rotation(Rotation {
        rotators: Arc::new(fake.clone()),
        ..Rotation::default()
    });
    make(&stand, ("Rds", "db"), config, data, &[]).await;
    (stand, fake)
}

async fn single() -> (Stand, Fake) {
    let data = r#"{"Accounts":[{"AccountName":"app","AccountPassword":"old"}]}"#;
    with(ONE, data).await
}

async fn make(
    stand: &Stand,
    (kind, name): (&str, &str),
    config: &str,
    data: &str,
    more: &[(&str, &str)],
) {
    let mut params = vec![
        ("SecretName", name),
        ("SecretType", kind),
        ("VersionId", "v1"),
        ("ExtendedConfig", config),
        ("SecretData", data),
    ];
    params.extend(more);
    stand.call("CreateSecret", &params).await.unwrap();
}

async fn rotate(stand: &Stand, name: &str, version: &str) -> Result<Value, ErrorCode> {
    let params = [("SecretName", name), ("VersionId", version)];
    stand.call("RotateSecret", &params).await
}

async fn work(stand: &Stand) {
    while stand.service.rotate("worker-1").await.unwrap() {}
}

async fn value(stand: &Stand, stage: &str) -> Value {
    serde_json::from_str(&stand.read("db", stage).await.unwrap()).unwrap()
}

async fn told(stand: &Stand, name: &str) -> Value {
    stand
        .call("DescribeSecret", &[("SecretName", name)])
        .await
        .unwrap()
}

#[tokio::test]
async fn a_secret_of_one_account_gets_a_new_password() {
    let (stand, fake) = single().await;
    let answer = rotate(&stand, "db", "v2").await.unwrap();
    assert_eq!(
        answer,
        json!({"Arn": "acs:kms:cn-hangzhou:1234567890123456:secret/db", "SecretName": "db", "VersionId": "v2"})
    );
    // Nothing changes before it is done.
    assert_eq!(value(&stand, "ACSCurrent").await["AccountPassword"], "old");
    work(&stand).await;
    let pending = fake.pending();
    assert_eq!(fake.steps(), ["create", "set", "test", "finish"]);
    let current = value(&stand, "ACSCurrent").await;
    assert_eq!(current["AccountName"], "app");
    assert_ne!(current["AccountPassword"], "old");
    assert_eq!(value(&stand, "ACSPrevious").await["AccountPassword"], "old");
    // The rotator was told one new value all the time, and it is the one that is read.
    for told in pending {
        let told: Value = serde_json::from_str(&told.unwrap()).unwrap();
        assert_eq!(told, current);
    }
    let read = stand
        .call("GetSecretValue", &[("SecretName", "db")])
        .await
        .unwrap();
    assert_eq!(read["VersionId"], "v2");
    assert_eq!(read["LastRotationDate"], "2025-01-03T07:59:17Z");
    assert_eq!(read["AutomaticRotation"], "Disabled");
}

#[tokio::test]
async fn of_two_accounts_the_idle_one_gets_it_and_they_swap() {
    let data = r#"{"Accounts":[{"AccountName":"a","AccountPassword":"old-a"},{"AccountName":"b","AccountPassword":"old-b"}]}"#;
    let (stand, _fake) = with(TWO, data).await;
    rotate(&stand, "db", "v2").await.unwrap();
    work(&stand).await;
    let current = value(&stand, "ACSCurrent").await;
    assert_eq!(current["AccountName"], "b");
    assert_ne!(current["AccountPassword"], "old-b");
    let previous = value(&stand, "ACSPrevious").await;
    assert_eq!(
        previous,
        json!({"AccountName": "a", "AccountPassword": "old-a"})
    );
    rotate(&stand, "db", "v3").await.unwrap();
    work(&stand).await;
    let current = value(&stand, "ACSCurrent").await;
    assert_eq!(current["AccountName"], "a");
    assert_ne!(current["AccountPassword"], "old-a");
    assert_eq!(value(&stand, "ACSPrevious").await["AccountName"], "b");
}

#[tokio::test]
async fn a_key_pair_is_the_rotators_to_make() {
    let (stand, fake) = single().await;
    let data = r#"{"UserName":"root","PublicKey":"old","PrivateKey":"old"}"#;
    make(&stand, ("ECS", "acs/ecs/i-1"), SSH, data, &[]).await;
    let new = r#"{"UserName":"root","PublicKey":"new","PrivateKey":"new"}"#;
    fake.then(Act::Answer(new));
    rotate(&stand, "acs/ecs/i-1", "v2").await.unwrap();
    work(&stand).await;
    assert_eq!(
        fake.pending(),
        [
            None,
            Some(new.to_owned()),
            Some(new.to_owned()),
            Some(new.to_owned())
        ]
    );
    assert_eq!(stand.read("acs/ecs/i-1", "ACSCurrent").await.unwrap(), new);
}

#[tokio::test]
async fn secrets_rotate_by_themselves_when_their_time_has_come() {
    let (stand, fake) = single().await;
    let params = [
        ("SecretName", "db"),
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "6h"),
    ];
    stand
        .call("UpdateSecretRotationPolicy", &params)
        .await
        .unwrap();
    let before = told(&stand, "db").await;
    assert_eq!(before["AutomaticRotation"], "Enabled");
    assert_eq!(before["NextRotationDate"], "2025-01-03T13:59:17Z");
    stand.pass(6 * 3600 - 1);
    work(&stand).await;
    assert_eq!(fake.steps(), [""; 0]);
    stand.pass(1);
    work(&stand).await;
    assert_eq!(fake.steps(), ["create", "set", "test", "finish"]);
    let after = told(&stand, "db").await;
    assert_eq!(after["LastRotationDate"], "2025-01-03T13:59:17Z");
    assert_eq!(after["NextRotationDate"], "2025-01-03T19:59:17Z");
    assert_ne!(value(&stand, "ACSCurrent").await["AccountPassword"], "old");
}

#[tokio::test]
async fn no_new_value_lies_open_in_the_store_or_is_told_in_the_journal() {
    let (stand, fake) = single().await;
    rotate(&stand, "db", "v2").await.unwrap();
    let reached = Arc::new(Notify::new());
    fake.then(Act::Hang(Arc::clone(&reached)));
    tokio::select! {
        _never = stand.service.rotate("worker-1") => panic!("it hangs"),
        () = reached.notified() => {}
    }
    let pending: Value = serde_json::from_str(&fake.pending()[0].clone().unwrap()).unwrap();
    let password = pending["AccountPassword"].as_str().unwrap();
    let mut looked_at = 0;
    for file in std::fs::read_dir(stand.dir.path().join("data")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        looked_at += bytes.len();
        let found = bytes
            .windows(password.len())
            .any(|at| at == password.as_bytes());
        assert!(!found);
    }
    assert!(looked_at > 0);
}

#[test]
fn the_shortest_interval_is_six_hours_unless_said_otherwise() {
    assert_eq!(
        Rotation::default().least_interval,
        SignedDuration::from_hours(6)
    );
}

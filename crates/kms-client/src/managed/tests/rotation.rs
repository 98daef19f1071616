//! Invariant I20: who knows only the name sees no failed call, through scheduled, late and
//! emergency rotations.

use std::{collections::BTreeSet, sync::Mutex, time::Duration};

use jiff::Timestamp;
use kms_types::Clock as _;

use super::{Hosted, ManagedAccessKey, Refused, answer, minutes};

/// A service that takes the keys that are good, and tells the others what a test says.
struct Service {
    good: Mutex<BTreeSet<String>>,
    refusal: &'static str,
}

/// What happens to the keys, in minutes from the start.
struct Rotation {
    /// What KMS announced.
    planned: Option<u64>,
    /// When KMS gives out the new key.
    promoted: u64,
    /// How long the old one goes on.
    window: u64,
    refusal: &'static str,
}

const BY_THE_TIMER: &str = "SomeCodeThatHealsNothing";

impl Service {
    fn call(&self, id: &str) -> Result<(), Refused> {
        if self.good.lock().unwrap().contains(id) {
            Ok(())
        } else {
            Err(Refused(self.refusal))
        }
    }
}

impl Rotation {
    /// The failed calls of a program that calls every half minute, and how often KMS was asked.
    async fn run(&self) -> (usize, usize) {
        let hosted = Hosted::start();
        let start = hosted.clock.now();
        let after = |minutes: u64| start + Duration::from_mins(minutes);
        let announce = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let planned = self.planned.map(|planned| announce(after(planned)));
        let service = Service {
            good: Mutex::new(BTreeSet::from(["LTAI5tOld".to_owned()])),
            refusal: self.refusal,
        };
        hosted.set("LTAI5tOld", planned.as_deref());
        let key: ManagedAccessKey = hosted.key();
        let mut failed = 0;
        let end = after(self.promoted + self.window + 120);
        let mut steps = 0_u64;
        while hosted.clock.now() < end {
            if steps == self.promoted * 2 {
                service.good.lock().unwrap().insert("LTAI5tNew".to_owned());
                let next = announce(hosted.clock.now() + Duration::from_hours(24));
                hosted
                    .kms
                    .set(super::SECRET, answer("LTAI5tNew", Some(&next)));
            }
            if steps == (self.promoted + self.window) * 2 {
                service.good.lock().unwrap().remove("LTAI5tOld");
            }
            let called = key
                .with(|key| {
                    let called = service.call(key.id.as_str());
                    async move { called }
                })
                .await;
            failed += usize::from(called.is_err());
            hosted.pass(&key, Duration::from_secs(30)).await;
            steps += 1;
        }
        assert_eq!(key.current().await.unwrap().id.as_str(), "LTAI5tNew");
        (failed, hosted.calls())
    }
}

#[tokio::test]
async fn a_scheduled_rotation_fails_no_call_whatever_the_service_says_of_the_old_key() {
    let rotation = Rotation {
        planned: Some(60),
        promoted: 58,
        window: 15,
        refusal: BY_THE_TIMER,
    };
    assert_eq!(rotation.run().await.0, 0);
}

#[tokio::test]
async fn a_late_worker_fails_no_call_either() {
    for late in [1, 9, 45, 200] {
        let rotation = Rotation {
            planned: Some(60),
            promoted: 60 + late,
            window: 15,
            refusal: BY_THE_TIMER,
        };
        let (failed, calls) = rotation.run().await;
        assert_eq!(failed, 0, "{late} minutes late");
        assert!(calls < 30, "{calls}");
    }
}

#[tokio::test]
async fn an_emergency_rotation_fails_no_call_where_the_service_says_why() {
    for refusal in [
        "InvalidAccessKeyId.NotFound",
        "InvalidAccessKeyId.Inactive",
        "Forbidden.AccessKeyDisabled",
    ] {
        let rotation = Rotation {
            planned: Some(60 * 24),
            promoted: 7,
            window: 10,
            refusal,
        };
        let (failed, calls) = rotation.run().await;
        assert_eq!((failed, calls), (0, 2), "{refusal}");
    }
}

#[tokio::test]
async fn an_emergency_within_hours_of_the_window_is_noticed_by_itself() {
    let rotation = Rotation {
        planned: None,
        promoted: 7,
        window: minutes(6 * 60 + 15).as_secs() / 60,
        refusal: BY_THE_TIMER,
    };
    assert_eq!(rotation.run().await.0, 0);
}

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use kms_testkit::MockClock;
use kms_types::{Clock, Secret};
use kms_wire::sign::SigningKey;
use tokio::{sync::Semaphore, task::yield_now};

use super::{Cached, Search};
use crate::{Credentials, CredentialsError, ProvideCredentials};

/// An AccessKey id and how many seconds it is good for, or a failure.
type Found = Result<(&'static str, Option<i64>), ()>;

/// Finds what is scripted, and counts; each search waits until it is let through.
struct Scripted {
    found: Mutex<VecDeque<Found>>,
    searches: Mutex<usize>,
    gate: Semaphore,
    clock: MockClock,
}

#[async_trait]
impl Search for Arc<Scripted> {
    async fn search(&self) -> Result<Credentials, CredentialsError> {
        *self.searches.lock().unwrap() += 1;
        self.gate.acquire().await.unwrap().forget();
        let found = self.found.lock().unwrap().pop_front();
        match found.expect("no more than the scripted searches") {
            Ok((id, seconds)) => Ok(Credentials {
                key: SigningKey {
                    access_key_id: id.parse().unwrap(),
                    access_key_secret: Secret::from(id),
                    security_token: None,
                },
                expires: seconds.map(|s| self.clock.now() + SignedDuration::from_secs(s)),
                provider: "default/test".to_owned(),
            }),
            Err(()) => Err(CredentialsError::Unreachable {
                source_name: "test",
                reason: "down".to_owned(),
            }),
        }
    }
}

struct Stage {
    cached: Arc<Cached>,
    search: Arc<Scripted>,
    clock: MockClock,
}

impl Stage {
    /// Searches go through at once.
    fn new(found: &[Found]) -> Self {
        let stage = Self::closed(found);
        stage.search.gate.add_permits(1_000);
        stage
    }

    fn closed(found: &[Found]) -> Self {
        let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
        let search = Arc::new(Scripted {
            found: Mutex::new(found.iter().copied().collect()),
            searches: Mutex::default(),
            gate: Semaphore::new(0),
            clock: clock.clone(),
        });
        let cached = Cached::new(Arc::clone(&search), Arc::new(clock.clone()));
        Self {
            cached: Arc::new(cached),
            search,
            clock,
        }
    }

    /// What a caller gets now, and how many searches there were when it did.
    async fn get(&self) -> (String, usize) {
        let got = match self.cached.credentials().await {
            Ok(credentials) => credentials.key.access_key_id.to_string(),
            Err(error) => error.to_string(),
        };
        let searches = *self.search.searches.lock().unwrap();
        (got, searches)
    }

    /// Lets what runs in the background end.
    async fn settle(&self) {
        for _ in 0..20 {
            yield_now().await;
        }
    }

    async fn expect(&self, id: &str, searches: usize) {
        assert_eq!(self.get().await, (id.to_owned(), searches));
    }
}

const HOUR: i64 = 3_600;

#[tokio::test]
async fn many_who_ask_at_once_cause_one_search() {
    let stage = Stage::closed(&[Ok(("A", Some(HOUR)))]);
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let cached = Arc::clone(&stage.cached);
            tokio::spawn(async move { cached.credentials().await.unwrap().key.access_key_id })
        })
        .collect();
    stage.settle().await;
    // Whoever began the search gives up; the others get its answer all the same.
    callers[0].abort();
    stage.search.gate.add_permits(1);
    for caller in callers.into_iter().skip(1) {
        assert_eq!(caller.await.unwrap().as_str(), "A");
    }
    assert_eq!(*stage.search.searches.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_fixed_key_is_never_looked_for_again() {
    let stage = Stage::new(&[Ok(("A", None))]);
    stage.expect("A", 1).await;
    stage.clock.advance(Duration::from_hours(10_000));
    stage.expect("A", 1).await;
}

#[tokio::test]
async fn new_ones_are_found_in_the_background_before_the_end() {
    let stage = Stage::new(&[Ok(("A", Some(HOUR))), Ok(("B", Some(HOUR)))]);
    stage.expect("A", 1).await;
    stage.clock.advance(Duration::from_mins(43));
    stage.expect("A", 1).await;
    // 15 minutes are left, and nobody waits.
    stage.clock.advance(Duration::from_mins(2));
    assert_eq!(stage.get().await.0, "A");
    stage.settle().await;
    stage.expect("B", 2).await;
}

#[tokio::test]
async fn with_three_minutes_left_new_ones_are_waited_for() {
    let stage = Stage::new(&[Ok(("A", Some(HOUR))), Ok(("B", Some(HOUR)))]);
    stage.expect("A", 1).await;
    stage.clock.advance(Duration::from_mins(57));
    stage.expect("B", 2).await;
}

#[tokio::test]
async fn valid_ones_are_never_replaced_by_a_failure() {
    let stage = Stage::new(&[
        Ok(("A", Some(HOUR))),
        Err(()),
        Err(()),
        Err(()),
        Ok(("B", Some(HOUR))),
    ]);
    stage.expect("A", 1).await;
    stage.clock.advance(Duration::from_mins(58));
    stage.expect("A", 2).await;
    // No search at once again, then after 1 s, then after 2 s more.
    stage.expect("A", 2).await;
    stage.clock.advance(Duration::from_secs(1));
    stage.expect("A", 3).await;
    stage.clock.advance(Duration::from_secs(1));
    stage.expect("A", 3).await;
    // Past their end a failure is one, and the next call searches at once.
    stage.clock.advance(Duration::from_mins(2));
    stage.expect("test: down", 4).await;
    stage.expect("B", 5).await;
}

#[tokio::test]
async fn a_service_that_repeats_itself_is_not_asked_with_every_call() {
    let same = Ok(("A", Some(100)));
    let stage = Stage::new(&[same, same, same]);
    stage.expect("A", 1).await;
    // Ten seconds before their end; the service says the same with the same end.
    stage.clock.advance(Duration::from_secs(90));
    stage.expect("A", 2).await;
    for _ in 0..50 {
        stage.expect("A", 2).await;
    }
}

#[tokio::test]
async fn refused_ones_are_looked_for_again_but_not_all_the_time() {
    let stage = Stage::new(&[
        Ok(("A", None)),
        Ok(("B", None)),
        Ok(("B", None)),
        Ok(("C", None)),
    ]);
    let first = stage.cached.credentials().await.unwrap();
    assert!(stage.cached.refused(&first).await);
    let second = stage.cached.credentials().await.unwrap();
    assert_eq!(second.key.access_key_id.as_str(), "B");
    // Somebody else was refused with the old ones: the new ones are at hand.
    assert!(stage.cached.refused(&first).await);
    // Within half a minute there is no other search.
    assert!(!stage.cached.refused(&second).await);
    stage.expect("B", 2).await;
    stage.clock.advance(Duration::from_secs(30));
    assert!(!stage.cached.refused(&second).await, "the same were found");
    stage.expect("B", 3).await;
    stage.clock.advance(Duration::from_secs(30));
    assert!(stage.cached.refused(&second).await);
    stage.expect("C", 4).await;
}

#[tokio::test]
async fn a_failed_search_after_a_refusal_keeps_the_refused_ones() {
    let stage = Stage::new(&[Ok(("A", None)), Err(())]);
    let first = stage.cached.credentials().await.unwrap();
    assert!(!stage.cached.refused(&first).await);
    stage.expect("A", 2).await;
}

#[tokio::test]
async fn a_search_that_panics_is_an_error_and_the_next_one_works() {
    struct Panics(Mutex<usize>, Timestamp);
    #[async_trait]
    impl Search for Panics {
        async fn search(&self) -> Result<Credentials, CredentialsError> {
            let first = {
                let mut count = self.0.lock().unwrap();
                *count += 1;
                *count == 1
            };
            assert!(!first, "the first search panics");
            Err(CredentialsError::NotFound {
                attempts: self.1.to_string(),
            })
        }
    }
    let clock = MockClock::at("2026-11-25T10:00:00Z".parse().unwrap());
    let now = clock.now();
    let cached = Cached::new(Panics(Mutex::new(0), now), Arc::new(clock));
    let failed = cached.credentials().await.unwrap_err().to_string();
    assert_eq!(failed, "default: the search broke off");
    let failed = cached.credentials().await.unwrap_err().to_string();
    assert_eq!(failed, "no credentials found: 2026-11-25T10:00:00Z");
}

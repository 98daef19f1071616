//! Replicas that share one Secret and one configuration, in memory, with a clock that is moved.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use kms_testkit::MockClock;
use kms_types::{Clock as _, Secret};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::{
    CertificateError, Configuration, Keeper, Look, Objects, REST, SETTLE, Served, Stored, Written,
};
use crate::webhook::{
    certificate::kept::{Data, Kept},
    metrics::Metrics,
};

/// What replicas share. Clones are one.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    secret: Option<Data>,
    version: u64,
    bundle: String,
    bundle_version: u64,
    writes: u32,
    patches: u32,
    is_missing: bool,
    /// What somebody else writes just before the next write of ours.
    intruder: Option<Data>,
}

#[async_trait]
impl Objects for Shared {
    async fn secret(&self) -> Result<Option<Stored>, CertificateError> {
        let state = self.0.lock().unwrap();
        Ok(state.secret.clone().map(|data| Stored {
            data,
            version: state.version.to_string(),
        }))
    }

    async fn write(&self, data: Data, version: Option<&str>) -> Result<Written, CertificateError> {
        let mut state = self.0.lock().unwrap();
        if let Some(other) = state.intruder.take() {
            state.secret = Some(other);
            state.version += 1;
        }
        let now = state.secret.as_ref().map(|_| state.version.to_string());
        if now.as_deref() != version {
            return Ok(Written::Late);
        }
        state.secret = Some(data);
        state.version += 1;
        state.writes += 1;
        Ok(Written::Done)
    }

    async fn configurations(&self) -> Result<Vec<Configuration>, CertificateError> {
        let state = self.0.lock().unwrap();
        let version = state.bundle_version.to_string();
        Ok(vec![Configuration {
            kind: "ValidatingWebhookConfiguration",
            name: "ours".to_owned(),
            version: (!state.is_missing).then_some(version),
            webhooks: vec![("a".to_owned(), state.bundle.clone())],
        }])
    }

    async fn tell(
        &self,
        configuration: &Configuration,
        authorities: &str,
    ) -> Result<Written, CertificateError> {
        let mut state = self.0.lock().unwrap();
        if configuration.version.as_deref() != Some(&state.bundle_version.to_string()) {
            return Ok(Written::Late);
        }
        authorities.clone_into(&mut state.bundle);
        state.bundle_version += 1;
        state.patches += 1;
        Ok(Written::Done)
    }
}

impl Shared {
    fn replica(&self, clock: &MockClock, names: &[&str]) -> Keeper {
        Keeper::new(
            Box::new(self.clone()),
            names.iter().map(|&name| name.to_owned()).collect(),
            Arc::new(Served::new(Arc::new(Metrics::new()))),
            Arc::new(clock.clone()),
        )
    }

    fn data(&self) -> Data {
        self.0.lock().unwrap().secret.clone().unwrap()
    }

    fn counts(&self) -> (u32, u32) {
        let state = self.0.lock().unwrap();
        (state.writes, state.patches)
    }

    /// How many authorities the API server believes.
    fn believed(&self) -> usize {
        let bundle = self.0.lock().unwrap().bundle.clone();
        CertificateDer::pem_slice_iter(bundle.as_bytes()).count()
    }

    /// What an API server does that has just this bundle: takes the certificate or does not.
    fn believes(&self, keeper: &Keeper, clock: &MockClock) -> bool {
        let data = Data::from([(
            "ca.crt".to_owned(),
            Secret::new(self.0.lock().unwrap().bundle.clone().into_bytes()),
        )]);
        let bundle = Kept::read(&data).bundle(clock.now());
        let bundle = CertificateDer::pem_slice_iter(bundle.as_bytes());
        let served = keeper.served.pair.load();
        let Some(pair) = served.as_ref().filter(|pair| clock.now() < pair.ends) else {
            return false;
        };
        bundle.filter_map(Result::ok).any(|authority| {
            super::super::pair::authority(&authority).unwrap().subject == pair.issuer
        })
    }
}

const NAME: &str = "ack-secret-manager-webhook.kube-system.svc";

const DAY: Duration = Duration::from_hours(24);

fn clock() -> MockClock {
    MockClock::at("2026-01-01T12:00:00Z".parse::<Timestamp>().unwrap())
}

fn at_rest() -> Look {
    Look {
        ready: None,
        again: REST,
    }
}

#[tokio::test]
async fn one_certificate_for_all_replicas() {
    let (shared, clock) = (Shared::default(), clock());
    let mut replicas = [(); 3].map(|()| shared.replica(&clock, &[NAME, "127.0.0.1", "::1"]));
    for replica in &mut replicas {
        assert_eq!(replica.look().await.unwrap(), at_rest());
        assert!(shared.believes(replica, &clock));
    }
    assert_eq!(shared.counts(), (1, 1));
    let data = shared.data();
    let fields: Vec<_> = data.keys().map(String::as_str).collect();
    assert_eq!(fields, ["ca.crt", "tls.crt", "tls.key"]);
    let pair = Kept::read(&data).pair.unwrap();
    assert_eq!(pair.names, [NAME, "127.0.0.1", "::1"]);
    assert_eq!(pair.begins.to_string(), "2025-12-31T00:00:00Z");
    assert_eq!(pair.ends.to_string(), "2026-03-31T00:00:00Z");
}

#[tokio::test]
async fn the_key_of_the_authority_is_nowhere() {
    let (shared, clock) = (Shared::default(), clock());
    shared.replica(&clock, &[NAME]).look().await.unwrap();
    let keys: Vec<_> = shared
        .data()
        .values()
        .filter(|value| {
            let text = String::from_utf8(value.expose().clone()).unwrap();
            text.contains("PRIVATE KEY")
        })
        .map(|value| String::from_utf8(value.expose().clone()).unwrap())
        .collect();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].matches("BEGIN").count(), 1);
    // It is the server's: the pair is one.
    assert!(Kept::read(&shared.data()).pair.is_ok());
}

#[tokio::test]
async fn who_writes_second_takes_what_the_first_wrote() {
    let (first, second, clock) = (Shared::default(), Shared::default(), clock());
    first.replica(&clock, &[NAME]).look().await.unwrap();
    second.0.lock().unwrap().intruder = Some(first.data());
    let mut late = second.replica(&clock, &[NAME]);
    assert_eq!(late.look().await.unwrap(), at_rest());
    assert_eq!(second.counts(), (0, 1));
    let other = Kept::read(&first.data()).pair.unwrap();
    assert!(late.served.is(&other));
}

#[tokio::test]
async fn a_configuration_that_was_reset_is_put_right() {
    let (shared, clock) = (Shared::default(), clock());
    let mut replica = shared.replica(&clock, &[NAME]);
    replica.look().await.unwrap();
    shared.0.lock().unwrap().bundle.clear();
    assert!(!shared.believes(&replica, &clock));
    assert_eq!(replica.look().await.unwrap(), at_rest());
    assert!(shared.believes(&replica, &clock));
    assert_eq!(shared.counts(), (1, 2));
}

#[tokio::test]
async fn without_its_configuration_a_replica_is_not_ready() {
    let (shared, clock) = (Shared::default(), clock());
    shared.0.lock().unwrap().is_missing = true;
    let mut replica = shared.replica(&clock, &[NAME]);
    let look = replica.look().await.unwrap();
    let why = "there is no ValidatingWebhookConfiguration ours";
    assert_eq!(look.ready.as_deref(), Some(why));
    shared.0.lock().unwrap().is_missing = false;
    assert_eq!(replica.look().await.unwrap(), at_rest());
}

#[tokio::test]
async fn it_is_renewed_at_two_thirds_and_no_replica_is_ever_not_believed() {
    let (shared, clock) = (Shared::default(), clock());
    let mut first = shared.replica(&clock, &[NAME]);
    let mut second = shared.replica(&clock, &[NAME]);
    for replica in [&mut first, &mut second] {
        replica.look().await.unwrap();
    }
    let old = Kept::read(&shared.data()).pair.unwrap();

    // It began at the midnight before yesterday's noon: 60 days later is noon minus a half.
    clock.advance(DAY * 58);
    first.look().await.unwrap();
    assert_eq!(shared.counts(), (1, 1));
    clock.advance(DAY);

    let look = first.look().await.unwrap();
    assert_eq!(shared.counts(), (2, 2));
    assert_eq!(shared.believed(), 2);
    let new = Kept::read(&shared.data()).pair.unwrap();
    // All API servers are to hear of it first.
    assert_eq!(
        look,
        Look {
            ready: None,
            again: SETTLE
        }
    );
    assert!(first.served.is(&old));
    for replica in [&first, &second] {
        assert!(shared.believes(replica, &clock));
    }
    // The other one looks later, and waits as long.
    clock.advance(SETTLE);
    assert_eq!(first.look().await.unwrap(), at_rest());
    assert!(first.served.is(&new));
    second.look().await.unwrap();
    assert!(second.served.is(&old));
    for replica in [&first, &second] {
        assert!(shared.believes(replica, &clock));
    }
    // One that starts has nothing else to serve.
    let mut third = shared.replica(&clock, &[NAME]);
    third.look().await.unwrap();
    assert!(third.served.is(&new));
    assert!(shared.believes(&third, &clock));
    clock.advance(SETTLE);
    second.look().await.unwrap();
    assert!(second.served.is(&new));
    assert_eq!(shared.counts(), (2, 2));

    // The old authority goes when it ends, and nothing else changes.
    clock.advance(DAY * 31);
    first.look().await.unwrap();
    assert_eq!(shared.believed(), 1);
    assert_eq!(shared.counts(), (2, 3));
    assert!(shared.believes(&first, &clock));
}

#[tokio::test]
async fn a_year_of_looks_is_a_year_of_belief() {
    let (shared, clock) = (Shared::default(), clock());
    let mut first = shared.replica(&clock, &[NAME]);
    let mut second = shared.replica(&clock, &[NAME]);
    let quarter = DAY / 4;
    for turn in 0..365 * 4 {
        // They look at different times.
        let replica = if turn % 3 == 0 {
            &mut second
        } else {
            &mut first
        };
        replica.look().await.unwrap();
        for replica in [&first, &second] {
            assert!(turn == 0 || shared.believes(replica, &clock), "turn {turn}");
        }
        if turn == 0 {
            first.look().await.unwrap();
        }
        assert!(shared.believed() <= 2);
        clock.advance(quarter);
    }
    // About every 59 days.
    assert_eq!(shared.counts().0, 7);
}

#[tokio::test]
async fn what_was_spoiled_is_made_anew() {
    let (shared, clock) = (Shared::default(), clock());
    let mut replica = shared.replica(&clock, &[NAME]);
    for spoil in ["tls.crt", "tls.key", "ca.crt"] {
        replica.look().await.unwrap();
        let (before, _) = shared.counts();
        let mut data = shared.data();
        data.insert(spoil.to_owned(), Secret::new(b"spoiled".to_vec()));
        shared.0.lock().unwrap().secret = Some(data);
        clock.advance(SETTLE);
        replica.look().await.unwrap();
        clock.advance(SETTLE);
        assert_eq!(replica.look().await.unwrap(), at_rest(), "{spoil}");
        assert_eq!(shared.counts().0, before + 1, "{spoil}");
        assert!(shared.believes(&replica, &clock), "{spoil}");
    }
    // As the chart makes it: empty. Nobody is to believe what was before, so it is not served on.
    shared.0.lock().unwrap().secret = Some(Data::default());
    assert_eq!(replica.look().await.unwrap(), at_rest());
    assert_eq!(shared.believed(), 1);
    assert!(shared.believes(&replica, &clock));
}

#[tokio::test]
async fn replicas_of_two_releases_do_not_take_names_from_each_other() {
    let (shared, clock) = (Shared::default(), clock());
    let mut old = shared.replica(&clock, &[NAME, "of-old.example.com"]);
    let mut new = shared.replica(&clock, &[NAME, "of-new.example.com"]);
    for _ in 0..3 {
        old.look().await.unwrap();
        new.look().await.unwrap();
        clock.advance(SETTLE);
    }
    assert_eq!(shared.counts().0, 2);
    let mut names = Kept::read(&shared.data()).pair.unwrap().names;
    names.sort();
    assert_eq!(names, [NAME, "of-new.example.com", "of-old.example.com"]);
}

#[tokio::test]
async fn objects_that_never_hold_still_are_an_error() {
    struct Restless(Shared);

    #[async_trait]
    impl Objects for Restless {
        async fn secret(&self) -> Result<Option<Stored>, CertificateError> {
            self.0.secret().await
        }
        async fn write(&self, _: Data, _: Option<&str>) -> Result<Written, CertificateError> {
            Ok(Written::Late)
        }
        async fn configurations(&self) -> Result<Vec<Configuration>, CertificateError> {
            self.0.configurations().await
        }
        async fn tell(&self, _: &Configuration, _: &str) -> Result<Written, CertificateError> {
            Ok(Written::Late)
        }
    }

    let served = Arc::new(Served::new(Arc::new(Metrics::new())));
    let objects = Box::new(Restless(Shared::default()));
    let names = vec![NAME.to_owned()];
    let mut replica = Keeper::new(objects, names, Arc::clone(&served), Arc::new(clock()));
    let error = replica.look().await.unwrap_err();
    assert!(matches!(error, CertificateError::Restless), "{error}");
    assert!(!served.is_good(clock().now()));
}

use kms_testkit::MockClock;

use super::*;
use crate::stand::FakeIssuers;

const URL: &str = "https://issuer.example";

struct Shelf {
    cache: KeyCache,
    fake: FakeIssuers,
    issuers: Arc<dyn Issuers>,
    mock: MockClock,
    clock: Arc<dyn Clock>,
}

impl Shelf {
    fn new() -> Self {
        let fake = FakeIssuers::default();
        let mock = MockClock::at("2025-01-03T07:59:17Z".parse().unwrap());
        Self {
            cache: KeyCache::default(),
            issuers: Arc::new(fake.clone()),
            fake,
            clock: Arc::new(mock.clone()),
            mock,
        }
    }

    /// The number of keys, and how often the issuer was asked by now.
    async fn keys(&self, wanted: usize) -> (Result<usize, IssuerError>, usize) {
        let issuer = issuer(&[]);
        let keys = self
            .cache
            .keys(&self.issuers, &self.clock, &issuer, |keys| {
                keys.len() >= wanted
            })
            .await;
        (keys.map(|keys| keys.len()), self.fake.asked(URL))
    }

    fn say(&self, count: usize) {
        self.fake.say(URL, Ok(set(count)));
    }

    fn fail(&self) {
        self.fake.say(URL, Err(down()));
    }

    fn pass(&self, seconds: u64) {
        self.mock.advance(Duration::from_secs(seconds));
    }
}

fn issuer(fingerprints: &[&str]) -> Issuer {
    Issuer {
        url: URL.parse().unwrap(),
        fingerprints: fingerprints.iter().map(|f| f.parse().unwrap()).collect(),
    }
}

fn set(count: usize) -> KeySet {
    let key = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
    let keys = vec![key; count].join(",");
    KeySet::parse(format!(r#"{{"keys":[{keys}]}}"#).as_bytes()).unwrap()
}

fn down() -> IssuerError {
    IssuerError::Unreachable("down".to_owned())
}

#[tokio::test]
async fn an_issuer_is_asked_once_an_hour() {
    let shelf = Shelf::new();
    shelf.say(1);
    assert_eq!(shelf.keys(1).await, (Ok(1), 1));
    shelf.say(2);
    shelf.pass(3_599);
    assert_eq!(shelf.keys(1).await, (Ok(1), 1));
    shelf.pass(1);
    assert_eq!(shelf.keys(1).await, (Ok(2), 2));
}

#[tokio::test]
async fn an_unknown_key_makes_it_ask_but_not_often() {
    let shelf = Shelf::new();
    shelf.say(1);
    assert_eq!(shelf.keys(1).await, (Ok(1), 1));
    shelf.say(2);
    shelf.pass(9);
    // What there is is given out; it will not do.
    assert_eq!(shelf.keys(2).await, (Ok(1), 1));
    shelf.pass(1);
    assert_eq!(shelf.keys(2).await, (Ok(2), 2));
    for _ in 0..100 {
        assert_eq!(shelf.keys(3).await, (Ok(2), 2));
    }
    shelf.pass(10);
    assert_eq!(shelf.keys(3).await, (Ok(2), 3));
}

#[tokio::test]
async fn the_last_good_keys_serve_for_a_day() {
    let shelf = Shelf::new();
    shelf.say(1);
    assert_eq!(shelf.keys(1).await, (Ok(1), 1));
    shelf.fail();
    shelf.pass(3_600);
    assert_eq!(shelf.keys(1).await, (Ok(1), 2));
    assert_eq!(shelf.keys(1).await, (Ok(1), 2), "left in peace");
    shelf.pass(86_400 - 3_600 - 1);
    assert_eq!(shelf.keys(1).await, (Ok(1), 3));
    shelf.pass(10);
    assert_eq!(shelf.keys(1).await, (Err(down()), 4));
    shelf.say(2);
    assert_eq!(shelf.keys(1).await, (Err(down()), 4), "left in peace");
    shelf.pass(10);
    assert_eq!(shelf.keys(1).await, (Ok(2), 5));
}

#[tokio::test]
async fn an_issuer_that_never_answered_has_no_keys() {
    let shelf = Shelf::new();
    shelf.fail();
    assert_eq!(shelf.keys(1).await, (Err(down()), 1));
    assert_eq!(shelf.keys(1).await, (Err(down()), 1));
    shelf.say(1);
    shelf.pass(10);
    assert_eq!(shelf.keys(1).await, (Ok(1), 2));
}

#[tokio::test]
async fn other_fingerprints_are_another_issuer() {
    let shelf = Shelf::new();
    shelf.say(1);
    assert_eq!(shelf.keys(1).await, (Ok(1), 1));
    let pinned = issuer(&["902ef2deeb3c5b13ea4c3d5193629309e231ae55"]);
    shelf.fake.say(URL, Err(IssuerError::Fingerprint));
    let keys = shelf
        .cache
        .keys(&shelf.issuers, &shelf.clock, &pinned, |_| true)
        .await;
    assert_eq!(keys, Err(IssuerError::Fingerprint));
}

#[tokio::test]
async fn all_who_wait_share_one_answer() {
    let shelf = Shelf::new();
    shelf.say(1);
    let all = futures_util::future::join_all((0..50).map(|_| shelf.keys(1))).await;
    assert!(all.iter().all(|(keys, _)| *keys == Ok(1)));
    assert_eq!(shelf.fake.asked(URL), 1);
}

#[tokio::test]
async fn memory_has_an_end() {
    let shelf = Shelf::new();
    for number in 0..1_100 {
        let url = format!("https://issuer-{number}.example");
        shelf.fake.say(&url, Ok(set(1)));
        let issuer = Issuer {
            url: url.parse().unwrap(),
            fingerprints: Vec::new(),
        };
        shelf.pass(1);
        let keys = shelf
            .cache
            .keys(&shelf.issuers, &shelf.clock, &issuer, |_| true);
        assert!(keys.await.is_ok());
    }
    let entries = shelf.cache.0.lock().unwrap();
    assert_eq!(entries.len(), 1_000);
    let newest = "https://issuer-1099.example";
    assert!(entries.keys().any(|issuer| issuer.url.as_str() == newest));
    let oldest = "https://issuer-0.example";
    assert!(!entries.keys().any(|issuer| issuer.url.as_str() == oldest));
}

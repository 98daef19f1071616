use std::collections::VecDeque;

use bytes::Bytes;
use proptest::prelude::*;

use super::*;

const TTL: u64 = 10;
const MAX_STALE: u64 = 20;

fn cache(size: usize, lru: bool) -> Cache {
    let settings = CacheSettings {
        size,
        lru,
        ttl: Duration::from_secs(TTL),
        max_stale: Some(Duration::from_secs(MAX_STALE)),
        ..CacheSettings::default()
    };
    Cache::new(&settings, Policy::new(&settings, true))
}

fn key(number: u8) -> SecretRequest {
    SecretRequest {
        secret: format!("s{number}").parse().unwrap(),
        version_id: None,
        version_stage: None,
    }
}

fn entry(body: &str, now: Duration) -> Arc<Entry> {
    Arc::new(Entry {
        rendered: Rendered {
            plain: Bytes::copy_from_slice(body.as_bytes()),
            kv2: None,
        },
        request_id: "".into(),
        fetched: now,
        fresh_for: Duration::from_secs(TTL),
        access_key: None,
    })
}

/// The obvious cache: a list, oldest first.
struct Model {
    size: usize,
    lru: bool,
    entries: VecDeque<(u8, String, u64)>,
}

impl Model {
    fn look(&mut self, key: u8, now: u64) -> Option<(String, &'static str)> {
        let at = self.entries.iter().position(|(own, ..)| *own == key)?;
        let found = self.entries[at].clone();
        if self.lru {
            self.entries.remove(at);
            self.entries.push_back(found.clone());
        }
        match now - found.2 {
            age if age < TTL => Some((found.1, "fresh")),
            age if age <= TTL + MAX_STALE => Some((found.1, "stale")),
            _ => None,
        }
    }

    fn put(&mut self, key: u8, body: String, now: u64) {
        if let Some(entry) = self.entries.iter_mut().find(|(own, ..)| *own == key) {
            *entry = (key, body, now);
            return;
        }
        self.entries.push_back((key, body, now));
        while self.entries.len() > self.size {
            self.entries.pop_front();
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Look(u8),
    Put(u8),
    Remove(u8),
    Pass(u64),
    Purge,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..8_u8).prop_map(Step::Look),
        4 => (0..8_u8).prop_map(Step::Put),
        1 => (0..8_u8).prop_map(Step::Remove),
        2 => (1..12_u64).prop_map(Step::Pass),
        1 => Just(Step::Purge),
    ]
}

proptest! {
    #[test]
    fn behaves_as_the_obvious_cache(
        size in 0..5_usize,
        lru: bool,
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let cache = cache(size, lru);
        let mut model = Model { size, lru, entries: VecDeque::new() };
        let mut now = 100;
        for (number, step) in steps.into_iter().enumerate() {
            let time = Duration::from_secs(now);
            match step {
                Step::Look(name) => {
                    let found = match cache.look(&key(name), time) {
                        Found::Fresh(entry) => Some((entry, "fresh")),
                        Found::Stale(entry) => Some((entry, "stale")),
                        Found::HeldOff(_) | Found::Missing => None,
                    };
                    let found = found.map(|(entry, state)| {
                        (String::from_utf8(entry.rendered.plain.to_vec()).unwrap(), state)
                    });
                    prop_assert_eq!(found, model.look(name, now));
                }
                Step::Put(name) => {
                    cache.put(&key(name), entry(&number.to_string(), time));
                    model.put(name, number.to_string(), now);
                }
                Step::Remove(name) => {
                    cache.remove(&key(name));
                    model.entries.retain(|(own, ..)| *own != name);
                }
                Step::Pass(seconds) => now += seconds,
                Step::Purge => {
                    cache.purge(time);
                    model.entries.retain(|(.., at)| now - at <= TTL + MAX_STALE);
                }
            }
            let writing = cache.writing();
            prop_assert_eq!(writing.len, model.entries.len());
            let bytes: usize = model.entries.iter().map(|(_, body, _)| body.len()).sum();
            prop_assert_eq!(writing.bytes, bytes);
        }
    }
}

#[test]
fn bytes_are_bounded_too() {
    let mut cache = cache(100, false);
    cache.max_bytes = 10;
    let now = Duration::from_secs(1);
    for number in 0..3 {
        cache.put(&key(number), entry("12345", now));
    }
    assert!(matches!(cache.look(&key(0), now), Found::Missing));
    assert!(matches!(cache.look(&key(1), now), Found::Fresh(_)));
    cache.put(&key(4), entry("longer than all the room there is", now));
    assert!(matches!(cache.look(&key(4), now), Found::Fresh(_)));
    assert_eq!(cache.writing().len, 1);
}

#[test]
fn a_held_off_key_is_asked_again_afterwards() {
    let cache = cache(10, false);
    let at = Duration::from_secs;
    cache.put(&key(0), entry("v", at(1)));
    cache.hold_off(&key(0), at(15));
    assert!(matches!(cache.look(&key(0), at(2)), Found::Fresh(_)));
    assert!(matches!(cache.look(&key(0), at(14)), Found::HeldOff(_)));
    assert!(matches!(cache.look(&key(0), at(15)), Found::Stale(_)));
}

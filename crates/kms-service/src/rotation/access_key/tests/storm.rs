//! I13: RAM's answers are lost, late, doubled and in another order, workers die at any moment,
//! the clock is set to and fro. I1 to I7 hold after every step (reference accesskey §4.3).
//!
//! A schedule is a user whose key is rotated under such weather. Many share a store, which is
//! the real one: what the weather does to each comes from one seed, and where a worker dies,
//! too.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
    task::Poll,
    time::Duration,
};

use futures_util::future::{join_all, poll_fn};
use kms_store::{SecretRecord, SqliteStore};
use kms_types::{Clock, VersionStage};

use super::{fake::next_number, *};
use crate::stand::account;

/// With the number of rotations of each user, ten thousand schedules and more.
const BATCHES: u64 = 2;
const USERS: usize = 256;
/// Each is rotated so often.
const INTERVAL: Duration = Duration::from_mins(40);
/// Half of that.
const WINDOW: Duration = Duration::from_mins(20);
/// How long the weather is bad.
const RAGE: u64 = 20 * 3600;
const SEED: u64 = 0x2026_1129;

/// What is known of a user's keys.
struct Seen {
    secret: SecretRecord,
    current: String,
    /// Keys that were replaced, and until when each has to sign, by the monotonic clock.
    draining: BTreeMap<String, Duration>,
    rotations: usize,
}

struct Weather {
    world: World,
    seed: u64,
    state: u64,
    users: BTreeMap<String, Seen>,
    /// How far the wall clock is off, in seconds.
    off: i64,
}

/// Each batch on a thread of its own.
#[test]
fn i13_no_weather_breaks_i1_to_i7() {
    let batch = |seed| {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(async {
            let mut weather = Weather::new(seed).await;
            weather.rage().await;
            weather.calm().await
        })
    };
    let schedules: usize = std::thread::scope(|scope| {
        let batches: Vec<_> = (0..BATCHES)
            .map(|number| scope.spawn(move || batch(SEED + number)))
            .collect();
        let schedules = batches.into_iter().map(|batch| batch.join().unwrap());
        schedules.sum()
    });
    assert!(schedules >= 10_000, "{schedules}");
}

impl Weather {
    async fn new(seed: u64) -> Self {
        // In memory, where there is such a folder: it is written a hundred thousand times.
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_none| tempfile::tempdir());
        let dir = dir.unwrap();
        let store = SqliteStore::open(&dir.path().join("data/kms.db")).await;
        let stand = Stand::over(dir, Arc::new(store.unwrap())).await;
        let world = World::over(stand, |rotation| {
            rotation.least_interval = INTERVAL.try_into().unwrap();
        });
        let mut users = BTreeMap::new();
        for number in 0..USERS {
            let user = format!("user{number:03}");
            let key = world.ram.give(&user);
            let config = CONFIG.replace("\"app\"", &format!("\"{user}\""));
            let data = json!({"AccessKeys": [{"AccessKeyId": key.0, "AccessKeySecret": key.1}]});
            let automatic = [
                ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "40m"),
            ];
            world.host(&config, &data, &automatic).await.unwrap();
            let name = format!("acs/ram/user/{user}").parse().unwrap();
            let mut tx = world.stand.parts.store.begin(Mode::Read).await.unwrap();
            let secret = tx.secrets().find(&account(), &name).await.unwrap().unwrap();
            let known = Seen {
                secret,
                current: key.0,
                draining: BTreeMap::new(),
                rotations: 0,
            };
            users.insert(user, known);
        }
        Self {
            world,
            seed,
            state: seed,
            users,
            off: 0,
        }
    }

    fn chance(&mut self, one_in: u64) -> bool {
        next_number(&mut self.state).is_multiple_of(one_in)
    }

    /// Hours in which everything goes wrong.
    async fn rage(&mut self) {
        self.world.ram.storm(Some(self.seed));
        self.world.ram.set_unripe(1);
        let mut passed = 0;
        while passed < RAGE {
            let steps = [1, 10, 60, 120, 300, 301, 600, 900];
            let step = steps[usize::try_from(next_number(&mut self.state) % 8).unwrap()];
            passed += step;
            self.world.stand.pass(step);
            if self.chance(8) {
                self.set_clock();
            }
            let mut state = self.state;
            self.world.ram.catch_up_by_chance(&mut state);
            self.state = state;
            self.work(true).await;
            self.look().await;
        }
    }

    /// More rotations of each in fair weather; how many there were in the bad one.
    async fn calm(&mut self) -> usize {
        self.world.ram.storm(None);
        self.world.ram.set_unripe(0);
        self.world.ram.catch_up();
        let rotations = self.users.values().map(|known| known.rotations).sum();
        for _ in 0..24 {
            self.world.stand.pass(300);
            self.work(false).await;
            self.look().await;
        }
        // I7: what is at RAM is what is stored, and nothing else.
        for (user, known) in &self.users {
            assert!(known.rotations > 0, "{user} {}", self.seed);
            let stored = self.stored(known).await;
            let stored: BTreeSet<String> = stored.into_iter().flatten().collect();
            for (id, _status) in self.world.ram.listed(user) {
                assert!(
                    stored.contains(&id),
                    "I7: {id} of {user}, seed {}",
                    self.seed
                );
            }
        }
        rotations
    }

    /// A quarter of an hour to and fro, at most.
    fn set_clock(&mut self) {
        let to = i64::try_from(next_number(&mut self.state) % 901).unwrap() - 450;
        let by = jiff::SignedDuration::from_secs(to - self.off);
        self.off = to;
        let clock = &self.world.stand.clock;
        clock.jump_to(clock.now() + by);
    }

    /// Several workers at once, each of which may die anywhere.
    async fn work(&mut self, may_die: bool) {
        let workers: Vec<_> = (0..6)
            .map(|number| {
                let dies = may_die && number > 0 && self.chance(2);
                let life = next_number(&mut self.state) % 400;
                (number, if dies { life } else { u64::MAX })
            })
            .collect();
        let service = &self.world.stand.service;
        join_all(workers.into_iter().map(|(number, mut life)| async move {
            let owner = format!("worker-{number}");
            let mut all = pin!(async { while service.rotate(&owner).await.unwrap() {} });
            poll_fn(|context| {
                if life == 0 {
                    return Poll::Ready(());
                }
                life -= 1;
                all.as_mut().poll(context)
            })
            .await;
        }))
        .await;
    }

    /// I1 to I6, of those to whom something may have happened.
    async fn look(&mut self) {
        let now = self.world.stand.clock.monotonic();
        let seed = self.seed;
        for user in self.world.ram.touched() {
            let Some(known) = self.users.get(&user) else {
                continue;
            };
            let [current, previous] = self.stored(known).await;
            // I3: one is current, and another one previous at most.
            let current = current.unwrap_or_else(|| panic!("I3: {user}, seed {seed}"));
            assert_ne!(previous.as_ref(), Some(&current), "I3: {user}, seed {seed}");
            let keys: BTreeMap<_, _> = self.world.ram.listed(&user).into_iter().collect();
            assert_eq!(
                keys.get(&current),
                Some(&KeyStatus::Active),
                "I1: {user}, seed {seed}: {keys:?}"
            );
            assert!(keys.len() <= 2, "I2: {user}, seed {seed}");
            let known = self.users.get_mut(&user).unwrap();
            if current != known.current {
                assert!(
                    self.world.ram.was_accepted(&current),
                    "I4: {user}, seed {seed}"
                );
                let old = std::mem::replace(&mut known.current, current);
                // It was promoted since the look before: at this moment, by this clock.
                known.draining.insert(old, now + WINDOW);
                known.rotations += 1;
            }
            known.draining.retain(|id, until| {
                if now < *until {
                    assert_eq!(
                        keys.get(id),
                        Some(&KeyStatus::Active),
                        "I5: {user}, seed {seed}"
                    );
                }
                now < *until
            });
        }
    }

    /// The ids of the keys under the labels, past the gateway.
    async fn stored(&self, known: &Seen) -> [Option<String>; 2] {
        let mut found = [None, None];
        let stand = &self.world.stand;
        let mut tx = stand.parts.store.begin(Mode::Read).await.unwrap();
        for (place, stage) in found
            .iter_mut()
            .zip([VersionStage::current(), VersionStage::previous()])
        {
            let version = tx.versions().find_by_stage(known.secret.id, &stage).await;
            let Some(version) = version.unwrap() else {
                continue;
            };
            let value = stand
                .service
                .open_value(tx.as_mut(), None, &known.secret, &version);
            let key = Credential::of_value(&value.await.unwrap()).unwrap();
            *place = Some(key.name().to_owned());
        }
        found
    }
}

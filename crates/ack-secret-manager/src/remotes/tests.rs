use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use kms_types::Secret;
use kube::runtime::reflector::ObjectRef;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{Looks, Pace, Readers, Remotes};
use crate::{
    api::ExternalSecret,
    backend::{ReadError, Reader},
    metrics::Metrics,
    plan::{Answer, Provider, Remote, Store, Value},
    triggers::{ObjectName, Queue, Queues, Triggers},
};

/// Answers what it is told, and counts.
#[derive(Default)]
struct Script {
    says: Mutex<Option<String>>,
    /// Whether what goes wrong may be over soon.
    passing: AtomicBool,
    asked: AtomicU32,
}

#[async_trait]
impl Reader for Script {
    async fn read(&self, _remote: &Remote) -> Result<Value, ReadError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.says.lock().unwrap().clone() {
            Some(text) => Ok(Secret::new(text.into_bytes())),
            None if self.passing.load(Ordering::SeqCst) => Err(ReadError::Passing {
                code: "Throttling".to_owned(),
                reason: "too fast".to_owned(),
            }),
            None => Err(ReadError::Refused {
                code: "Forbidden".to_owned(),
                reason: "no right".to_owned(),
            }),
        }
    }
}

/// The same for every store.
struct One(Arc<Script>);

#[async_trait]
impl Readers for One {
    async fn reader(&self, _store: &Store) -> Result<Arc<dyn Reader>, String> {
        Ok(Arc::<Script>::clone(&self.0))
    }
}

struct World {
    script: Arc<Script>,
    remotes: Remotes,
    touched: UnboundedReceiver<ObjectRef<ExternalSecret>>,
}

const MINUTE: Duration = Duration::from_mins(1);

fn world(polling: bool) -> World {
    world_of(polling, "0%", 1000)
}

fn world_of(polling: bool, spread: &str, kms_per_second: u32) -> World {
    let (sender, touched) = unbounded_channel();
    let triggers = Triggers::new(Queues {
        external_secrets: vec![Queue {
            namespace: None,
            sender,
        }],
        ..Queues::default()
    });
    let script = Arc::new(Script::default());
    script.say("one");
    let looks = Looks {
        polling,
        spread: spread.parse().unwrap(),
        kms: Arc::new(Pace::per_second(kms_per_second)),
        oos: Arc::new(Pace::per_second(1000)),
        metrics: Arc::new(Metrics::new()),
    };
    World {
        remotes: Remotes::new(looks, Arc::new(One(Arc::clone(&script))), triggers),
        script,
        touched,
    }
}

impl Script {
    fn say(&self, text: &str) {
        *self.says.lock().unwrap() = Some(text.to_owned());
    }

    fn refuse(&self) {
        *self.says.lock().unwrap() = None;
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

fn remote() -> Remote {
    named("app/db")
}

fn named(name: &str) -> Remote {
    Remote {
        store: Store::Operator,
        provider: Provider::Kms,
        endpoint: None,
        name: name.to_owned(),
        version_id: None,
        version_stage: None,
    }
}

impl World {
    /// What is told once all was looked at; whoever was told of that is forgotten.
    async fn answer(&mut self, who: &str, interval: Duration) -> Answer {
        let who = ObjectName::new("team", who);
        loop {
            let remotes = BTreeSet::from([remote()]);
            if let Some(mut answers) = self.remotes.answers(&who, remotes, interval) {
                self.touched();
                return answers.remove(&remote()).unwrap();
            }
            let told = self.touched.recv().await.unwrap();
            assert_eq!(told.name, who.name);
        }
    }

    fn touched(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Ok(object) = self.touched.try_recv() {
            names.push(object.name);
        }
        names.sort();
        names
    }
}

fn text(answer: &Answer) -> String {
    match answer {
        Answer::Fresh(value) => String::from_utf8(value.expose().clone()).unwrap(),
        Answer::Stale(value, reason) => {
            format!("{} ({reason})", String::from_utf8_lossy(value.expose()))
        }
        Answer::Missing(reason) => format!("({reason})"),
    }
}

#[tokio::test(start_paused = true)]
async fn many_who_name_it_have_it_read_once_per_interval() {
    let mut world = world(true);
    for who in ["a", "b", "c"] {
        assert_eq!(text(&world.answer(who, MINUTE).await), "one");
    }
    assert_eq!(world.script.asked(), 1);
    tokio::time::sleep(MINUTE * 3 + MINUTE / 2).await;
    assert_eq!(world.script.asked(), 4);
    assert!(world.touched().is_empty());
}

#[tokio::test(start_paused = true)]
async fn all_are_told_of_a_change_and_of_nothing_else() {
    let mut world = world(true);
    for who in ["a", "b"] {
        world.answer(who, MINUTE).await;
    }
    world.script.say("two");
    tokio::time::sleep(MINUTE * 2 + MINUTE / 2).await;
    assert_eq!(world.touched(), ["a", "b"]);
    assert_eq!(text(&world.answer("a", MINUTE).await), "two");
}

#[tokio::test(start_paused = true)]
async fn the_most_impatient_says_how_often() {
    let mut world = world(true);
    world.answer("a", MINUTE * 60).await;
    world.answer("b", MINUTE).await;
    tokio::time::sleep(MINUTE * 2 + MINUTE / 2).await;
    assert_eq!(world.script.asked(), 3);
    world.remotes.forget(&ObjectName::new("team", "b"));
    tokio::time::sleep(MINUTE * 30).await;
    assert_eq!(world.script.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn nobody_reads_what_nobody_names() {
    let mut world = world(true);
    world.answer("a", MINUTE).await;
    world.remotes.forget(&ObjectName::new("team", "a"));
    tokio::time::sleep(MINUTE * 10).await;
    assert_eq!(world.script.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_last_value_is_kept_and_trouble_is_told_once() {
    let mut world = world(true);
    world.answer("a", MINUTE).await;
    world.script.refuse();
    tokio::time::sleep(MINUTE * 10).await;
    assert_eq!(world.touched(), ["a"]);
    assert_eq!(text(&world.answer("a", MINUTE).await), "one (no right)");
    world.script.say("one");
    tokio::time::sleep(MINUTE * 2).await;
    assert_eq!(world.touched(), ["a"]);
    assert_eq!(text(&world.answer("a", MINUTE).await), "one");
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_tried_again_even_without_polling() {
    let mut world = world(false);
    world.script.refuse();
    assert_eq!(text(&world.answer("a", MINUTE * 2).await), "(no right)");
    world.script.say("one");
    tokio::time::sleep(MINUTE).await;
    assert_eq!(world.touched(), ["a"]);
    assert_eq!(text(&world.answer("a", MINUTE * 2).await), "one");
    let asked = world.script.asked();
    world.script.say("two");
    tokio::time::sleep(MINUTE * 60).await;
    assert_eq!(world.script.asked(), asked);
}

#[tokio::test(start_paused = true)]
async fn another_client_looks_at_once() {
    let mut world = world(false);
    world.answer("a", MINUTE).await;
    world.script.say("two");
    world.remotes.look_again(&Store::Operator);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(world.touched(), ["a"]);
    assert_eq!(text(&world.answer("a", MINUTE).await), "two");
}

#[tokio::test(start_paused = true)]
async fn another_stores_client_is_no_reason_to_look() {
    let mut world = world(false);
    world.answer("a", MINUTE).await;
    world
        .remotes
        .look_again(&Store::Cluster("other".to_owned()));
    tokio::time::sleep(MINUTE).await;
    assert_eq!(world.script.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_names_another_one_depends_on_the_first_no_more() {
    let mut world = world(true);
    world.answer("a", MINUTE).await;
    let who = ObjectName::new("team", "a");
    let other = BTreeSet::from([named("app/other")]);
    while world
        .remotes
        .answers(&who, other.clone(), MINUTE * 60)
        .is_none()
    {
        world.touched.recv().await.unwrap();
    }
    let asked = world.script.asked();
    tokio::time::sleep(MINUTE * 30).await;
    assert_eq!(world.script.asked(), asked);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_told_before_all_were_looked_at() {
    let mut world = world(true);
    world.answer("a", MINUTE).await;
    let who = ObjectName::new("team", "b");
    let both = BTreeSet::from([remote(), named("app/other")]);
    assert!(world.remotes.answers(&who, both.clone(), MINUTE).is_none());
    assert_eq!(world.touched.recv().await.unwrap().name, "b");
    let answers = world.remotes.answers(&who, both, MINUTE).unwrap();
    assert_eq!(answers.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_three_times_before_it_is_told() {
    let mut world = world(true);
    world.script.refuse();
    world.script.passing.store(true, Ordering::SeqCst);
    let began = tokio::time::Instant::now();
    assert_eq!(text(&world.answer("a", MINUTE * 10).await), "(too fast)");
    assert_eq!(world.script.asked(), 3);
    // 2 and 4 seconds, a fifth more or less.
    let took = began.elapsed().as_millis();
    assert!((4_800..=7_210).contains(&took), "{took}");

    // And again, ever more rarely: after about 5, 10, 20, 40, 80 and then each 120 seconds.
    tokio::time::sleep(MINUTE * 10).await;
    let tries = (world.script.asked() - 3) / 3;
    assert!((7..=10).contains(&tries), "{tries}");
    world.script.say("one");
    tokio::time::sleep(MINUTE * 2 + MINUTE / 2).await;
    assert_eq!(text(&world.answer("a", MINUTE * 10).await), "one");
}

#[tokio::test(start_paused = true)]
async fn what_is_over_before_the_third_try_is_not_told_at_all() {
    let mut world = world(true);
    world.answer("a", MINUTE).await;
    world.script.refuse();
    world.script.passing.store(true, Ordering::SeqCst);
    tokio::time::sleep(MINUTE + Duration::from_secs(1)).await;
    assert_eq!(world.script.asked(), 2);
    world.script.say("one");
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(world.script.asked(), 3);
    assert!(world.touched().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_looked_at_no_later_than_the_interval() {
    let mut world = world(true);
    world.script.refuse();
    let seconds = Duration::from_secs;
    world.answer("a", seconds(2)).await;
    tokio::time::sleep(seconds(60)).await;
    assert!(world.script.asked() >= 30, "{}", world.script.asked());
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_faster_than_was_said() {
    let world = world_of(true, "0%", 2);
    let who = ObjectName::new("team", "a");
    let many: BTreeSet<Remote> = (0..20).map(|number| named(&format!("s{number}"))).collect();
    world.remotes.answers(&who, many, MINUTE * 60);
    tokio::time::sleep(Duration::from_millis(4_900)).await;
    let asked = world.script.asked();
    assert!((10..=11).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn second_looks_come_at_different_times() {
    let world = world_of(true, "50%", 1000);
    let who = ObjectName::new("team", "a");
    let many: BTreeSet<Remote> = (0..100)
        .map(|number| named(&format!("s{number}")))
        .collect();
    world.remotes.answers(&who, many, MINUTE);
    tokio::time::sleep(Duration::from_secs(29)).await;
    assert_eq!(world.script.asked(), 100);
    tokio::time::sleep(MINUTE / 4).await;
    let asked = world.script.asked();
    assert!((120..=180).contains(&asked), "{asked}");
    // Then each has its interval, and they stay apart.
    tokio::time::sleep(MINUTE / 4 + Duration::from_secs(2)).await;
    assert_eq!(world.script.asked(), 200);
    tokio::time::sleep(Duration::from_secs(59)).await;
    assert!(
        (290..=310).contains(&world.script.asked()),
        "{}",
        world.script.asked()
    );
}

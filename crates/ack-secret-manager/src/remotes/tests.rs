use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
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
    asked: AtomicU32,
}

#[async_trait]
impl Reader for Script {
    async fn read(&self, _remote: &Remote) -> Result<Value, ReadError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.says.lock().unwrap().clone() {
            Some(text) => Ok(Secret::new(text.into_bytes())),
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
        spread: "0%".parse().unwrap(),
        kms: Arc::new(Pace::per_second(1000)),
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
    Remote {
        store: Store::Operator,
        provider: Provider::Kms,
        endpoint: None,
        name: "app/db".to_owned(),
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

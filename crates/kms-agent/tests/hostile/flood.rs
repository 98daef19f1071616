//! Row 49: names without end.

use std::{
    io::Write,
    net::TcpStream,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use kms_testkit::{
    FakeKms, Reply,
    agent::{AgentSetup, RunningAgent, VALUE},
    read_one,
};

use crate::{PROGRAM, normal, warm};

const NAMES: usize = 16_000;
const CLIENTS: usize = 8;

/// Asks for so many names that nobody asked for before; gives how many had a value.
fn flood(agent: &RunningAgent) -> usize {
    let found = AtomicUsize::new(0);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let found = &found;
            scope.spawn(move || {
                let mut stream = TcpStream::connect(agent.address()).unwrap();
                for number in 0..NAMES / CLIENTS {
                    // As long as a name may be: 192 characters.
                    let target = format!("/v1/{}{client:02}{number:010}", "n".repeat(180));
                    stream.write_all(agent.request(&target).as_bytes()).unwrap();
                    if read_one(&mut stream).unwrap().status == 200 {
                        found.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    found.into_inner()
}

fn is_hit(agent: &RunningAgent) -> bool {
    agent.get("/v1/foo").header("x-cache") == Some("HIT")
}

#[test]
fn names_that_do_not_exist_take_no_room_and_push_nothing_out() {
    let kms = FakeKms::start().unwrap();
    kms.set("foo", Reply::Text(VALUE.to_owned()));
    let setup = AgentSetup::new(PROGRAM, &kms.url()).config("Cache", "CacheSize = 10");
    let (mut agent, calls) = warm(setup, &kms);
    let before = agent.rss_kib().unwrap();
    assert_eq!(flood(&agent), 0);
    assert!(is_hit(&agent));
    let grown = agent.rss_kib().unwrap().saturating_sub(before);
    assert!(grown < 16_000, "{grown} KiB for {NAMES} names");
    assert_eq!(kms.calls().len() - calls, NAMES, "one call each");
    normal(&agent);
    assert!(agent.is_alive());
    agent.stop_clean();
}

#[test]
fn names_that_exist_take_the_room_that_the_configuration_gives_them() {
    let kms = FakeKms::start().unwrap();
    kms.set_otherwise(Reply::Text(VALUE.to_owned()));
    let setup = AgentSetup::new(PROGRAM, &kms.url()).config("Cache", "CacheSize = 100");
    let (mut agent, _) = warm(setup, &kms);
    let before = agent.rss_kib().unwrap();
    assert_eq!(flood(&agent), NAMES);
    let grown = agent.rss_kib().unwrap().saturating_sub(before);
    assert!(grown < 16_000, "{grown} KiB for {NAMES} names");
    assert!(!is_hit(&agent), "the first stored has left");
    normal(&agent);
    assert!(agent.is_alive());
    agent.stop_clean();
}

//! Rows 42 to 44: who sends slowly, not at all, or does not read.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use kms_testkit::{
    FakeKms, Reply,
    agent::{AgentSetup, RunningAgent, VALUE},
};

use crate::{PROGRAM, kms, normal, warm};

/// Whether the other end has closed; never waits.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let closed = match stream.read(&mut [0; 4096]) {
        Ok(0) => true,
        Ok(_) => false,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    };
    stream.set_nonblocking(false).unwrap();
    closed
}

fn open_ones(streams: &mut [TcpStream]) -> usize {
    streams
        .iter_mut()
        .map(|stream| usize::from(!is_closed(stream)))
        .sum()
}

/// Long before anybody's deadline: nobody waits for those who are slow.
#[track_caller]
fn answers_quickly(agent: &RunningAgent) {
    let begun = now();
    normal(agent);
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

/// Looks until it holds; a machine under load is late by seconds.
#[track_caller]
fn at_last(agent: &RunningAgent, mut holds: impl FnMut() -> bool) {
    let begun = now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "not within {PATIENCE:?}");
        answers_quickly(agent);
        wait(Duration::from_millis(250));
    }
}

const PATIENCE: Duration = Duration::from_mins(1);

#[expect(clippy::disallowed_methods, reason = "deadlines of the real program")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "deadlines of the real program")]
fn wait(time: Duration) {
    thread::sleep(time);
}

#[test]
fn heads_sent_byte_by_byte_end_at_their_deadline() {
    let kms = kms();
    let (mut agent, calls) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let mut streams: Vec<_> = (0..1000)
        .map(|_| TcpStream::connect(agent.address()).unwrap())
        .collect();
    let begun = now();
    let head = agent.request("/v1/foo").into_bytes();
    // A byte each every 2 s: none is done by far when its 10 s are over.
    let mut left = head.iter().take(30);
    while open_ones(&mut streams) > 0 {
        let byte = left.next().expect("closed before half of the head came");
        for stream in &mut streams {
            drop(stream.write_all(&[*byte]));
        }
        answers_quickly(&agent);
        wait(Duration::from_secs(2));
    }
    assert!(begun.elapsed() >= Duration::from_secs(10));
    answers_quickly(&agent);
    assert!(agent.is_alive());
    assert_eq!(kms.calls().len(), calls);
    agent.stop_clean();
}

#[test]
fn silent_connections_make_room_for_others() {
    let kms = kms();
    let setup = AgentSetup::new(PROGRAM, &kms.url()).config("Server", "MaxConn = 50");
    let (mut agent, calls) = warm(setup, &kms);
    // Twice MaxConn and 256 may be open; a hundred more than that.
    let begun = now();
    let mut streams: Vec<_> = (0..456)
        .map(|_| TcpStream::connect(agent.address()).unwrap())
        .collect();
    answers_quickly(&agent);
    for _ in 0..50 {
        normal(&agent);
    }
    let open = open_ones(&mut streams);
    // A machine that took so long until here has come to the deadline of each.
    let least = if begun.elapsed() < Duration::from_secs(8) {
        100
    } else {
        0
    };
    assert!((least..=356).contains(&open), "{open} are still open");
    // Each has 10 s to say something.
    at_last(&agent, || open_ones(&mut streams) == 0);
    assert!(agent.is_alive());
    assert_eq!(kms.calls().len(), calls);
    agent.stop_clean();
}

#[test]
fn who_does_not_read_is_cut_off_and_costs_little() {
    let kms = FakeKms::start().unwrap();
    kms.set("foo", Reply::Text(VALUE.to_owned()));
    kms.set("large", Reply::Text("x".repeat(30_000)));
    let (mut agent, _) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    assert_eq!(agent.get("/v1/large").status, 200);
    let before = agent.rss_kib().unwrap();
    // More answers than the system's buffers hold.
    let requests = agent.request("/v1/large").repeat(400);
    let mut streams: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(agent.address()).unwrap();
            stream
                .set_write_timeout(Some(Duration::from_secs(5)))
                .unwrap();
            stream.write_all(requests.as_bytes()).unwrap();
            stream
        })
        .collect();
    answers_quickly(&agent);
    let grown = agent.rss_kib().unwrap().saturating_sub(before);
    assert!(grown < 20_000, "{grown} KiB for a hundred connections");
    // After twenty seconds without progress. To close over requests that nobody read is a
    // reset, which is there to be seen without reading.
    let mut cut_off = vec![false; streams.len()];
    at_last(&agent, || {
        for (cut_off, stream) in cut_off.iter_mut().zip(&streams) {
            *cut_off |= stream.take_error().is_ok_and(|error| error.is_some());
        }
        cut_off.iter().all(|cut_off| *cut_off)
    });
    for stream in &mut streams {
        let mut taken = Vec::new();
        // What the system had taken, then the end: far from all.
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let end = stream.read_to_end(&mut taken);
        assert!(
            end.is_ok()
                || end.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset)
        );
        assert!(taken.len() < 400 * 30_000, "all was read");
    }
    assert!(agent.is_alive());
    agent.stop_clean();
}

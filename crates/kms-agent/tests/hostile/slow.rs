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

#[track_caller]
fn answers_quickly(agent: &RunningAgent) {
    let begun = now();
    normal(agent);
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
}

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
    // A byte each every 2 s: none would be done before its deadline of 10 s.
    for byte in head.iter().take(7) {
        for stream in &mut streams {
            drop(stream.write_all(&[*byte]));
        }
        answers_quickly(&agent);
        wait(Duration::from_secs(2));
    }
    assert!(begun.elapsed() >= Duration::from_secs(13));
    let open = open_ones(&mut streams);
    assert_eq!(open, 0, "after {:?}", begun.elapsed());
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
    let mut streams: Vec<_> = (0..456)
        .map(|_| TcpStream::connect(agent.address()).unwrap())
        .collect();
    answers_quickly(&agent);
    for _ in 0..50 {
        normal(&agent);
    }
    let open = open_ones(&mut streams);
    assert!((100..=356).contains(&open), "{open} are still open");
    wait(Duration::from_secs(12));
    let open = open_ones(&mut streams);
    assert_eq!(open, 0, "each had 10 s to say something");
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
    // Twenty seconds without progress, and a little.
    for _ in 0..11 {
        wait(Duration::from_secs(2));
        answers_quickly(&agent);
    }
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

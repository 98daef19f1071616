//! Signals, the service manager, limits.

use std::{fs, io::Write, net::TcpStream, os::unix::net::UnixDatagram, time::Duration};

use kms_testkit::{
    Reply,
    agent::{AgentSetup, RunningAgent, VALUE},
    read_one,
};
use rustix::process::Signal;

use crate::{eventually, wait, with_foo};

fn ask(agent: &RunningAgent, name: &str) -> TcpStream {
    let mut stream = TcpStream::connect(agent.address()).unwrap();
    let request = agent.request(&format!("/v1/{name}"));
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

fn slow(millis: u64) -> Reply {
    let reply = Box::new(Reply::Text(VALUE.to_owned()));
    Reply::After(Duration::from_millis(millis), reply)
}

#[test]
fn on_sigterm_what_has_begun_is_finished() {
    for signal in [Signal::TERM, Signal::INT] {
        let (kms, setup) = with_foo();
        kms.set("slow", slow(2_000));
        let agent = setup.start();
        let mut begun = ask(&agent, "slow");
        let idle = TcpStream::connect(agent.address()).unwrap();
        eventually("it has begun", || kms.calls_of("slow") == 1);
        agent.signal(signal);
        eventually("it listens no more", || {
            TcpStream::connect(agent.address()).is_err()
        });
        let answer = read_one(&mut begun).unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("connection"), Some("close"));
        let ended = agent.stop_clean();
        assert!(ended.log().contains("ended as ordered"));
        drop(idle);
    }
}

#[test]
fn a_second_sigterm_ends_at_once() {
    let (kms, setup) = with_foo();
    kms.set("slow", slow(20_000));
    let mut agent = setup.start();
    let begun = ask(&agent, "slow");
    eventually("it has begun", || kms.calls_of("slow") == 1);
    agent.signal(Signal::TERM);
    // Two signals at once would be one.
    eventually("it has heard the first", || {
        TcpStream::connect(agent.address()).is_err()
    });
    assert!(agent.is_alive());
    agent.signal(Signal::TERM);
    eventually("it has ended", || !agent.is_alive());
    drop(begun);
    agent.stop_clean();
}

#[test]
fn the_service_manager_hears_when_it_serves_and_that_it_lives() {
    let (_kms, setup) = with_foo();
    let path = setup.dir().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let next = || {
        let mut bytes = [0; 256];
        let len = manager.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..len].to_vec())
            .unwrap()
            .trim()
            .to_owned()
    };
    let agent = setup
        .env("NOTIFY_SOCKET", Some(path.to_str().unwrap()))
        .env("WATCHDOG_USEC", Some("600000"))
        .start();
    assert_eq!(next(), "READY=1");
    assert_eq!(agent.get("/ready").status, 200);
    for _ in 0..3 {
        assert_eq!(next(), "WATCHDOG=1");
    }
    // A program that stands still gives no sign of life, and goes on when it is woken.
    agent.signal(Signal::STOP);
    wait(100);
    while manager.set_nonblocking(true).is_ok() && manager.recv(&mut [0; 256]).is_ok() {}
    wait(700);
    assert!(manager.recv(&mut [0; 256]).is_err());
    agent.signal(Signal::CONT);
    manager.set_nonblocking(false).unwrap();
    assert_eq!(next(), "WATCHDOG=1");
    agent.signal(Signal::TERM);
    while next() != "STOPPING=1" {}
    agent.stop_clean();
}

#[test]
fn a_service_that_cannot_start_never_says_that_it_serves() {
    let (_kms, setup) = with_foo();
    let path = setup.dir().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_nonblocking(true).unwrap();
    let setup = setup
        .env("NOTIFY_SOCKET", Some(path.to_str().unwrap()))
        .env("KMS_TOKEN", None);
    assert!(setup.try_start().is_err());
    while let Ok(len) = manager.recv(&mut [0; 256]) {
        assert_ne!(len, "READY=1".len());
    }
}

#[test]
fn a_token_file_that_compose_quotes_is_made_at_the_start() {
    let (_kms, setup) = with_foo();
    let path = setup.dir().join("run/kmstoken");
    fs::create_dir(path.parent().unwrap()).unwrap();
    let quoted = format!("'file://{}'", path.display());
    let agent = setup.env("KMS_TOKEN", Some(&quoted)).start();
    let token = fs::read_to_string(&path).unwrap();
    assert_eq!(token.len(), 64);
    let request = agent
        .request("/v1/foo")
        .replace(kms_testkit::agent::TOKEN, &token);
    assert_eq!(agent.send(request.as_bytes(), 1, false).statuses(), [200]);
    assert_eq!(agent.get("/v1/foo").status, 403);
    agent.stop_clean();
}

#[test]
fn other_headers_and_variables_can_be_named() {
    let (_kms, setup) = with_foo();
    let agent = setup
        .config("Server", "SSRFHeaders = [\"X-Own\", \"Authorization\"]")
        .config("Server", "SSRFEnvVariables = [\"A\", \"B\"]")
        .config("Server", "PathPrefix = \"/secrets/v9/\"")
        .env("B", Some("token-of-b"))
        .start();
    let port = agent.address().port();
    for (header, target, status) in [
        ("X-Own", "/secrets/v9/foo", 200),
        ("authorization", "/secretsmanager/get?secretId=foo", 200),
        ("X-KMS-Token", "/secrets/v9/foo", 403),
        ("X-Own", "/v1/foo", 404),
    ] {
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n{header}: token-of-b\r\n\r\n"
        );
        let exchange = agent.send(request.as_bytes(), 1, false);
        assert_eq!(exchange.statuses(), [status], "{header} {target}");
    }
    agent.stop_clean();
}

#[cfg(target_os = "linux")]
fn status(agent: &RunningAgent, field: &str) -> u64 {
    let path = format!("/proc/{}/status", agent.pid().as_raw_nonzero());
    let status = fs::read_to_string(path).unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_ascii_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn no_core_is_written_and_memory_is_locked_where_that_is_allowed() {
    let (_kms, setup) = with_foo();
    let agent = setup.start();
    agent.get("/v1/foo");
    let limits = format!("/proc/{}/limits", agent.pid().as_raw_nonzero());
    let limits = fs::read_to_string(limits).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(
        core.split_ascii_whitespace().collect::<Vec<_>>()[4..6],
        ["0", "0"]
    );
    assert!(status(&agent, "VmRSS:") < 60_000);
    agent.stop_clean();

    let (_kms, setup) = with_foo();
    let unlimited = ["sh", "-c", "ulimit -l unlimited && exec \"$@\"", "sh"];
    match setup.through(&unlimited).try_start() {
        Ok(agent) => {
            agent.get("/v1/foo");
            assert!(status(&agent, "VmLck:") > 1_000);
            // Locking takes no memory that is not used.
            assert!(status(&agent, "VmRSS:") < 60_000);
            assert!(agent.log().contains("memory is locked"));
            agent.stop_clean();
        }
        // Not even root may lift it in some containers; then there is nothing to lock.
        Err(ended) => {
            assert!(ended.output.contains("ulimit"), "{}", ended.output);
            println!("memory could not be locked here: {}", ended.output);
        }
    }
}

#[test]
fn a_small_limit_of_locked_memory_does_no_harm() {
    let (_kms, setup) = with_foo();
    let small = ["sh", "-c", "ulimit -l 64; exec \"$@\"", "sh"];
    let agent: RunningAgent = AgentSetup::through(setup, &small).start();
    assert_eq!(agent.get("/v1/foo").status, 200);
    let ended = agent.stop_clean();
    assert!(ended.log().contains("memory is not locked"));
}

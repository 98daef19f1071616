//! Rows 54 and 55: what an operator, a disk or a limit does to a running agent.

use std::{
    fs,
    io::Write,
    net::TcpStream,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    thread,
    time::Duration,
};

use kms_testkit::{
    agent::{AgentSetup, RunningAgent, TOKEN},
    read_one,
};
use rustix::process::Signal;

use crate::{PROGRAM, kms, normal, warm};

#[track_caller]
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..1500 {
        if holds() {
            return;
        }
        pause();
    }
    panic!("never: {what}");
}

#[expect(clippy::disallowed_methods, reason = "the real program takes its time")]
fn pause() {
    thread::sleep(Duration::from_millis(10));
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Orders a reload and waits until the log tells its outcome.
#[track_caller]
fn reload(agent: &RunningAgent, outcome: &str) {
    let before = agent.log().matches(outcome).count();
    agent.signal(Signal::HUP);
    eventually(outcome, || agent.log().matches(outcome).count() > before);
}

fn with_token(agent: &RunningAgent, token: &str) -> u16 {
    let request = agent.request("/v1/foo").replace(TOKEN, token);
    agent.send(request.as_bytes(), 1, false).responses[0].status
}

#[test]
fn a_broken_token_file_changes_nothing_and_a_good_one_does() {
    let kms = kms();
    let (mut agent, calls) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let path = agent.dir().join("token");

    fs::remove_file(&path).unwrap();
    reload(&agent, "the token stays as it was");
    normal(&agent);
    assert!(!path.exists(), "only a start makes a file");

    fs::write(&path, "canary-of-an-open-file-77").unwrap();
    chmod(&path, 0o666);
    reload(&agent, "the token stays as it was");
    assert_eq!(with_token(&agent, "canary-of-an-open-file-77"), 403);

    fs::remove_file(&path).unwrap();
    symlink("/dev/null", &path).unwrap();
    reload(&agent, "the token stays as it was");
    normal(&agent);

    fs::remove_file(&path).unwrap();
    fs::write(&path, "a-second-token\n").unwrap();
    chmod(&path, 0o640);
    reload(&agent, "the token was exchanged");
    assert_eq!(with_token(&agent, "a-second-token"), 200);
    normal(&agent);

    // A configuration that breaks meanwhile is not looked at before the next start.
    fs::write(agent.dir().join("config.toml"), "broken").unwrap();
    reload(&agent, "the token is unchanged");
    normal(&agent);
    assert!(agent.is_alive());
    assert_eq!(kms.calls().len(), calls);
    let ended = agent.stop_clean();
    assert!(!ended.log().contains("a-second-token"));
}

#[test]
fn a_token_that_all_may_read_is_refused_at_the_start() {
    let kms = kms();
    for mode in [0o644, 0o666, 0o602] {
        let setup = AgentSetup::new(PROGRAM, &kms.url());
        chmod(&setup.dir().join("token"), mode);
        let ended = setup.try_start().err().expect("it must not start");
        assert_eq!(ended.status.code(), Some(64));
        assert!(ended.output.contains("chmod 0640"), "{}", ended.output);
        ended.assert_clean();
    }
    assert_eq!(kms.calls().len(), 0);
}

#[test]
fn a_log_folder_that_is_removed_is_made_again() {
    let kms = kms();
    let (agent, _) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    fs::remove_dir_all(agent.dir().join("logs")).unwrap();
    normal(&agent);
    eventually("the line is there", || {
        agent.log().contains("secret retrieved")
    });
    agent.stop_clean();
}

/// Runs the agent over a log folder of 4 MiB, filled to the brim; makes room once the
/// file `room` appears, and brings the log out at the end.
const FULL_DISK: &str = r#"
mount -t tmpfs -o size=4m tmpfs logs || exit 99
dd if=/dev/zero of=logs/filler bs=4k 2>/dev/null
rm -f logs/alibabacloud-kms-agent.log
dd if=/dev/null of=logs/filler bs=1 seek=4186112 2>/dev/null
"$@" &
agent=$!
trap 'kill -TERM $agent' TERM
(while [ ! -e room ]; do sleep 0.05; done; rm logs/filler) &
wait $agent
wait $agent
code=$?
mkdir -p kept
cp logs/*.log kept/
exit $code
"#;

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_retrievals_wait_and_none_goes_unwritten() {
    let kms = kms();
    let mut wrapper = vec!["unshare", "--mount"];
    if !rustix::process::geteuid().is_root() {
        wrapper.push("--map-root-user");
    }
    wrapper.extend(["sh", "-c", FULL_DISK, "sh"]);
    let setup = AgentSetup::new(PROGRAM, &kms.url()).through(&wrapper);
    fs::create_dir(setup.dir().join("logs")).unwrap();
    let (mut agent, _) = warm(setup, &kms);

    // Until an answer does not come: the memory for waiting lines is used up.
    let mut answered = 1;
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let mut stream = TcpStream::connect(agent.address()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(3)))
            .unwrap();
        let request = agent.request("/v1/foo");
        loop {
            stream.write_all(request.as_bytes()).unwrap();
            if stream.peek(&mut [0]).is_err() {
                break;
            }
            assert_eq!(read_one(&mut stream).unwrap().status, 200);
            stream
                .set_read_timeout(Some(Duration::from_secs(3)))
                .unwrap();
            answered += 1;
            assert!(answered < 200_000, "the disk is not full");
        }
        waiting.push(stream);
    }
    assert!(
        agent.output().contains("cannot write"),
        "{}",
        agent.output()
    );
    let probe = b"GET /ping HTTP/1.1\r\n\r\n";
    assert_eq!(agent.send(probe, 1, false).statuses(), [200]);
    assert!(agent.is_alive());

    fs::write(agent.dir().join("room"), "").unwrap();
    for mut stream in waiting {
        assert_eq!(read_one(&mut stream).unwrap().status, 200);
        answered += 1;
    }
    normal(&agent);
    answered += 1;
    let ended = agent.stop_clean();
    let kept: String = fs::read_dir(ended.dir.path().join("kept"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(kept.matches("secret retrieved").count(), answered);
    assert!(kept.contains("the log can be written again"));
    kms_testkit::agent::canaries().assert_clean("the log", kept.as_bytes());
}

#[cfg(target_os = "linux")]
#[test]
fn without_file_descriptors_idle_connections_give_way() {
    let kms = kms();
    let limit = ["sh", "-c", "ulimit -n 28; exec \"$@\"", "sh"];
    let setup = AgentSetup::new(PROGRAM, &kms.url()).through(&limit);
    let (mut agent, calls) = warm(setup, &kms);
    let before = cpu_ticks(&agent);
    let idle: Vec<_> = (0..100)
        .filter_map(|_| TcpStream::connect(agent.address()).ok())
        .collect();
    for _ in 0..20 {
        normal(&agent);
    }
    for _ in 0..100 {
        pause();
    }
    // A hundredth of a second each: a loop that spins would have used a hundred.
    let used = cpu_ticks(&agent) - before;
    assert!(used < 50, "{used} ticks");
    drop(idle);
    normal(&agent);
    assert!(agent.is_alive());
    assert_eq!(kms.calls().len(), calls);
    agent.stop_clean();
}

/// Time in user and kernel mode, from `/proc/<pid>/stat`.
#[cfg(target_os = "linux")]
fn cpu_ticks(agent: &RunningAgent) -> u64 {
    let path = format!("/proc/{}/stat", agent.pid().as_raw_nonzero());
    let stat = fs::read_to_string(path).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let mut fields = fields.split(' ').skip(11);
    let mut next = || fields.next().unwrap().parse::<u64>().unwrap();
    next() + next()
}

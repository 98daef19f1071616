//! How the agent ends when it cannot start: code, and what to do next.

use std::{fs, net::TcpListener, thread};

use kms_testkit::{
    FakeKms, Fault, FaultProxy, LOCAL_NAMES, Reply, TestCa,
    agent::{AgentSetup, EndedAgent},
};

use crate::{PROGRAM, program, text, with_foo};

#[track_caller]
fn ends(setup: AgentSetup) -> EndedAgent {
    let ended = setup.try_start().err().expect("it must not start");
    ended.assert_clean();
    ended
}

#[track_caller]
fn check(ended: &EndedAgent, code: i32, says: &str) {
    assert_eq!(ended.status.code(), Some(code), "{}", ended.output);
    assert!(ended.output.contains(says), "{}", ended.output);
    // The one line on standard error stands in the log as well, once there is one.
    let log = ended.log();
    assert!(
        log.is_empty() || log.contains(&format!("\"exit\":{code}")),
        "{log}"
    );
}

#[test]
fn usage_and_configuration_are_64() {
    let dir = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (vec![], "Usage:"),
        (vec!["serve"], "unrecognized subcommand"),
        (vec!["agent", "a", "b"], "unexpected argument"),
        (vec!["token"], "<FILE>"),
        (vec!["get", "a//b"], "empty or dot segment"),
        (vec!["get", "a", "--version-id", "a b"], "version id"),
        (vec!["agent", "nowhere.toml"], "cannot read nowhere.toml"),
    ] {
        let output = program(dir.path(), &arguments, &[]);
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(says), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }

    let (_kms, setup) = with_foo();
    let ended = ends(setup.config("Cache", "CacheSze = 10"));
    check(
        &ended,
        64,
        "config.toml:2:1: unknown key CacheSze in section [Cache]; did you mean CacheSize?",
    );
    assert!(!ended.dir.path().join("logs").exists(), "nothing was begun");
}

#[test]
fn without_a_token_it_is_64() {
    for (value, says) in [
        (
            None,
            "no token: set one of the environment variables KMS_TOKEN, KMS_SESSION_TOKEN",
        ),
        (Some(""), "the token in the variable KMS_TOKEN is empty"),
        (Some("''"), "the token in the variable KMS_TOKEN is empty"),
        (
            Some("file:///nowhere/kmstoken"),
            "cannot write the token file /nowhere/kmstoken",
        ),
    ] {
        let (kms, setup) = with_foo();
        check(&ends(setup.env("KMS_TOKEN", value)), 64, says);
        assert_eq!(kms.calls().len(), 0);
    }
    let (_kms, setup) = with_foo();
    fs::write(setup.dir().join("token"), "\n").unwrap();
    check(&ends(setup), 64, "is empty; write a new one with");
}

#[test]
fn without_an_identity_it_is_77() {
    let (_kms, setup) = with_foo();
    let setup = setup
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", None)
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", None);
    let ended = ends(setup);
    check(&ended, 77, "no identity that KMS accepts");
    assert!(
        ended.output.contains("ALIBABA_CLOUD_ACCESS_KEY_ID"),
        "{}",
        ended.output
    );

    for (status, code) in [
        (404, "InvalidAccessKeyId.NotFound"),
        (400, "SignatureDoesNotMatch"),
        (400, "InvalidSecurityToken.Expired"),
    ] {
        let kms = FakeKms::start().unwrap();
        kms.set_otherwise(Reply::Error {
            status,
            code,
            message: "said the fake".to_owned(),
        });
        check(&ends(AgentSetup::new(PROGRAM, &kms.url())), 77, code);
    }
}

#[test]
fn what_proves_identity_and_connection_is_enough_to_start() {
    for reply in [Reply::not_found(), Reply::forbidden()] {
        let kms = FakeKms::start().unwrap();
        kms.set_otherwise(reply);
        AgentSetup::new(PROGRAM, &kms.url()).start().stop_clean();
        assert_eq!(kms.calls().len(), 1);
    }
}

#[test]
fn an_unreachable_kms_is_69() {
    // At once, for each takes its time to give up.
    thread::scope(|scope| {
        for fault in [Fault::Refuse, Fault::Garble, Fault::Truncate(20)] {
            scope.spawn(move || {
                let kms = FakeKms::start().unwrap();
                let proxy = FaultProxy::start(kms.address()).unwrap();
                proxy.set(fault);
                let setup = AgentSetup::new(PROGRAM, &format!("http://{}", proxy.address()));
                let says = "KMS cannot be reached; check [Kms] Region and Endpoint";
                check(&ends(setup), 69, says);
                assert!(proxy.accepted() >= 3);
            });
        }
        scope.spawn(|| {
            let kms = FakeKms::start().unwrap();
            kms.set_otherwise(Reply::unavailable());
            let setup = AgentSetup::new(PROGRAM, &kms.url());
            check(&ends(setup), 69, "ServiceUnavailableTemporary");
        });
    });
}

#[test]
fn a_kms_that_comes_up_meanwhile_is_waited_for() {
    let kms = FakeKms::start().unwrap();
    kms.set_otherwise(Reply::in_turn([
        Reply::unavailable(),
        Reply::unavailable(),
        Reply::unavailable(),
        Reply::unavailable(),
        Reply::not_found(),
    ]));
    AgentSetup::new(PROGRAM, &kms.url()).start().stop_clean();
    assert_eq!(kms.calls().len(), 5);
}

#[test]
fn a_stranger_with_a_certificate_is_not_kms() {
    let ca = TestCa::new();
    let kms = FakeKms::start_tls(&ca.issue(&LOCAL_NAMES)).unwrap();
    let setup = |ca: &TestCa| {
        let setup = AgentSetup::new(PROGRAM, &kms.url());
        let path = setup.dir().join("ca.pem");
        fs::write(&path, ca.pem()).unwrap();
        setup.config("Kms", &format!("CaFile = \"{}\"", path.display()))
    };
    setup(&ca).start().stop_clean();
    assert_eq!(kms.calls().len(), 1);
    check(&ends(setup(&TestCa::new())), 69, "certificate");
    check(
        &ends(AgentSetup::new(PROGRAM, &kms.url())),
        69,
        "certificate",
    );
    assert_eq!(kms.calls().len(), 1, "nothing was sent to a stranger");

    let broken = AgentSetup::new(PROGRAM, &kms.url()).config("Kms", "CaFile = \"config.toml\"");
    check(&ends(broken), 64, "config.toml");
}

#[test]
fn a_port_that_is_taken_is_70() {
    let (_kms, setup) = with_foo();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    // In place of the setup's own port 0, which would be a key given twice.
    let ended = ends(setup.port(port));
    check(&ended, 70, &format!("cannot listen on port {port}"));
}

#[test]
fn a_log_that_cannot_be_written_is_70() {
    let (_kms, setup) = with_foo();
    fs::write(setup.dir().join("logs"), "a file in the folder's place").unwrap();
    let ended = setup.try_start().err().expect("it must not start");
    assert_eq!(ended.status.code(), Some(70), "{}", ended.output);
    assert!(
        ended
            .output
            .contains("cannot open ./logs/alibabacloud-kms-agent.log"),
        "{}",
        ended.output
    );
}

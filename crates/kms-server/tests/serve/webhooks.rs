//! Secrets of managed types, rotated by a program that the configuration names.

use std::{fs, net::SocketAddr, time::Duration};

use kms_testkit::LeakCheck;
use kms_wire::sign::SigningKey;
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    call::{call, ok},
    place::{Place, chmod, said},
    receiver::{Act, Receiver},
    server::Server,
};

const OLD: &str = "canary-old-5d1f7c9a02b4e683";
const CONFIG: &str = r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#;

/// `[[webhook]]` for the receiver.
fn configured(place: &Place, receiver: &Receiver, more: &str) {
    let key = place.path("webhook.key");
    Receiver::write_key(&key);
    place.configure(&format!(
        "[[webhook]]\nurl = 'http://{}/rotate'\nsigning_key_file = '{}'\n{more}",
        receiver.at,
        key.display()
    ));
}

fn create(at: SocketAddr, admin: &SigningKey, name: &str) {
    let data = format!(r#"{{"Accounts":[{{"AccountName":"app","AccountPassword":"{OLD}"}}]}}"#);
    let params = [
        ("SecretName", name),
        ("SecretType", "Rds"),
        ("VersionId", "v1"),
        ("ExtendedConfig", CONFIG),
        ("SecretData", &data),
    ];
    ok(at, admin, "CreateSecret", &params);
}

fn rotate(at: SocketAddr, admin: &SigningKey, name: &str) -> (u16, Value) {
    let params = [("SecretName", name), ("VersionId", "v2")];
    call(at, admin, "RotateSecret", &params)
}

/// Version and password that are current.
fn current(at: SocketAddr, admin: &SigningKey, name: &str) -> (String, String) {
    let body = ok(at, admin, "GetSecretValue", &[("SecretName", name)]);
    let value: Value = serde_json::from_str(body["SecretData"].as_str().unwrap()).unwrap();
    (
        body["VersionId"].as_str().unwrap().to_owned(),
        value["AccountPassword"].as_str().unwrap().to_owned(),
    )
}

#[test]
fn a_secret_gets_a_new_value_in_four_signed_steps() {
    for place in [Place::sqlite(), Place::postgres()] {
        let receiver = Receiver::start();
        configured(&place, &receiver, "names = ['db/*']\n");
        let admin = place.init();
        let server = Server::start(&place);
        create(server.http, &admin, "db/app");
        create(server.http, &admin, "other");

        let (status, body) = rotate(server.http, &admin, "db/app");
        assert_eq!(status, 200, "{body}");
        let mut new = String::new();
        for step in ["create", "set", "test", "finish"] {
            let asked = receiver.asked();
            assert_eq!(asked.step(), step);
            assert!(asked.is_signed, "{step}");
            assert_eq!(asked.body["SecretName"], "db/app");
            assert_eq!(asked.body["VersionId"], "v2");
            new = asked.password("Pending");
            if step == "finish" {
                assert_eq!(
                    current(server.http, &admin, "db/app"),
                    ("v2".into(), new.clone())
                );
            } else {
                assert_eq!(asked.password("Current"), OLD);
                assert_eq!(
                    current(server.http, &admin, "db/app"),
                    ("v1".into(), OLD.into())
                );
            }
        }
        assert_ne!(new, OLD);

        let (status, body) = rotate(server.http, &admin, "other");
        assert_eq!(status, 400, "{body}");
        assert_eq!(body["Code"], "UnsupportedOperation");
        server.stop();

        // What happened without a call is in the audit log as well.
        let log = fs::read_to_string(place.path("data/audit/audit.log")).unwrap();
        for event in ["begins", "current", "over"] {
            let event = format!(r#""rotation":"{event}""#);
            assert!(log.contains(&event), "no {event}: {log}");
        }
        let secrets = LeakCheck::default()
            .with("the old password", OLD.as_bytes())
            .with("the new password", new.as_bytes());
        secrets.assert_clean_folder(&place.path("data"));
    }
}

#[test]
fn as_long_as_the_program_fails_the_old_value_is_read_and_it_is_asked_again() {
    let place = Place::sqlite();
    let receiver = Receiver::start();
    configured(&place, &receiver, "timeout_seconds = 4\n");
    let admin = place.init();
    let server = Server::start(&place);
    create(server.http, &admin, "db/app");
    receiver.then(Act::Status(200));
    receiver.then(Act::Status(500));
    receiver.then(Act::Status(200));
    receiver.then(Act::Late(Duration::from_secs(8)));
    rotate(server.http, &admin, "db/app");
    let mut pending = Vec::new();
    for step in ["create", "set", "set", "test", "test"] {
        let asked = receiver.asked();
        assert_eq!(asked.step(), step);
        pending.push(asked.password("Pending"));
        assert_eq!(
            current(server.http, &admin, "db/app"),
            ("v1".into(), OLD.into())
        );
    }
    // Whoever set it already must be asked to set the same.
    assert!(pending.iter().all(|one| *one == pending[0]), "{pending:?}");
    assert_eq!(receiver.asked().step(), "finish");
    assert_eq!(
        current(server.http, &admin, "db/app"),
        ("v2".into(), pending[0].clone())
    );
    assert!(receiver.is_left_alone_for(Duration::from_secs(3)));
}

#[test]
fn a_step_that_is_under_way_is_finished_before_the_server_ends() {
    let place = Place::sqlite();
    let receiver = Receiver::start();
    configured(&place, &receiver, "");
    let admin = place.init();
    let server = Server::start(&place);
    create(server.http, &admin, "db/app");
    rotate(server.http, &admin, "db/app");
    assert_eq!(receiver.asked().step(), "create");
    let under_way = receiver.asked();
    assert_eq!(under_way.step(), "set");
    server.signal(Signal::TERM);
    server.listens_no_more();
    drop(under_way);
    server.ended();
    // Written down: the next run goes on with the step after it, and at once.
    let server = Server::start(&place);
    assert_eq!(receiver.asked().step(), "test");
    assert_eq!(receiver.asked().step(), "finish");
    assert_eq!(current(server.http, &admin, "db/app").0, "v2");
}

#[test]
fn an_unsafe_key_keeps_the_server_from_starting() {
    let place = Place::sqlite();
    let receiver = Receiver::start();
    configured(&place, &receiver, "");
    place.init();
    chmod(&place.path("webhook.key"), 0o644);
    let refused = said(&mut place.command(&["serve"]));
    assert_eq!(refused.code, Some(64), "{refused:?}");
    assert!(
        refused
            .err
            .contains("others than its owner have rights to it"),
        "{refused:?}"
    );
    let doctor = place.run(&["doctor"]);
    assert!(doctor.out.contains("FAIL  webhooks"), "{doctor:?}");
    let check = place.done(&["check"]);
    assert!(check.contains("[[webhook]]\n  url"), "{check}");
    assert!(check.contains("/webhook.key"), "{check}");
}

//! Another term of the keyring, under which everything is sealed anew.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use kms_wire::sign::SigningKey;

use crate::{call::ok, place::Place, server::Server};

const SECRETS: usize = 230;

fn name(number: usize) -> String {
    format!("s/{number}")
}

fn create(at: SocketAddr, admin: &SigningKey, name: &str) {
    let value = format!("value of {name}");
    let params = [
        ("SecretName", name),
        ("SecretData", value.as_str()),
        ("VersionId", "1"),
    ];
    ok(at, admin, "CreateSecret", &params);
}

fn check(at: SocketAddr, admin: &SigningKey, name: &str) {
    let body = ok(at, admin, "GetSecretValue", &[("SecretName", name)]);
    assert_eq!(body["SecretData"], format!("value of {name}"));
}

fn fill(at: SocketAddr, admin: &SigningKey) {
    thread::scope(|scope| {
        for caller in 0..8 {
            scope.spawn(move || {
                for number in (caller..SECRETS).step_by(8) {
                    create(at, admin, &name(number));
                }
            });
        }
    });
}

fn terms(place: &Place) -> String {
    let out = place.done(&["doctor"]);
    let (_, found) = out.split_once("terms: ").unwrap();
    found.lines().next().unwrap().to_owned()
}

#[test]
fn servers_on_postgresql_go_on_while_everything_is_sealed_anew() {
    let first = Place::postgres();
    let admin = first.init();
    let second = Place::on(first.url());
    fs::copy(first.path("root.key"), second.path("root.key")).unwrap();
    let servers = [Server::start(&first), Server::start(&second)];
    fill(servers[0].http, &admin);
    let key = ok(servers[0].http, &admin, "CreateKey", &[]);
    let key = key["KeyMetadata"]["KeyId"].as_str().unwrap();
    let params = [("KeyId", key), ("Plaintext", "cGxhaW4=")];
    let encrypted = ok(servers[0].http, &admin, "Encrypt", &params);

    // Somebody writes to one of them and reads from the other all the time.
    let is_over = Arc::new(AtomicBool::new(false));
    let (at, own, over) = (
        [servers[0].http, servers[1].http],
        admin.clone(),
        Arc::clone(&is_over),
    );
    let writer = thread::spawn(move || {
        let mut written = Vec::new();
        while !over.load(Ordering::SeqCst) {
            let fresh = format!("w/{}", written.len());
            create(at[0], &own, &fresh);
            check(at[1], &own, &fresh);
            check(at[1], &own, &name(written.len() % SECRETS));
            written.push(fresh);
        }
        written
    });
    let said = first.done(&["rekey", "--keyring"]);
    assert!(said.contains("under term 2"), "{said}");
    is_over.store(true, Ordering::SeqCst);
    let written = writer.join().unwrap();
    assert!(!written.is_empty());
    assert_eq!(terms(&first), "2");

    for server in &servers {
        for name in (0..SECRETS).map(name).chain(written.clone()) {
            check(server.http, &admin, &name);
        }
        let blob = encrypted["CiphertextBlob"].as_str().unwrap();
        let plain = ok(server.http, &admin, "Decrypt", &[("CiphertextBlob", blob)]);
        assert_eq!(plain["Plaintext"], "cGxhaW4=");
    }
    let said = first.run(&["rekey", "--retire"]);
    assert_eq!(said.code, Some(64), "{said:?}");
    assert!(said.err.contains("may be in use until"), "{said:?}");
}

#[test]
fn killed_in_the_middle_it_goes_on_and_everything_opens_in_between() {
    for place in [Place::sqlite(), Place::postgres()] {
        let admin = place.init();
        let server = Server::start(&place);
        fill(server.http, &admin);
        server.stop();
        let mut cut_off = 0;
        // It may come to its end between its first word and the kill; the next makes another term.
        for _ in 0..40 {
            kill_at_its_first_word(place.command(&["rekey", "--keyring"]));
            let server = Server::start(&place);
            for number in (0..SECRETS).step_by(29) {
                check(server.http, &admin, &name(number));
            }
            server.stop();
            let said = place.run(&["rekey", "--retire"]);
            cut_off += u32::from(said.err.contains("has not come to its end"));
            if cut_off == 2 {
                break;
            }
        }
        assert_eq!(cut_off, 2, "not killed in the middle");
        place.done(&["rekey", "--keyring"]);
        let server = Server::start(&place);
        for number in 0..SECRETS {
            check(server.http, &admin, &name(number));
        }
        server.stop();
    }
}

/// The first word comes once one batch of several is done.
fn kill_at_its_first_word(mut command: Command) {
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let said = lines.next().unwrap().unwrap();
    assert!(said.ends_with("records sealed anew"), "{said}");
    // It may be over already.
    drop(child.kill());
    child.wait().unwrap();
}

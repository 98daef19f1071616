//! What is made is served, and stays.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::{
    call::{call, create_secret, read_secret},
    place::{Place, key},
    server::Server,
};

const VALUE: &str = "hunter2 – 密码";

fn serves_and_keeps(place: &Place) {
    let admin = place.init();
    let server = Server::start(place);
    create_secret(server.http, &admin, VALUE);
    assert_eq!(read_secret(server.http, &admin), VALUE);
    assert_eq!(server.stop(), "");
    let server = Server::start(place);
    assert_eq!(read_secret(server.http, &admin), VALUE);
}

#[test]
fn a_store_of_sqlite_is_served_and_kept() {
    serves_and_keeps(&Place::sqlite());
}

#[test]
fn a_store_of_postgresql_is_served_and_kept() {
    serves_and_keeps(&Place::postgres());
}

#[test]
fn two_servers_on_one_database_see_each_others_secrets() {
    let first = Place::postgres();
    let admin = first.init();
    let second = Place::on(first.url());
    fs::copy(first.path("root.key"), second.path("root.key")).unwrap();
    let servers = [Server::start(&first), Server::start(&second)];
    create_secret(servers[0].http, &admin, VALUE);
    assert_eq!(read_secret(servers[1].http, &admin), VALUE);
}

#[test]
fn an_access_key_goes_into_a_private_file_if_one_is_named() {
    let place = Place::sqlite();
    let file = place.path("admin.env");
    let out = place.done(&[
        "init",
        "--access-key-file",
        file.to_str().unwrap(),
        "--account",
        "1234567890123456",
        "--user",
        "root.admin",
    ]);
    assert_eq!(
        out,
        format!(
            "account 1234567890123456, RAM user root.admin; its AccessKey: {}\n",
            file.display()
        )
    );
    let mode = file.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let admin = key(&fs::read_to_string(&file).unwrap());
    let server = Server::start(&place);
    let (status, body) = call(server.http, &admin, "ListSecrets", &[]);
    assert_eq!((status, &body["TotalCount"]), (200, &0.into()));
}

#[test]
fn nothing_secret_is_in_the_log() {
    let place = Place::sqlite();
    // The level at which most is said.
    place.configure("[log]\nlevel = 'debug'\n");
    let admin = place.init();
    let server = Server::start(&place);
    create_secret(server.http, &admin, VALUE);
    read_secret(server.http, &admin);
    server.stop();
    let root = fs::read_to_string(place.path("root.key")).unwrap();
    let mut seen = String::new();
    for entry in fs::read_dir(place.path("data/logs")).unwrap() {
        seen += &fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    assert!(seen.contains("GetSecretValue"), "{seen}");
    for secret in [VALUE, root.trim(), admin.access_key_secret.expose()] {
        assert!(!seen.contains(secret), "{seen}");
    }
}

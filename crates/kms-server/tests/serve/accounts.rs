//! Several accounts on one server, and an administrator who lost the key.

use crate::{
    call::{KMS, RAM, call, create_secret, ok, read_secret, send, signed},
    place::{Place, key},
    server::Server,
};

#[test]
fn accounts_do_not_see_each_other() {
    let place = Place::postgres();
    let first = place.init();
    // On PostgreSQL while the server runs.
    let server = Server::start(&place);
    let second = key(&place.done(&["account", "add", "--account", "2000000000000002"]));
    create_secret(server.http, &first, "the first's");
    create_secret(server.http, &second, "the second's");
    assert_eq!(read_secret(server.http, &first), "the first's");
    assert_eq!(read_secret(server.http, &second), "the second's");

    let listed = place.done(&["account", "list"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.contains("2000000000000002  made "), "{listed}");
    let said = place.run(&["account", "add", "--account", "2000000000000002"]);
    assert_eq!(said.code, Some(64), "{said:?}");
    assert!(
        said.err
            .contains("there is an account 2000000000000002 already")
    );
}

#[test]
fn an_administrator_who_lost_the_key_gets_another() {
    let place = Place::sqlite();
    let lost = place.done(&["init", "--account", "1000000000000001"]);
    let again = ["account", "access-key", "--account", "1000000000000001"];
    let other = key(&place.done(&again));
    assert_ne!(other.access_key_id, key(&lost).access_key_id);
    // Two at most, as RAM has it.
    let said = place.run(&again);
    assert!(said.err.contains("two AccessKeys already"), "{said:?}");
    let server = Server::start(&place);
    ok(server.http, &other, "ListSecrets", &[]);
    // A running server keeps the file to itself.
    let said = place.run(&["account", "list"]);
    assert_eq!(said.code, Some(70), "{said:?}");
    assert!(said.err.contains("another process uses"), "{said:?}");
}

#[test]
fn a_key_of_nobody_is_refused() {
    let place = Place::sqlite();
    let mut admin = place.init();
    let server = Server::start(&place);
    admin.access_key_secret = "another".into();
    let (status, body) = call(server.http, &admin, "ListSecrets", &[]);
    assert_eq!(
        (status, &body["Code"]),
        (400, &"SignatureDoesNotMatch".into())
    );
    let answer = send(server.http, &signed(&admin, KMS, "Nonsense", &[]));
    assert_eq!(answer.status, 404);
}

/// As in stores of before policies decided: the account's only user has none.
#[test]
fn where_nobody_has_a_right_doctor_says_so_and_an_administrator_can_be_made() {
    let place = Place::sqlite();
    let admin = key(&place.done(&["init", "--account", "1000000000000001"]));
    let doctor = place.run(&["doctor"]);
    assert!(!doctor.out.contains("rights"), "{doctor:?}");
    let administrator = [
        "account",
        "administrator",
        "--account",
        "1000000000000001",
        "--user",
    ];
    let make = |user: &str| place.run(&[&administrator[..], &[user]].concat());
    let said = make("admin");
    assert_eq!(said.code, Some(64), "{said:?}");
    assert!(said.err.contains("ctl ram policy attach-user"), "{said:?}");

    let server = Server::start(&place);
    let detach = [
        ("PolicyType", "System"),
        ("PolicyName", "AdministratorAccess"),
        ("UserName", "admin"),
    ];
    let detach = signed(&admin, RAM, "DetachPolicyFromUser", &detach);
    let answer = send(server.http, &detach);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (status, body) = call(server.http, &admin, "ListSecrets", &[]);
    assert_eq!(
        (status, &body["Code"]),
        (403, &"Forbidden.NoPermission".into())
    );
    server.stop();

    let doctor = place.run(&["doctor"]);
    for word in ["warn  rights", "1000000000000001", "account administrator"] {
        assert!(doctor.out.contains(word), "{word}: {doctor:?}");
    }
    let said = make("nobody");
    assert_eq!(said.code, Some(64), "{said:?}");
    assert_eq!(make("admin").code, Some(0));
    assert!(!place.run(&["doctor"]).out.contains("rights"));
    let server = Server::start(&place);
    ok(server.http, &admin, "ListSecrets", &[]);
}

#[test]
fn an_account_is_put_into_a_directory_by_whoever_runs_the_server() {
    let place = Place::postgres();
    let admin = key(&place.done(&["init", "--account", "1000000000000001"]));
    place.done(&["account", "add", "--account", "2000000000000002"]);
    let join = [
        "account",
        "join",
        "--manager",
        "1000000000000001",
        "--account",
        "2000000000000002",
    ];
    // There is no directory yet.
    let said = place.run(&join);
    assert_eq!(said.code, Some(64), "{said:?}");
    assert!(said.err.contains("in no resource directory"), "{said:?}");
    let server = Server::start(&place);
    let directory = "2022-04-19";
    let answer = send(
        server.http,
        &signed(&admin, directory, "EnableResourceDirectory", &[]),
    );
    assert_eq!(answer.status, 200);
    let done = place.done(&join);
    assert!(
        done.contains("the account 2000000000000002 is in the folder r-"),
        "{done}"
    );
    let answer = send(server.http, &signed(&admin, directory, "ListAccounts", &[]));
    let listed = String::from_utf8(answer.body.clone()).unwrap();
    assert!(listed.contains("2000000000000002"), "{listed}");
    let said = place.run(&join);
    assert_eq!(said.code, Some(64), "{said:?}");
    assert!(said.err.contains("already"), "{said:?}");
}

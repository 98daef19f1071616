//! Another root key: before, during and after, one of the two opens the store.

use std::{fmt::Write as _, fs, process::Child, thread, time::Duration};

use crate::{
    call::{create_secret, read_secret},
    place::{Place, chmod},
    server::Server,
};

const VALUE: &str = "hunter2";

/// `current` and, if it is given, `previous`.
fn with_keys(place: &Place, current: &str, previous: Option<&str>) {
    let file = |name: &str| format!("'file:{}'", place.path(name).display());
    let mut text = format!(
        "[root_key]\nsame_filesystem = true\ncurrent = {}\n",
        file(current)
    );
    if let Some(previous) = previous {
        writeln!(text, "previous = {}", file(previous)).unwrap();
    }
    place.configure(&text);
}

#[test]
fn after_it_the_new_key_opens_the_store_and_the_old_one_does_not() {
    for place in [Place::sqlite(), Place::postgres()] {
        let admin = place.init();
        let server = Server::start(&place);
        create_secret(server.http, &admin, VALUE);
        server.stop();

        let said = place.run(&["rekey"]);
        assert_eq!(said.code, Some(64), "{said:?}");
        assert!(
            said.err.contains("[root_key] previous is not set"),
            "{said:?}"
        );

        with_keys(&place, "new.key", Some("root.key"));
        let out = place.done(&["rekey"]);
        assert!(out.contains("opens the store from now on"), "{out}");
        let out = place.done(&["rekey"]);
        assert!(out.contains("opens the store already"), "{out}");

        with_keys(&place, "root.key", None);
        let said = place.run(&["serve"]);
        assert_eq!(said.code, Some(77), "{said:?}");
        with_keys(&place, "new.key", None);
        let server = Server::start(&place);
        assert_eq!(read_secret(server.http, &admin), VALUE);
    }
}

/// Both keys are there and the keyring is still the old one's: what a run leaves that was
/// cut off between making the key and wrapping the keyring.
#[test]
fn a_run_that_made_the_key_and_no_more_is_run_again() {
    let place = Place::sqlite();
    let admin = place.init();
    fs::write(place.path("new.key"), "cd".repeat(32)).unwrap();
    chmod(&place.path("new.key"), 0o600);
    with_keys(&place, "new.key", Some("root.key"));
    let server = Server::start(&place);
    create_secret(server.http, &admin, VALUE);
    let said = server.stop();
    assert!(said.contains("[root_key] previous is set"), "{said}");
    place.done(&["rekey"]);
    with_keys(&place, "new.key", None);
    let server = Server::start(&place);
    assert_eq!(read_secret(server.http, &admin), VALUE);
}

#[test]
fn killed_at_any_moment_it_leaves_a_store_that_one_of_the_two_opens() {
    let place = Place::sqlite();
    let admin = place.init();
    let server = Server::start(&place);
    create_secret(server.http, &admin, VALUE);
    server.stop();
    let mut names = ["root.key".to_owned(), "key0".to_owned()];
    for round in 0..12_u64 {
        with_keys(&place, &names[1], Some(&names[0]));
        let mut child: Child = place.command(&["rekey"]).spawn().unwrap();
        wait(Duration::from_millis(round * 7));
        drop(child.kill());
        child.wait().unwrap();
        if !place.path(&names[1]).exists() {
            with_keys(&place, &names[0], None);
        }
        let server = Server::start(&place);
        assert_eq!(read_secret(server.http, &admin), VALUE);
        server.stop();
        with_keys(&place, &names[1], Some(&names[0]));
        place.done(&["rekey"]);
        names = [names[1].clone(), format!("key{}", round + 1)];
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process is to be killed halfway"
)]
fn wait(moment: Duration) {
    thread::sleep(moment);
}

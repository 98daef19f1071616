//! Backup and restore: the same secrets, on the same database or another kind.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::{
    call::{create_secret, read_secret},
    place::Place,
    server::Server,
};

const VALUE: &str = "hunter2";

fn moves(from: &Place, to: &Place) {
    let admin = from.init();
    let server = Server::start(from);
    create_secret(server.http, &admin, VALUE);
    server.stop();
    let file = from.path("kms.backup");
    let file = file.to_str().unwrap();
    let out = from.done(&["backup", file]);
    assert!(out.contains(" records backed up to "), "{out}");
    let mode = fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let bytes = fs::read(file).unwrap();
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(holds("app/db"), "names are in the clear");
    assert!(!holds(VALUE) && !holds(admin.access_key_secret.expose()));
    // Nothing is overwritten.
    let said = from.run(&["backup", file]);
    assert_eq!(said.code, Some(64), "{said:?}");
    let said = from.run(&["restore", file]);
    assert_eq!(said.code, Some(64), "{said:?}");
    assert!(said.err.contains("the store is not empty"), "{said:?}");

    // Not with another root key.
    fs::write(to.path("root.key"), "ab".repeat(32)).unwrap();
    crate::place::chmod(&to.path("root.key"), 0o600);
    let said = to.run(&["restore", file]);
    assert_eq!(said.code, Some(77), "{said:?}");
    assert!(
        said.err.contains("the backup opens with the root key"),
        "{said:?}"
    );

    fs::copy(from.path("root.key"), to.path("root.key")).unwrap();
    // Nor from a file that was cut off or changed; and the next try is not in its way.
    for spoilt in [bytes[..bytes.len() - 1].to_vec(), {
        let mut bytes = bytes.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    }] {
        let spoilt_file = to.path("spoilt.backup");
        fs::write(&spoilt_file, spoilt).unwrap();
        let said = to.run(&["restore", spoilt_file.to_str().unwrap()]);
        assert_eq!(said.code, Some(64), "{said:?}");
        assert!(said.err.contains("the snapshot is unfit"), "{said:?}");
        let said = to.run(&["serve"]);
        assert_eq!(said.code, Some(70), "{said:?}");
        assert!(said.err.contains("half restored"), "{said:?}");
    }
    let out = to.done(&["restore", file]);
    assert!(out.contains(" records restored from "), "{out}");
    let server = Server::start(to);
    assert_eq!(read_secret(server.http, &admin), VALUE);
}

#[test]
fn sqlite_to_postgresql() {
    moves(&Place::sqlite(), &Place::postgres());
}

#[test]
fn postgresql_to_sqlite() {
    moves(&Place::postgres(), &Place::sqlite());
}

#[test]
fn a_store_of_this_version_needs_no_migration() {
    for place in [Place::sqlite(), Place::postgres()] {
        place.init();
        for words in [&["migrate", "--dry-run"][..], &["migrate"][..]] {
            let out = place.done(words);
            assert!(out.ends_with("nothing to do\n"), "{out}");
        }
        drop(Server::start(&place));
    }
}

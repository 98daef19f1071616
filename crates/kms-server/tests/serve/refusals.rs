//! What does not start, with which exit code, and what it says to do.

use std::{fs, os::unix::fs::symlink};

use crate::{
    place::{Place, Said, chmod},
    server::Server,
};

/// One line, that code, and these words.
fn refuses(said: &Said, code: i32, words: &[&str]) {
    assert_eq!(said.code, Some(code), "{said:?}");
    assert_eq!(said.out, "", "{said:?}");
    assert_eq!(said.err.matches('\n').count(), 1, "one line: {said:?}");
    for word in words {
        assert!(said.err.contains(word), "{word}: {said:?}");
    }
}

#[test]
fn an_unsafe_root_key_file() {
    let place = Place::sqlite();
    place.init();
    let file = place.path("root.key");
    chmod(&file, 0o640);
    refuses(&place.run(&["serve"]), 77, &["chmod 0600"]);
    chmod(&file, 0o600);
    let moved = place.path("moved.key");
    fs::rename(&file, &moved).unwrap();
    refuses(&place.run(&["serve"]), 77, &["there is no root key file"]);
    symlink(&moved, &file).unwrap();
    refuses(&place.run(&["serve"]), 77, &["is not a plain file"]);
}

#[test]
fn a_root_key_beside_the_data_unless_that_is_wanted() {
    let place = Place::sqlite();
    place.init();
    let key = place.path("root.key");
    place.configure(&format!("[root_key]\ncurrent = 'file:{}'\n", key.display()));
    refuses(
        &place.run(&["serve"]),
        64,
        &["lies on the same filesystem", "same_filesystem = true"],
    );
    refuses(&place.run(&["init"]), 64, &["lies on the same filesystem"]);
}

#[test]
fn another_root_key() {
    for place in [Place::sqlite(), Place::postgres()] {
        place.init();
        let other = "ab".repeat(32);
        fs::write(place.path("root.key"), &other).unwrap();
        let said = place.run(&["serve"]);
        refuses(&said, 77, &["was wrapped by the root key"]);
        assert!(!said.err.contains(&other), "{said:?}");
    }
}

#[test]
fn a_store_that_nobody_made() {
    let place = Place::sqlite();
    let key = place.path("root.key");
    fs::write(&key, "ab".repeat(32)).unwrap();
    chmod(&key, 0o600);
    refuses(
        &place.run(&["serve"]),
        64,
        &["there is no store", "kms-server init"],
    );
    assert!(!place.path("data/store").exists());
    let place = Place::postgres();
    fs::copy(&key, place.path("root.key")).unwrap();
    refuses(
        &place.run(&["serve"]),
        64,
        &["there is no store", "kms-server init"],
    );
}

#[test]
fn a_store_that_is_there_is_not_made_again() {
    for place in [Place::sqlite(), Place::postgres()] {
        place.init();
        refuses(
            &place.run(&["init"]),
            64,
            &["is in use already and is left as it is"],
        );
        drop(Server::start(&place));
    }
}

#[test]
fn a_database_that_does_not_answer() {
    // Bound and not listening: nobody answers, and nobody else is given it meanwhile.
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = silent.local_addr().unwrap().port();
    let place = Place::on(&format!("postgres://kms:hunter2@127.0.0.1:{port}/kms"));
    let said = place.run(&["init"]);
    refuses(&said, 69, &["cannot open the store"]);
    assert!(!said.err.contains("hunter2"), "{said:?}");
}

#[test]
fn a_schema_of_later_and_a_file_of_others() {
    let place = Place::sqlite();
    place.init();
    let file = place.path("data/store/kms.db");
    let mut bytes = fs::read(&file).unwrap();
    // `user_version`, big-endian, at 60 (sqlite.org/fileformat2.html, 1.3).
    bytes[60..64].copy_from_slice(&999_u32.to_be_bytes());
    fs::write(&file, &bytes).unwrap();
    refuses(&place.run(&["serve"]), 70, &["the store has schema 999"]);
    fs::write(
        &file,
        "not a database, but long enough to be looked at".repeat(100),
    )
    .unwrap();
    refuses(&place.run(&["serve"]), 70, &["is no store of this program"]);
}

#[test]
fn a_second_server_on_one_file_and_a_taken_port() {
    let place = Place::sqlite();
    place.init();
    let server = Server::start(&place);
    refuses(&place.run(&["serve"]), 70, &["another process uses"]);
    let taken = server.http;
    let other = Place::postgres();
    other.init();
    let mut command = other.command(&["serve"]);
    command.env("KMS_SERVER_LISTEN_HTTP", taken.to_string());
    let said = crate::place::said(&mut command);
    refuses(
        &said,
        70,
        &[&format!("cannot listen on {taken} ([listen] http)")],
    );
}

#[test]
fn a_wrong_configuration() {
    let place = Place::sqlite();
    place.configure("[limits]\nconections = 3\n");
    for command in ["serve", "init", "check"] {
        refuses(
            &place.run(&[command]),
            64,
            &["unknown key conections in section [limits]; did you mean connections?"],
        );
    }
    fs::remove_file(place.config()).unwrap();
    refuses(
        &place.run(&["serve"]),
        64,
        &["cannot read the configuration"],
    );
}

#[test]
fn an_instance_that_is_another_accounts() {
    let place = Place::sqlite();
    let of = |account: &str| {
        let section = "[[instance]]\nid = 'kst-one'\naccount = ";
        place.configure(&format!("{section}'{account}'\n"));
    };
    place.init();
    of("1000000000000001");
    Server::start(&place).stop();
    of("2000000000000002");
    refuses(
        &place.run(&["serve"]),
        64,
        &["kst-one is an instance of the account 1000000000000001"],
    );
    of("1000000000000001");
    Server::start(&place).stop();
}

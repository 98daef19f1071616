//! A secret from its first value to its end.

use std::fs;

use kms_testkit::LeakCheck;
use serde_json::json;

use crate::{
    person::Person,
    program::{Dev, scratch},
};

const CANARY: &str = "canary-密码-\"<&>%-4a9be07c51d2f386";

#[test]
fn a_secret_lives_and_nobody_hears_its_value() {
    let (parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let mut heard = Vec::new();

    let made = me.pipe(
        format!("{CANARY}\n").as_bytes(),
        &[
            "secret",
            "create",
            "app/db",
            "--description",
            "a b",
            "--tag",
            "team=web",
        ],
    );
    heard.push(made.err.clone());
    let made = made.done();
    let lines: Vec<Vec<&str>> = made
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert!(lines.contains(&vec!["SecretName", "app/db"]), "{made}");
    assert!(lines.contains(&vec!["VersionId", "v1"]), "{made}");
    heard.push(made);
    assert_eq!(me.does(&["secret", "get", "app/db"]), CANARY);

    let path = parent.path().join("next");
    fs::write(
        &path,
        format!("{{\"user\":\"app\",\"password\":\"{CANARY}-2\"}}").replace("\"<", "<"),
    )
    .unwrap();
    let put = ["secret", "put", "app/db", "--version-id", "v2", "--file"];
    heard.push(me.does(&[&put[..], &[path.to_str().unwrap()]].concat()));
    assert_eq!(
        me.does(&["secret", "get", "app/db", "--field", "user"]),
        "app"
    );
    assert!(
        me.does(&["secret", "get", "app/db", "--field", "password"])
            .ends_with("-2")
    );
    assert_eq!(
        me.does(&["secret", "get", "app/db", "--stage", "ACSPrevious"]),
        CANARY
    );
    let whole = me.asks(&["secret", "get", "app/db", "--version-id", "v1"]);
    assert_eq!(whole["SecretData"], CANARY);
    assert_eq!(
        whole["VersionStages"],
        json!({"VersionStage": ["ACSPrevious"]})
    );

    let back = [
        "secret",
        "stage",
        "app/db",
        "ACSCurrent",
        "--from",
        "v2",
        "--to",
        "v1",
    ];
    heard.push(me.does(&back));
    assert_eq!(me.does(&["secret", "get", "app/db"]), CANARY);
    let versions = me.does(&["secret", "versions", "app/db"]);
    assert!(versions.starts_with("VERSION  CREATED"), "{versions}");
    assert_eq!(versions.lines().count(), 3, "{versions}");
    heard.push(versions);

    me.does(&["secret", "tag", "app/db", "owner=密 & co", "team=api"]);
    me.does(&["secret", "update", "app/db", "--description", "c"]);
    let shown = me.does(&["secret", "describe", "app/db"]);
    assert!(shown.contains("Description  "), "{shown}");
    let list = me.does(&["secret", "list", "--tag-key", "owner"]);
    assert!(list.lines().nth(1).unwrap().starts_with("app/db"), "{list}");
    assert!(list.contains("owner=密 & co"), "{list}");
    assert_eq!(list.lines().count(), 2, "{list}");
    heard.push(list);
    heard.push(shown);
    me.does(&["secret", "untag", "app/db", "owner", "team"]);
    assert_eq!(
        me.asks(&["secret", "list", "--tag-key", "owner"])["TotalCount"],
        0
    );

    heard.extend(ends(&me));

    let leaks = LeakCheck::default().with("the value", CANARY.as_bytes());
    leaks.assert_clean("what was said", heard.concat().as_bytes());
    leaks.assert_clean("what the server printed", &dev.stop());
    leaks.assert_clean_folder(&dir);
}

/// Deleted, taken back, and gone; what was heard.
fn ends(me: &Person<'_>) -> Vec<String> {
    // Nobody is there to be asked.
    let refused = me.say(&["secret", "delete", "app/db"]).failed(64);
    assert!(refused.contains("--yes"), "{refused}");
    assert!(
        me.asks(&["secret", "delete", "app/db", "--days", "7", "--yes"])["PlannedDeleteTime"]
            .is_string()
    );
    let gone = me.say(&["secret", "get", "app/db"]);
    let pending = gone.failed(70);
    me.does(&["secret", "restore", "app/db"]);
    assert_eq!(me.does(&["secret", "get", "app/db"]), CANARY);
    me.does(&["secret", "delete", "app/db", "--now", "--yes"]);
    let gone = me.say(&["secret", "get", "app/db"]).failed(70);
    assert!(
        gone.contains("Forbidden.ResourceNotFound (HTTP 404)"),
        "{gone}"
    );
    assert!(gone.contains("kms-server ctl secret list"), "{gone}");
    vec![refused, pending, gone]
}

#[test]
fn bytes_come_back_as_they_went() {
    let (parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let bytes = b"text, and a line end\n\n";
    me.pipe(bytes, &["secret", "create", "blob", "--binary"])
        .done();
    assert_eq!(me.does(&["secret", "get", "blob"]).as_bytes(), bytes);
    assert_eq!(
        me.asks(&["secret", "get", "blob"])["SecretDataType"],
        "binary"
    );
    // As text, what is no UTF-8 is refused before it goes anywhere.
    let refused = me.pipe(b"\xff", &["secret", "put", "blob"]).failed(64);
    assert!(refused.contains("--binary"), "{refused}");
    let path = parent.path().join("large");
    fs::write(&path, vec![b'x'; 70_000]).unwrap();
    let large = me.say(&["secret", "put", "blob", "--file", path.to_str().unwrap()]);
    assert!(large.failed(70).contains("is larger than 65536 bytes"));
    let password = me.does(&["secret", "password", "--length", "20", "--no-punctuation"]);
    assert!(
        password.len() == 20 && password.chars().all(char::is_alphanumeric),
        "{password}"
    );
}

#[test]
fn a_long_list_comes_whole() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    for number in 0..130 {
        let name = format!("many/{number:03}");
        let params = [
            ("SecretName", name.as_str()),
            ("SecretData", "x"),
            ("VersionId", "1"),
        ];
        let made = dev.call("CreateSecret", &params);
        assert_eq!(made["SecretName"], name, "{made}");
    }
    let names = me.does(&["secret", "list", "-o", "name"]);
    let many = names.lines().filter(|name| name.starts_with("many/"));
    assert_eq!(many.count(), 130, "{names}");
    let all = me.asks(&["secret", "list"]);
    // With the demo secret and the hosted AccessKey.
    assert_eq!(all["SecretList"]["Secret"].as_array().unwrap().len(), 132);
    assert!(all["PageNumber"].is_null(), "{all}");
}

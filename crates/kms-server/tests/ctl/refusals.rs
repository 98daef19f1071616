//! What goes wrong, what is said then, and how the program ends.

use kms_testkit::LeakCheck;

use crate::{
    person::Person,
    program::{Dev, scratch},
};

const CANARY: &str = "canary-3f0b7e55d1a94c28";

#[test]
fn whoever_cannot_call_learns_why_and_what_to_do() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);

    let nowhere = Person { env: vec![] }.say(&["secret", "list"]).failed(64);
    assert!(
        nowhere.contains("where to? `source .kms-dev/env`"),
        "{nowhere}"
    );
    let nobody = Person::of(&dev)
        .without("ALIBABA_CLOUD_ACCESS_KEY_ID")
        .without("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
        .with("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .say(&["secret", "list"])
        .failed(77);
    assert!(
        nobody.contains("\n  set ALIBABA_CLOUD_ACCESS_KEY_ID"),
        "{nobody}"
    );
    let stranger = Person::of(&dev)
        .with("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tNobody")
        .say(&["secret", "list"])
        .failed(77);
    assert!(
        stranger.contains("InvalidAccessKeyId.NotFound"),
        "{stranger}"
    );
    assert!(stranger.contains("(request "), "{stranger}");
    let forger = Person::of(&dev)
        .with("ALIBABA_CLOUD_ACCESS_KEY_SECRET", CANARY)
        .say(&["secret", "list"])
        .failed(77);
    assert!(forger.contains("SignatureDoesNotMatch"), "{forger}");
    let no_ca = Person::of(&dev)
        .without("KMS_CA_FILE")
        .say(&["secret", "list"])
        .failed(69);
    assert!(no_ca.contains("--ca-file"), "{no_ca}");
    // Bound and not listening: nobody answers, and nobody else is given it meanwhile.
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let gone = format!("http://{}", silent.local_addr().unwrap());
    let away = Person::of(&dev)
        .say(&["--endpoint", &gone, "secret", "list"])
        .failed(69);
    assert!(away.contains("is the server running"), "{away}");
    let wrong = Person::of(&dev).say(&["secret", "lsit"]).failed(64);
    assert!(wrong.contains("list"), "{wrong}");
    LeakCheck::default()
        .with("the secret", CANARY.as_bytes())
        .assert_clean(
            "what was said",
            [nobody, stranger, forger, no_ca, away].concat().as_bytes(),
        );
}

#[test]
fn a_value_on_the_command_line_goes_nowhere() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let value = format!("SecretData={CANARY}");
    let mut heard = String::new();
    for words in [
        &["secret", "create", "app/db", CANARY][..],
        &["secret", "create", "app/db", "--value", CANARY],
        &[
            "call",
            "CreateSecret",
            "SecretName=app/db",
            "VersionId=1",
            &value,
        ],
    ] {
        let refused = me.say(words).failed(64);
        assert!(refused.contains("every user of this machine"), "{refused}");
        heard.push_str(&refused);
    }
    let pipe = [
        "call",
        "CreateSecret",
        "SecretName=app/db",
        "VersionId=1",
        "SecretData=@-",
    ];
    let made = me.pipe(CANARY.as_bytes(), &pipe).done();
    assert!(made.contains(r#""SecretName":"app/db""#), "{made}");
    heard.push_str(&made);
    assert_eq!(me.does(&["secret", "get", "app/db"]), CANARY);
    let again = me
        .pipe(CANARY.as_bytes(), &["secret", "create", "app/db"])
        .failed(70);
    assert!(again.contains("Rejected.ResourceExist"), "{again}");
    assert!(again.contains("kms-server ctl secret put"), "{again}");
    heard.push_str(&again);
    let bad = me.say(&["secret", "rotation", "app/db", "--every", "7x"]);
    assert_ne!(bad.code, 0);
    heard.push_str(&bad.err);
    let leaks = LeakCheck::default().with("the value", CANARY.as_bytes());
    leaks.assert_clean("what was said", heard.as_bytes());
    leaks.assert_clean("what the server printed", &dev.stop());
    leaks.assert_clean_folder(&dir);
}

#[test]
fn help_teaches_at_every_level() {
    let nobody = Person { env: vec![] };
    for (words, part) in [
        (&["--help"][..], "source .kms-dev/env"),
        (
            &["secret", "--help"],
            "secret stage app/db ACSCurrent --to v1",
        ),
        (&["secret", "create", "--help"], "printf %s hunter2"),
        (&["key", "sign", "--help"], "--digest"),
        (&["call", "--help"], "ram.CreatePolicy"),
    ] {
        let help = nobody.does(words);
        assert!(help.contains(part), "{help}");
        assert!(!help.contains("--secret-data"), "{help}");
    }
}

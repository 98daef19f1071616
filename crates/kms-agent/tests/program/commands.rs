//! `token`, `check`, `get`, `ready`, help.

use std::{fs, os::unix::fs::PermissionsExt};

use kms_testkit::{
    FakeKms, Reply,
    agent::{AgentSetup, RunningAgent, TOKEN, VALUE, canaries},
};

use crate::{PROGRAM, program, text, with_foo};

#[test]
fn token_writes_256_random_bits_for_owner_and_group() {
    let dir = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let output = program(dir.path(), &["token", "kmstoken"], &[]);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
        let path = dir.path().join("kmstoken");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o640
        );
        let token = fs::read_to_string(&path).unwrap();
        assert_eq!(token.len(), 64, "no line feed");
        seen.push(token);
    }
    assert_ne!(seen[0], seen[1]);
    let output = program(dir.path(), &["token", "nowhere/kmstoken"], &[]);
    assert_eq!(output.status.code(), Some(70));
    assert!(text(&output.stderr).contains("cannot write the token file nowhere/kmstoken"));
}

#[test]
fn check_says_what_it_found_and_changes_nothing() {
    let (kms, setup) = with_foo();
    let dir = tempfile::tempdir().unwrap();
    let config = format!("[Kms]\nEndpoint = \"{}\"\n", kms.url());
    fs::write(dir.path().join("config.toml"), config).unwrap();
    let secret = kms_testkit::agent::ACCESS_KEY_SECRET;
    let env = |token: &'static str| {
        [
            ("KMS_TOKEN", token),
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tTestTestTestTest"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret),
        ]
    };
    let output = program(
        dir.path(),
        &["check", "config.toml"],
        &env("file://kmstoken"),
    );
    let said = text(&output.stdout);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{said}{}",
        text(&output.stderr)
    );
    for part in [
        "configuration: config.toml is fine",
        "token: kmstoken (from the variable KMS_TOKEN) is not there yet",
        "knows this identity (it answered Forbidden.ResourceNotFound)",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(kms.calls().len(), 1);
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no token, no log");

    let output = program(dir.path(), &["check", "config.toml"], &env(TOKEN));
    assert!(text(&output.stdout).contains("token: the variable KMS_TOKEN is fine"));
    canaries().assert_clean("what check says", &output.stdout);

    kms.set_otherwise(Reply::Error {
        status: 400,
        code: "SignatureDoesNotMatch",
        message: String::new(),
    });
    let output = program(dir.path(), &["check", "config.toml"], &env(TOKEN));
    assert_eq!(output.status.code(), Some(77));
    assert!(text(&output.stderr).contains("SignatureDoesNotMatch"));
    canaries().assert_clean("what check says", &output.stderr);
    let output = program(dir.path(), &["check", "config.toml"], &[]);
    assert_eq!(output.status.code(), Some(64), "no token");
    drop(setup);
}

fn get(agent: &RunningAgent, token: &str, arguments: &[&str]) -> (i32, String, String) {
    let url = format!("http://localhost:{}", agent.address().port());
    let arguments: Vec<_> = ["get"].iter().chain(arguments).copied().collect();
    let env = [("KMS_AGENT", url.as_str()), ("KMS_TOKEN", token)];
    let output = program(agent.dir(), &arguments, &env);
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn get_gives_the_value_and_nothing_else() {
    let object = r#"{"password":"pässwörd \"1\"","port":5432,"big":9007199254740993}"#;
    for response_type in 0..3 {
        let kms = FakeKms::start().unwrap();
        kms.set("foo", Reply::Text(VALUE.to_owned()));
        kms.set("app/db", Reply::Text(object.to_owned()));
        kms.set("bin", Reply::Binary("AAECAw==".to_owned()));
        kms.set("gone", Reply::not_found());
        kms.set("no", Reply::forbidden());
        let agent = AgentSetup::new(PROGRAM, &kms.url())
            .config("Server", &format!("ResponseType = {response_type}"))
            .start();
        let fine = |value: &str| (0, value.to_owned(), String::new());
        let get = |arguments: &[&str]| get(&agent, "file://token", arguments);

        assert_eq!(get(&["app/db"]), fine(object));
        assert_eq!(
            get(&["app/db", "--field", "password"]),
            fine("pässwörd \"1\"")
        );
        assert_eq!(get(&["app/db", "--field", "big"]), fine("9007199254740993"));
        if response_type < 2 {
            assert_eq!(get(&["foo"]), fine(VALUE));
            assert_eq!(get(&["bin"]), fine("AAECAw=="));
        } else {
            // Vault's `data` is an object whatever the secret is.
            assert_eq!(get(&["foo", "--field", "value"]), fine(VALUE));
        }
        let version = [
            "foo",
            "--version-id",
            "v7",
            "--version-stage",
            "ACSPrevious",
        ];
        assert_eq!(get(&version).0, 0);
        let call = kms.calls().pop().unwrap();
        assert_eq!(call.version_id.as_deref(), Some("v7"));
        assert_eq!(call.version_stage.as_deref(), Some("ACSPrevious"));

        for (arguments, code, says) in [
            (["gone"].as_slice(), 70, "cannot read gone"),
            (&["no"], 77, "cannot read no"),
            (
                &["app/db", "--field", "x"],
                70,
                "the value has no such field",
            ),
        ] {
            let (ended, out, err) = get(arguments);
            assert_eq!((ended, out.as_str()), (code, ""), "{err}");
            assert!(err.contains(says), "{err}");
        }
        agent.stop_clean();
    }
}

#[test]
fn get_needs_the_token_and_the_agent() {
    let (_kms, setup) = with_foo();
    let agent = setup.start();
    let (code, out, err) = get(&agent, "not-the-token", &["foo"]);
    assert_eq!((code, out.as_str()), (77, ""));
    assert!(err.contains("no valid token (HTTP 403)"), "{err}");
    assert_eq!(get(&agent, "", &["foo"]).0, 64);
    let dir = agent.dir().to_owned();
    let url = format!("http://127.0.0.1:{}", agent.address().port());
    agent.stop_clean();
    fs::create_dir_all(&dir).unwrap();
    let output = program(
        &dir,
        &["get", "foo"],
        &[("KMS_AGENT", &url), ("KMS_TOKEN", "x")],
    );
    assert_eq!(output.status.code(), Some(69));
    assert!(text(&output.stderr).contains(&format!("no agent answers at {url}")));
    // A token never leaves this machine.
    let elsewhere = [("KMS_AGENT", "http://example.com:2025"), ("KMS_TOKEN", "x")];
    let output = program(&dir, &["get", "foo"], &elsewhere);
    assert_eq!(output.status.code(), Some(64));
    fs::remove_dir(&dir).unwrap();
}

#[test]
fn ready_says_by_its_code_whether_the_agent_serves() {
    let (_kms, setup) = with_foo();
    let agent = setup.start();
    let port = agent.address().port();
    let url = format!("http://localhost:{port}");
    let dir = tempfile::tempdir().unwrap();
    let output = program(dir.path(), &["ready"], &[("KMS_AGENT", &url)]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    // The port of a configuration, named or in its usual place.
    let config = format!("[Server]\nHttpPort = {port}\n");
    fs::write(dir.path().join("other.toml"), &config).unwrap();
    let output = program(dir.path(), &["ready", "other.toml"], &[]);
    assert_eq!(output.status.code(), Some(0));
    fs::rename(
        dir.path().join("other.toml"),
        dir.path().join("config.toml"),
    )
    .unwrap();
    let output = program(dir.path(), &["ready"], &[]);
    assert_eq!(output.status.code(), Some(0));
    agent.stop_clean();
    let output = program(dir.path(), &["ready"], &[]);
    assert_eq!(output.status.code(), Some(69));
    assert!(text(&output.stderr).contains("no agent answers"));
}

#[test]
fn help_and_version_are_on_standard_output() {
    let dir = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (
            ["--help"].as_slice(),
            "alibabacloud-kms-agent agent ./config.toml",
        ),
        (&["agent", "--help"], "KMS_CONTAINER_AUTHORIZATION_TOKEN"),
        (&["get", "--help"], "--version-stage"),
        (&["--version"], "alibabacloud-kms-agent 0."),
    ] {
        let output = program(dir.path(), arguments, &[]);
        assert_eq!(output.status.code(), Some(0));
        assert!(
            text(&output.stdout).contains(says),
            "{}",
            text(&output.stdout)
        );
        assert!(output.stderr.is_empty());
    }
}

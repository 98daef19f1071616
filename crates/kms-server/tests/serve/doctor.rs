//! What `doctor` finds, and `check` shows.

use std::{fs, sync::Arc};

use jiff::SignedDuration;
use kms_server::{
    config,
    doctor::{Verdict, examine},
};
use kms_service::delegation;
use kms_testkit::MockClock;
use kms_types::{Clock, Env};
use serde_json::json;

use crate::{
    call::{RAM, now, ok, try_call},
    place::{Place, chmod},
    server::Server,
};

#[test]
fn a_sound_server_is_called_so_and_an_unsound_one_is_told_what_to_do() {
    for place in [Place::sqlite(), Place::postgres()] {
        let said = place.run(&["doctor"]);
        assert_eq!(said.code, Some(70), "{said:?}");
        assert!(said.out.contains("FAIL  data folder"), "{said:?}");
        assert!(said.out.contains("FAIL  root key"), "{said:?}");
        place.init();
        fs::create_dir_all(place.path("data/logs")).unwrap();
        chmod(&place.path("data/logs"), 0o700);
        let out = place.done(&["doctor"]);
        assert!(!out.contains("FAIL"), "{out}");
        for word in [
            "ok    root key",
            "ok    store",
            "ok    keyring        opens; terms: 1",
        ] {
            assert!(out.contains(word), "{word}: {out}");
        }
        let server = Server::start(&place);
        place.done(&["doctor"]);
        server.stop();

        chmod(&place.path("data"), 0o755);
        let out = place.done(&["doctor"]);
        assert!(out.contains("warn  data folder"), "{out}");
        assert!(out.contains("chmod 0700"), "{out}");
        fs::write(place.path("root.key"), "ab".repeat(32)).unwrap();
        let said = place.run(&["doctor"]);
        assert_eq!(said.code, Some(70), "{said:?}");
        assert!(said.out.contains("FAIL  keyring"), "{said:?}");
        assert!(!said.out.contains(&"ab".repeat(32)), "{said:?}");
    }
}

#[test]
fn check_says_where_each_value_was_said() {
    let place = Place::sqlite();
    place.configure("[log]\nlevel = 'warn'\n");
    let mut command = place.command(&["check"]);
    command.env("KMS_SERVER_SERVER_REGION", "cn-beijing");
    let said = crate::place::said(&mut command);
    assert_eq!(said.code, Some(0), "{said:?}");
    let line = |key: &str| {
        let mut lines = said.out.lines();
        let found = lines.find(|line| line.trim_start().starts_with(&format!("{key} ")));
        let words: Vec<_> = found.unwrap().split_whitespace().skip(1).collect();
        words.join(" ")
    };
    assert_eq!(
        line("region"),
        "cn-beijing variable KMS_SERVER_SERVER_REGION"
    );
    assert!(
        line("level").starts_with("warn file, line "),
        "{}",
        line("level")
    );
    assert_eq!(line("backups"), "10 default");
}

#[test]
fn a_database_whose_clock_is_another_is_told() {
    let place = Place::postgres();
    place.init();
    fs::create_dir_all(place.path("data/logs")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let env = Env::default();
    let config = config::load(&place.config(), &env).unwrap();
    for (skew, verdict, says) in [
        (0, Verdict::Ok, "agree"),
        (90, Verdict::Warn, "seconds behind this machine's; let NTP"),
        (
            -90,
            Verdict::Warn,
            "seconds ahead of this machine's; let NTP",
        ),
    ] {
        let clock: Arc<dyn Clock> =
            Arc::new(MockClock::at(now() + SignedDuration::from_secs(skew)));
        let found = runtime.block_on(examine(&config, &env, &clock));
        let clock = found.0.iter().find(|finding| finding.what == "clock");
        let clock = clock.unwrap();
        assert_eq!(clock.verdict, verdict, "{found}");
        assert!(clock.says.contains(says), "{found}");
    }
    // One file, one machine, one clock.
    let place = Place::sqlite();
    place.init();
    assert!(!place.run(&["doctor"]).out.contains("clock"));
}

#[test]
fn the_role_by_which_kms_rotates_is_looked_for_where_keys_are_hosted() {
    let place = Place::sqlite();
    let admin = place.init();
    let told = || {
        let said = place.run(&["doctor"]).out;
        let line = said.lines().find(|line| line.contains("kms role"));
        line.map(str::to_owned)
    };
    assert_eq!(told(), None, "nobody hosts a key");

    let server = Server::start(&place);
    let at = server.http;
    let ram = |at, action: &str, params: &[(&str, &str)]| {
        let (status, body) = try_call(at, &admin, RAM, action, params).unwrap();
        assert_eq!(status, 200, "{action}: {body}");
        body
    };
    let policy = [
        ("PolicyName", delegation::POLICY),
        ("PolicyDocument", delegation::POLICY_DOCUMENT),
    ];
    ram(at, "CreatePolicy", &policy);
    let role = [
        ("RoleName", delegation::ROLE),
        ("AssumeRolePolicyDocument", delegation::TRUST_DOCUMENT),
    ];
    ram(at, "CreateRole", &role);
    let attachment = [
        ("PolicyType", "Custom"),
        ("PolicyName", delegation::POLICY),
        ("RoleName", delegation::ROLE),
    ];
    ram(at, "AttachPolicyToRole", &attachment);
    ram(at, "CreateUser", &[("UserName", "app")]);
    let made = ram(at, "CreateAccessKey", &[("UserName", "app")]);
    let key = &made["AccessKey"];
    let data = json!({"AccessKeys": [{
        "AccessKeyId": key["AccessKeyId"], "AccessKeySecret": key["AccessKeySecret"]}]});
    let config = json!({"SecretSubType": "RamUserAccessKey", "UserName": "app"});
    let secret = [
        ("SecretName", "$Auto"),
        ("SecretType", "RAMCredentials"),
        ("VersionId", "v1"),
        ("ExtendedConfig", &config.to_string()),
        ("SecretData", &data.to_string()),
    ];
    ok(at, &admin, "CreateSecret", &secret);
    server.stop();
    let line = told().unwrap();
    assert!(line.starts_with("ok    kms role "), "{line}");
    assert!(line.contains(delegation::ROLE), "{line}");

    let server = Server::start(&place);
    ram(server.http, "DetachPolicyFromRole", &attachment);
    server.stop();
    let line = told().unwrap();
    assert!(line.starts_with("warn  kms role "), "{line}");
    let lacks = "lacks ram:ListAccessKeys, ram:CreateAccessKey, ram:UpdateAccessKey, \
                 ram:DeleteAccessKey, so";
    assert!(line.contains(lacks), "{line}");

    let server = Server::start(&place);
    ram(server.http, "DeleteRole", &[("RoleName", delegation::ROLE)]);
    server.stop();
    let line = told().unwrap();
    assert!(line.starts_with("warn  kms role "), "{line}");
    assert!(line.contains("the account has no such role"), "{line}");
    let what_to_do = "kms-server ctl ram kms-role create";
    assert!(line.contains(what_to_do), "{line}");

    // Another RAM rotates them: this one's role is of no use.
    let account = account_of(&line);
    place.configure(&format!("[[ram]]\naccount = '{account}'\n"));
    assert_eq!(told(), None);
}

/// The account of a line about one.
fn account_of(line: &str) -> &str {
    let (_, rest) = line.split_once("kms role").unwrap();
    rest.trim_start().split(':').next().unwrap()
}

//! Users, rights and AccessKeys; roles.

use std::collections::BTreeMap;

use kms_testkit::LeakCheck;

use crate::{
    person::Person,
    program::{Dev, scratch},
};

const POLICY: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:GetSecretValue","kms:Decrypt"],"Resource":"*"}]}"#;

/// What `eval` would set.
fn exports(lines: &str) -> BTreeMap<String, String> {
    let line = |line: &str| {
        let (name, value) = line
            .strip_prefix("export ")
            .unwrap()
            .split_once('=')
            .unwrap();
        (name.to_owned(), value.trim_matches('\'').to_owned())
    };
    lines.lines().map(line).collect()
}

#[test]
fn a_user_gets_a_key_and_rights_and_is_somebody() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let user = me.does(&["ram", "user", "create", "app", "--display-name", "Äpp"]);
    assert!(user.contains("DisplayName  Äpp\n"), "{user}");
    me.does(&["ram", "policy", "create", "read", "--document", POLICY]);
    me.does(&["ram", "policy", "attach-user", "read", "app"]);
    let holders = me.does(&["ram", "policy", "holders", "read"]);
    assert!(holders.contains("UserName=app"), "{holders}");
    assert_eq!(
        me.does(&["ram", "policy", "document", "read"]).trim_end(),
        POLICY
    );
    me.does(&["ram", "group", "create", "team"]);
    me.does(&["ram", "group", "add", "team", "app"]);
    assert!(me.does(&["ram", "user", "groups", "app"]).contains("team"));

    let made = me.does(&["ram", "access-key", "create", "app"]);
    let key = exports(&made);
    assert_eq!(key.len(), 2, "{:?}", key.keys());
    let app = Person::of(&dev)
        .with(
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            &key["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        )
        .with(
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            &key["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        );
    let who = app.does(&["sts", "whoami"]);
    assert!(who.contains(":user/app\n"), "{who}");
    assert_eq!(app.does(&["secret", "get", "agent-test"]), r#"{"k3":"v3"}"#);

    let id = key["ALIBABA_CLOUD_ACCESS_KEY_ID"].as_str();
    me.does(&["ram", "access-key", "disable", id, "--user", "app", "--yes"]);
    let refused = app.say(&["sts", "whoami"]).failed(77);
    assert!(refused.contains("InvalidAccessKeyId.Inactive"), "{refused}");
    let secret = key["ALIBABA_CLOUD_ACCESS_KEY_SECRET"].as_bytes();
    let leaks = LeakCheck::default().with("the secret", secret);
    leaks.assert_clean("what was said", refused.as_bytes());
    let list = me.does(&["ram", "access-key", "list", "app"]);
    assert!(list.contains("Inactive"), "{list}");
    leaks.assert_clean("the list", list.as_bytes());
    me.does(&["ram", "access-key", "delete", id, "--user", "app", "--yes"]);
    me.does(&["ram", "policy", "detach-user", "read", "app", "--yes"]);
    me.does(&["ram", "group", "remove", "team", "app", "--yes"]);
    me.does(&["ram", "user", "delete", "app", "--yes"]);
    let gone = me.say(&["ram", "user", "show", "app"]).failed(70);
    assert!(gone.contains("ctl ram user list"), "{gone}");
    leaks.assert_clean("what the server printed", &dev.stop());
    leaks.assert_clean_folder(&dir);
}

#[test]
fn a_role_is_taken_and_its_credentials_are_for_a_shell() {
    let (parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    let account = me.asks(&["sts", "whoami"])["AccountId"]
        .as_str()
        .unwrap()
        .to_owned();
    let trust = format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"RAM":["acs:ram::{account}:root"]}}}}]}}"#
    );
    let path = parent.path().join("trust.json");
    std::fs::write(&path, trust).unwrap();
    let at = format!("@{}", path.display());
    let role = me.asks(&["ram", "role", "create", "reader", "--trust", &at]);
    let arn = role["Role"]["Arn"].as_str().unwrap();
    let taken = exports(&me.does(&["sts", "assume-role", arn, "--session-name", "me"]));
    assert_eq!(taken.len(), 3);
    let mut other = Person::of(&dev);
    for (name, value) in &taken {
        other = other.with(name, value);
    }
    let who = other.does(&["sts", "whoami"]);
    assert!(who.contains(":role/reader/me\n"), "{who}");
    // The other one is KMS's, for the hosted AccessKey.
    assert_eq!(
        me.does(&["ram", "role", "list", "-o", "name"]),
        "AliyunKMSManagedRAMCrendentialsRole\nreader\n"
    );
}

#[test]
fn kms_gets_its_role_in_one_step_and_what_is_there_stays() {
    let (_parent, dir) = scratch();
    let dev = Dev::start(&dir);
    let me = Person::of(&dev);
    // Whether or not `dev` has made it already, for its hosted AccessKey.
    let role = "AliyunKMSManagedRAMCrendentialsRole";
    let policy = "AliyunKMSManagedRAMCrendentialsRolePolicy";
    for (words, state) in [
        (
            &["ram", "policy", "detach-role", policy, role, "--yes"][..],
            None,
        ),
        (&["ram", "role", "delete", role, "--yes"], None),
        (&["ram", "policy", "delete", policy, "--yes"], None),
        (&["ram", "kms-role", "create"], Some("made")),
        (&["ram", "kms-role", "create"], Some("was there")),
    ] {
        let Some(state) = state else {
            me.say(words);
            continue;
        };
        let said = me.does(words);
        for what in ["policy", "role", "attachment"] {
            let line = said.lines().find(|line| line.starts_with(what)).unwrap();
            assert!(line.ends_with(state), "{said}");
        }
    }
    let shown = me.asks(&["ram", "kms-role", "show"]);
    let trust = shown["Role"]["AssumeRolePolicyDocument"].as_str().unwrap();
    assert!(trust.contains("kms.aliyuncs.com"), "{trust}");
    let said = me.does(&["ram", "policy", "document", policy]);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let actions = &said["Statement"][0]["Action"];
    assert_eq!(
        *actions,
        serde_json::json!([
            "ram:ListAccessKeys",
            "ram:CreateAccessKey",
            "ram:DeleteAccessKey",
            "ram:UpdateAccessKey"
        ])
    );
    let attached = me.does(&["ram", "policy", "holders", policy]);
    assert!(attached.contains(role), "{attached}");

    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}"#;
    me.does(&["ram", "role", "update", role, "--trust", trust]);
    let refused = me.say(&["ram", "kms-role", "create"]).failed(70);
    assert!(refused.contains("trusts others"), "{refused}");
    assert!(refused.contains("ctl ram role update"), "{refused}");
}

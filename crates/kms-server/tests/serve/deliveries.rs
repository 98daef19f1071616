//! Findings of the real program, delivered to what checks signatures, and again after it was
//! killed.

use std::{fs, thread, time::Duration};

use kms_testkit::{FakeStorage, LeakCheck};
use kms_wire::sign::SigningKey;
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    call::{RAM, get, try_call},
    place::{Place, chmod},
    server::Server,
};

const CONFIG: &str = "2020-09-07";
const ID: &str = "LTAI5tDelivery";
const SECRET: &str = "canary-delivery-secret-3c9a";
const ACCOUNT: &str = "1000000000000001";

fn ok(
    server: &Server,
    key: &SigningKey,
    version: &str,
    action: &str,
    params: &[(&str, &str)],
) -> Value {
    let answer = try_call(server.http, key, version, action, params);
    let (status, body) = answer.unwrap();
    assert_eq!(status, 200, "{action}: {body}");
    body
}

#[expect(clippy::disallowed_methods, reason = "the program's time is real")]
fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..900 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} does not come");
}

#[test]
fn findings_arrive_signed_and_what_was_refused_arrives_after_a_kill() {
    let place = Place::sqlite();
    let storage = FakeStorage::start(ID, SECRET).unwrap();
    let key = place.path("delivery.key");
    let written = format!(r#"{{"AccessKeyId":"{ID}","AccessKeySecret":"{SECRET}"}}"#);
    fs::write(&key, written).unwrap();
    chmod(&key, 0o600);
    let bucket = format!("acs:oss:cn-hangzhou:{ACCOUNT}:audit");
    let logs = format!("acs:log:cn-hangzhou:{ACCOUNT}:project/audit/logstore/findings");
    let table = |target: &str, service: &str| {
        format!(
            "[[delivery]]\ntarget = '{target}'\nservice = '{service}'\nendpoint = '{}'\n\
             path_style = true\naccess_key_file = '{}'\n",
            storage.url(),
            key.display()
        )
    };
    place.configure(&(table(&bucket, "oss") + &table(&logs, "sls")));
    let admin = crate::place::key(&place.done(&["init", "--account", ACCOUNT]));
    // Of either channel: whoever comes first is refused.
    storage.refuse_next(503, "ServiceUnavailable");
    storage.refuse_next(503, "ServiceUnavailable");
    let server = Server::start(&place);
    for (kind, target) in [("OSS", &bucket), ("SLS", &logs)] {
        let params = [
            ("DeliveryChannelType", kind),
            ("DeliveryChannelTargetArn", target.as_str()),
        ];
        ok(
            &server,
            &admin,
            CONFIG,
            "CreateConfigDeliveryChannel",
            &params,
        );
    }
    for user in ["one", "two", "three"] {
        let user = [("UserName", user)];
        ok(&server, &admin, RAM, "CreateUser", &user);
        let made = ok(&server, &admin, RAM, "CreateAccessKey", &user);
        let id = made["AccessKey"]["AccessKeyId"].as_str().unwrap();
        let off = [user[0], ("UserAccessKeyId", id), ("Status", "Inactive")];
        ok(&server, &admin, RAM, "UpdateAccessKey", &off);
    }
    let rule = [
        ("ConfigRuleName", "disabled-keys"),
        ("SourceOwner", "ALIYUN"),
        ("SourceIdentifier", "ram-user-invalid-ak-check"),
        ("RiskLevel", "1"),
    ];
    ok(&server, &admin, CONFIG, "CreateConfigRule", &rule);
    until("the refusals", || storage.all().len() >= 2);
    assert_eq!(storage.taken().len(), 0);
    server.signal(Signal::KILL);
    drop(server);

    let server = Server::start(&place);
    until("each finding at each place", || storage.taken().len() >= 6);
    let taken = storage.taken();
    let logs = taken
        .iter()
        .filter(|one| one.path.starts_with("/logstores/"));
    assert_eq!(logs.count(), 3);
    let mut names: Vec<_> = taken.iter().map(|one| one.path.as_str()).collect();
    names.retain(|path| path.starts_with("/audit/AliyunLogs/Config/"));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 3);
    until("the notes of it", || {
        let listed = ok(&server, &admin, CONFIG, "ListConfigDeliveryChannels", &[]);
        let channels = listed["DeliveryChannels"].as_array().unwrap().clone();
        channels.iter().all(|channel| {
            channel["WaitingDeliveries"] == 0 && channel["LastDeliveryStatus"] == "Success"
        })
    });
    let metrics = get(server.admin.unwrap(), "/metrics").text();
    let sent = r#"kms_deliveries_total{place="oss",result="sent"} 3"#;
    assert!(metrics.contains(sent), "{metrics}");
    server.stop();
    let canaries = LeakCheck::default().with("the secret", SECRET.as_bytes());
    assert!(canaries.assert_clean_folder(&place.path("data")) > 0);
}

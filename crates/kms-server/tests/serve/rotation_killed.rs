//! A server that rotates AccessKeys in the cloud and is killed while it does: at each call, on
//! either side of it, and in between. Whoever comes after it finds out what was done, and goes
//! on (reference accesskey §4.2 and §4.3, invariants I1 to I7 and I12).
//!
//! Each user's rotation stands at a point of its own when the server is killed, so one kill is
//! a kill at every step. The next one is killed, too, when it looks at the first of each
//! user's keys.

use std::{collections::BTreeSet, fmt::Write as _, fs, thread, time::Duration};

use kms_types::SecretName;
use kms_wire::sign::SigningKey;
use serde_json::{Value, json};

use crate::{
    call::{KMS, STS, call, ok, try_call},
    cloud_ram::Cloud,
    place::Place,
    server::Server,
};

mod journal;
mod relay;

use relay::{Relay, Side};

/// A server that rotates keys of the cloud's users, as a team runs it.
struct Scene {
    cloud: Cloud,
    relay: Relay,
    place: Place,
    admin: SigningKey,
    server: Option<Server>,
}

/// Long enough for a key to be looked at that was read; short, for it is waited for.
const WINDOW: &str = "2s";

/// Where a rotation is stopped that is stopped at no call: between two of them.
const DRAINS: &str = "drains";

impl Scene {
    fn new(place: Place) -> Self {
        let cloud = Cloud::start();
        let relay = Relay::start(cloud.http());
        let key = cloud.key_file(&cloud.admin);
        let (account, at) = (cloud.account.as_str(), relay.at);
        place.configure(&format!(
            "[rotation]\nworkers = 64\nwindow = '{WINDOW}'\nleast_window = '1s'\n\
             [[ram]]\naccount = '{account}'\naccess_key_file = '{}'\n\
             endpoint = 'http://{at}'\nsts_endpoint = 'http://{at}'\ntimeout_seconds = 30\n",
            key.display()
        ));
        let admin = crate::place::key(&place.done(&["init", "--account", account]));
        let server = Some(Server::start(&place));
        Self {
            cloud,
            relay,
            place,
            admin,
            server,
        }
    }

    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    /// A user in the cloud with one AccessKey, which is hosted.
    fn host(&self, user: &str) {
        self.cloud.ok("CreateUser", &[("UserName", user)]);
        let made = self.cloud.ok("CreateAccessKey", &[("UserName", user)]);
        let (id, secret) = (
            &made["AccessKey"]["AccessKeyId"],
            &made["AccessKey"]["AccessKeySecret"],
        );
        self.relay.knows(id.as_str().unwrap(), user);
        let data = json!({"AccessKeys": [{"AccessKeyId": id, "AccessKeySecret": secret}]});
        let config = json!({"SecretSubType": "RamUserAccessKey", "UserName": user});
        let params = [
            ("SecretName", "$Auto"),
            ("SecretType", "RAMCredentials"),
            ("VersionId", "v1"),
            ("ExtendedConfig", &config.to_string()),
            ("SecretData", &data.to_string()),
        ];
        let made = ok(self.server().http, &self.admin, "CreateSecret", &params);
        assert_eq!(made["SecretName"], name(user));
        self.relay.take(user);
    }

    fn rotate(&self, user: &str, window: &str) {
        let params = [
            ("SecretName", &*name(user)),
            ("VersionId", "v2"),
            ("RotationWindow", window),
        ];
        ok(self.server().http, &self.admin, "RotateSecret", &params);
    }

    /// What the server says of the rotation: `InProgress`, `Succeeded` or `Failed`, and the
    /// step.
    fn progress(&self, user: &str) -> (String, String) {
        let params = [("SecretName", &*name(user))];
        let told = ok(self.server().http, &self.admin, "DescribeSecret", &params);
        let text = |field: &str| told["LatestRotation"][field].as_str().unwrap().to_owned();
        (text("State"), text("Step"))
    }

    #[expect(clippy::disallowed_methods, reason = "the program's time is real")]
    fn wait(&self, user: &str, what: impl Fn(&str, &str) -> bool) {
        for _ in 0..1_200 {
            let (state, step) = self.progress(user);
            assert_ne!(state, "Failed", "{user}");
            if what(&state, &step) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{user}: {:?}", self.progress(user));
    }

    /// The current value, as a program signs with it.
    fn current(&self, user: &str) -> SigningKey {
        let params = [("SecretName", &*name(user))];
        let read = ok(self.server().http, &self.admin, "GetSecretValue", &params);
        let value: Value = serde_json::from_str(read["SecretData"].as_str().unwrap()).unwrap();
        SigningKey {
            access_key_id: value["AccessKeyId"].as_str().unwrap().parse().unwrap(),
            access_key_secret: value["AccessKeySecret"].as_str().unwrap().into(),
            security_token: None,
        }
    }

    /// That what is read signs in the cloud, as that user (I1, I4).
    fn signs(&self, user: &str) -> SigningKey {
        let key = self.current(user);
        let told = try_call(self.cloud.http(), &key, STS, "GetCallerIdentity", &[]);
        let (status, body) = told.unwrap();
        assert_eq!(status, 200, "{user}: {body}");
        let arn = body["Arn"].as_str().unwrap();
        assert!(arn.ends_with(&format!(":user/{user}")), "{arn}");
        key
    }

    /// The user's keys in the cloud, all of them active (I5).
    fn keys(&self, user: &str) -> Vec<String> {
        let listed = self.cloud.ok("ListAccessKeys", &[("UserName", user)]);
        let keys = listed["AccessKeys"]["AccessKey"].as_array().unwrap();
        keys.iter()
            .map(|key| {
                assert_eq!(key["Status"], "Active", "{user}: {key}");
                key["AccessKeyId"].as_str().unwrap().to_owned()
            })
            .collect()
    }

    /// SIGKILL; the steps that the rotations of these users are at. Then another server, which
    /// reads what each has before it does anything else.
    fn kill(&mut self, users: &[String]) -> BTreeSet<String> {
        // Dropped is killed.
        drop(self.server.take());
        let secrets: Vec<SecretName> = users
            .iter()
            .map(|user| name(user).parse().unwrap())
            .collect();
        let steps = journal::let_go(&self.place, &self.cloud.account, &secrets);
        self.server = Some(Server::start(&self.place));
        for user in users {
            self.signs(user);
            assert!(self.keys(user).len() <= 2, "{user}");
        }
        steps.into_values().collect()
    }

    /// That nothing is left over: one key, which is read; one version, which is current; and
    /// the end is told (I2, I3, I6, I7, I27).
    fn judge(&self, user: &str) {
        let key = self.signs(user);
        assert_eq!(self.keys(user), [key.access_key_id.as_str()], "{user}");
        let params = [("SecretName", &*name(user)), ("IncludeDeprecated", "true")];
        let at = self.server().http;
        let listed = ok(at, &self.admin, "ListSecretVersionIds", &params);
        let versions = listed["VersionIds"]["VersionId"].as_array().unwrap();
        let stages: Vec<_> = versions
            .iter()
            .map(|version| {
                (
                    &version["VersionId"],
                    &version["VersionStages"]["VersionStage"],
                )
            })
            .collect();
        assert_eq!(stages, [(&json!("v2"), &json!(["ACSCurrent"]))], "{user}");
        let again = [
            ("SecretName", &*name(user)),
            ("VersionId", "v2"),
            ("RotationWindow", WINDOW),
        ];
        // Known, and so nothing is done (I8).
        let (status, body) = call(at, &self.admin, "RotateSecret", &again);
        assert_eq!(status, 200, "{body}");
        assert_eq!(self.progress(user).0, "Succeeded", "{user}");
        let log = fs::read_to_string(self.place.path("data/audit/audit.log")).unwrap();
        let about = format!(r#""secret":"{}""#, name(user));
        let told = |event: &str| {
            let event = format!(r#""rotation":"{event}""#);
            let lines = log.lines();
            lines
                .filter(|line| line.contains(&about) && line.contains(&event))
                .count()
        };
        assert_eq!(told("begins"), 1, "{user}");
        assert!(told("over") >= 1, "{user}");
        assert_eq!(told("given-up"), 0, "{user}");
    }
}

fn name(user: &str) -> String {
    format!("acs/ram/user/{user}")
}

/// Every point at which a rotation can be that nobody disturbs, by the name of a user each.
fn points(scene: &Scene) -> Vec<(String, Option<(usize, Side)>)> {
    scene.host("first");
    scene.rotate("first", WINDOW);
    scene.wait("first", |state, _| state == "Succeeded");
    scene.judge("first");
    let calls = scene.relay.take("first");
    let actions: Vec<&str> = calls.iter().map(|(action, _)| action.as_str()).collect();
    for action in [
        "ListAccessKeys",
        "CreateAccessKey",
        "GetCallerIdentity",
        "DeleteAccessKey",
    ] {
        assert!(actions.contains(&action), "{actions:?}");
    }
    let mut points: Vec<_> = (0..actions.len())
        .flat_map(|at| {
            [Side::Before, Side::After].map(|side| {
                let mut user = format!("at-{at}");
                write!(user, "-{side:?}").unwrap();
                (user, Some((at, side)))
            })
        })
        .collect();
    points.push((DRAINS.to_owned(), None));
    points
}

fn killed_at_every_step(place: Place) {
    let mut scene = Scene::new(place);
    let points = points(&scene);
    let users: Vec<String> = points.iter().map(|(user, _)| user.clone()).collect();
    for (user, stop) in &points {
        scene.host(user);
        if let Some((after, side)) = *stop {
            scene.relay.stop(user, after, side);
            scene.rotate(user, WINDOW);
        }
    }
    let mut stopped = BTreeSet::new();
    while stopped.len() < users.len() - 1 {
        stopped.insert(scene.relay.stopped());
    }
    scene.rotate(DRAINS, "12s");
    scene.wait(DRAINS, |_, step| step == "drain");
    for user in &users {
        scene.signs(user);
        scene.relay.stop(user, 0, Side::Before);
    }
    let steps = scene.kill(&users);
    // What is done after the window is written down when it is done: the row still says drain.
    for step in ["plan", "create", "verify", "drain"] {
        assert!(steps.contains(step), "{step} was not reached: {steps:?}");
    }
    // All of them are gone on with, and the second server is killed as soon as it asks about
    // one; but who drains has to wait.
    let mut stopped = BTreeSet::new();
    while stopped.len() < users.len() - 1 {
        stopped.insert(scene.relay.stopped());
    }
    scene.kill(&users);
    for user in &users {
        scene.wait(user, |state, _| state == "Succeeded");
        scene.judge(user);
    }
    assert_eq!(scene.relay.beyond_two(), 0);
    let told = try_call(scene.server().http, &scene.admin, KMS, "ListSecrets", &[]);
    assert_eq!(told.unwrap().1["TotalCount"], users.len() + 1);
}

#[test]
fn a_server_on_sqlite_that_is_killed_leaves_no_key_behind() {
    killed_at_every_step(Place::sqlite());
}

#[test]
fn servers_on_postgresql_that_are_killed_leave_no_key_behind() {
    killed_at_every_step(Place::postgres());
}

//! What is killed, and how it is judged afterwards.

use std::{collections::BTreeMap, fs, thread, time::Duration};

use kms_types::SecretName;
use kms_wire::sign::SigningKey;
use serde_json::{Value, json};

use super::{journal, relay::Relay};
use crate::{
    call::{STS, call, ok, try_call},
    cloud_ram::Cloud,
    place::Place,
    server::Server,
};

/// A server that rotates keys of the cloud's users, as a team runs it.
pub(super) struct Scene {
    cloud: Cloud,
    pub(super) relay: Relay,
    pub(super) place: Place,
    pub(super) admin: SigningKey,
    server: Option<Server>,
}

/// What RAM lists of a user.
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) is_active: bool,
}

/// Long enough for a key to be looked at that was read; short, for it is waited for.
pub(super) const WINDOW: &str = "2s";

impl Scene {
    pub(super) fn new(place: Place) -> Self {
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
        Self {
            cloud,
            relay,
            place,
            admin,
            server: None,
        }
    }

    pub(super) fn start(&mut self) {
        self.server = Some(Server::start(&self.place));
    }

    pub(super) fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    /// A user in the cloud with one AccessKey, which is hosted.
    pub(super) fn host(&self, user: &str) {
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

    pub(super) fn rotate(&self, user: &str, version: &str, window: &str) {
        let params = [
            ("SecretName", &*name(user)),
            ("VersionId", version),
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

    /// Until its row is at that step.
    pub(super) fn wait_for_step(&self, user: &str, step: &str) {
        self.wait(user, |_, at| at == step);
    }

    /// Until its rotation is over, and came to what it should.
    pub(super) fn wait_for_end(&self, user: &str, end: &str) {
        self.wait(user, |state, _| state != "InProgress");
        assert_eq!(self.progress(user).0, end, "{user}");
    }

    #[expect(clippy::disallowed_methods, reason = "the program's time is real")]
    fn wait(&self, user: &str, what: impl Fn(&str, &str) -> bool) {
        for _ in 0..1_200 {
            let (state, step) = self.progress(user);
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
    pub(super) fn signs(&self, user: &str) -> SigningKey {
        let key = self.current(user);
        let told = try_call(self.cloud.http(), &key, STS, "GetCallerIdentity", &[]);
        let (status, body) = told.unwrap();
        assert_eq!(status, 200, "{user}: {body}");
        let arn = body["Arn"].as_str().unwrap();
        assert!(arn.ends_with(&format!(":user/{user}")), "{arn}");
        key
    }

    /// The user's keys in the cloud.
    pub(super) fn keys(&self, user: &str) -> Vec<Listed> {
        let listed = self.cloud.ok("ListAccessKeys", &[("UserName", user)]);
        let keys = listed["AccessKeys"]["AccessKey"].as_array().unwrap();
        keys.iter()
            .map(|key| Listed {
                id: key["AccessKeyId"].as_str().unwrap().to_owned(),
                is_active: key["Status"] == "Active",
            })
            .collect()
    }

    /// SIGKILL; the step at which the rotation of each of these users is that is not over. Then
    /// another server, which reads what each has before it does anything else.
    pub(super) fn kill(&mut self, users: &[String]) -> BTreeMap<String, String> {
        self.kill_and(users, |_scene| {})
    }

    /// The same, with something done while there is no server.
    pub(super) fn kill_and(
        &mut self,
        users: &[String],
        between: impl FnOnce(&Self),
    ) -> BTreeMap<String, String> {
        // Dropped is killed.
        drop(self.server.take());
        let secrets: Vec<SecretName> = users
            .iter()
            .map(|user| name(user).parse().unwrap())
            .collect();
        let steps = journal::steps(&self.place, &self.cloud.account, &secrets);
        between(self);
        self.start();
        for user in users {
            self.signs(user);
            assert!(self.keys(user).len() <= 2, "{user}");
        }
        let users = users.iter().zip(secrets);
        let at = users.filter_map(|(user, secret)| Some((user, steps.get(&secret)?)));
        at.map(|(user, step)| (user.clone(), step.clone()))
            .collect()
    }

    /// That nothing is left over of a rotation that came to its end: one key, which is read; one
    /// version, which is current; and the end is told (I2, I3, I6, I7, I27).
    pub(super) fn judge(&self, user: &str, version: &str) {
        self.has_only(user, version);
        let again = [
            ("SecretName", &*name(user)),
            ("VersionId", version),
            ("RotationWindow", WINDOW),
        ];
        // Known, and so nothing is done (I8).
        let (status, body) = call(self.server().http, &self.admin, "RotateSecret", &again);
        assert_eq!(status, 200, "{body}");
        assert_eq!(self.progress(user).0, "Succeeded", "{user}");
        assert_eq!(self.told(user, version, "begins"), 1, "{user}");
        assert!(self.told(user, version, "over") >= 1, "{user}");
        assert_eq!(self.told(user, version, "given-up"), 0, "{user}");
    }

    /// That a rotation that was given up left everything as it was, and says so.
    pub(super) fn judge_given_up(&self, user: &str, version: &str) {
        assert_eq!(self.progress(user).0, "Failed", "{user}");
        self.has_only(user, "v1");
        assert_eq!(self.told(user, version, "begins"), 1, "{user}");
        assert!(self.told(user, version, "given-up") >= 1, "{user}");
        for event in ["current", "over"] {
            assert_eq!(self.told(user, version, event), 0, "{user} {event}");
        }
    }

    /// One key that signs, and one version, which holds it.
    fn has_only(&self, user: &str, version: &str) {
        let key = self.signs(user);
        let keys: Vec<String> = self.keys(user).into_iter().map(|key| key.id).collect();
        assert_eq!(keys, [key.access_key_id.as_str()], "{user}");
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
        assert_eq!(
            stages,
            [(&json!(version), &json!(["ACSCurrent"]))],
            "{user}"
        );
    }

    /// How often the audit log says so of that rotation.
    fn told(&self, user: &str, version: &str, event: &str) -> usize {
        let log = fs::read_to_string(self.place.path("data/audit/audit.log")).unwrap();
        let words = [
            format!(r#""secret":"{}""#, name(user)),
            format!(r#""version":"{version}""#),
            format!(r#""rotation":"{event}""#),
        ];
        log.lines()
            .filter(|line| words.iter().all(|word| line.contains(word)))
            .count()
    }
}

fn name(user: &str) -> String {
    format!("acs/ram/user/{user}")
}

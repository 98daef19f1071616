//! The RAM and STS of another server, which is the cloud here, over HTTP as they are.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
};

use kms_server::{
    cloud_ram::{CloudRam, CloudRams},
    settings::{CloudIdentity, CloudSource, RamSettings, Settings},
};
use kms_service::{KeyOwner, NewAccessKey, Ram, RamError, RamUser, Rams as _};
use kms_store::KeyStatus;
use kms_types::{AccountId, Clock, Env, Secret, SystemClock};
use kms_wire::sign::SigningKey;
use serde_json::Value;

use crate::{
    call::{RAM, STS, try_call},
    place::{Place, chmod},
    server::Server,
};

/// One that runs, and who may do everything there.
pub(crate) struct Cloud {
    server: Server,
    place: Place,
    pub(crate) admin: SigningKey,
    pub(crate) account: AccountId,
}

impl Cloud {
    pub(crate) fn start() -> Self {
        let place = Place::sqlite();
        let admin = place.init();
        let server = Server::start(&place);
        let told = try_call(server.http, &admin, STS, "GetCallerIdentity", &[]).unwrap();
        let account = told.1["AccountId"].as_str().unwrap().parse().unwrap();
        Self {
            server,
            place,
            admin,
            account,
        }
    }

    /// With the user `bob`.
    fn with_bob() -> Self {
        let cloud = Self::start();
        cloud.ok("CreateUser", &[("UserName", "bob")]);
        cloud
    }

    /// Where it listens.
    pub(crate) fn http(&self) -> SocketAddr {
        self.server.http
    }

    /// One call of RAM by who may do everything, which must succeed.
    pub(crate) fn ok(&self, action: &str, params: &[(&str, &str)]) -> Value {
        let (status, body) = try_call(self.server.http, &self.admin, RAM, action, params).unwrap();
        assert_eq!(status, 200, "{action}: {body}");
        body
    }

    /// An AccessKey as `access_key_file` takes it.
    pub(crate) fn key_file(&self, key: &SigningKey) -> PathBuf {
        let path = self.place.path("ram-key.json");
        let (id, secret) = (&key.access_key_id, key.access_key_secret.expose());
        let text = format!(r#"{{"AccessKeyId":"{id}","AccessKeySecret":"{secret}"}}"#);
        fs::write(&path, text).unwrap();
        chmod(&path, 0o600);
        path
    }

    /// As `[[ram]]` says, with this AccessKey.
    fn settings(&self, key: &SigningKey) -> RamSettings {
        let path = self.key_file(key);
        let url = format!("http://{}", self.server.http);
        RamSettings {
            identity: CloudIdentity::Of(CloudSource::AccessKeyFile(path)),
            endpoint: Some(url.parse().unwrap()),
            sts_endpoint: Some(url.parse().unwrap()),
            ..RamSettings::new(self.account.clone())
        }
    }

    /// It, asked by who may do everything there.
    pub(crate) fn ram(&self) -> Arc<CloudRam> {
        opened(self.as_admin())
    }

    /// It, asked with this AccessKey.
    pub(crate) fn ram_as(&self, key: &SigningKey) -> Arc<CloudRam> {
        opened(self.settings(key))
    }

    /// A new AccessKey of the user.
    pub(crate) fn key_of(&self, user: &str) -> SigningKey {
        let made = self.ok("CreateAccessKey", &[("UserName", user)]);
        let field = |name: &str| made["AccessKey"][name].as_str().unwrap();
        SigningKey {
            access_key_id: field("AccessKeyId").parse().unwrap(),
            access_key_secret: Secret::from(field("AccessKeySecret")),
            security_token: None,
        }
    }

    fn as_admin(&self) -> RamSettings {
        self.settings(&self.admin)
    }

    fn bob(&self) -> RamUser {
        RamUser {
            account: self.account.clone(),
            name: "bob".parse().unwrap(),
        }
    }
}

fn opened(settings: RamSettings) -> Arc<CloudRam> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let rams = CloudRams::open(&[settings], &Settings::default(), &Env::default(), &clock);
    let rams = rams.unwrap();
    assert!(rams.of(&"43".parse().unwrap()).is_none());
    let all: Vec<_> = rams.all().cloned().collect();
    assert!(rams.of(all[0].account()).is_some());
    all[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_made_listed_switched_and_ended_in_the_cloud() {
    let cloud = Cloud::with_bob();
    let ram = opened(cloud.as_admin());
    let bob = cloud.bob();
    let arn = ram.identity().await.unwrap();
    assert_eq!(arn, format!("acs:ram::{}:user/admin", cloud.account));
    assert_eq!(ram.keys(&bob).await, Ok(vec![]));
    let one = ram.create_key(&bob).await.unwrap();
    let two = ram.create_key(&bob).await.unwrap();
    assert_eq!(ram.create_key(&bob).await.err(), Some(RamError::KeyLimit));

    assert_eq!(ram.last_used(&bob, &one.id).await, Ok(None));
    assert_eq!(ram.owner(&one).await, Ok(KeyOwner::User(bob.clone())));
    // As in the cloud, to ask with it is to use it.
    assert!(ram.last_used(&bob, &one.id).await.unwrap().is_some());

    ram.set_status(&bob, &one.id, KeyStatus::Inactive)
        .await
        .unwrap();
    let refused = |code: &str| Err(RamError::KeyRefused(code.to_owned()));
    let inactive = refused("InvalidAccessKeyId.Inactive");
    assert_eq!(ram.owner(&one).await, inactive);
    let mut listed = ram.keys(&bob).await.unwrap();
    listed.sort_by_key(|key| key.status == KeyStatus::Active);
    let listed: Vec<_> = listed.into_iter().map(|key| (key.id, key.status)).collect();
    let expected = [
        (one.id.clone(), KeyStatus::Inactive),
        (two.id.clone(), KeyStatus::Active),
    ];
    assert_eq!(listed, expected);
    ram.delete_key(&bob, &one.id).await.unwrap();
    let again = ram.delete_key(&bob, &one.id).await;
    assert_eq!(again, Err(RamError::NoKey));
    let gone = refused("InvalidAccessKeyId.NotFound");
    assert_eq!(ram.owner(&one).await, gone);
    let wrong = NewAccessKey {
        secret: Secret::from("not its secret"),
        ..two
    };
    let mismatch = refused("SignatureDoesNotMatch");
    assert_eq!(ram.owner(&wrong).await, mismatch);

    let nobody = RamUser {
        name: "nobody".parse().unwrap(),
        ..bob
    };
    assert_eq!(ram.keys(&nobody).await, Err(RamError::NoUser));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_without_rights_or_none_at_all_is_told() {
    let cloud = Cloud::with_bob();
    let made = cloud.ok("CreateAccessKey", &[("UserName", "bob")]);
    let field = |name: &str| made["AccessKey"][name].as_str().unwrap();
    let key = SigningKey {
        access_key_id: field("AccessKeyId").parse().unwrap(),
        access_key_secret: Secret::from(field("AccessKeySecret")),
        security_token: None,
    };
    let ram = opened(cloud.settings(&key));
    let bob = cloud.bob();
    let denied = |text: &str| RamError::Denied(text.to_owned());
    let made = ram.create_key(&bob).await.err();
    assert_eq!(made, Some(denied("NoPermission for CreateAccessKey")));

    let nobodys = SigningKey {
        access_key_id: "LTAI5tNobodysKey".parse().unwrap(),
        ..key
    };
    let ram = opened(cloud.settings(&nobodys));
    let listed = ram.keys(&bob).await.err();
    let unknown = denied("InvalidAccessKeyId.NotFound for ListAccessKeys");
    assert_eq!(listed, Some(unknown));

    let other = RamSettings {
        account: "42".parse().unwrap(),
        ..cloud.as_admin()
    };
    let told = opened(other).identity().await;
    assert!(matches!(told, Err(RamError::Answer(_))), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_of_the_account_may_ask() {
    let cloud = Cloud::with_bob();
    let trust = format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"RAM":["acs:ram::{}:user/admin"]}},"Condition":{{"StringEquals":{{"sts:ExternalId":"x-1"}}}}}}]}}"#,
        cloud.account
    );
    let role = [("RoleName", "kms"), ("AssumeRolePolicyDocument", &trust)];
    cloud.ok("CreateRole", &role);
    let policy = [
        ("RoleName", "kms"),
        ("PolicyType", "System"),
        ("PolicyName", "AdministratorAccess"),
    ];
    cloud.ok("AttachPolicyToRole", &policy);
    let with = |external_id: &str| {
        let settings = cloud.as_admin();
        let CloudIdentity::Of(source) = settings.identity else {
            panic!("a file");
        };
        opened(RamSettings {
            identity: CloudIdentity::Role {
                source,
                role: format!("acs:ram::{}:role/kms", cloud.account)
                    .parse()
                    .unwrap(),
                external_id: Some(external_id.to_owned()),
            },
            ..settings
        })
    };
    let ram = with("x-1");
    ram.create_key(&cloud.bob()).await.unwrap();
    let arn = ram.identity().await.unwrap();
    assert!(arn.ends_with(":role/kms/kms-server"), "{arn}");
    let refused = with("x-2").keys(&cloud.bob()).await;
    let without = "this server has no credentials for it; its log says why";
    assert_eq!(refused, Err(RamError::Denied(without.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_that_does_not_answer_may_have_done_its_work() {
    let cloud = Cloud::with_bob();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = silent.local_addr().unwrap();
    let deaf = RamSettings {
        endpoint: Some(format!("http://{at}").parse().unwrap()),
        patience: std::time::Duration::from_secs(1),
        ..cloud.as_admin()
    };
    let made = opened(deaf.clone()).create_key(&cloud.bob()).await.err();
    let late = RamError::Unreachable("no answer in time");
    assert_eq!(made, Some(late));
    // Once, and not again.
    silent.set_nonblocking(true).unwrap();
    let mut connections = 0;
    while silent.accept().is_ok() {
        connections += 1;
    }
    assert_eq!(connections, 1);
    drop(silent);
    let made = opened(deaf).create_key(&cloud.bob()).await.err();
    let refused = RamError::Unreachable("the connection failed");
    assert_eq!(made, Some(refused));
}

#[test]
fn a_key_that_others_may_read_keeps_the_server_from_starting() {
    let place = Place::sqlite();
    let path = place.path("ram-key.json");
    let account = "[[ram]]\naccount = '1000000000000001'\n";
    place.configure(&format!(
        "{account}access_key_file = '{}'\n",
        path.display()
    ));
    place.init();
    let canary = "canary-7f3a";
    for (text, mode, said) in [
        (
            format!(r#"{{"AccessKeyId":"LTAI5tX","AccessKeySecret":"{canary}"}}"#),
            0o644,
            "others than its owner have rights to it",
        ),
        (format!("AccessKeySecret={canary}"), 0o600, "must hold"),
        (
            format!(r#"{{"AccessKeyId":"a b","AccessKeySecret":"{canary}"}}"#),
            0o600,
            "must hold",
        ),
    ] {
        fs::write(&path, text).unwrap();
        chmod(&path, mode);
        let refused = place.run(&["serve"]);
        assert_eq!(refused.code, Some(64), "{refused:?}");
        assert!(refused.err.contains("[[ram]]"), "{refused:?}");
        assert!(refused.err.contains(said), "{refused:?}");
        assert!(!refused.err.contains(canary), "{refused:?}");
    }
    let check = place.done(&["check"]);
    assert!(check.contains("[[ram]]\n  account"), "{check}");
}

#[test]
fn doctor_says_as_whom_the_cloud_is_asked_and_what_that_one_may_not() {
    let cloud = Cloud::with_bob();
    let place = Place::sqlite();
    let at = cloud.http();
    let told = |key: &SigningKey| {
        let path = cloud.key_file(key);
        place.configure(&format!(
            "[[ram]]\naccount = '{}'\naccess_key_file = '{}'\nendpoint = 'http://{at}'\n\
             sts_endpoint = 'http://{at}'\n",
            cloud.account,
            path.display()
        ));
        let said = place.run(&["doctor"]).out;
        let line = said.lines().find(|line| line.contains("  ram  "));
        line.unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let fine = told(&cloud.admin);
    assert!(fine.starts_with("ok    ram "), "{fine}");
    assert!(fine.contains(":user/admin, which may list"), "{fine}");

    let made = cloud.ok("CreateAccessKey", &[("UserName", "bob")]);
    let field = |name: &str| made["AccessKey"][name].as_str().unwrap();
    let bob = SigningKey {
        access_key_id: field("AccessKeyId").parse().unwrap(),
        access_key_secret: Secret::from(field("AccessKeySecret")),
        security_token: None,
    };
    let policy = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["ram:ListAccessKeys","ram:DeleteAccessKey"],"Resource":"*"}]}"#;
    let named = [("PolicyName", "some"), ("PolicyDocument", policy)];
    cloud.ok("CreatePolicy", &named);
    let attach = [
        ("PolicyType", "Custom"),
        ("PolicyName", "some"),
        ("UserName", "bob"),
    ];
    cloud.ok("AttachPolicyToUser", &attach);
    let some = told(&bob);
    assert!(some.starts_with("warn  ram "), "{some}");
    let lacks = "which lacks ram:CreateAccessKey, ram:UpdateAccessKey on";
    assert!(some.contains(lacks), "{some}");
    let wrong = SigningKey {
        access_key_secret: Secret::from("wrong"),
        ..bob
    };
    let refused = told(&wrong);
    assert!(refused.contains("SignatureDoesNotMatch"), "{refused}");
}

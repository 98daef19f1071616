use std::{future::pending, sync::Arc};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use kms_client::Source;
use kms_credentials::{Exchange, ExchangeError, HttpRequest, HttpResponse, IssueToken as _};
use kms_testkit::{FakeKms, LOCAL_NAMES, MockClock, Reply, TestCa};
use kms_types::{Env, Secret};
use serde_json::json;
use tokio::time::{Duration, Instant};

use super::{
    Around, Found, IssueToken, ReadError, Reader, SecretKey, ServiceAccount, Transports, Ways,
    kms::{Kms, MOST_PLACES, Place},
    open, operator,
};
use crate::{
    Settings,
    api::SecretStoreSpec,
    plan::{Provider, Remote, Store},
};

/// Nobody answers, neither at the other end of a way nor in the cluster.
struct Silence;

#[async_trait]
impl Exchange for Silence {
    async fn exchange(&self, _request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        pending().await
    }
}

#[async_trait]
impl IssueToken for Silence {
    async fn token(
        &self,
        _namespace: &str,
        _service_account: &str,
        _audiences: &[String],
    ) -> Result<Secret<String>, String> {
        pending().await
    }
}

impl Ways for Silence {
    fn public(&self) -> Result<Arc<dyn Exchange>, String> {
        Ok(Arc::new(Self))
    }

    fn instances(&self) -> Result<Arc<dyn Exchange>, String> {
        self.public()
    }

    fn private(&self, _pem: &[u8]) -> Result<Arc<dyn Exchange>, String> {
        self.public()
    }
}

fn around(flags: &[&str], env: &[(&str, &str)], ways: Arc<dyn Ways>) -> Arc<Around> {
    let env: Env = env.iter().copied().collect();
    let flags = flags.iter().map(|flag| (*flag).to_owned());
    let settings = Settings::parse(flags, &env).unwrap();
    Arc::new(Around {
        remote: settings.remote,
        own: settings.own,
        env,
        clock: Arc::new(MockClock::at("2026-11-25T10:00:00Z".parse().unwrap())),
        tokens: Arc::new(Silence),
        ways,
    })
}

fn transports() -> Arc<Transports> {
    Arc::new(Transports::new(Env::default(), None, None))
}

fn store() -> Store {
    Store::Namespaced {
        namespace: "team-a".to_owned(),
        name: "vault".to_owned(),
    }
}

fn remote(store: Store) -> Remote {
    Remote {
        store,
        provider: Provider::Kms,
        endpoint: None,
        name: "app/db".to_owned(),
        version_id: None,
        version_stage: None,
    }
}

const OWN: [(&str, &str); 2] = [
    ("ACCESS_KEY_ID", "LTAIoperator"),
    ("SECRET_ACCESS_KEY", "canary-operator"),
];

async fn code_of(reader: &dyn Reader, store: Store) -> String {
    match reader.read(&remote(store)).await {
        Err(ReadError::Passing { code, reason }) => {
            assert!(!reason.contains("canary"), "{reason}");
            code
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_ends_however_silent_everybody_is() {
    let around = around(&["--region=cn-hangzhou"], &OWN, Arc::new(Silence));
    let start = Instant::now();
    let reader = operator(&around);
    assert_eq!(code_of(&*reader, Store::Operator).await, "Timeout");
    assert_eq!(start.elapsed(), Duration::from_secs(32));
}

#[tokio::test(start_paused = true)]
async fn an_api_server_that_issues_no_token_is_waited_for_as_long_as_sts() {
    let around = around(&[], &[], Arc::new(Silence));
    let tokens = around.tokens_of(ServiceAccount {
        namespace: "team-a".to_owned(),
        name: "app".to_owned(),
        audiences: Vec::new(),
    });
    let start = Instant::now();
    assert_eq!(
        tokens.token().await.unwrap_err(),
        "the API server issues none for the ServiceAccount team-a/app within 10 s"
    );
    assert_eq!(start.elapsed(), Duration::from_secs(10));
}

#[test]
fn entries_that_name_many_places_do_not_fill_memory() {
    let around = around(&["--region=cn-hangzhou"], &[], Arc::new(Silence));
    let credentials = Source::EcsRole(None).credentials(around.surroundings(Arc::new(Silence)));
    let kms = Kms::new(
        Arc::new(credentials).into(),
        Place::Usual(around.kms()),
        around,
    );
    for region in 0..100 {
        let at = Remote {
            endpoint: Some(format!("kms.cn-{region}.aliyuncs.com")),
            ..remote(store())
        };
        kms.client(&at).map(drop).unwrap();
    }
    assert_eq!(kms.places(), MOST_PLACES);
}

#[tokio::test]
async fn the_operator_reads_from_a_kms_of_ones_own() {
    let kms = FakeKms::start().unwrap();
    kms.set("app/db", Reply::Text("canary-value".to_owned()));
    let flag = format!("--kms-endpoint={}", kms.url());
    let around = around(&[&flag, "--enable-worker-role=false"], &OWN, transports());
    let reader = operator(&around);
    let value = reader.read(&remote(Store::Operator)).await.unwrap();
    assert_eq!(value.expose(), b"canary-value");
    let calls = kms.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].access_key_id.as_deref(), Some("LTAIoperator"));
}

#[tokio::test]
async fn the_operator_reads_parameters_too() {
    let oos = FakeKms::start().unwrap();
    oos.set("db-password", Reply::Text("canary-value".to_owned()));
    let url = oos.url();
    let env = [OWN[0], OWN[1], ("KMS_OOS_ENDPOINT", &*url)];
    let around = around(&["--enable-worker-role=false"], &env, transports());
    let parameter = Remote {
        provider: Provider::Oos,
        name: "db-password".to_owned(),
        ..remote(Store::Operator)
    };
    let value = operator(&around).read(&parameter).await.unwrap();
    assert_eq!(value.expose(), b"canary-value");
    assert_eq!(oos.calls()[0].action, "GetSecretParameter");
}

#[tokio::test]
async fn at_an_instance_the_ca_of_the_store_is_believed_and_no_other() {
    let (ca, other) = (TestCa::new(), TestCa::new());
    let kms = FakeKms::start_tls(&ca.issue(&LOCAL_NAMES)).unwrap();
    kms.set("app/db", Reply::Text("canary-value".to_owned()));
    let around = around(&["--allowed-endpoint-suffix=localhost"], &[], transports());
    let key = |key: &str| SecretKey {
        namespace: "team-a".to_owned(),
        name: "client-key".to_owned(),
        key: key.to_owned(),
    };
    let content = include_bytes!("../../../kms-credentials/tests/client_key/legacy.json");
    let found = Found {
        secrets: [
            (key("key"), Secret::new(content.to_vec())),
            (key("password"), Secret::new(b"Canary-Passw0rd".to_vec())),
        ]
        .into(),
        role_arn: None,
    };
    let read = async |ca: &TestCa| {
        let spec = spec(json!({"KMS": {"dedicatedKMSAuth": {
            "protocol": "https",
            "endpoint": format!("localhost:{}", kms.address().port()),
            "ca": BASE64_STANDARD.encode(ca.pem()),
            "clientKeyContent": {"name": "client-key", "key": "key"},
            "password": {"name": "client-key", "key": "password"}
        }}}));
        let reader = open(&spec, &store(), &found, &around).unwrap();
        reader.read(&remote(store())).await
    };
    let value = read(&ca).await.unwrap();
    assert_eq!(value.expose(), b"canary-value");
    let Err(ReadError::Passing { code, reason }) = read(&other).await else {
        panic!("another CA is believed");
    };
    assert_eq!(code, "Unreachable");
    assert!(reason.contains("invalid peer certificate"), "{reason}");
}

fn spec(spec: serde_json::Value) -> SecretStoreSpec {
    serde_json::from_value(spec).unwrap()
}

//! Golden folders for stores: to add a case is to add a folder to `tests/store/`.
//!
//! `store.json` is the store (without it, the operator's own identity is used), `secrets.json` what
//! its Secrets hold, `account.json` its ServiceAccount's role and token, `around.json` the
//! operator's flags and variables, `remote.json` what is read, `http.json` the exchanges in their order,
//! `expect.json` the references, and the value or the error. It is 10 o'clock on 2026-11-25 in
//! cn-hangzhou. Every secret has `canary` in it, and none may show in what is logged, said or
//! printed for debugging.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a case that cannot be read has failed"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use ack_secret_manager::{
    Settings,
    api::SecretStoreSpec,
    backend::{
        self, Around, Found, IssueToken, Policy, ReadError, References, SecretKey, StoreError,
    },
    plan::{Provider, Remote, Store, Value},
};
use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use kms_testkit::MockClock;
use kms_types::{Env, Secret};
use serde::Deserialize;

mod log;
mod script;

use log::Log;
use script::{Script, ScriptedWays};

/// Their password is `Canary-Passw0rd`.
const CLIENT_KEYS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../kms-credentials/tests/client_key"
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoreFile {
    /// Of a ClusterSecretStore none.
    namespace: Option<String>,
    name: String,
    spec: SecretStoreSpec,
}

/// Texts, or bytes in base64; by `namespace/name/key`.
type SecretsFile = BTreeMap<String, Content>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Content {
    Text(String),
    /// A file of kms-credentials' tests.
    ClientKey(String),
    Base64(String),
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Account {
    role_arn: Option<String>,
    token: Option<String>,
    /// For whom a token may be asked for, `namespace/name: audiences`.
    asked: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AroundFile {
    now: String,
    flags: Vec<String>,
    env: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct RemoteFile {
    provider: String,
    name: String,
    endpoint: Option<String>,
    version_id: Option<String>,
    version_stage: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Expected {
    /// Of Secrets `namespace/name/key`, of the ServiceAccount `namespace/name: audiences`.
    references: Option<Vec<String>>,
    /// The bytes' text.
    value: Option<String>,
    /// Bytes in base64.
    bytes: Option<String>,
    /// The text of the store's condition.
    store: Option<String>,
    /// The code and the text.
    refused: Option<(String, String)>,
    /// The code and the text.
    passing: Option<(String, String)>,
}

/// What became of a case.
enum Outcome {
    Value(Value),
    Store(StoreError),
    Read(ReadError),
}

struct Case {
    name: String,
    dir: PathBuf,
}

#[test]
fn every_folder_gives_what_it_expects() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store");
    let entries = fs::read_dir(root).unwrap();
    let mut dirs: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    dirs.sort();
    assert!(!dirs.is_empty());
    let failures: Vec<String> = dirs
        .into_iter()
        .map(|dir| Case {
            name: dir.file_name().unwrap().to_string_lossy().into_owned(),
            dir,
        })
        .filter_map(|case| case.run().err().map(|why| format!("{}: {why}", case.name)))
        .collect();
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

// === impl Case ===

impl Case {
    fn run(&self) -> Result<(), String> {
        let script = Arc::new(Script::new(self.read("http.json").unwrap_or_default()));
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(log.clone())
            .finish();
        let mut references = None;
        let outcome = tracing::subscriber::with_default(subscriber, || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .start_paused(true)
                .build()
                .unwrap()
                .block_on(self.outcome(&script, &mut references))
        });
        script.finished()?;
        let said = match &outcome {
            Outcome::Value(value) => format!("{value:?}"),
            Outcome::Store(error) => format!("{error} {error:?}"),
            Outcome::Read(error) => format!("{error} {error:?}"),
        };
        for (place, text) in [("log", log.text()), ("debug output or error", said)] {
            if text.to_lowercase().contains("canary") {
                return Err(format!("a secret in the {place}: {text}"));
            }
        }
        let expected: Expected = self.read("expect.json").expect("expect.json");
        if let Some(expected) = &expected.references {
            let got = references.as_ref().map(listed).unwrap_or_default();
            if *expected != got {
                return Err(format!("expected references {expected:?}, got {got:?}"));
            }
        }
        expected.compare(outcome)
    }

    async fn outcome(&self, script: &Arc<Script>, references: &mut Option<References>) -> Outcome {
        let file: AroundFile = self.read("around.json").unwrap_or_default();
        let account: Account = self.read("account.json").unwrap_or_default();
        let role_arn = account.role_arn.clone();
        let env: Env = file.env.into_iter().collect();
        let settings = Settings::parse(file.flags, &env).unwrap();
        let policy = Policy {
            cross_namespace_auth: settings.scope.foreign_auth,
        };
        let around = Arc::new(Around {
            remote: settings.remote,
            own: settings.own,
            env,
            clock: Arc::new(MockClock::at(file.now.parse().unwrap())),
            tokens: Arc::new(account),
            ways: Arc::new(ScriptedWays(Arc::clone(script))),
        });
        let store: Option<StoreFile> = self.read("store.json");
        let (store, opened) = match store {
            None => (Store::Operator, Ok(backend::operator(&around))),
            Some(StoreFile {
                namespace,
                name,
                spec,
            }) => {
                let store = match namespace {
                    Some(namespace) => Store::Namespaced { namespace, name },
                    None => Store::Cluster(name),
                };
                let opened = backend::references(&spec, &store, &policy).and_then(|needed| {
                    *references = Some(needed);
                    let found = Found {
                        secrets: self.secrets(),
                        role_arn,
                    };
                    backend::open(&spec, &store, &found, &around)
                });
                (store, opened)
            }
        };
        let reader = match opened {
            Ok(reader) => reader,
            Err(error) => return Outcome::Store(error),
        };
        let remote: RemoteFile = self.read("remote.json").unwrap_or_default();
        match reader.read(&remote.remote(store)).await {
            Ok(value) => Outcome::Value(value),
            Err(error) => Outcome::Read(error),
        }
    }

    fn secrets(&self) -> BTreeMap<SecretKey, Secret<Vec<u8>>> {
        let file: SecretsFile = self.read("secrets.json").unwrap_or_default();
        let content = |content| match content {
            Content::Text(text) => text.into_bytes(),
            Content::ClientKey(name) => fs::read(Path::new(CLIENT_KEYS).join(name)).unwrap(),
            Content::Base64(text) => BASE64_STANDARD.decode(text).unwrap(),
        };
        file.into_iter()
            .map(|(path, value)| {
                let parts: Vec<&str> = path.split('/').collect();
                let [namespace, name, key] = parts[..] else {
                    panic!("{path}");
                };
                let key = SecretKey {
                    namespace: namespace.to_owned(),
                    name: name.to_owned(),
                    key: key.to_owned(),
                };
                (key, Secret::new(content(value)))
            })
            .collect()
    }

    fn read<T: for<'de> Deserialize<'de>>(&self, name: &str) -> Option<T> {
        let text = fs::read_to_string(self.dir.join(name)).ok()?;
        // Files that a store names are in its folder.
        let text = text.replace("$DIR", self.dir.to_str().unwrap());
        let parsed = serde_json::from_str(&text);
        Some(parsed.unwrap_or_else(|error| panic!("{}/{name}: {error}", self.name)))
    }
}

fn listed(references: &References) -> Vec<String> {
    let secrets = references.secrets.iter();
    let secrets = secrets.map(|at| format!("{}/{}/{}", at.namespace, at.name, at.key));
    let account = references.service_account.as_ref().map(|account| {
        let audiences = account.audiences.join(", ");
        format!("{}/{}: {audiences}", account.namespace, account.name)
    });
    secrets.chain(account).collect()
}

// === impl AroundFile ===

impl Default for AroundFile {
    fn default() -> Self {
        Self {
            now: "2026-11-25T10:00:00Z".to_owned(),
            flags: vec!["--region=cn-hangzhou".to_owned()],
            env: BTreeMap::new(),
        }
    }
}

// === impl Account ===

#[async_trait]
impl IssueToken for Account {
    async fn token(
        &self,
        namespace: &str,
        service_account: &str,
        audiences: &[String],
    ) -> Result<Secret<String>, String> {
        let asked = format!("{namespace}/{service_account}: {}", audiences.join(", "));
        assert_eq!(self.asked.as_ref(), Some(&asked));
        let token = self.token.as_deref().map(Secret::from);
        token.ok_or_else(|| "the API server does not answer".to_owned())
    }
}

// === impl RemoteFile ===

impl Default for RemoteFile {
    fn default() -> Self {
        Self {
            provider: "kms".to_owned(),
            name: "app/db".to_owned(),
            endpoint: None,
            version_id: None,
            version_stage: None,
        }
    }
}

impl RemoteFile {
    fn remote(self, store: Store) -> Remote {
        Remote {
            store,
            provider: match &*self.provider {
                "kms" => Provider::Kms,
                "oos" => Provider::Oos,
                other => panic!("{other}"),
            },
            endpoint: self.endpoint,
            name: self.name,
            version_id: self.version_id,
            version_stage: self.version_stage,
        }
    }
}

// === impl Expected ===

impl Expected {
    fn compare(self, outcome: Outcome) -> Result<(), String> {
        let bytes = self.bytes.map(|text| BASE64_STANDARD.decode(text).unwrap());
        let value = self.value.map(String::into_bytes).or(bytes);
        let expected = (value, self.store, self.refused, self.passing);
        let got = match outcome {
            Outcome::Value(value) => (Some(value.expose().clone()), None, None, None),
            Outcome::Store(error) => (None, Some(error.to_string()), None, None),
            Outcome::Read(ReadError::Refused { code, reason }) => {
                (None, None, Some((code, reason)), None)
            }
            Outcome::Read(ReadError::Passing { code, reason }) => {
                (None, None, None, Some((code, reason)))
            }
        };
        if expected == got {
            return Ok(());
        }
        Err(format!("\n  expected {expected:?}\n  got      {got:?}"))
    }
}

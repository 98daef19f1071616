//! Golden folders for the default chain: to add a case is to add a folder to `chain/`.
//!
//! `env.json` holds the variables, `fs/` the files beneath `/`, `files.json` files that are
//! too large to keep, `http.json` the exchanges in their order, `commands.json` what
//! programs print, `expect.json` the credentials or the error. It is 10 o'clock on
//! 2026-11-25. Every secret begins with `canary`, and none may show in what is logged,
//! said or printed for debugging.
//!
//! The same for `source/`, whose `source.json` names one source and no search.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a case that cannot be read has failed"
)]

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use http::HeaderMap;
use kms_credentials::{
    Commands, CredentialsError, DefaultCredentials, Exchange, ExchangeError, Files, HttpRequest,
    HttpResponse, OidcRole, ProvideCredentials, Role, Source, Surroundings, SystemFiles,
};
use kms_testkit::MockClock;
use kms_types::{Env, Secret};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

const NOW: &str = "2026-11-25T10:00:00Z";

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Scripted {
    request: Wanted,
    response: Option<Given>,
    error: Option<String>,
}

/// What a request must have; other headers and parameters may be there too.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    absent_headers: Vec<String>,
    #[serde(default)]
    query: BTreeMap<String, String>,
    #[serde(default)]
    form: BTreeMap<String, String>,
    #[serde(default)]
    absent_form: Vec<String>,
    json: Option<Value>,
    proxy: Option<bool>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    status: u16,
    body: Option<Value>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Generated {
    bytes: usize,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Expected {
    Error {
        error: ExpectedError,
    },
    #[serde(rename_all = "camelCase")]
    Found {
        provider: String,
        access_key_id: String,
        access_key_secret: String,
        security_token: Option<String>,
        expires: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedError {
    kind: String,
    message: String,
}

/// A [`Source`] as a case writes it down.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum NamedSource {
    CliProfile(String),
    IniSection(String),
    EcsRole(Option<String>),
    OidcRole {
        role: String,
        provider: String,
        token_file: PathBuf,
    },
    Uri(String),
    Role {
        source: Box<Self>,
        role: String,
        session: String,
    },
}

impl NamedSource {
    fn source(self) -> Source {
        let role = |arn, session_name| Role {
            arn,
            session_name,
            ..Role::default()
        };
        match self {
            Self::CliProfile(name) => Source::CliProfile(name),
            Self::IniSection(name) => Source::IniSection(name),
            Self::EcsRole(name) => Source::EcsRole(name),
            Self::OidcRole {
                role: arn,
                provider,
                token_file,
            } => Source::OidcRole(OidcRole {
                role: role(arn, None),
                provider_arn: provider,
                token_file,
            }),
            Self::Uri(url) => Source::Uri(url),
            Self::Role {
                source,
                role: arn,
                session,
            } => Source::Role {
                source: Box::new(source.source()),
                role: role(arn, Some(session)),
            },
        }
    }
}

struct Case {
    name: String,
    dir: PathBuf,
}

#[test]
fn every_folder_gives_what_it_expects() {
    run_all("tests/chain");
}

#[test]
fn every_source_that_is_named_gives_what_it_expects() {
    run_all("tests/source");
}

fn run_all(folder: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut dirs: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    dirs.sort();
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
        let env: BTreeMap<String, String> = self.read("env.json").expect("env.json");
        let env: Env = env.into_iter().collect();
        let script = Arc::new(Script::new(self.read("http.json").unwrap_or_default()));
        let around = Surroundings {
            files: Arc::new(Rooted::new(
                self.dir.join("fs"),
                self.read("files.json").unwrap_or_default(),
            )),
            commands: Arc::new(Programs(self.read("commands.json").unwrap_or_default())),
            ..Surroundings::new(
                env,
                script.clone(),
                Arc::new(MockClock::at(NOW.parse().unwrap())),
            )
        };
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(log.clone())
            .finish();
        let found = tracing::subscriber::with_default(subscriber, || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(async {
                    match self.read::<NamedSource>("source.json") {
                        Some(source) => source.source().credentials(around).credentials().await,
                        None => DefaultCredentials::new(around).credentials().await,
                    }
                })
        });
        script.finished()?;
        let said = match &found {
            Ok(credentials) => format!("{credentials:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        for (place, text) in [("log", log.text()), ("debug output or error", said)] {
            if text.contains("canary") {
                return Err(format!("a secret in the {place}: {text}"));
            }
        }
        self.compare(found)
    }

    fn compare(
        &self,
        found: Result<kms_credentials::Credentials, CredentialsError>,
    ) -> Result<(), String> {
        match (self.read("expect.json").expect("expect.json"), found) {
            (
                Expected::Found {
                    provider,
                    access_key_id,
                    access_key_secret,
                    security_token,
                    expires,
                },
                Ok(found),
            ) => {
                let token = found.key.security_token.as_ref();
                let pairs = [
                    (Some(provider), Some(found.provider.clone())),
                    (
                        Some(access_key_id),
                        Some(found.key.access_key_id.to_string()),
                    ),
                    (
                        Some(access_key_secret),
                        Some(found.key.access_key_secret.expose().clone()),
                    ),
                    (security_token, token.map(|token| token.expose().clone())),
                    (expires, found.expires.map(|end| end.to_string())),
                ];
                for (expected, got) in pairs {
                    if expected != got {
                        return Err(format!("expected {expected:?}, got {got:?}"));
                    }
                }
                Ok(())
            }
            (Expected::Error { error }, Err(found)) => {
                let kind = match &found {
                    CredentialsError::NotFound { .. } => "NotFound",
                    CredentialsError::Broken { .. } => "Broken",
                    CredentialsError::Unreachable { .. } => "Unreachable",
                    _ => "?",
                };
                let found = found.to_string();
                if (kind, &found) != (&*error.kind, &error.message) {
                    return Err(format!(
                        "\n  expected {}: {}\n  got      {kind}: {found}",
                        error.kind, error.message
                    ));
                }
                Ok(())
            }
            (Expected::Found { provider, .. }, Err(found)) => {
                Err(format!("expected {provider}, got {found}"))
            }
            (Expected::Error { error }, Ok(found)) => Err(format!(
                "expected {}, got {}",
                error.message, found.provider
            )),
        }
    }

    fn read<T: for<'de> Deserialize<'de>>(&self, name: &str) -> Option<T> {
        let text = fs::read_to_string(self.dir.join(name)).ok()?;
        let parsed = serde_json::from_str(&text);
        Some(parsed.unwrap_or_else(|error| panic!("{}/{name}: {error}", self.name)))
    }
}

/// The exchanges, each asked for once and in order.
struct Script {
    left: Mutex<VecDeque<Scripted>>,
    wrong: Mutex<Vec<String>>,
}

impl Script {
    fn new(exchanges: Vec<Scripted>) -> Self {
        Self {
            left: Mutex::new(exchanges.into()),
            wrong: Mutex::default(),
        }
    }

    fn finished(&self) -> Result<(), String> {
        let wrong = self.wrong.lock().unwrap().join("; ");
        if !wrong.is_empty() {
            return Err(wrong);
        }
        match self.left.lock().unwrap().front() {
            Some(next) => Err(format!("never asked for {}", next.request.url)),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Exchange for Script {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        let Some(next) = self.left.lock().unwrap().pop_front() else {
            let unexpected = format!("unexpected {} {}", request.method, request.url);
            self.wrong.lock().unwrap().push(unexpected);
            return Err(ExchangeError::Timeout(Duration::ZERO));
        };
        self.wrong
            .lock()
            .unwrap()
            .extend(next.request.differs(&request));
        match next.error.as_deref() {
            Some("connect") => Err(ExchangeError::Transport {
                reason: "connection refused".to_owned(),
            }),
            Some("timeout") => Err(ExchangeError::Timeout(request.limits.time)),
            Some("too-large") => Err(ExchangeError::TooLarge(request.limits.body)),
            Some(other) => panic!("no such error: {other}"),
            None => {
                let given = next.response.expect("a response or an error");
                let body = match (given.body, given.text) {
                    (Some(body), None) => body.to_string(),
                    (None, Some(text)) => text,
                    _ => panic!("a body or a text"),
                };
                Ok(HttpResponse {
                    status: given.status,
                    headers: HeaderMap::new(),
                    body: Secret::new(body.into_bytes()),
                })
            }
        }
    }
}

impl Wanted {
    fn differs(&self, request: &HttpRequest) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |what: &str, expected: &str, got: Option<&str>| {
            if got != Some(expected) {
                wrong.push(format!("{what}: expected {expected:?}, got {got:?}"));
            }
        };
        let url = if self.query.is_empty() {
            &*request.url
        } else {
            request.url.split('?').next().unwrap()
        };
        check("method", &self.method, Some(request.method.as_str()));
        check("url", &self.url, Some(url));
        let headers: HashMap<_, _> = request
            .headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        for (name, value) in &self.headers {
            check(name, value, headers.get(&**name).copied());
        }
        let query = pairs(request.url.split_once('?').map_or("", |(_, query)| query));
        for (name, value) in &self.query {
            check(name, value, query.get(name).map(String::as_str));
        }
        let body = String::from_utf8(request.body.clone()).unwrap();
        let form = if self.form.is_empty() {
            HashMap::new()
        } else {
            pairs(&body)
        };
        for (name, value) in &self.form {
            check(name, value, form.get(name).map(String::as_str));
        }
        if let Some(json) = &self.json {
            check("body", &json.to_string(), Some(&*body));
        }
        if let Some(proxy) = self.proxy {
            check(
                "proxy",
                &proxy.to_string(),
                Some(&*request.limits.proxy.to_string()),
            );
        }
        for name in &self.absent_headers {
            if headers.contains_key(&**name) {
                wrong.push(format!("there is a header {name}"));
            }
        }
        for name in &self.absent_form {
            if form.contains_key(name) {
                wrong.push(format!("there is a parameter {name}"));
            }
        }
        wrong
    }
}

fn pairs(text: &str) -> HashMap<String, String> {
    let decode = |part: &str| percent_decode_str(part).decode_utf8().unwrap().into_owned();
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// The real reader, in a folder that stands for `/`.
struct Rooted {
    root: PathBuf,
    generated: HashMap<PathBuf, Generated>,
}

impl Rooted {
    fn new(root: PathBuf, generated: HashMap<PathBuf, Generated>) -> Self {
        Self { root, generated }
    }
}

#[async_trait]
impl Files for Rooted {
    async fn read(&self, path: &Path, limit: usize) -> io::Result<Secret<Vec<u8>>> {
        if let Some(generated) = self.generated.get(path) {
            let mut file = tempfile::NamedTempFile::new()?;
            io::Write::write_all(&mut file, &vec![b' '; generated.bytes])?;
            return SystemFiles.read(file.path(), limit).await;
        }
        let below = path.strip_prefix("/").expect("an absolute path");
        SystemFiles.read(&self.root.join(below), limit).await
    }
}

/// Programs by their whole command line.
struct Programs(HashMap<String, HashMap<String, String>>);

#[async_trait]
impl Commands for Programs {
    async fn run(&self, line: &str, limit: usize, time: Duration) -> io::Result<Secret<Vec<u8>>> {
        assert_eq!((limit, time), (64 << 10, Duration::from_mins(1)));
        let program = self.0.get(line).expect("a program of the case");
        match program.get("error") {
            Some(error) => Err(io::Error::other(error.clone())),
            None => Ok(Secret::new(program["stdout"].clone().into_bytes())),
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

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
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use kms_credentials::{
    CredentialsError, DefaultCredentials, FirstOf, IssueToken, OidcRole, OidcToken,
    ProvideCredentials, Role, Source, Surroundings,
};
use kms_testkit::MockClock;
use kms_types::{Env, Secret};
use kms_wire::sign::SigningKey;
use serde::Deserialize;

mod machine;
mod script;

use machine::{Log, Programs, Rooted};
use script::Script;

const NOW: &str = "2026-11-25T10:00:00Z";

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
    #[serde(rename_all = "camelCase")]
    AccessKey {
        access_key_id: String,
        access_key_secret: String,
    },
    FirstOf(Vec<Self>),
    /// As Kubernetes issues one for a ServiceAccount; no token, and it issues none.
    IssuedOidcRole {
        role: String,
        provider: String,
        token: Option<String>,
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
                token: OidcToken::File(token_file),
            }),
            Self::AccessKey {
                access_key_id,
                access_key_secret,
            } => Source::AccessKey(SigningKey {
                access_key_id: access_key_id.parse().unwrap(),
                access_key_secret: Secret::from(&*access_key_secret),
                security_token: None,
            }),
            Self::FirstOf(sources) => Source::FirstOf(FirstOf::new(
                sources.into_iter().map(Self::source).collect(),
            )),
            Self::IssuedOidcRole {
                role: arn,
                provider,
                token,
            } => Source::OidcRole(OidcRole {
                role: role(arn, None),
                provider_arn: provider,
                token: OidcToken::Issued(Arc::new(Issuer(token))),
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

/// Issues this token.
struct Issuer(Option<String>);

#[async_trait]
impl IssueToken for Issuer {
    async fn token(&self) -> Result<Secret<String>, String> {
        let token = self.0.as_deref().map(Secret::from);
        token.ok_or_else(|| "the API server does not answer".to_owned())
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

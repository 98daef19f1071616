//! The parsers of kms-credentials: files, answers and programs' output, one thing hostile
//! at a time or all of them.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use kms_credentials::{
    ClientKey, ClientKeyPassword, Commands, Credentials, CredentialsError, DefaultCredentials,
    Exchange, ExchangeError, Files, HttpRequest, HttpResponse, ProvideCredentials, Surroundings,
};
use kms_types::{Clock, Env, Secret};

/// STS's good answer.
pub(crate) const ASSUMED: &str = r#"{"Credentials":{"AccessKeyId":"STS.a","AccessKeySecret":"b","SecurityToken":"c","Expiration":"2099-01-02T03:04:05Z"}}"#;

/// What a good program prints.
pub(crate) const PRINTED: &str = r#"{"mode":"StsToken","access_key_id":"a","access_key_secret":"b","sts_token":"c","expiration":"2099-01-02T03:04:05Z"}"#;

/// Good credentials as the metadata service and a URI give them.
pub(crate) const GIVEN: &str = r#"{"Code":"Success","AccessKeyId":"STS.a","AccessKeySecret":"b","SecurityToken":"c","Expiration":"2099-01-02T03:04:05Z"}"#;

/// A good CLI configuration with a login at CloudSSO.
const CLOUD_SSO: &str = r#"{"current":"a","profiles":[{"name":"a","mode":"CloudSSO","cloud_sso_sign_in_url":"https://signin.example.com","cloud_sso_account_id":"1","cloud_sso_access_config":"ac-1","access_token":"t","cloud_sso_access_token_expire":4070908800}]}"#;

/// CloudSSO's good answer.
pub(crate) const EXCHANGED: &str = r#"{"CloudCredential":{"AccessKeyId":"STS.a","AccessKeySecret":"b","SecurityToken":"c","Expiration":"2099-01-02T03:04:05Z"}}"#;

/// A good CLI configuration that names a program.
const EXTERNAL: &str =
    r#"{"current":"a","profiles":[{"name":"a","mode":"External","process_command":"/bin/x"}]}"#;

/// Surroundings in which one thing is hostile and the rest is good.
struct World {
    /// Of every file but the token.
    file: Vec<u8>,
    token: Vec<u8>,
    /// STS's, CloudSSO's, the URI's and the metadata service's, where it gives credentials.
    answer: Vec<u8>,
    /// The metadata service's, where it gives a token.
    session: Vec<u8>,
    /// The metadata service's, where it names the role.
    role: Vec<u8>,
    output: Vec<u8>,
}

struct Still;

/// A letter that says what is hostile, a line feed, its content. What is said of that
/// stays short, however long it is. (That no secret shows is tested where the secrets stay
/// in their places: chance moves them into names, which may show.)
pub fn chain(input: &[u8]) {
    const NO_FILES: (&str, &str) = ("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true");
    const INI: (&str, &str) = ("ALIBABA_CLOUD_CREDENTIALS_FILE", "/credentials");
    const OIDC: &[(&str, &str)] = &[
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token"),
        (
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
            "acs:ram::1:oidc-provider/a",
        ),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/a"),
    ];
    const URI: &[(&str, &str)] = &[
        NO_FILES,
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1/c"),
    ];
    let Some(([place, b'\n'], content)) = input.split_first_chunk::<2>() else {
        return;
    };
    let content = content.to_owned();
    let mut world = World::good();
    let env: &[(&str, &str)] = match place {
        b'c' => {
            world.file = content;
            &[]
        }
        b'e' => {
            world.file = EXTERNAL.as_bytes().to_owned();
            world.output = content;
            &[]
        }
        b'i' => {
            world.file = content;
            &[NO_FILES, INI]
        }
        b'l' => {
            world.file = CLOUD_SSO.as_bytes().to_owned();
            world.answer = content;
            &[]
        }
        b'm' => {
            world.answer = content;
            &[NO_FILES]
        }
        b'n' => {
            world.role = content;
            world.answer = GIVEN.as_bytes().to_owned();
            &[NO_FILES]
        }
        b'o' => {
            world.token = content;
            OIDC
        }
        b's' => {
            world.answer = content;
            OIDC
        }
        b't' => {
            world.session = content;
            world.answer = GIVEN.as_bytes().to_owned();
            &[NO_FILES]
        }
        b'u' => {
            world.answer = content;
            URI
        }
        _ => return,
    };
    let said = match ask(world, env) {
        Ok(credentials) => format!("{credentials:?}"),
        Err(error) => format!("{error} {error:?}"),
    };
    assert!(said.len() < 16 << 10, "said {} bytes", said.len());
}

fn ask(world: World, env: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
    let world = Arc::new(world);
    let around = Surroundings {
        env: env.iter().copied().collect::<Env>(),
        // Without one no file is looked for that no variable names.
        home: env.is_empty().then(|| PathBuf::from("/home/app")),
        files: Arc::clone(&world) as Arc<dyn Files>,
        http: Arc::clone(&world) as Arc<dyn Exchange>,
        commands: world,
        clock: Arc::new(Still),
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        // What a source waits for between two attempts takes no time.
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(DefaultCredentials::new(around).credentials())
}

/// A ClientKey's file, or the PKCS#12 in one.
pub fn client_key(input: &[u8]) {
    let password = Secret::from("Canary-Passw0rd");
    let content = match input.first() {
        Some(b'{') => input.to_owned(),
        _ => serde_json::json!({
            "KeyId": "KAAP.5a7dcd1c-8b13-4f1d-9a2f-000000000001",
            "PrivateKeyData": BASE64_STANDARD.encode(input),
        })
        .to_string()
        .into_bytes(),
    };
    if let Ok(key) = ClientKey::parse(&Secret::new(content), &password) {
        assert!(format!("{key:?}").len() < 500);
    }
}

/// A good one.
pub(crate) fn opened_key() -> ClientKey {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/kms-credentials/tests/client_key/legacy.json");
    let password = ClientKeyPassword::Value(Secret::from("Canary-Passw0rd"));
    ClientKey::read(&path, &password).expect("the golden key")
}

// === impl World ===

impl World {
    fn good() -> Self {
        let owned = |text: &str| text.as_bytes().to_owned();
        Self {
            file: Vec::new(),
            token: owned("header.claims.signature"),
            answer: owned(ASSUMED),
            session: owned("token"),
            role: owned("role"),
            output: owned(PRINTED),
        }
    }
}

#[async_trait]
impl Files for World {
    async fn read(&self, path: &Path, limit: usize) -> io::Result<Secret<Vec<u8>>> {
        let content = match path.to_str() {
            Some("/token") => &self.token,
            _ => &self.file,
        };
        if content.len() > limit {
            return Err(io::Error::other("too large"));
        }
        Ok(Secret::new(content.clone()))
    }
}

#[async_trait]
impl Exchange for World {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        for (name, value) in &request.headers {
            // As every HTTP library asks for it.
            assert!(http::HeaderName::from_bytes(name.as_bytes()).is_ok());
            assert!(http::HeaderValue::from_str(value).is_ok(), "{name}");
        }
        assert!(request.url.parse::<http::Uri>().is_ok(), "no URL");
        let body = if request.url.ends_with("/api/token") {
            self.session.clone()
        } else if request.url.ends_with("/security-credentials/") {
            self.role.clone()
        } else {
            self.answer.clone()
        };
        Ok(HttpResponse {
            status: 200,
            headers: http::HeaderMap::new(),
            body: Secret::new(body),
        })
    }
}

#[async_trait]
impl Commands for World {
    async fn run(&self, _: &str, _: usize, _: Duration) -> io::Result<Secret<Vec<u8>>> {
        Ok(Secret::new(self.output.clone()))
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

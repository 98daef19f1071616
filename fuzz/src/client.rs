//! kms-client: what services answer with, and files of CAs.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue};
use kms_client::{
    CaBundle, CallError, Client, Endpoint, Identity, ManagedConfig,
    request::{AssumeRole, GetSecretValue, ListSecrets, RoleSession},
};
use kms_credentials::{
    ClientKey, Credentials, CredentialsError, Exchange, ExchangeError, HttpRequest, HttpResponse,
    ProvideCredentials,
};
use kms_types::Secret;
use kms_wire::sign::SigningKey;

use crate::credentials::opened_key;

/// Always answers the same.
struct Service {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

struct Fixed;

/// A letter that says who calls what, a status, header lines, an empty line, a body. What
/// is said of a bad answer is one short line.
pub fn call(input: &[u8]) {
    let Some(([letter, b'\n'], answer)) = input.split_first_chunk::<2>() else {
        return;
    };
    let Some(service) = Service::read(answer) else {
        return;
    };
    let said = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        // Waits between attempts take no time.
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(ask(*letter, Arc::new(service)));
    if let Err(error) = said {
        let said = error.to_string();
        assert!(said.len() < 4096, "said {} bytes", said.len());
        assert!(!said.contains(char::is_control), "several lines");
    }
}

async fn ask(letter: u8, service: Arc<Service>) -> Result<(), CallError> {
    let shared = "kms.cn-hangzhou.aliyuncs.com";
    let instance = "kst-a.cryptoservice.kms.aliyuncs.com";
    let fixed = || Identity::from(Arc::new(Fixed));
    let client = |endpoint: &str, identity| {
        let endpoint: Endpoint = endpoint.parse().expect("an endpoint");
        Client::builder(endpoint, identity, service.clone()).build()
    };
    let name = || "app/db".parse().expect("a name");
    match letter {
        b'v' => {
            let read = GetSecretValue::new(name());
            client(shared, fixed()).call(&read).await.map(drop)
        }
        b'l' => {
            let list = ListSecrets {
                filters: Vec::new(),
                fetch_tags: true,
                page_number: 1,
                page_size: 10,
            };
            client(shared, fixed()).call(&list).await.map(drop)
        }
        b'r' => {
            let role = AssumeRole {
                session: RoleSession {
                    role_arn: "acs:ram::1:role/a".to_owned(),
                    name: "s-1".to_owned(),
                    duration_seconds: None,
                    policy: None,
                },
                external_id: None,
            };
            client(shared, fixed()).call(&role).await.map(drop)
        }
        b'k' => {
            let read = GetSecretValue::new(name());
            client(instance, key().into()).call(&read).await.map(drop)
        }
        // Which of the two it is, the answer has to tell.
        b'u' => {
            let read = GetSecretValue::new(name());
            client("kms.example.com", key().into())
                .call(&read)
                .await
                .map(drop)
        }
        _ => Ok(()),
    }
}

/// A file of CAs.
pub fn ca_file(input: &[u8]) {
    match CaBundle::parse(input) {
        Ok(bundle) => assert!(bundle.len() > 0),
        Err(error) => {
            let said = error.to_string();
            assert!(said.len() < 300, "said {} bytes", said.len());
        }
    }
}

fn key() -> ClientKey {
    static KEY: OnceLock<ClientKey> = OnceLock::new();
    KEY.get_or_init(opened_key).clone()
}

// === impl Service ===

impl Service {
    fn read(text: &[u8]) -> Option<Self> {
        let end = text.windows(2).position(|two| two == b"\n\n")?;
        let (head, body) = (text.get(..end)?, text.get(end + 2..)?);
        let mut lines = head.split(|byte| *byte == b'\n');
        let status = std::str::from_utf8(lines.next()?).ok()?.parse().ok()?;
        let mut headers = HeaderMap::new();
        for line in lines {
            let at = line.iter().position(|byte| *byte == b':')?;
            headers.append(
                HeaderName::from_bytes(line.get(..at)?).ok()?,
                HeaderValue::from_bytes(line.get(at + 1..)?).ok()?,
            );
        }
        Some(Self {
            status,
            headers,
            body: body.to_owned(),
        })
    }
}

#[async_trait]
impl Exchange for Service {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ExchangeError> {
        if self.body.len() > request.limits.body {
            return Err(ExchangeError::TooLarge(request.limits.body));
        }
        Ok(HttpResponse {
            status: self.status,
            headers: self.headers.clone(),
            body: Secret::new(self.body.clone()),
        })
    }
}

#[async_trait]
impl ProvideCredentials for Fixed {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Ok(Credentials {
            key: SigningKey {
                access_key_id: "LTAIa".parse().expect("an id"),
                access_key_secret: Secret::from("b"),
                security_token: None,
            },
            expires: None,
            provider: "static_ak".to_owned(),
        })
    }
}

/// A properties file of the official plug-ins. What is said of a bad one is one short line.
pub fn properties(input: &[u8]) {
    match ManagedConfig::parse(&Secret::new(input.to_vec())) {
        Ok(config) => {
            for warning in config.warnings() {
                assert!(warning.len() < 4096, "warned of {} bytes", warning.len());
                assert!(!warning.contains(char::is_control), "several lines");
            }
        }
        Err(error) => {
            let said = error.to_string();
            assert!(said.len() < 4096, "said {} bytes", said.len());
            assert!(!said.contains(char::is_control), "several lines");
        }
    }
}

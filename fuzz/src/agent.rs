//! The agent: its configuration, what a request's target asks for, and whole requests at
//! its port.

use std::{
    future,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    path::Path,
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use kms_agent::{
    AcceptedTokens, AuditSink, Parts, ResponseType, SecretRequest, Settings, Upstream,
    UpstreamError, config, loopback::AgentUrl,
};
use kms_types::{DataType, Secret, SystemClock};
use kms_wire::response::{GetSecretValue, VersionStages};

/// Opens the agent.
const TOKEN: &str = "fuzzers-token-77";

/// What every secret holds.
const VALUE: &str = "canary-value-4711";

/// How long the agent may take for what is read in microseconds.
const PATIENCE: Duration = Duration::from_secs(10);

struct Kms;

struct Nowhere;

/// A configuration file's text. Errors are short, and tell the place and no value of a key
/// that no configuration may have.
pub fn config(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    match config::parse(Path::new("config.toml"), text) {
        Ok(settings) => {
            let server = &settings.server;
            let prefix = &server.path_prefix;
            assert!(prefix.starts_with('/') && prefix.ends_with('/'));
            assert!(server.max_conn > 0 && !server.ssrf_headers.is_empty());
            let endpoint: kms_client::Endpoint = settings.kms.endpoint.parse().expect("checked");
            let plain = endpoint.to_string().starts_with("http://");
            assert!(!plain || endpoint.is_loopback());
        }
        Err(error) => {
            let said = error.to_string();
            assert!(said.starts_with("config.toml:"), "no place");
            // A name, once or twice, and words of ours.
            assert!(said.len() < 2 * text.len() + 500, "said {}", said.len());
        }
    }
}

/// A request's target: what it asks for is asked for again by its own names, on the other
/// route. And the address of an agent, which is on this machine.
pub fn target(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let mut vault = Settings::default();
    vault.server.response_type = ResponseType::Vault;
    vault.server.vault_mounts = [("secret".to_owned(), 2), ("legacy".to_owned(), 1)].into();
    for settings in [Settings::default(), vault] {
        match SecretRequest::from_target(&settings, text) {
            Ok(Some(request)) => {
                let again = SecretRequest::from_target(&settings, &written(&request));
                assert_eq!(again, Ok(Some(request)));
            }
            Ok(None) => assert!(settings.server.response_type == ResponseType::Vault),
            Err(error) => {
                let said = error.to_string();
                // The route itself is named, and has 19 characters.
                assert!(text.len() < 20 || !said.contains(text), "reflected");
            }
        }
    }
    if let Ok(url) = text.parse::<AgentUrl>() {
        assert_eq!(url.to_string().parse(), Ok(url));
    }
}

/// Whatever comes at the port: an HTTP answer or none, soon, and no value unless the bytes
/// held the token.
pub fn http(input: &[u8]) {
    let mut stream = TcpStream::connect(agent()).expect("the agent accepts");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
    // It may hang up before all is sent.
    let _sent = stream.write_all(input);
    let _shut = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the agent neither answers nor hangs up: {error}"),
    }
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1."),
        "no HTTP"
    );
    if contains(&answer, VALUE) {
        assert!(contains(input, TOKEN), "a value for no token");
    }
}

/// A good request, and others that are nearly good.
pub(crate) fn requests() -> Vec<Vec<u8>> {
    let token = format!("X-KMS-Token: {TOKEN}\r\n");
    [
        ("GET /v1/app/db", "Host: localhost\r\n", token.as_str()),
        (
            "GET /secretsmanager/get?secretId=app%2Fdb&versionStage=ACSCurrent",
            "Host: 127.0.0.1\r\nConnection: close\r\n",
            token.as_str(),
        ),
        (
            "GET http://localhost/v1/app/db?versionId=v1",
            "Host: localhost\r\nExpect: 100-continue\r\n",
            token.as_str(),
        ),
        ("GET /v1/app/db", "Host: localhost\r\n", ""),
        ("GET /ping", "", ""),
        (
            "POST /v1/app/db",
            "Host: localhost\r\nContent-Length: 0\r\n",
            token.as_str(),
        ),
        (
            "GET /v1/app/db",
            "Host: localhost\r\nTransfer-Encoding: chunked\r\n",
            token.as_str(),
        ),
        (
            "GET /v1/app/db",
            "Host: localhost\r\nX-Forwarded-For: 10.0.0.1\r\n",
            token.as_str(),
        ),
    ]
    .map(|(line, headers, token)| format!("{line} HTTP/1.1\r\n{headers}{token}\r\n").into_bytes())
    .to_vec()
}

/// A target for the request, all of it percent-encoded.
fn written(request: &SecretRequest) -> String {
    let mut target = format!(
        "/secretsmanager/get?secretId={}",
        encoded(&request.secret.to_string())
    );
    if let Some(id) = &request.version_id {
        target += &format!("&versionId={}", encoded(id.as_str()));
    }
    if let Some(stage) = &request.version_stage {
        target += &format!("&versionStage={}", encoded(stage.as_str()));
    }
    target
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// One agent serves all inputs, in threads of its own.
fn agent() -> SocketAddr {
    static AGENT: OnceLock<SocketAddr> = OnceLock::new();
    *AGENT.get_or_init(|| {
        let listeners = kms_agent::bind(0).expect("a free port");
        let address = listeners
            .first()
            .and_then(|listener| listener.local_addr().ok())
            .expect("an address");
        let parts = Parts {
            settings: Settings::default(),
            tokens: Arc::new(ArcSwap::from_pointee(AcceptedTokens::new([&Secret::from(
                TOKEN,
            )]))),
            upstream: Arc::new(Kms),
            audit: Arc::new(Nowhere),
            clock: Arc::new(SystemClock),
        };
        thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime")
                .block_on(kms_agent::serve(listeners, parts, future::pending()))
        });
        address
    })
}

#[async_trait]
impl Upstream for Kms {
    async fn fetch(&self, request: &SecretRequest) -> Result<GetSecretValue, UpstreamError> {
        Ok(GetSecretValue {
            secret_data: Secret::from(VALUE),
            secret_data_type: DataType::Text,
            secret_name: request.secret.to_string(),
            version_id: "v1".to_owned(),
            version_stages: VersionStages {
                version_stage: vec!["ACSCurrent".to_owned()],
            },
            request_id: "1".to_owned(),
            secret_type: "Generic".to_owned(),
            create_time: "2026-11-25T10:00:00Z".to_owned(),
            automatic_rotation: None,
            extended_config: None,
            last_rotation_date: None,
            next_rotation_date: None,
            rotation_interval: None,
        })
    }
}

#[async_trait]
impl AuditSink for Nowhere {
    fn append(&self, line: &[u8]) -> bool {
        let line = std::str::from_utf8(line).expect("a line of text");
        assert!(!line.contains(VALUE) && !line.contains(TOKEN), "{line}");
        true
    }

    async fn ready(&self) {}
}

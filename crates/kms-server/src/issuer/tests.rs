use std::{collections::HashMap, net::SocketAddr};

use kms_testkit::{LOCAL_NAMES, TestCa, TestServerCert};
use kms_types::IssuerUrl;
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::*;

const KEYS: &str = r#"{"keys":[{"kty":"RSA","kid":"1","n":"AQAB","e":"AQAB"}]}"#;

/// What a server answers by path; `{base}` stands for its own URL.
type Answers = HashMap<&'static str, String>;

/// A server at home, and where.
struct Site {
    base: String,
}

impl Site {
    /// Answers over TLS with this chain.
    async fn over_tls(chain: &[&str], key: &str, answers: Answers) -> Self {
        let chain = chain
            .iter()
            .map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .collect();
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        Self::start(Some(TlsAcceptor::from(Arc::new(config))), answers).await
    }

    async fn plain(answers: Answers) -> Self {
        Self::start(None, answers).await
    }

    async fn start(tls: Option<TlsAcceptor>, answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let base = base(tls.is_some(), address);
        let own = base.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                match &tls {
                    None => serve(stream, &own, &answers).await,
                    Some(tls) => {
                        // A client that does not believe us hangs up here.
                        if let Ok(stream) = tls.accept(stream).await {
                            serve(stream, &own, &answers).await;
                        }
                    }
                }
            }
        });
        Self { base }
    }

    fn issuer(&self, fingerprints: &[String]) -> Issuer {
        Issuer {
            url: self.base.parse().unwrap(),
            fingerprints: fingerprints.iter().map(|f| f.parse().unwrap()).collect(),
        }
    }
}

fn base(is_tls: bool, address: SocketAddr) -> String {
    let scheme = if is_tls { "https" } else { "http" };
    format!("{scheme}://localhost:{}", address.port())
}

/// One request, one answer.
async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, base: &str, answers: &Answers) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read_exact(&mut byte).await.is_err() {
            return;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let answer = answers
        .get(path)
        .map_or(
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            String::as_str,
        )
        .replace("{base}", base);
    // Who has heard enough hangs up.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn ok(body: &str) -> String {
    // The length is not said, for `{base}` has another.
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{body}")
}

const DISCOVERY: &str = "/.well-known/openid-configuration";

/// An issuer as it should be.
fn good() -> Answers {
    HashMap::from([
        (
            DISCOVERY,
            ok(r#"{"issuer":"{base}","jwks_uri":"{base}/keys?v=1","more":[1]}"#),
        ),
        ("/keys?v=1", ok(KEYS)),
    ])
}

/// The same, with another discovery document.
fn discovery(body: &str) -> Answers {
    let mut answers = good();
    answers.insert(DISCOVERY, ok(body));
    answers
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

fn sha256(pem: &str) -> String {
    let hash = ::aws_lc_rs::digest::digest(&::aws_lc_rs::digest::SHA256, &der(pem));
    hex::encode(hash).to_uppercase()
}

fn sha1(pem: &str) -> String {
    let sha1 = &::aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
    hex::encode(::aws_lc_rs::digest::digest(sha1, &der(pem)))
}

fn without_roots() -> HttpIssuers {
    HttpIssuers::new(Vec::new())
}

async fn count(issuers: &HttpIssuers, issuer: &Issuer) -> Result<usize, IssuerError> {
    issuers.key_set(issuer).await.map(|keys| keys.len())
}

fn local(ca: &TestCa) -> TestServerCert {
    ca.issue(&LOCAL_NAMES)
}

#[tokio::test]
async fn over_plain_http_at_home() {
    let site = Site::plain(good()).await;
    assert_eq!(count(&without_roots(), &site.issuer(&[])).await, Ok(1));
}

#[tokio::test]
async fn a_trusted_root_is_enough_without_fingerprints() {
    let ca = TestCa::new();
    let cert = local(&ca);
    let site = Site::over_tls(&[&cert.cert_pem], &cert.key_pem, good()).await;
    let trusting = HttpIssuers::new(vec![der(&ca.pem())]);
    assert_eq!(count(&trusting, &site.issuer(&[])).await, Ok(1));
    for issuers in [
        without_roots(),
        HttpIssuers::new(vec![der(&TestCa::new().pem())]),
    ] {
        let answer = count(&issuers, &site.issuer(&[])).await;
        assert!(
            matches!(answer, Err(IssuerError::Unreachable(_))),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_fingerprint_is_enough_without_roots() {
    let ca = TestCa::new();
    let cert = local(&ca);
    let (own, authority) = (cert.cert_pem.as_str(), ca.pem());
    let alone = Site::over_tls(&[own], &cert.key_pem, good()).await;
    let chain = Site::over_tls(&[own, &authority], &cert.key_pem, good()).await;
    let other = "00".repeat(20);
    for (site, pins, expected) in [
        (&alone, vec![sha1(own)], Ok(1)),
        (&alone, vec![sha256(own)], Ok(1)),
        (&alone, vec![other.clone(), sha256(own)], Ok(1)),
        (&chain, vec![sha1(own)], Ok(1)),
        (&chain, vec![sha1(&authority)], Ok(1)),
        (&chain, vec![sha256(&authority)], Ok(1)),
        // It does not show it.
        (
            &alone,
            vec![sha1(&authority)],
            Err(IssuerError::Fingerprint),
        ),
        (&chain, vec![other.clone()], Err(IssuerError::Fingerprint)),
    ] {
        let answer = count(&without_roots(), &site.issuer(&pins)).await;
        assert_eq!(answer, expected, "{pins:?}");
    }
    // A root of this machine need not be shown to be pinned.
    let trusting = HttpIssuers::new(vec![der(&authority)]);
    let pinned = alone.issuer(&[sha1(&authority)]);
    assert_eq!(count(&trusting, &pinned).await, Ok(1));
    // A root that is trusted otherwise is not one that is pinned.
    let answer = count(&trusting, &alone.issuer(&[other])).await;
    assert_eq!(answer, Err(IssuerError::Fingerprint));
}

#[tokio::test]
async fn showing_a_pinned_ca_is_not_being_issued_by_it() {
    let (ca, evil) = (TestCa::new(), TestCa::new());
    let cert = local(&evil);
    let authority = ca.pem();
    let site = Site::over_tls(&[&cert.cert_pem, &authority], &cert.key_pem, good()).await;
    for pin in [sha1(&authority), sha256(&authority)] {
        let answer = count(&without_roots(), &site.issuer(&[pin])).await;
        assert!(
            matches!(answer, Err(IssuerError::Unreachable(_))),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn the_certificate_is_for_its_name() {
    let ca = TestCa::new();
    let cert = ca.issue(&["other.example"]);
    let authority = ca.pem();
    let site = Site::over_tls(&[&cert.cert_pem, &authority], &cert.key_pem, good()).await;
    let trusting = HttpIssuers::new(vec![der(&authority)]);
    for pins in [vec![], vec![sha1(&authority)], vec![sha1(&cert.cert_pem)]] {
        let answer = count(&trusting, &site.issuer(&pins)).await;
        assert!(
            matches!(answer, Err(IssuerError::Unreachable(_))),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_pinned_certificate_has_its_time() {
    let ca = TestCa::new();
    let cert = local(&ca);
    let own = der(&cert.cert_pem);
    let pinned = trust::Pinned {
        fingerprints: vec![sha1(&cert.cert_pem).parse().unwrap()],
        roots: Arc::new([]),
        provider: Arc::new(aws_lc_rs::default_provider()),
    };
    let name = "localhost".try_into().unwrap();
    let at = |seconds| {
        let now = rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let verifier: &dyn rustls::client::danger::ServerCertVerifier = &pinned;
        verifier
            .verify_server_cert(&own, &[], &name, &[], now)
            .is_ok()
    };
    // rcgen's certificates are good from 1975 to 4096.
    assert!(at(1_735_891_157));
    assert!(!at(60));
    assert!(!at(67_100_000_000));
}

#[tokio::test]
async fn answers_that_are_of_no_use() {
    let elsewhere = Site::plain(good()).await;
    let cases = [
        (
            "another issuer",
            discovery(r#"{"issuer":"{base}/","jwks_uri":"{base}/keys?v=1"}"#),
        ),
        ("no issuer", discovery(r#"{"jwks_uri":"{base}/keys?v=1"}"#)),
        ("no keys", discovery(r#"{"issuer":"{base}"}"#)),
        ("not JSON", discovery("<html>")),
        ("nothing", discovery("")),
        (
            "no URL",
            discovery(r#"{"issuer":"{base}","jwks_uri":"/keys?v=1"}"#),
        ),
        (
            "a file",
            discovery(r#"{"issuer":"{base}","jwks_uri":"file:///etc/passwd"}"#),
        ),
        (
            "away without TLS",
            discovery(r#"{"issuer":"{base}","jwks_uri":"http://169.254.169.254/latest"}"#),
        ),
        (
            "with a user",
            discovery(r#"{"issuer":"{base}","jwks_uri":"http://localhost@169.254.169.254/"}"#),
        ),
        ("too long", discovery(&" ".repeat(65_537))),
        ("keys that are none", {
            let mut answers = good();
            answers.insert("/keys?v=1", ok(r#"{"keys":7}"#));
            answers
        }),
        ("keys that never end", {
            let mut answers = good();
            answers.insert("/keys?v=1", ok(&KEYS.replace('[', &"[{},".repeat(30_000))));
            answers
        }),
    ];
    for (name, answers) in cases {
        let site = Site::plain(answers).await;
        let answer = count(&without_roots(), &site.issuer(&[])).await;
        assert!(
            matches!(answer, Err(IssuerError::Answer(_))),
            "{name}: {answer:?}"
        );
    }
    for (name, status) in [
        (
            "moved",
            "HTTP/1.1 302 Found\r\nLocation: {elsewhere}/.well-known/openid-configuration\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            "moved for good",
            "HTTP/1.1 308 Permanent Redirect\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            "not there",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        ),
        ("empty", "HTTP/1.1 204 No Content\r\n\r\n"),
        (
            "broken",
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
        ),
        ("not HTTP", "SSH-2.0-OpenSSH\r\n\r\n"),
        (
            "cut short",
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        ),
        ("hung up", ""),
    ] {
        let mut answers = good();
        answers.insert(DISCOVERY, status.replace("{elsewhere}", &elsewhere.base));
        let site = Site::plain(answers).await;
        let answer = count(&without_roots(), &site.issuer(&[])).await;
        assert!(
            matches!(answer, Err(IssuerError::Unreachable(_))),
            "{name}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn as_long_as_allowed() {
    let document = r#"{"issuer":"{base}","jwks_uri":"{base}/keys?v=1"}"#;
    let mut answers = discovery(document);
    let padded = format!("{KEYS}{}", " ".repeat(65_536 - KEYS.len()));
    answers.insert("/keys?v=1", ok(&padded));
    let site = Site::plain(answers).await;
    assert_eq!(count(&without_roots(), &site.issuer(&[])).await, Ok(1));
}

#[tokio::test]
async fn over_tls_it_leads_nowhere_without() {
    let plain = Site::plain(good()).await;
    let ca = TestCa::new();
    let cert = local(&ca);
    let document = r#"{"issuer":"{base}","jwks_uri":"PLAIN/keys?v=1"}"#;
    let answers = discovery(&document.replace("PLAIN", &plain.base));
    let site = Site::over_tls(&[&cert.cert_pem], &cert.key_pem, answers).await;
    let trusting = HttpIssuers::new(vec![der(&ca.pem())]);
    let answer = count(&trusting, &site.issuer(&[])).await;
    assert!(matches!(answer, Err(IssuerError::Answer(_))), "{answer:?}");
}

#[tokio::test]
async fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: IssuerUrl = base(true, listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let issuer = Issuer {
        url,
        fingerprints: Vec::new(),
    };
    let answer = count(&without_roots(), &issuer).await;
    assert!(
        matches!(answer, Err(IssuerError::Unreachable(_))),
        "{answer:?}"
    );
}

/// Time stands still until nothing else can happen, and then jumps to the end of patience.
#[tokio::test(start_paused = true)]
async fn somebody_who_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = Issuer {
        url: base(false, listener.local_addr().unwrap()).parse().unwrap(),
        fingerprints: Vec::new(),
    };
    let answer = count(&without_roots(), &issuer).await;
    let late = IssuerError::Unreachable("no answer within 5 seconds".to_owned());
    assert_eq!(answer, Err(late));
}

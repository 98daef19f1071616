use std::{fs, io, net::SocketAddr, time::Duration};

use http::Method;
use kms_credentials::{Exchange, ExchangeError, HttpRequest, Limits};
use kms_testkit::{LOCAL_NAMES, TestCa, TestServerCert};
use kms_types::Env;
use tempfile::TempDir;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};
use tokio_rustls::TlsAcceptor;

use super::{CaBundle, Transport};

/// Gives each connection the same bytes, and tells what was asked.
struct Server {
    address: SocketAddr,
    asked: mpsc::UnboundedReceiver<String>,
}

impl Server {
    async fn start(answer: &'static [u8], cert: Option<&TestServerCert>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = cert.map(|cert| TlsAcceptor::from(cert.server_config()));
        let (sender, asked) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                tokio::spawn(async move {
                    match acceptor {
                        Some(acceptor) => {
                            serve(acceptor.accept(stream).await?, answer, sender).await
                        }
                        None => serve(stream, answer, sender).await,
                    }
                });
            }
        });
        Self { address, asked }
    }

    fn url(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{host}:{}/?q=canary", self.address.port())
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: &[u8],
    asked: mpsc::UnboundedSender<String>,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let _test_is_over = asked.send(String::from_utf8(head).unwrap());
    if answer.is_empty() {
        tokio::time::sleep(Duration::from_mins(10)).await;
    }
    stream.write_all(answer).await?;
    stream.shutdown().await
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

fn get(url: String) -> HttpRequest {
    HttpRequest {
        method: Method::GET,
        url,
        headers: vec![("x-acs-action".to_owned(), "Test".to_owned())],
        body: Vec::new(),
        limits: Limits {
            time: Duration::from_secs(20),
            body: 100,
            proxy: true,
        },
    }
}

fn env(pairs: &[(&str, &str)]) -> Env {
    pairs.iter().copied().collect()
}

/// A folder with the CA's certificate in `ca.pem`.
fn folder(ca: &TestCa) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ca.pem"), ca.pem()).unwrap();
    dir
}

fn failure(error: &ExchangeError) -> String {
    let text = format!("{error} {error:?}");
    assert!(!text.contains("canary"), "{text}");
    error.to_string()
}

#[tokio::test]
async fn a_server_with_a_certificate_of_the_ca_file_is_believed_under_all_its_names() {
    let ca = TestCa::new();
    let dir = folder(&ca);
    let server = Server::start(OK, Some(&ca.issue(&LOCAL_NAMES))).await;
    let transport = Transport::new(&env(&[]), Some(&dir.path().join("ca.pem"))).unwrap();
    for host in ["localhost", "127.0.0.1"] {
        let answer = transport
            .exchange(get(server.url("https", host)))
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body.expose(), b"hi");
    }
}

#[tokio::test]
async fn the_variable_for_certificates_counts_like_a_ca_file() {
    let ca = TestCa::new();
    let dir = folder(&ca);
    let file = dir.path().join("ca.pem");
    let server = Server::start(OK, Some(&ca.issue(&LOCAL_NAMES))).await;
    let variables = env(&[("SSL_CERT_FILE", file.to_str().unwrap())]);
    let transport = Transport::new(&variables, None).unwrap();
    transport
        .exchange(get(server.url("https", "localhost")))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_server_of_another_ca_is_not_believed() {
    let (ca, other) = (TestCa::new(), TestCa::new());
    let dir = folder(&other);
    let mut server = Server::start(OK, Some(&ca.issue(&LOCAL_NAMES))).await;
    for ca_file in [None, Some(dir.path().join("ca.pem"))] {
        let transport = Transport::new(&env(&[]), ca_file.as_deref()).unwrap();
        let failed = transport
            .exchange(get(server.url("https", "localhost")))
            .await;
        let text = failure(&failed.unwrap_err());
        assert!(text.contains("invalid peer certificate"), "{text}");
    }
    assert!(server.asked.try_recv().is_err(), "a request was sent");
}

#[tokio::test]
async fn a_transport_that_believes_one_ca_believes_no_other() {
    let (ca, other) = (TestCa::new(), TestCa::new());
    let mut server = Server::start(OK, Some(&ca.issue(&LOCAL_NAMES))).await;
    let believing = |ca: &TestCa| {
        let bundle = CaBundle::parse(ca.pem().as_bytes()).unwrap();
        Transport::believing(&env(&[]), bundle).unwrap()
    };
    let request = || get(server.url("https", "localhost"));
    let text = failure(&believing(&other).exchange(request()).await.unwrap_err());
    assert!(text.contains("invalid peer certificate"), "{text}");
    let answer = believing(&ca).exchange(request()).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(server.asked.try_recv().is_ok());
    assert!(server.asked.try_recv().is_err(), "a request was sent");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_not_believed() {
    let ca = TestCa::new();
    let dir = folder(&ca);
    let cert = ca.issue(&["kst-abc.cryptoservice.kms.aliyuncs.com"]);
    let mut server = Server::start(OK, Some(&cert)).await;
    let transport = Transport::new(&env(&[]), Some(&dir.path().join("ca.pem"))).unwrap();
    let failed = transport
        .exchange(get(server.url("https", "localhost")))
        .await;
    let text = failure(&failed.unwrap_err());
    assert!(text.contains("certificate not valid for name"), "{text}");
    assert!(server.asked.try_recv().is_err(), "a request was sent");
}

#[test]
fn files_without_certificates_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (path, why) in [
        (
            dir.path().join("missing"),
            "No such file or directory (os error 2)",
        ),
        (file("empty", b""), "holds no certificate in PEM"),
        (
            file(
                "key",
                b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            ),
            "holds no certificate in PEM",
        ),
        (
            file("damaged", damaged.as_bytes()),
            "holds a certificate that is none: invalid peer certificate: BadEncoding",
        ),
        (
            file("half", b"-----BEGIN CERTIFICATE-----\ncanary\n"),
            "is no PEM: a BEGIN without its END",
        ),
        (
            file("token", b"-----BEGIN canary\n"),
            "is no PEM: a BEGIN line that does not end in dashes",
        ),
        (
            file(
                "binary",
                b"-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n",
            ),
            "is no PEM: a section that is no base64",
        ),
        (
            file("large", &vec![b'\n'; (4 << 20) + 1]),
            "is larger than 4194304 bytes",
        ),
    ] {
        let failed = Transport::new(&env(&[]), Some(&path))
            .unwrap_err()
            .to_string();
        assert_eq!(failed, format!("{}: {why}", path.display()));
    }
    let missing = dir.path().join("missing");
    let failed = Transport::new(&env(&[("SSL_CERT_FILE", missing.to_str().unwrap())]), None)
        .unwrap_err()
        .to_string();
    assert!(
        failed.starts_with("SSL_CERT_FILE or SSL_CERT_DIR: "),
        "{failed}"
    );
}

#[tokio::test]
async fn the_proxy_is_asked_for_https_only_and_not_for_what_is_excepted() {
    let mut proxy = Server::start(b"HTTP/1.1 403 Forbidden\r\n\r\n", None).await;
    let mut direct = Server::start(OK, None).await;
    let address = proxy.address.to_string();
    let variables = env(&[
        ("HTTPS_PROXY", &address),
        ("HTTP_PROXY", &address),
        ("NO_PROXY", "internal.invalid"),
    ]);
    let transport = Transport::new(&variables, None).unwrap();

    let failed = transport
        .exchange(get("https://kms.invalid/?q=canary".to_owned()))
        .await;
    failure(&failed.unwrap_err());
    let asked = proxy.asked.recv().await.unwrap();
    assert!(
        asked.starts_with("CONNECT kms.invalid:443 HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(!asked.contains("canary"), "{asked}");

    for host in ["localhost", "127.0.0.1"] {
        transport
            .exchange(get(direct.url("http", host)))
            .await
            .unwrap();
        direct.asked.recv().await.unwrap();
    }
    let mut request = get("https://kms.invalid/".to_owned());
    request.limits.proxy = false;
    transport.exchange(request).await.unwrap_err();
    transport
        .exchange(get("https://internal.invalid/".to_owned()))
        .await
        .unwrap_err();
    assert!(proxy.asked.try_recv().is_err(), "the proxy was asked again");
}

#[test]
fn a_proxy_that_is_none_is_refused_without_its_value() {
    for value in ["socks5://canary:pw@host", "http://", "canary pw"] {
        let failed = Transport::new(&env(&[("https_proxy", value)]), None).unwrap_err();
        let text = format!("{failed} {failed:?}");
        assert!(text.starts_with("https_proxy is no "), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }
}

#[tokio::test]
async fn a_request_goes_out_as_it_was_signed() {
    let mut server = Server::start(OK, None).await;
    let transport = Transport::new(&env(&[]), None).unwrap();
    transport
        .exchange(get(server.url("http", "localhost")))
        .await
        .unwrap();
    let asked = server.asked.recv().await.unwrap();
    let mut lines: Vec<&str> = asked.trim_end().lines().collect();
    lines.sort_unstable();
    let host = format!("host: localhost:{}", server.address.port());
    assert_eq!(
        lines,
        [
            "GET /?q=canary HTTP/1.1",
            "accept: */*",
            &*host,
            "x-acs-action: Test"
        ]
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let server = Server::start(
        b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        None,
    )
    .await;
    let transport = Transport::new(&env(&[]), None).unwrap();
    let answer = transport
        .exchange(get(server.url("http", "localhost")))
        .await
        .unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), Some("http://127.0.0.1:1/"));
}

#[tokio::test]
async fn answers_that_are_cut_off_or_too_large_are_none() {
    let large: &'static [u8] = Vec::leak(
        [
            &b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n65\r\n"[..],
            &[b'x'; 0x65],
            b"\r\n0\r\n\r\n",
        ]
        .concat(),
    );
    let transport = Transport::new(&env(&[]), None).unwrap();
    for (answer, why) in [
        (
            &b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\ncanary"[..],
            "end of file before message length reached",
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\ncanary",
            "end of file before message length reached",
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n",
            "the answer is larger than 100 bytes",
        ),
        (large, "the answer is larger than 100 bytes"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "invalid HTTP version parsed"),
    ] {
        let server = Server::start(answer, None).await;
        let failed = transport
            .exchange(get(server.url("http", "localhost")))
            .await;
        let text = failure(&failed.unwrap_err());
        assert!(text.contains(why), "expected {why}, got {text}");
    }
}

#[tokio::test]
async fn silence_ends_with_the_time_given() {
    let mut server = Server::start(b"", None).await;
    let transport = Transport::new(&env(&[]), None).unwrap();
    let mut request = get(server.url("http", "localhost"));
    // Long enough for a loaded machine to connect and ask.
    request.limits.time = Duration::from_secs(2);
    let failed = transport.exchange(request).await.unwrap_err();
    assert_eq!(failure(&failed), "no answer within 2 s");
    server.asked.recv().await.unwrap();
}

#[tokio::test]
async fn nobody_there_is_told_without_the_query() {
    // Bound and not listening: nobody else is given it meanwhile.
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = silent.local_addr().unwrap().port();
    let transport = Transport::new(&env(&[]), None).unwrap();
    let url = format!("http://127.0.0.1:{port}/?q=canary");
    let text = failure(&transport.exchange(get(url)).await.unwrap_err());
    assert!(text.contains("Connection refused"), "{text}");
}

#[tokio::test]
async fn what_cannot_be_sent_is_not() {
    let transport = Transport::new(&env(&[]), None).unwrap();
    let mut request = get("http://localhost:1/".to_owned());
    request
        .headers
        .push(("x".to_owned(), "canary\r\ny: 1".to_owned()));
    let failed = transport.exchange(request).await.unwrap_err();
    assert!(
        matches!(failed, ExchangeError::Unsendable { .. }),
        "{failed:?}"
    );
    failure(&failed);
}

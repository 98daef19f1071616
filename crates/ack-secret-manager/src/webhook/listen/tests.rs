use std::sync::Arc;

use axum::{Router, routing::get};
use kms_telemetry::{Lifecycle, LifecycleHandle};
use kms_testkit::{TestCa, TestServerCert};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::pem::PemObject as _};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::serve;

struct Door {
    address: std::net::SocketAddr,
    connector: TlsConnector,
    handle: LifecycleHandle,
    serving: JoinHandle<()>,
}

impl Door {
    async fn open() -> Self {
        let ca = TestCa::new();
        let server: TestServerCert = ca.issue(&["localhost"]);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (handle, lifecycle) = Lifecycle::new();
        let router = Router::new().route("/", get(|| async { "here" }));
        let tls = server.server_config().into();
        let serving = tokio::spawn(serve(listener, tls, router, lifecycle.shutdown));
        let mut roots = RootCertStore::empty();
        let root = rustls::pki_types::CertificateDer::from_pem_slice(ca.pem().as_bytes());
        roots.add(root.unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            address,
            connector: Arc::new(config).into(),
            handle,
            serving,
        }
    }

    async fn connect(&self) -> TlsStream<TcpStream> {
        let socket = TcpStream::connect(self.address).await.unwrap();
        let name = "localhost".try_into().unwrap();
        self.connector.connect(name, socket).await.unwrap()
    }
}

async fn get_here(stream: &mut TlsStream<TcpStream>) -> String {
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).await.unwrap();
    String::from_utf8(answer[..length].to_vec()).unwrap()
}

#[tokio::test]
async fn who_comes_at_the_end_is_still_answered() {
    let door = Door::open().await;
    let mut kept = door.connect().await;
    assert!(get_here(&mut kept).await.ends_with("here"));
    door.handle.stop();
    // The one that was idle is closed, so that the next request goes to another replica.
    assert_eq!(kept.read(&mut [0; 16]).await.unwrap_or(0), 0);
    let mut late = door.connect().await;
    let answer = get_here(&mut late).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    door.handle.stop();
    door.serving.await.unwrap();
}

#[tokio::test]
async fn who_speaks_no_tls_is_not_heard() {
    let door = Door::open().await;
    let mut socket = TcpStream::connect(door.address).await.unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    drop(socket.read_to_end(&mut answer).await);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    let mut stream = door.connect().await;
    assert!(get_here(&mut stream).await.ends_with("here"));
}

#[tokio::test]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let door = Door::open().await;
    let mut stream = door.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    tokio::time::pause();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.contains(" 408 "), "{answer}");
}

//! What connections carry and how long they live, through sockets: real clients send
//! requests that an HTTP library alone would refuse (reference real-clients §2).

#![expect(clippy::unwrap_used, reason = "a test that cannot connect has failed")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::State};
use http::{HeaderName, Request, Response};
use http_body_util::BodyExt;
use kms_server::gateway::{self, Door, Limits, bind};
use kms_telemetry::{Lifecycle, LifecycleHandle};
use kms_testkit::{Exchange, LOCAL_NAMES, RawResponse, TestCa};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::{runtime::Runtime, sync::Notify, task::JoinHandle, time::timeout};

const LONG: HeaderName = HeaderName::from_static("x-long-query");

/// For what comes at once, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_mins(1);

/// A listener whose answers tell what arrived.
struct Server {
    address: SocketAddr,
    handle: LifecycleHandle,
    task: JoinHandle<()>,
    gate: Arc<Gate>,
    runtime: Runtime,
}

/// Where requests to `/wait` wait.
#[derive(Default)]
struct Gate {
    arrived: Notify,
    open: Notify,
}

impl Server {
    fn start(limits: Limits, ca: Option<&TestCa>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let gate = Arc::new(Gate::default());
        let router = Router::new().fallback(tell).with_state(Arc::clone(&gate));
        let (handle, lifecycle) = Lifecycle::new();
        let mut listener = runtime.block_on(bind(0)).unwrap();
        let address = listener.address().unwrap();
        if let Some(ca) = ca {
            listener = listener.with_tls(ca.issue(&LOCAL_NAMES).server_config());
        }
        let door = Door::new(limits, LONG);
        let task = runtime.spawn(gateway::serve(listener, router, door, lifecycle.shutdown));
        Self {
            address,
            handle,
            task,
            gate,
            runtime,
        }
    }

    /// One connection: these bytes, and this many answers.
    fn exchange(&self, bytes: &[u8], expected: usize) -> Vec<(u16, String)> {
        let exchange = Exchange::run(self.address, bytes, expected, false).unwrap();
        exchange
            .responses
            .iter()
            .map(|response| (response.status, response.text()))
            .collect()
    }

    fn connect(&self) -> TcpStream {
        let socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket
    }

    /// Whether it ends at all: the limits say when, and a loaded machine takes longer.
    fn ends(self) -> bool {
        self.runtime
            .block_on(async { timeout(PATIENCE, self.task).await })
            .is_ok()
    }
}

/// Method, path, length of the query, body.
async fn tell(State(gate): State<Arc<Gate>>, mut request: Request<Body>) -> Response<Body> {
    if request.uri().path() == "/wait" {
        gate.arrived.notify_one();
        gate.open.notified().await;
    }
    let long = request.headers_mut().remove(LONG);
    let query = long.as_ref().map_or_else(
        || request.uri().query().unwrap_or_default().len(),
        |long| long.as_bytes().len(),
    );
    let line = format!("{} {} {query} ", request.method(), request.uri().path());
    match request.into_body().collect().await {
        Ok(body) => {
            let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
            Response::new(Body::from(line + &body))
        }
        Err(_cut) => Response::new(Body::from(line + "(cut)")),
    }
}

fn ok(text: &str) -> (u16, String) {
    (200, text.to_owned())
}

#[test]
fn a_post_without_any_framing_has_an_empty_body() {
    // java-core and java-kms-async: neither Content-Length nor Transfer-Encoding.
    let server = Server::start(Limits::default(), None);
    let request = b"POST /?a=b HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n";
    assert_eq!(server.exchange(request, 1), [ok("POST / 3 ")]);
    // And the connection goes on.
    assert_eq!(
        server.exchange(&request.repeat(2), 2),
        [ok("POST / 3 "), ok("POST / 3 ")]
    );
}

#[test]
fn a_chunked_empty_body_is_empty() {
    // java-kms-tea.
    let server = Server::start(Limits::default(), None);
    let request = b"POST /?a=b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(
        server.exchange(&request.repeat(2), 2),
        [ok("POST / 3 "), ok("POST / 3 ")]
    );
}

#[test]
fn an_empty_path_is_the_root() {
    let server = Server::start(Limits::default(), None);
    for target in ["?a=b", "http://kms.local?a=b", "http://kms.local/?a=b"] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: kms.local\r\n\r\n");
        assert_eq!(
            server.exchange(request.as_bytes(), 1),
            [ok("GET / 3 ")],
            "{target}"
        );
    }
}

#[test]
fn the_largest_secret_fits_into_a_query_and_into_a_form() {
    // 30,720 bytes of which each needs its %XX, and the system parameters.
    let value = "%E5%AF%86".repeat(10_240);
    let system = "&Signature=".to_owned() + &"x".repeat(600);
    let all = format!("SecretData={value}{system}");
    assert_eq!(value.len(), 92_160);
    let server = Server::start(Limits::default(), None);

    let query = format!("POST /?{all} HTTP/1.1\r\nHost: x\r\n\r\n");
    let length = all.len();
    assert_eq!(
        server.exchange(query.as_bytes(), 1),
        [ok(&format!("POST / {length} "))]
    );
    // On a connection that has served before, and serves on.
    let [before, after] = ["GET /?a=b HTTP/1.1\r\nHost: x\r\n\r\n"; 2];
    let mut socket = server.connect();
    for (request, expected) in [(before, 3), (&query, length), (after, 3)] {
        socket.write_all(request.as_bytes()).unwrap();
        let answer = read_answer(&mut socket);
        assert!(answer.ends_with(&format!(" / {expected} ")), "{answer}");
    }

    let form = format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{all}");
    let [(200, text)] = &server.exchange(form.as_bytes(), 1)[..] else {
        panic!("refused");
    };
    assert_eq!(text.len(), "POST / 0 ".len() + length);
}

#[test]
fn longer_heads_are_refused() {
    let server = Server::start(Limits::default(), None);
    let long_line = format!(
        "GET /?{} HTTP/1.1\r\nHost: x\r\n\r\n",
        "a".repeat(130 * 1024)
    );
    assert_eq!(server.exchange(long_line.as_bytes(), 1)[0].0, 414);
    let long_head = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n",
        "a".repeat(600 * 1024)
    );
    assert_eq!(server.exchange(long_head.as_bytes(), 1)[0].0, 431);
}

#[test]
fn bytes_that_are_no_http_get_400_and_the_end() {
    let server = Server::start(Limits::default(), None);
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ] {
        let exchange = Exchange::run(server.address, bytes, 1, true).unwrap();
        assert_eq!(exchange.responses[0].status, 400, "{bytes:?}");
        assert!(exchange.closed);
    }
}

#[test]
fn two_framings_at_once_are_no_smuggling() {
    let server = Server::start(Limits::default(), None);
    let request =
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\nTransfer-Encoding: chunked\r\n\r\n\
        0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    let exchange = Exchange::run(server.address, request, 1, false).unwrap();
    let texts: Vec<_> = exchange.responses.iter().map(RawResponse::text).collect();
    assert!(
        texts.iter().all(|text| !text.contains("smuggled")),
        "{texts:?}"
    );
}

#[test]
fn idle_connections_make_room_when_there_are_too_many() {
    let limits = Limits {
        connections: 4,
        ..Limits::default()
    };
    let server = Server::start(limits, None);
    let mut idle: Vec<_> = (0..4).map(|_| server.connect()).collect();
    for socket in &mut idle {
        socket
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .unwrap();
        read_answer(socket);
    }
    assert_eq!(
        server.exchange(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1),
        [ok("GET / 0 ")]
    );
}

#[test]
fn a_full_house_keeps_its_idle_connections_while_nobody_waits() {
    let limits = Limits {
        connections: 4,
        ..Limits::default()
    };
    let server = Server::start(limits, None);
    let mut sockets: Vec<_> = (0..4).map(|_| server.connect()).collect();
    for _round in 0..50 {
        for socket in &mut sockets {
            socket
                .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                .unwrap();
            assert!(read_answer(socket).ends_with("GET / 0 "));
        }
    }
}

#[test]
fn a_head_that_never_ends_is_given_up() {
    let limits = Limits {
        head_time: Duration::from_millis(200),
        ..Limits::default()
    };
    let server = Server::start(limits, None);
    let mut socket = server.connect();
    socket.write_all(b"GET / HTTP/1.1\r\nHost").unwrap();
    // The end, not our own timeout.
    assert_eq!(socket.read(&mut [0; 10]).unwrap(), 0);
}

#[test]
fn a_body_that_never_ends_is_given_up() {
    let limits = Limits {
        body_time: Duration::from_millis(200),
        ..Limits::default()
    };
    let server = Server::start(limits, None);
    let mut socket = server.connect();
    socket
        .write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.is_empty() || answer.ends_with("(cut)"), "{answer}");
}

#[test]
fn the_end_waits_for_requests_in_progress_and_for_nothing_else() {
    let server = Server::start(Limits::default(), None);
    let mut idle = server.connect();
    idle.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    read_answer(&mut idle);
    let mut busy = server.connect();
    busy.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    server.runtime.block_on(server.gate.arrived.notified());

    server.handle.stop();
    assert_eq!(
        idle.read(&mut [0; 10]).unwrap(),
        0,
        "an idle connection ends"
    );
    server.gate.open.notify_one();
    assert!(read_answer(&mut busy).ends_with("GET /wait 0 "));
    assert!(server.ends());
}

#[test]
fn the_end_has_a_deadline() {
    let limits = Limits {
        drain_time: Duration::from_millis(1),
        ..Limits::default()
    };
    let server = Server::start(limits, None);
    let mut busy = server.connect();
    busy.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    server.runtime.block_on(server.gate.arrived.notified());
    server.handle.stop();
    assert!(server.ends());
}

#[test]
fn the_same_over_tls() {
    let ca = TestCa::new();
    let server = Server::start(Limits::default(), Some(&ca));
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca.pem().as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, server.connect());
    let query = "a".repeat(92_160);
    for _ in 0..2 {
        stream
            .write_all(format!("POST ?{query} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
            .unwrap();
        assert!(read_answer(&mut stream).ends_with("POST / 92160 "));
    }
}

/// One answer with a Content-Length.
fn read_answer(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        bytes.extend_from_slice(&byte);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head
        .to_ascii_lowercase()
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.split("\r\n").next()?.parse().ok())
        .unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

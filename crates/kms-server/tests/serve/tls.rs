//! Certificates: of files, of the server's own authority, replaced while it runs.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::Arc,
    thread,
    time::Duration,
};

use kms_testkit::{TestCa, TestServerCert};
use rustix::process::Signal;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::{
    call::{KMS, get, signed},
    place::{Place, chmod},
    server::Server,
};

pub(crate) type Tls = StreamOwned<ClientConnection, TcpStream>;

/// A connection as that name, if the certificate is of this authority.
pub(crate) fn connect(at: SocketAddr, ca_pem: &str, name: &str) -> Result<Tls, String> {
    let socket = TcpStream::connect(at).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    over(socket, ca_pem, name)
}

/// The same over a connection that is there.
pub(crate) fn over(socket: TcpStream, ca_pem: &str, name: &str) -> Result<Tls, String> {
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap();
    roots.add(ca).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = name.to_owned().try_into().unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, socket);
    stream.flush().map_err(|why| why.to_string())?;
    Ok(stream)
}

/// The answer, whole.
pub(crate) fn ask(stream: &mut Tls, request: &[u8]) -> String {
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&answer) {
        let count = stream.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "closed: {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Whether a body is there as long as its head says.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.unwrap().trim().parse().unwrap();
    answer.len() >= end + 4 + length
}

fn install(place: &Place, cert: &TestServerCert) {
    replace(&place.path("tls.key"), &cert.key_pem);
    replace(&place.path("tls.pem"), &cert.cert_pem);
}

/// Whole or not at all, as programs do that renew certificates.
fn replace(path: &Path, text: &str) {
    let fresh = path.with_extension("new");
    fs::write(&fresh, text).unwrap();
    chmod(&fresh, 0o600);
    fs::rename(&fresh, path).unwrap();
}

fn with_files(place: &Place) {
    place.configure(&format!(
        "[tls]\ncert_file = '{}'\nkey_file = '{}'\n",
        place.path("tls.pem").display(),
        place.path("tls.key").display()
    ));
}

/// Asks until it is so, or does not become so.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..400 {
        if is_so() {
            return;
        }
        wait(Duration::from_millis(50));
    }
    panic!("never: {what}");
}

#[expect(clippy::disallowed_methods, reason = "the program's time is real")]
fn wait(moment: Duration) {
    thread::sleep(moment);
}

#[test]
fn the_servers_own_authority_is_trusted_by_its_file() {
    let place = Place::sqlite();
    let admin = place.init();
    let server = Server::start(&place);
    let ca = fs::read_to_string(place.path("data/ca.pem")).unwrap();
    let mut stream = connect(server.https, &ca, "localhost").unwrap();
    let head = ask(&mut stream, &signed(&admin, KMS, "ListSecrets", &[]));
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    connect(server.https, &TestCa::new().pem(), "localhost").unwrap_err();
}

#[test]
fn a_certificate_is_replaced_without_a_restart_and_a_broken_one_is_not_taken() {
    let place = Place::sqlite();
    with_files(&place);
    let admin = place.init();
    let [first, second, third] = [(); 3].map(|()| TestCa::new());
    install(&place, &first.issue(&["localhost"]));
    let server = Server::start(&place);
    let mut kept = connect(server.https, &first.pem(), "localhost").unwrap();

    install(&place, &second.issue(&["localhost"]));
    server.signal(Signal::HUP);
    until("the second one", || {
        connect(server.https, &second.pem(), "localhost").is_ok()
    });
    // Who is connected stays so.
    let head = ask(&mut kept, &signed(&admin, KMS, "ListSecrets", &[]));
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");

    // A key that belongs to another certificate.
    replace(&place.path("tls.key"), &third.issue(&["localhost"]).key_pem);
    server.signal(Signal::HUP);
    let failed = "kms_certificate_reloads_total{result=\"failed\"} ";
    until("a failure in the metrics", || {
        get(server.admin.unwrap(), "/metrics")
            .text()
            .contains(failed)
    });
    connect(server.https, &second.pem(), "localhost").unwrap();

    // And without a word to the server.
    install(&place, &third.issue(&["localhost"]));
    until("the third one", || {
        connect(server.https, &third.pem(), "localhost").is_ok()
    });
    server.stop();
    let mut log = String::new();
    for entry in fs::read_dir(place.path("data/logs")).unwrap() {
        log += &fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    assert!(log.contains("those in use stay"), "{log}");
}

#[test]
fn what_cannot_be_used_at_the_start_is_refused() {
    let place = Place::sqlite();
    with_files(&place);
    place.init();
    let refused = |word: &str| {
        let said = place.run(&["serve"]);
        assert_eq!(said.code, Some(64), "{said:?}");
        assert!(said.err.contains(word), "{word}: {said:?}");
    };
    refused("cannot read or write");
    let ca = TestCa::new();
    install(&place, &ca.issue(&["localhost"]));
    chmod(&place.path("tls.key"), 0o644);
    refused("others than its owner can read the key");
    replace(&place.path("tls.key"), &ca.issue(&["localhost"]).key_pem);
    refused("is not that of the certificate");
    replace(&place.path("tls.pem"), "no certificate");
    refused("holds no certificate");
}

#[test]
fn instances_are_told_apart_by_the_name_asked_for() {
    let place = Place::sqlite();
    place.configure(
        "[[instance]]\nid = 'kst-one'\naccount = '1000000000000001'\nnames = ['one.test']\n\
         [[instance]]\nid = 'kst-two'\naccount = '1000000000000001'\n",
    );
    place.init();
    let server = Server::start(&place);
    let ca = fs::read_to_string(place.path("data/ca.pem")).unwrap();
    let at = server.instance.unwrap();
    for name in [
        "one.test",
        "kst-one.cryptoservice.kms.aliyuncs.com",
        "kst-two.cryptoservice.kms.aliyuncs.com",
    ] {
        let mut stream = connect(at, &ca, name).unwrap();
        let head = ask(
            &mut stream,
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nx-kms-apiname: Nonsense\r\n\r\n",
        );
        assert!(head.starts_with("HTTP/1.1 4"), "{name}: {head}");
        assert!(head.contains("application/x-protobuf"), "{name}: {head}");
    }
    // The shared gateway's certificate, and nobody behind it.
    let mut stream = connect(at, &ca, "localhost").unwrap();
    drop(stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));
    let mut rest = Vec::new();
    drop(stream.read_to_end(&mut rest));
    assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
}

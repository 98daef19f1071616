//! The end: no new connections, what has begun is finished.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use kms_testkit::RawResponse;

use crate::{
    call::{KMS, read_secret, signed},
    place::Place,
    server::Server,
};

#[test]
fn a_request_in_flight_is_answered_and_kept() {
    let place = Place::sqlite();
    let admin = place.init();
    let server = Server::start(&place);
    let params = [
        ("SecretName", "app/db"),
        ("SecretData", "hunter2"),
        ("VersionId", "v1"),
    ];
    let request = signed(&admin, KMS, "CreateSecret", &params);
    let (first, rest) = request.split_at(request.len() - 10);
    let mut stream = TcpStream::connect(server.http).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(first).unwrap();
    // It has read that much once another connection's request is answered.
    drop(crate::call::get(server.http, "/"));
    server.signal(rustix::process::Signal::TERM);
    // Nobody new is let in.
    server.listens_no_more();
    stream.write_all(rest).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let (answer, _) = RawResponse::parse(&answer, false).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    server.ended();
    let server = Server::start(&place);
    assert_eq!(read_secret(server.http, &admin), "hunter2");
}

#[test]
fn what_does_not_end_in_time_is_cut_off() {
    let place = Place::sqlite();
    place.configure("[limits]\ndrain_seconds = 1\n");
    place.init();
    let server = Server::start(&place);
    let mut stream = TcpStream::connect(server.http).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    drop(crate::call::get(server.http, "/"));
    server.stop();
}

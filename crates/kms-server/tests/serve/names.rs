//! Questions for names, asked from separate addresses of loopback.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, SocketAddr, UdpSocket},
    time::Duration,
};

use hickory_proto::{
    op::{Edns, Message, OpCode, Query, ResponseCode},
    rr::{DNSClass, Name, RecordType},
};
use kms_wire::sign::SigningKey;

use crate::{
    call::{connect_from, done},
    networks::scene::{PVTZ, VPC},
    place::Place,
    server::Server,
};

/// A server that answers questions.
fn server(place: &Place) -> (Server, SigningKey) {
    place.configure("[dns]\nlisten = ['127.0.0.1:0']\n");
    let admin = place.init();
    (Server::start(place), admin)
}

/// A zone with these records that 127.0.20.0/24 sees.
fn zone(at: SocketAddr, key: &SigningKey, name: &str, records: &[(&str, &str, &str)]) {
    let vpc = done(at, key, VPC, "CreateVpc", &[("CidrBlock", "127.0.20.0/24")]);
    let zone = done(at, key, PVTZ, "AddZone", &[("ZoneName", name)]);
    let zone = zone["ZoneId"].as_str().unwrap();
    for (rr, kind, value) in records {
        let params = [
            ("ZoneId", zone),
            ("Rr", rr),
            ("Type", kind),
            ("Value", value),
        ];
        done(at, key, PVTZ, "AddZoneRecord", &params);
    }
    let vpc = vpc["VpcId"].as_str().unwrap();
    let bind = [("ZoneId", zone), ("Vpcs.1.VpcId", vpc)];
    done(at, key, PVTZ, "BindZoneVpc", &bind);
}

/// A server that knows kst-1.kms.test in 127.0.20.0/24, and where it is asked.
fn one_name(place: &Place) -> (Server, SocketAddr) {
    let (server, admin) = server(place);
    let record = ("kst-1", "A", "127.0.20.17");
    zone(server.http, &admin, "kms.test", &[record]);
    let dns = server.dns.unwrap();
    (server, dns)
}

fn question(name: &str, kind: RecordType) -> Message {
    let mut message = Message::query();
    message.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
    message
}

/// Sends a datagram from that address; what comes back, if anything does.
pub(crate) fn datagram(from: &str, to: SocketAddr, bytes: &[u8]) -> Option<Vec<u8>> {
    let from: IpAddr = from.parse().unwrap();
    let socket = UdpSocket::bind((from, 0)).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    socket.connect(to).unwrap();
    socket.send(bytes).unwrap();
    let mut buffer = vec![0; 65_536];
    let length = socket.recv(&mut buffer).ok()?;
    Some(buffer[..length].to_vec())
}

fn ask(from: &str, to: SocketAddr, message: &Message) -> Message {
    let answer = datagram(from, to, &message.to_vec().unwrap()).unwrap();
    let answer = Message::from_vec(&answer).unwrap();
    assert_eq!(answer.metadata.id, message.metadata.id);
    answer
}

/// The code and the values of the answer to such a question.
pub(crate) fn look_up(
    from: &str,
    to: SocketAddr,
    name: &str,
    kind: RecordType,
) -> (ResponseCode, Vec<String>) {
    let answer = ask(from, to, &question(name, kind));
    let values = answer.answers.iter().map(|record| record.data.to_string());
    (answer.metadata.response_code, values.collect())
}

#[test]
fn who_asks_sees_what_its_network_sees() {
    use RecordType::{A, AAAA, ANY, CNAME, MX, TXT};

    let place = Place::sqlite();
    let (server, admin) = server(&place);
    let records = [
        ("kst-1", "A", "127.0.20.17"),
        ("kst-1", "AAAA", "fd00::17"),
        ("alias", "CNAME", "kst-1.kms.test"),
        ("text", "TXT", "v=1 any text"),
    ];
    zone(server.http, &admin, "kms.test", &records);
    let dns = server.dns.unwrap();
    for (name, kind, code, values) in [
        (
            "kst-1.kms.test.",
            A,
            ResponseCode::NoError,
            &["127.0.20.17"][..],
        ),
        (
            "KST-1.Kms.TEST.",
            A,
            ResponseCode::NoError,
            &["127.0.20.17"],
        ),
        (
            "kst-1.kms.test.",
            AAAA,
            ResponseCode::NoError,
            &["fd00::17"],
        ),
        (
            "kst-1.kms.test.",
            ANY,
            ResponseCode::NoError,
            &["127.0.20.17", "fd00::17"],
        ),
        (
            "alias.kms.test.",
            CNAME,
            ResponseCode::NoError,
            &["kst-1.kms.test."],
        ),
        (
            "alias.kms.test.",
            A,
            ResponseCode::NoError,
            &["kst-1.kms.test.", "127.0.20.17"],
        ),
        (
            "text.kms.test.",
            TXT,
            ResponseCode::NoError,
            &["v=1 any text"],
        ),
        ("kst-1.kms.test.", MX, ResponseCode::NoError, &[]),
        ("kst-2.kms.test.", A, ResponseCode::NXDomain, &[]),
        ("example.com.", A, ResponseCode::Refused, &[]),
    ] {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        assert_eq!(
            look_up("127.0.20.9", dns, name, kind),
            (code, values),
            "{name} {kind}"
        );
    }
    let outside = look_up("127.0.21.9", dns, "kst-1.kms.test.", A);
    assert_eq!(outside, (ResponseCode::Refused, vec![]));
}

#[test]
fn an_answer_says_who_knows_and_for_how_long() {
    let place = Place::sqlite();
    let (_server, dns) = one_name(&place);
    // Written by hand (RFC 1035, 4.1): number 0x1234, recursion desired, one question.
    let asked = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x05kst-1\x03kms\x04test\x00\x00\x01\x00\x01";
    let answer = datagram("127.0.20.9", dns, asked).unwrap();
    let expected: &[&[u8]] = &[
        // An answer by who has authority, recursion desired and not available, no error.
        b"\x12\x34\x85\x00\x00\x01\x00\x01\x00\x00\x00\x00",
        &asked[12..],
        // The same name, A, IN, 60 seconds, four bytes.
        b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\x00\x14\x11",
    ];
    assert_eq!(answer, expected.concat());
    let missing = ask(
        "127.0.20.9",
        dns,
        &question("none.kms.test.", RecordType::A),
    );
    assert!(missing.metadata.authoritative);
    let soa = &missing.authorities[0];
    assert_eq!((soa.name.to_string().as_str(), soa.ttl), ("kms.test.", 60));
    assert_eq!(soa.record_type(), RecordType::SOA);
    let refused = ask(
        "127.0.21.9",
        dns,
        &question("none.kms.test.", RecordType::A),
    );
    assert!(!refused.metadata.authoritative);
    assert!(refused.authorities.is_empty());
}

#[test]
fn a_large_answer_goes_over_a_connection() {
    let place = Place::sqlite();
    let (server, admin) = server(&place);
    let texts: Vec<String> = (0..8)
        .map(|number| format!("{number}").repeat(200))
        .collect();
    let records: Vec<_> = texts
        .iter()
        .map(|text| ("many", "TXT", text.as_str()))
        .collect();
    zone(server.http, &admin, "kms.test", &records);
    let dns = server.dns.unwrap();
    let mut message = question("many.kms.test.", RecordType::TXT);
    let short = ask("127.0.20.9", dns, &message);
    assert!(short.metadata.truncation && short.answers.is_empty());
    // However much the client would take.
    let mut edns = Edns::new();
    edns.set_max_payload(4096);
    message.set_edns(edns);
    let short = ask("127.0.20.9", dns, &message);
    assert!(short.metadata.truncation);
    assert_eq!(short.edns.unwrap().max_payload(), 1232);

    let mut stream = connect_from("127.0.20.9", dns);
    for _ in 0..2 {
        let bytes = message.to_vec().unwrap();
        let length = u16::try_from(bytes.len()).unwrap();
        stream.write_all(&length.to_be_bytes()).unwrap();
        stream.write_all(&bytes).unwrap();
        let mut length = [0; 2];
        stream.read_exact(&mut length).unwrap();
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut answer).unwrap();
        let answer = Message::from_vec(&answer).unwrap();
        assert!(!answer.metadata.truncation);
        assert_eq!(answer.answers.len(), 8);
    }
}

#[test]
fn what_is_no_question_is_refused_or_dropped() {
    let place = Place::sqlite();
    let (_server, dns) = one_name(&place);
    let code = |change: fn(&mut Message)| {
        let mut message = question("kst-1.kms.test.", RecordType::A);
        change(&mut message);
        ask("127.0.20.9", dns, &message).metadata.response_code
    };
    assert_eq!(code(|_| {}), ResponseCode::NoError);
    assert_eq!(
        code(|it| it.metadata.op_code = OpCode::Notify),
        ResponseCode::NotImp
    );
    assert_eq!(code(|it| it.queries.clear()), ResponseCode::FormErr);
    let twice = |it: &mut Message| it.queries.push(it.queries[0].clone());
    assert_eq!(code(twice), ResponseCode::FormErr);
    let chaos = |it: &mut Message| {
        it.queries[0].set_query_class(DNSClass::CH);
    };
    assert_eq!(code(chaos), ResponseCode::Refused);
    let newer = |it: &mut Message| {
        let mut edns = Edns::new();
        edns.set_version(1);
        it.set_edns(edns);
    };
    // Of two names for one number the library reads the other (RFC 6891 §9, RFC 8945).
    assert_eq!(u16::from(code(newer)), u16::from(ResponseCode::BADVERS));
    // Half a question is told to be so; half a header and answers are not answered.
    let whole = question("kst-1.kms.test.", RecordType::A).to_vec().unwrap();
    let answer = datagram("127.0.20.9", dns, &whole[..20]).unwrap();
    assert_eq!(answer[..2], whole[..2]);
    assert_eq!(answer[3] & 0x0f, 1);
    let socket = UdpSocket::bind("127.0.20.9:0").unwrap();
    socket.connect(dns).unwrap();
    let mut reply = whole.clone();
    reply[2] |= 0x80;
    for silent in [&whole[..1], &reply, b""] {
        socket.send(silent).unwrap();
    }
    // What is answered next is the question after them.
    socket.send(&whole).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let mut buffer = [0; 512];
    socket.recv(&mut buffer).unwrap();
    assert_eq!(buffer[..2], whole[..2]);
    assert_eq!(buffer[3] & 0x0f, 0);
}

//! Row 45 and 46: connections that end early, and many requests at once on one.

use std::{
    io::Write,
    net::{Shutdown, TcpStream},
    time::Duration,
};

use kms_testkit::{
    Exchange, Reply,
    agent::{AgentSetup, TOKEN, VALUE},
};

use crate::{PROGRAM, kms, normal, warm};

#[test]
fn a_half_closed_connection_is_answered() {
    let kms = kms();
    let (mut agent, calls) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    for name in ["foo", "not-yet-read"] {
        let mut stream = TcpStream::connect(agent.address()).unwrap();
        let request = agent.request(&format!("/v1/{name}"));
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let exchange = Exchange::read(&mut stream, false, 1, true).unwrap();
        assert_eq!(exchange.statuses(), [200]);
        assert!(exchange.responses[0].text().contains(VALUE));
    }
    // Half a head, then the end.
    let mut stream = TcpStream::connect(agent.address()).unwrap();
    stream.write_all(b"GET /v1/foo HTT").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let exchange = Exchange::read(&mut stream, false, 0, true).unwrap();
    assert!(exchange.closed && exchange.statuses().iter().all(|status| *status == 400));
    normal(&agent);
    assert!(agent.is_alive());
    assert_eq!(kms.calls().len(), calls + 1);
    agent.stop_clean();
}

#[test]
fn resets_disturb_nobody() {
    let kms = kms();
    let (mut agent, calls) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let request = agent.request("/v1/foo").into_bytes();
    for length in (0..=request.len()).step_by(3) {
        let mut stream = TcpStream::connect(agent.address()).unwrap();
        stream.write_all(&request[..length]).unwrap();
        socket2::SockRef::from(&stream)
            .set_linger(Some(Duration::ZERO))
            .unwrap();
        drop(stream);
    }
    normal(&agent);
    assert!(agent.is_alive());
    assert_eq!(kms.calls().len(), calls);
    agent.stop_clean();
}

#[test]
fn who_leaves_before_the_answer_leaves_it_to_the_others() {
    let kms = kms();
    let slow = Reply::After(
        Duration::from_millis(700),
        Box::new(Reply::Text(VALUE.to_owned())),
    );
    kms.set("slow", slow);
    let (mut agent, _) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let ask = || {
        let mut stream = TcpStream::connect(agent.address()).unwrap();
        stream
            .write_all(agent.request("/v1/slow").as_bytes())
            .unwrap();
        stream
    };
    let first = ask();
    while kms.calls_of("slow") == 0 {
        std::thread::yield_now();
    }
    let mut others: Vec<_> = (0..5).map(|_| ask()).collect();
    drop(first);
    for other in &mut others {
        let exchange = Exchange::read(other, false, 1, false).unwrap();
        assert_eq!(exchange.statuses(), [200]);
    }
    assert_eq!(kms.calls_of("slow"), 1);
    normal(&agent);
    assert!(agent.is_alive());
    agent.stop_clean();
}

#[test]
fn a_thousand_pipelined_requests_are_answered_in_order_up_to_the_bad_one() {
    let kms = kms();
    let (mut agent, calls) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let head = |target: &str, more: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nX-KMS-Token: {TOKEN}\r\n{more}\r\n")
    };
    let mut bytes = String::new();
    let mut expected = Vec::new();
    for number in 0..600 {
        let (request, status) = match number % 3 {
            0 => (head("/v1/foo", ""), 200),
            1 => (head("/nowhere", ""), 404),
            _ => (head("/v1/a/../b", ""), 400),
        };
        bytes.push_str(&request);
        expected.push(status);
    }
    // Out of step from here on: nothing behind it is a request.
    bytes.push_str(&head("/v1/foo", "Transfer-Encoding: chunked\r\n"));
    expected.push(400);
    bytes.push_str(&head("/v1/behind", "").repeat(399));

    let address = agent.address();
    let pipelining =
        std::thread::spawn(move || Exchange::run(address, bytes.as_bytes(), 601, true).unwrap());
    for _ in 0..20 {
        normal(&agent);
    }
    let exchange = pipelining.join().unwrap();
    assert_eq!(exchange.statuses(), expected);
    assert!(exchange.closed && exchange.rest.is_empty());
    normal(&agent);
    assert!(agent.is_alive());
    assert_eq!(kms.calls().len(), calls, "nothing behind the bad one ran");
    agent.stop_clean();
}

#[test]
fn a_refusal_reaches_who_is_still_sending() {
    let kms = kms();
    let (mut agent, calls) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let head = "POST /v1/foo HTTP/1.1\r\nHost: localhost\r\n";
    for (head, status) in [
        (format!("{head}Content-Length: 600000\r\n\r\n"), 400),
        (format!("{head}Content-Length: 6000000\r\n\r\n"), 413),
        (format!("{head}X-Long: "), 431),
    ] {
        for _ in 0..20 {
            let mut stream = TcpStream::connect(agent.address()).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            // All of it is taken, though nobody wants it.
            stream.write_all(&vec![b'x'; 600_000]).unwrap();
            let exchange = Exchange::read(&mut stream, false, 1, true).unwrap();
            assert_eq!(exchange.statuses(), [status]);
        }
    }
    normal(&agent);
    assert!(agent.is_alive());
    assert_eq!(kms.calls().len(), calls);
    agent.stop_clean();
}

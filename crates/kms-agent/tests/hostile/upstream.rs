//! Row 53: what a broken, strange or hostile KMS sends.

use std::time::Duration;

use kms_testkit::{
    FakeKms, Reply,
    agent::{AgentSetup, RunningAgent, VALUE},
};
use serde_json::Value;

use crate::{PROGRAM, normal, warm};

/// `foo` is fine, `bad` is answered so; gives the status of reading it.
fn read_bad(response_type: u8, reply: Reply) -> (u16, Value, usize) {
    let kms = FakeKms::start().unwrap();
    kms.set("foo", Reply::Text(VALUE.to_owned()));
    kms.set("bad", reply);
    let setup = AgentSetup::new(PROGRAM, &kms.url())
        .config("Server", &format!("ResponseType = {response_type}"));
    let (mut agent, _) = warm(setup, &kms);
    let response = agent.get("/v1/bad");
    let body = serde_json::from_slice(&response.body).unwrap_or_else(|error| {
        panic!("{error}: {}", response.text());
    });
    normal(&agent);
    assert!(agent.is_alive());
    let calls = kms.calls_of("bad");
    bounded(&agent);
    agent.stop_clean();
    (response.status, body, calls)
}

#[track_caller]
fn bounded(agent: &RunningAgent) {
    let rss = agent.rss_kib().unwrap();
    assert!(rss < 100_000, "{rss} KiB");
}

fn wire(head: &str, body: &str) -> Reply {
    Reply::Wire(format!("{head}\r\n\r\n{body}").into_bytes())
}

#[test]
fn what_is_no_answer_is_a_bad_gateway() {
    let whole =
        r#"{"SecretName":"bad","SecretData":"canary-value-e27b60d4f9138c5a","VersionId":"v1"}"#;
    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
    for (what, reply) in [
        (
            "no JSON",
            Reply::Body(
                200,
                b"{\"SecretData\":\"canary-value-e27b60d4f9138c5a".to_vec(),
            ),
        ),
        ("another JSON", Reply::Body(200, b"[1,2]".to_vec())),
        (
            "no value in it",
            Reply::Body(200, br#"{"SecretName":"bad"}"#.to_vec()),
        ),
        ("nothing", Reply::Body(200, Vec::new())),
        (
            "no UTF-8",
            Reply::Body(
                200,
                b"{\"SecretName\":\"bad\",\"SecretData\":\"\xff\xfe\",\"VersionId\":\"v1\"}"
                    .to_vec(),
            ),
        ),
        (
            "HTML and an error",
            Reply::Body(200, b"<html>evil</html>".to_vec()),
        ),
        (
            "less than was said",
            wire(&format!("{json}\r\ncontent-length: 4000"), whole),
        ),
        (
            "no HTTP",
            Reply::Wire(b"\x16\x03\x01garbage\r\n\r\n".to_vec()),
        ),
        (
            "two lengths",
            wire(
                &format!("{json}\r\ncontent-length: 5\r\ncontent-length: 9"),
                whole,
            ),
        ),
        (
            "a bad length",
            wire(&format!("{json}\r\ncontent-length: -1"), whole),
        ),
        (
            "a bad chunk",
            wire(
                &format!("{json}\r\ntransfer-encoding: chunked"),
                "zz\r\nevil",
            ),
        ),
        (
            "a redirect",
            wire(
                "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0",
                "",
            ),
        ),
        (
            "nothing to nest",
            Reply::Body(200, "[".repeat(100_000).into_bytes()),
        ),
        (
            "too much",
            Reply::Body(
                200,
                format!(
                    r#"{{"SecretName":"bad","VersionId":"v1","SecretData":"{}"}}"#,
                    "x".repeat(300_000)
                )
                .into_bytes(),
            ),
        ),
    ] {
        let (status, body, calls) = read_bad(0, reply);
        assert_eq!(status, 502, "{what}: {body}");
        assert!(body["Code"].is_string(), "{what}");
        assert!((1..=4).contains(&calls), "{what}: {calls} calls");
    }
}

#[test]
fn a_body_without_end_is_not_read() {
    let (status, _, calls) = read_bad(0, Reply::Endless);
    assert_eq!(status, 502);
    assert!((1..=4).contains(&calls), "{calls} calls");
}

#[test]
fn a_silent_kms_holds_up_nobody_else() {
    let kms = FakeKms::start().unwrap();
    kms.set("foo", Reply::Text(VALUE.to_owned()));
    kms.set("bad", Reply::Never);
    let (mut agent, _) = warm(AgentSetup::new(PROGRAM, &kms.url()), &kms);
    let mut waiting = Vec::new();
    for _ in 0..100 {
        let mut stream = std::net::TcpStream::connect(agent.address()).unwrap();
        std::io::Write::write_all(&mut stream, agent.request("/v1/bad").as_bytes()).unwrap();
        waiting.push(stream);
    }
    while kms.calls_of("bad") == 0 {
        std::thread::yield_now();
    }
    normal(&agent);
    assert_eq!(kms.calls_of("bad"), 1);
    assert!(agent.is_alive());
    drop(waiting);
    agent.stop_clean();
}

#[test]
fn an_error_of_kms_is_passed_on_whatever_it_says() {
    // Control characters become spaces: clients write messages into logs and terminals.
    let shown = "say \"no\" to \\ </script>  \u{202e}😀 {\"a\":1}";
    let message = "say \"no\" to \\ </script>\n\u{1}\u{202e}😀 {\"a\":1}";
    for (response_type, shape) in [(0, "Message"), (1, "message"), (2, "errors")] {
        let (status, body, calls) = read_bad(
            response_type,
            Reply::Error {
                status: 403,
                code: "Forbidden.NoPermission",
                message: message.to_owned(),
            },
        );
        assert_eq!((status, calls), (403, 1));
        let said = match &body[shape] {
            Value::Array(errors) => errors[0].as_str().unwrap().to_owned(),
            other => other.as_str().unwrap().to_owned(),
        };
        assert!(said.ends_with(shown), "{said}");
    }
}

/// Values that are hard to pass on untouched, and what an application finds under `data`
/// with ResponseType 2.
#[test]
fn values_are_passed_on_to_the_byte() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let large = format!("{{\"a\":\"{}\"}}", "密".repeat(10_000));
    for text in [
        "quotes \" and \\ and / and </script><!--",
        "\u{0}\u{1}\u{8}\t\r\n\u{1f}\u{7f}\u{85}\u{2028}\u{2029}\u{fffd}",
        "😀 密码 e\u{301} \u{202e}",
        "",
        "{\"k\":1,\"k\":2}",
        "{\"n\":9007199254740993,\"m\":18446744073709551615,\"f\":1.10,\"e\":1E400}",
        "{\"a\":NaN}",
        "[1,2]",
        "null",
        &deep,
        &large,
    ] {
        let kms = FakeKms::start().unwrap();
        kms.set("foo", Reply::Text(VALUE.to_owned()));
        kms.set("odd", Reply::Text(text.to_owned()));
        for response_type in [0, 1, 2] {
            let setup = AgentSetup::new(PROGRAM, &kms.url())
                .config("Server", &format!("ResponseType = {response_type}"));
            let (agent, _) = warm(setup, &kms);
            let response = agent.get("/v1/odd");
            assert_eq!(response.status, 200, "{}", &text[..text.len().min(50)]);
            if response_type < 2 {
                let body: Value = serde_json::from_slice(&response.body).unwrap();
                let field = ["SecretData", "SecretString"][response_type];
                assert_eq!(body[field], text);
            } else {
                // As text, for a parser would lose what has to be kept.
                let body = response.text();
                let data = if text.starts_with('{') && text != "{\"a\":NaN}" {
                    text.to_owned()
                } else {
                    format!("{{\"value\":{}}}", Value::from(text))
                };
                assert!(body.contains(&format!("\"data\":{data},")), "{body}");
            }
            agent.stop_clean();
        }
    }
}

#[test]
fn a_slow_kms_is_waited_for() {
    let slow = Reply::After(
        Duration::from_secs(2),
        Box::new(Reply::Text("late".to_owned())),
    );
    let (status, body, calls) = read_bad(0, slow);
    assert_eq!((status, calls), (200, 1));
    assert_eq!(body["SecretData"], "late");
}

#[test]
fn errors_that_may_pass_are_tried_again_and_no_others() {
    let fine = || Reply::Text("at last".to_owned());
    let error = |status, code| Reply::Error {
        status,
        code,
        message: String::new(),
    };
    for (first, calls, status) in [
        (vec![error(500, "InternalFailure")], 2, 200),
        (
            vec![
                error(503, "ServiceUnavailableTemporary"),
                error(429, "Rejected.Throttling"),
            ],
            3,
            200,
        ),
        (vec![Reply::HangUp, Reply::HangUp, Reply::HangUp], 4, 200),
        (
            vec![
                Reply::unavailable(),
                Reply::unavailable(),
                Reply::unavailable(),
                Reply::unavailable(),
            ],
            4,
            503,
        ),
        (vec![error(400, "InvalidParameter")], 1, 400),
        (vec![Reply::forbidden()], 1, 403),
        (vec![Reply::not_found()], 1, 404),
    ] {
        let shown = format!("{first:?}");
        let replies = first.into_iter().chain([fine()]);
        let (answered, _, called) = read_bad(0, Reply::in_turn(replies));
        assert_eq!((answered, called), (status, calls), "{shown}");
    }
}

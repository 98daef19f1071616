use std::sync::Arc;

use http::HeaderName;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::{LONG, Lines};
use crate::gateway::stream::{Phase, Progress};

const LONGEST: usize = 100 * 1024;

fn pair() -> (DuplexStream, Lines<DuplexStream>, Arc<Progress>) {
    let (client, server) = duplex(1 << 20);
    let progress = Arc::new(Progress::default());
    let header = HeaderName::from_static("x-long");
    let lines = Lines::new(server, Arc::clone(&progress), header, LONGEST);
    (client, lines, progress)
}

/// What the HTTP library is given for these bytes and the end of the connection.
async fn given(sent: &[u8]) -> Vec<u8> {
    let (mut client, mut lines, progress) = pair();
    client.write_all(sent).await.unwrap();
    drop(client);
    let mut got = Vec::new();
    let mut buffer = vec![0; 1000];
    loop {
        let count = lines.read(&mut buffer).await.unwrap();
        if count == 0 {
            return got;
        }
        // Never a second line: the request goes on to its end.
        progress.enter(Phase::Body);
        got.extend_from_slice(&buffer[..count]);
    }
}

#[tokio::test]
async fn a_long_query_moves_into_the_header() {
    let query = "a=".to_owned() + &"%E5".repeat(LONG);
    let sent = format!("POST /?{query} HTTP/1.1\r\nhost: x\r\n\r\nbody");
    let expected = format!("POST / HTTP/1.1\r\nx-long: {query}\r\nhost: x\r\n\r\nbody");
    assert_eq!(given(sent.as_bytes()).await, expected.as_bytes());
}

#[tokio::test]
async fn a_target_without_a_path_gets_one() {
    let got = given(b"GET ?a=b HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(got, b"GET /?a=b HTTP/1.1\r\nhost: x\r\n\r\n");
}

#[tokio::test]
async fn a_second_request_is_mended_as_well() {
    let (mut client, mut lines, progress) = pair();
    let mut buffer = vec![0; 1000];
    for _ in 0..2 {
        client.write_all(b"GET ?a HTTP/1.1\r\n\r\n").await.unwrap();
        let count = lines.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..count], b"GET /?a HTTP/1.1\r\n\r\n");
        assert_eq!(progress.phase(), Phase::Head);
        progress.enter(Phase::Work);
        progress.enter(Phase::Idle);
    }
}

#[tokio::test]
async fn a_line_beyond_the_limit_passes_as_it_is() {
    // The HTTP library answers 414.
    let sent = format!("GET /?{} HTTP/1.1\r\n\r\n", "a".repeat(LONGEST + 10_000));
    assert_eq!(given(sent.as_bytes()).await, sent.as_bytes());
}

#[tokio::test]
async fn empty_lines_before_a_request_do_not_hide_it() {
    let got = given(b"\r\n\r\nGET ?a HTTP/1.1\r\n\r\n").await;
    assert_eq!(got, b"GET /?a HTTP/1.1\r\n\r\n");
}

proptest! {
    #[test]
    fn everything_else_passes_byte_for_byte(
        sent in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..300),
            "(GET|POST|get|FOO) (/|/x|http://h|\\*)(\\?[a-z%=&]{0,20})? HTTP/1.[01]\r?\n(a: b\r\n)?\r\nbody".prop_map(String::into_bytes),
        ]
    ) {
        prop_assume!(!String::from_utf8_lossy(&sent).contains(" ?"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let got = runtime.block_on(given(&sent));
        prop_assert_eq!(got, sent);
    }
}

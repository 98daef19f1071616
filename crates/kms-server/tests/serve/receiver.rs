//! A webhook's receiver: what it is asked is kept, and it does as it is told.

use std::{
    collections::VecDeque,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use aws_lc_rs::hmac;
use serde_json::Value;

use crate::place::chmod;

/// What is asked of the receiver; it is answered once this is dropped.
pub(crate) struct Asked {
    pub(crate) body: Value,
    /// Whether it is signed with the key, as docs/secrets.md says.
    pub(crate) is_signed: bool,
    _held: mpsc::Sender<()>,
}

/// What it does when it is asked next.
#[derive(Clone, Copy)]
pub(crate) enum Act {
    /// Answers with this status.
    Status(u16),
    /// Answers, but only after this long.
    Late(Duration),
}

/// One that runs until the test ends.
pub(crate) struct Receiver {
    pub(crate) at: SocketAddr,
    acts: Arc<Mutex<VecDeque<Act>>>,
    asked: mpsc::Receiver<Asked>,
}

const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// How long the program may take for a step, and for the wait before another try.
const PATIENCE: Duration = Duration::from_mins(1);

impl Receiver {
    /// On a free port; says yes unless told otherwise.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let acts = Arc::new(Mutex::new(VecDeque::new()));
        let (tell, asked) = mpsc::channel();
        let own = Arc::clone(&acts);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (tell, acts) = (tell.clone(), Arc::clone(&own));
                thread::spawn(move || answer(stream.unwrap(), &tell, &acts));
            }
        });
        Self { at, acts, asked }
    }

    /// Writes the key's file.
    pub(crate) fn write_key(path: &Path) {
        fs::write(path, format!("{KEY}\n")).unwrap();
        chmod(path, 0o600);
    }

    pub(crate) fn then(&self, act: Act) {
        self.acts.lock().unwrap().push_back(act);
    }

    /// What is asked next.
    pub(crate) fn asked(&self) -> Asked {
        self.asked.recv_timeout(PATIENCE).unwrap()
    }

    /// That nothing is asked for a while.
    pub(crate) fn is_left_alone_for(&self, time: Duration) -> bool {
        self.asked.recv_timeout(time).is_err()
    }
}

impl Asked {
    pub(crate) fn step(&self) -> &str {
        self.body["Step"].as_str().unwrap()
    }

    /// A password of the account, `Current` or `Pending`.
    pub(crate) fn password(&self, which: &str) -> String {
        let value = self.body[format!("{which}SecretData")].as_str().unwrap();
        let value: Value = serde_json::from_str(value).unwrap();
        value["AccountPassword"].as_str().unwrap().to_owned()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a receiver that is late is late by the real clock, which is the program's"
)]
fn answer(stream: TcpStream, tell: &mpsc::Sender<Asked>, acts: &Mutex<VecDeque<Act>>) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap() == 0 {
            return;
        }
    }
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let parts = [header("x-kms-timestamp"), header("x-kms-nonce")].join("\n");
    let signed = [parts.as_bytes(), b"\n", &body].concat();
    let signature = header("x-kms-signature");
    let signature = hex::decode(signature.strip_prefix("v1=").unwrap_or_default()).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    let (answer_held, answer_let_go) = mpsc::channel::<()>();
    let asked = Asked {
        _held: answer_held,
        body: serde_json::from_slice(&body).unwrap(),
        is_signed: hmac::verify(&key, &signed, &signature).is_ok(),
    };
    let act = acts.lock().unwrap().pop_front();
    // The test may be over.
    drop(tell.send(asked));
    // Ends with an error, for nothing is ever sent.
    let _let_go = answer_let_go.recv();
    let status = match act.unwrap_or(Act::Status(200)) {
        Act::Status(status) => status,
        Act::Late(time) => {
            thread::sleep(time);
            200
        }
    };
    let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
    // Who has waited long enough reads no more.
    drop(reader.get_mut().write_all(answer.as_bytes()));
}

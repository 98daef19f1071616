//! A relay for HTTP that counts the calls on their way to the server, and keeps what it answered, or
//! shows both to somebody.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use kms_testkit::{RawResponse, read_one};

use crate::test::stage::pause;

/// On a free port of 127.0.0.1, until the suite ends.
pub(super) struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// Is shown each request, as it came, and what was answered.
type Watch = dyn Fn(&[u8], &RawResponse) + Send + Sync;

struct Shared {
    upstream: SocketAddr,
    watch: Option<Box<Watch>>,
    /// The bodies of all answers so far, by the action of the call.
    answers: Mutex<BTreeMap<String, Vec<Vec<u8>>>>,
    /// Calls so far, by their action.
    calls: Mutex<BTreeMap<String, usize>>,
    /// How long each call is held back.
    delay: Mutex<Duration>,
}

// === impl Relay ===

impl Relay {
    pub(super) fn start(upstream: SocketAddr) -> io::Result<Self> {
        Self::start_with(upstream, None)
    }

    /// One that shows each call to somebody, and keeps no answer.
    pub(super) fn watched(
        upstream: SocketAddr,
        watch: impl Fn(&[u8], &RawResponse) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::start_with(upstream, Some(Box::new(watch)))
    }

    fn start_with(upstream: SocketAddr, watch: Option<Box<Watch>>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream,
            watch,
            answers: Mutex::default(),
            calls: Mutex::default(),
            delay: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let serving = Arc::clone(&serving);
                // A broken connection is the caller's to notice.
                thread::spawn(move || drop(serving.relay(client)));
            }
        });
        Ok(Self { address, shared })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often this action was called.
    pub(super) fn calls(&self, action: &str) -> usize {
        let calls = lock(&self.shared.calls);
        calls.get(action).copied().unwrap_or(0)
    }

    /// What was answered to the first call of this action, if any was.
    pub(super) fn first_answer(&self, action: &str) -> Option<Vec<u8>> {
        lock(&self.shared.answers).get(action)?.first().cloned()
    }

    /// Holds each call back for so long from now on.
    pub(super) fn delay(&self, delay: Duration) {
        *lock(&self.shared.delay) = delay;
    }
}

// === impl Shared ===

impl Shared {
    /// All calls of one connection, each over a connection of its own to the server.
    fn relay(&self, client: TcpStream) -> io::Result<()> {
        let mut answers = client.try_clone()?;
        let mut requests = BufReader::new(client);
        while let Some((action, request)) = read_request(&mut requests)? {
            *lock(&self.calls).entry(action.clone()).or_default() += 1;
            let delay = *lock(&self.delay);
            pause(delay);
            let mut server = TcpStream::connect(self.upstream)?;
            server.write_all(&request)?;
            let answer = read_one(&mut server)?;
            let length = answer.body.len();
            match &self.watch {
                Some(watch) => watch(&request, &answer),
                None => lock(&self.answers)
                    .entry(action)
                    .or_default()
                    .push(answer.body.clone()),
            }
            write!(answers, "HTTP/1.1 {} Answer\r\n", answer.status)?;
            write!(answers, "Content-Length: {length}\r\n")?;
            for (name, value) in &answer.headers {
                if name != "content-length" && name != "connection" {
                    write!(answers, "{name}: {value}\r\n")?;
                }
            }
            answers.write_all(b"\r\n")?;
            answers.write_all(&answer.body)?;
        }
        Ok(())
    }
}

/// The next request and its action; nothing at the end of the connection.
fn read_request(from: &mut impl BufRead) -> io::Result<Option<(String, Vec<u8>)>> {
    let (mut action, mut length, mut request) = (String::new(), 0, Vec::new());
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        request.extend_from_slice(line.as_bytes());
        let Some((name, value)) = line.split_once(':') else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "x-acs-action" => value.trim().clone_into(&mut action),
            "content-length" => length = value.trim().parse().unwrap_or(0),
            _ => {}
        }
    }
    let mut body = Vec::new();
    from.take(length).read_to_end(&mut body)?;
    if action.is_empty() {
        // An unsigned call says it among its parameters.
        let text = String::from_utf8_lossy(&body);
        let named = text
            .split('&')
            .find_map(|pair| pair.strip_prefix("Action="));
        named.unwrap_or_default().clone_into(&mut action);
    }
    request.extend_from_slice(&body);
    Ok(Some((action, request)))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

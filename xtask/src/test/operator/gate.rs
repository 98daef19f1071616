//! The way to KMS that operators are given: TLS of an authority of ours, each call counted on its way,
//! and refused where a case says so.

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use kms_testkit::{LOCAL_NAMES, TestCa, read_one};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde::Deserialize;

/// On a free port of 127.0.0.1, until the suite ends.
pub(super) struct Gate {
    address: SocketAddr,
    ca: PathBuf,
    shared: Arc<Shared>,
}

/// A call that came by.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Call {
    pub(super) action: String,
    /// `SecretName`, or the `Name` of a parameter.
    pub(super) secret: String,
    /// All parameters but that.
    pub(super) parameters: BTreeMap<String, String>,
    /// Who signed it.
    pub(super) access_key: String,
}

/// What becomes of calls for a secret.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Fault {
    /// This status, with this code.
    Answer(u16, String),
    /// The connection is closed without a byte.
    HangUp,
}

struct Shared {
    upstream: SocketAddr,
    tls: Arc<ServerConfig>,
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    calls: Vec<Call>,
    /// By the beginning of the secret's name.
    faults: BTreeMap<String, Fault>,
    /// By the beginning of the secret's name: values of a service that the upstream is not.
    values: BTreeMap<String, String>,
}

// === impl Gate ===

impl Gate {
    /// One that leads to this KMS; its authority's certificate lies in this folder.
    pub(super) fn start(upstream: SocketAddr, folder: &Path) -> Result<Self> {
        let authority = TestCa::new();
        let ca = folder.join("gate.pem");
        fs::write(&ca, authority.pem()).context("writing the gate's authority")?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("starting a gate")?;
        let address = listener.local_addr().context("starting a gate")?;
        let shared = Arc::new(Shared {
            upstream,
            tls: authority.issue(&LOCAL_NAMES).server_config(),
            seen: Mutex::default(),
            changed: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let serving = Arc::clone(&serving);
                // A broken connection is the caller's to notice.
                thread::spawn(move || drop(serving.serve(client)));
            }
        });
        Ok(Self {
            address,
            ca,
            shared,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whom its callers have to believe.
    pub(super) fn ca(&self) -> &Path {
        &self.ca
    }

    /// All calls so far for secrets whose names begin so.
    pub(super) fn calls(&self, beginning: &str) -> Vec<Call> {
        let seen = self.shared.lock();
        let calls = seen.calls.iter();
        calls
            .filter(|call| call.secret.starts_with(beginning))
            .cloned()
            .collect()
    }

    /// From now on, calls for secrets whose names begin so fail like this, or no longer.
    pub(super) fn fail(&self, beginning: &str, fault: Option<Fault>) {
        let mut seen = self.shared.lock();
        match fault {
            Some(fault) => drop(seen.faults.insert(beginning.to_owned(), fault)),
            None => drop(seen.faults.remove(beginning)),
        }
    }

    /// What OOS has under this name. It is not part of kms-server, so the gate answers for it.
    pub(super) fn parameter(&self, name: &str, value: &str) {
        let mut seen = self.shared.lock();
        seen.values.insert(name.to_owned(), value.to_owned());
    }

    /// Waits for so many more calls for a secret.
    pub(super) fn until_called(&self, secret: &str, more: usize, patience: Duration) -> Result<()> {
        let count = |seen: &Seen| {
            seen.calls
                .iter()
                .filter(|call| call.secret == secret)
                .count()
        };
        let goal = count(&self.shared.lock()) + more;
        self.until(patience, |seen| count(seen) >= goal)
            .with_context(|| format!("waiting for {more} calls for {secret}"))
    }

    /// Waits for a call for a secret that is signed with this AccessKey.
    pub(super) fn until_signed(&self, secret: &str, key: &str, patience: Duration) -> Result<()> {
        let is_it = |call: &Call| call.secret == secret && call.access_key == key;
        self.until(patience, |seen| seen.calls.iter().any(is_it))
            .with_context(|| format!("waiting for a call for {secret} by {key}"))
    }

    fn until(&self, patience: Duration, is_so: impl Fn(&Seen) -> bool) -> Result<()> {
        let seen = self.shared.lock();
        let changed = &self.shared.changed;
        let waiting = changed.wait_timeout_while(seen, patience, |seen| !is_so(seen));
        let (_seen, late) = waiting.unwrap_or_else(PoisonError::into_inner);
        ensure!(!late.timed_out(), "not in {} s", patience.as_secs());
        Ok(())
    }
}

// === impl Shared ===

impl Shared {
    /// All calls of one connection, each over a connection of its own to the server.
    fn serve(&self, client: TcpStream) -> io::Result<()> {
        let connection = ServerConnection::new(Arc::clone(&self.tls)).map_err(io::Error::other)?;
        let mut stream = BufReader::new(StreamOwned::new(connection, client));
        while let Some((call, request)) = read_request(&mut stream)? {
            let due = {
                let mut seen = self.lock();
                let due = seen.due(&call);
                seen.calls.push(call);
                self.changed.notify_all();
                due
            };
            let (status, body) = match due {
                Some(Fault::HangUp) => return Ok(()),
                Some(Fault::Answer(status, body)) => (status, body.into_bytes()),
                None => {
                    let mut server = TcpStream::connect(self.upstream)?;
                    server.write_all(&request)?;
                    let answer = read_one(&mut server)?;
                    (answer.status, answer.body)
                }
            };
            let out = stream.get_mut();
            write!(
                out,
                "HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                body.len()
            )?;
            out.write_all(&body)?;
            out.flush()?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Seen ===

impl Seen {
    /// What the gate answers itself.
    fn due(&self, call: &Call) -> Option<Fault> {
        let mut faults = self.faults.iter();
        let fault = faults.find(|(beginning, _)| call.secret.starts_with(*beginning));
        match fault {
            Some((_, Fault::Answer(status, code))) => Some(Fault::Answer(
                *status,
                serde_json::json!({
                    "Code": code, "Message": "As the case says.", "RequestId": REQUEST,
                    "HostId": "kms.cn-hangzhou.aliyuncs.com",
                })
                .to_string(),
            )),
            Some((_, fault)) => Some(fault.clone()),
            None if call.action == "GetSecretParameter" => Some(self.parameter(&call.secret)),
            None => None,
        }
    }

    fn parameter(&self, name: &str) -> Fault {
        let (status, body) = match self.values.get(name) {
            Some(value) => (
                200,
                serde_json::json!({
                    "RequestId": REQUEST,
                    "Parameter": {"Name": name, "Type": "Secret", "Value": value},
                }),
            ),
            None => (
                404,
                serde_json::json!({
                    "Code": "EntityNotExists.Parameter", "Message": "It does not exist.",
                    "RequestId": REQUEST,
                }),
            ),
        };
        Fault::Answer(status, body.to_string())
    }
}

const REQUEST: &str = "00000000-0000-4000-8000-000000000000";

// === impl Call ===

impl Call {
    /// Whether it has these parameters and, of those that name a version, no others.
    pub(super) fn parameters_are(&self, wanted: &BTreeMap<String, String>) -> bool {
        const OF_VERSIONS: [&str; 2] = ["VersionId", "VersionStage"];
        let has_all = wanted
            .iter()
            .all(|(name, value)| self.parameters.get(name) == Some(value));
        let no_others = OF_VERSIONS
            .iter()
            .all(|name| wanted.contains_key(*name) || !self.parameters.contains_key(*name));
        has_all && no_others
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?}", self.action, self.secret, self.parameters)
    }
}

/// The next request and what it asks for; nothing at the end of the connection.
fn read_request(from: &mut impl BufRead) -> io::Result<Option<(Call, Vec<u8>)>> {
    let (mut call, mut length, mut request) = (Call::default(), 0, Vec::new());
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let target = line.split(' ').nth(1).unwrap_or_default();
    let query = target.split_once('?').map(|(_, query)| query.to_owned());
    loop {
        request.extend_from_slice(line.as_bytes());
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "x-acs-action" => value.trim().clone_into(&mut call.action),
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "authorization" => call.access_key = credential(value),
                _ => {}
            }
        }
        line.clear();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
    }
    let mut body = Vec::new();
    from.take(length).read_to_end(&mut body)?;
    let form = String::from_utf8_lossy(&body).into_owned();
    let pairs = query.iter().chain([&form]).flat_map(|text| text.split('&'));
    for (name, value) in pairs.filter_map(|pair| pair.split_once('=')) {
        let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
        match name {
            "SecretName" | "Name" => call.secret = value.into_owned(),
            _ => drop(call.parameters.insert(name.to_owned(), value.into_owned())),
        }
    }
    request.extend_from_slice(&body);
    Ok(Some((call, request)))
}

/// The AccessKey in a V3 signature.
fn credential(authorization: &str) -> String {
    let rest = authorization.split_once("Credential=");
    let id = rest.and_then(|(_, rest)| rest.split(',').next());
    id.unwrap_or_default().trim().to_owned()
}

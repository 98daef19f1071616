//! Between a server and the cloud: it hands calls on, and stops where a test wants it to.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use serde_json::Value;

/// On which side of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// The cloud never hears of it.
    Before,
    /// The cloud has done it, and its answer is lost.
    After,
}

/// One that runs until the test ends.
pub(crate) struct Relay {
    pub(crate) at: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    reached: mpsc::Receiver<String>,
}

struct Inner {
    cloud: SocketAddr,
    /// Whose AccessKeys they are.
    owners: BTreeMap<String, String>,
    /// What was asked about each user, with the answers' status.
    calls: BTreeMap<String, Vec<(String, u16)>>,
    /// Where to stop, counted in calls about that user.
    stops: BTreeMap<String, (usize, Side)>,
}

/// One message of HTTP.
struct Message {
    head: String,
    body: Vec<u8>,
}

/// How long a server may take to get somewhere.
const PATIENCE: Duration = Duration::from_mins(1);

impl Relay {
    pub(crate) fn start(cloud: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let inner = Arc::new(Mutex::new(Inner {
            cloud,
            owners: BTreeMap::new(),
            calls: BTreeMap::new(),
            stops: BTreeMap::new(),
        }));
        let (tell, reached) = mpsc::channel();
        let own = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (tell, inner) = (tell.clone(), Arc::clone(&own));
                thread::spawn(move || {
                    // A server that is killed leaves broken connections.
                    drop(serve(&stream.unwrap(), &inner, &tell));
                });
            }
        });
        Self { at, inner, reached }
    }

    /// Says whose AccessKey it is that was not made through the relay.
    pub(crate) fn knows(&self, id: &str, user: &str) {
        let mut inner = self.inner.lock().unwrap();
        inner.owners.insert(id.to_owned(), user.to_owned());
    }

    /// What was asked about the user, and forgets it.
    pub(crate) fn take(&self, user: &str) -> Vec<(String, u16)> {
        let mut inner = self.inner.lock().unwrap();
        inner.calls.remove(user).unwrap_or_default()
    }

    /// Stops at the call about the user that comes after so many from now on.
    pub(crate) fn stop(&self, user: &str, after: usize, side: Side) {
        let mut inner = self.inner.lock().unwrap();
        let count = inner.calls.get(user).map_or(0, Vec::len);
        inner.stops.insert(user.to_owned(), (count + after, side));
    }

    /// Waits until a call about somebody is stopped; who it is.
    pub(crate) fn stopped(&self) -> String {
        self.reached.recv_timeout(PATIENCE).unwrap()
    }

    /// Each call that was refused for the third AccessKey that it asked for.
    pub(crate) fn beyond_two(&self) -> usize {
        let inner = self.inner.lock().unwrap();
        let calls = inner.calls.values().flatten();
        calls
            .filter(|(action, status)| action == "CreateAccessKey" && *status == 409)
            .count()
    }
}

impl Inner {
    /// About whom a call is: by its parameter, or by who signed it.
    fn user(&self, request: &Message) -> Option<String> {
        let target = request.head.split_whitespace().nth(1)?;
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let named = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("UserName="));
        if let Some(name) = named {
            return Some(name.to_owned());
        }
        let (_, credential) = request.head.split_once("Credential=")?;
        let id: String = credential
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        self.owners.get(&id).cloned()
    }
}

fn serve(stream: &TcpStream, inner: &Mutex<Inner>, tell: &mpsc::Sender<String>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let request = Message::read(&mut reader)?;
        let action = request.header("x-acs-action").unwrap_or_default();
        let (cloud, user, stop) = {
            let mut inner = inner.lock().unwrap();
            let user = inner.user(&request);
            let stop = user.as_ref().and_then(|user| {
                let made = inner.calls.get(user).map_or(0, Vec::len);
                let (at, side) = *inner.stops.get(user)?;
                (at == made).then(|| {
                    inner.stops.remove(user);
                    side
                })
            });
            (inner.cloud, user, stop)
        };
        if stop == Some(Side::Before) {
            return hold(stream, tell, user);
        }
        let answer = ask(cloud, &request)?;
        if let Some(user) = &user {
            let mut inner = inner.lock().unwrap();
            if let Some(id) = made(&answer) {
                inner.owners.insert(id, user.clone());
            }
            let calls = inner.calls.entry(user.clone()).or_default();
            calls.push((action, answer.status()));
        }
        if stop == Some(Side::After) {
            return hold(stream, tell, user);
        }
        let mut writer = stream;
        writer.write_all(answer.head.as_bytes())?;
        writer.write_all(&answer.body)?;
    }
}

/// Until who asked is dead.
fn hold(stream: &TcpStream, tell: &mpsc::Sender<String>, user: Option<String>) -> io::Result<()> {
    // The test may be over.
    drop(tell.send(user.unwrap_or_default()));
    let mut stream = stream;
    stream.read(&mut [0]).map(drop)
}

fn ask(cloud: SocketAddr, request: &Message) -> io::Result<Message> {
    let mut stream = TcpStream::connect(cloud)?;
    stream.write_all(request.head.as_bytes())?;
    stream.write_all(&request.body)?;
    Message::read(&mut BufReader::new(stream))
}

/// The id of the AccessKey that an answer shows.
fn made(answer: &Message) -> Option<String> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    let id = body.pointer("/AccessKey/AccessKeyId")?.as_str()?;
    Some(id.to_owned())
}

// === impl Message ===

impl Message {
    fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let mut message = Self {
            head,
            body: Vec::new(),
        };
        let length = message.header("content-length").unwrap_or_default();
        message.body = vec![0; length.parse().unwrap_or_default()];
        reader.read_exact(&mut message.body)?;
        Ok(message)
    }

    fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    }

    fn status(&self) -> u16 {
        let status = self.head.split_whitespace().nth(1);
        status
            .and_then(|text| text.parse().ok())
            .unwrap_or_default()
    }
}

//! Between a server and the cloud: it hands calls on, and stops where a test wants it to.

use std::{
    collections::{BTreeMap, BTreeSet},
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
    /// Where to stop.
    stops: BTreeMap<String, (At, Side)>,
    /// Calls about a user that the cloud is not able to do.
    refused: BTreeSet<(String, &'static str)>,
    /// Users whose keys are said to be somebody else's.
    mistaken: BTreeSet<String>,
}

/// A call about a user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum At {
    /// After so many since the relay began, or since they were taken.
    Count(usize),
    /// The next of that action.
    Action(&'static str),
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    Refused,
    Mistaken,
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
            refused: BTreeSet::new(),
            mistaken: BTreeSet::new(),
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
        let at = At::Count(count + after);
        inner.stops.insert(user.to_owned(), (at, side));
    }

    /// Stops at the next call of that action about the user.
    pub(crate) fn stop_at(&self, user: &str, action: &'static str, side: Side) {
        let mut inner = self.inner.lock().unwrap();
        let at = At::Action(action);
        inner.stops.insert(user.to_owned(), (at, side));
    }

    /// Waits until calls about so many users were stopped since it was waited for last.
    pub(crate) fn wait_until_stopped(&self, users: usize) {
        let mut stopped = BTreeSet::new();
        while stopped.len() < users {
            match self.reached.recv_timeout(PATIENCE) {
                Ok(user) => drop(stopped.insert(user)),
                Err(late) => panic!("{users} are waited for, {stopped:?} came: {late}"),
            }
        }
    }

    /// Calls of that action about the user come to nothing, and may come to something later.
    pub(crate) fn refuse(&self, user: &str, action: &'static str) {
        let mut inner = self.inner.lock().unwrap();
        inner.refused.insert((user.to_owned(), action));
    }

    pub(crate) fn refuse_nothing(&self) {
        self.inner.lock().unwrap().refused.clear();
    }

    /// The cloud says of the user's keys that they are another user's.
    pub(crate) fn mistake(&self, user: &str) {
        self.inner.lock().unwrap().mistaken.insert(user.to_owned());
    }

    pub(crate) fn mistake_nobody(&self) {
        self.inner.lock().unwrap().mistaken.clear();
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
    /// Whether to stop at this call.
    fn stop(&mut self, user: &str, action: &str) -> Option<Side> {
        let made = self.calls.get(user).map_or(0, Vec::len);
        let (at, side) = *self.stops.get(user)?;
        let is_here = match at {
            At::Count(count) => count == made,
            At::Action(wanted) => wanted == action,
        };
        is_here.then(|| {
            self.stops.remove(user);
            side
        })
    }

    /// What goes wrong with it.
    fn fault(&self, user: &str, action: &str) -> Option<Fault> {
        let mut refused = self.refused.iter();
        if refused.any(|(of, what)| of == user && *what == action) {
            return Some(Fault::Refused);
        }
        let is_mistaken = action == "GetCallerIdentity" && self.mistaken.contains(user);
        is_mistaken.then_some(Fault::Mistaken)
    }

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
        let (cloud, user, stop, fault) = {
            let mut inner = inner.lock().unwrap();
            let user = inner.user(&request);
            let stop = user.as_ref().and_then(|user| inner.stop(user, &action));
            let fault = user.as_ref().and_then(|user| inner.fault(user, &action));
            (inner.cloud, user, stop, fault)
        };
        if stop == Some(Side::Before) {
            return hold(stream, tell, user);
        }
        let mut answer = match fault {
            Some(Fault::Refused) => Message::of(503, r#"{"Code":"ServiceUnavailable"}"#),
            _ => ask(cloud, &request)?,
        };
        if let (Some(Fault::Mistaken), Some(user)) = (fault, &user) {
            answer.replace(&format!(":user/{user}"), ":user/somebody-else");
        }
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

    fn of(status: u16, body: &str) -> Self {
        Self {
            head: format!(
                "HTTP/1.1 {status} By the relay\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n\r\n",
                body.len()
            ),
            body: body.as_bytes().to_vec(),
        }
    }

    /// With other words in the body.
    fn replace(&mut self, from: &str, to: &str) {
        let before = format!("content-length: {}", self.body.len());
        let body = String::from_utf8(std::mem::take(&mut self.body)).unwrap();
        self.body = body.replace(from, to).into_bytes();
        let after = format!("content-length: {}", self.body.len());
        self.head = self.head.replace(&before, &after);
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

//! The metadata service of an ECS machine with one RAM role (reference kms-api §6.3).

use std::{
    collections::BTreeSet,
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::json;

/// A metadata service on a free port of 127.0.0.1; ends when dropped.
pub struct FakeImds {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// What the machine's role has for a while.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RoleCredentials {
    /// `STS.…`.
    pub access_key_id: String,
    /// Its secret.
    pub access_key_secret: String,
    /// What goes with both.
    pub security_token: String,
    /// `YYYY-MM-DDThh:mm:ssZ`.
    pub expiration: String,
}

/// How it treats clients of the first version, which send no token.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ImdsMode {
    /// Serves them too, as machines do unless told otherwise.
    #[default]
    Both,
    /// Knows no tokens.
    OnlyVersion1,
    /// Refuses them.
    OnlyVersion2,
}

struct Shared {
    role: String,
    state: Mutex<State>,
    ended: AtomicBool,
}

#[derive(Default)]
struct State {
    credentials: RoleCredentials,
    mode: ImdsMode,
    is_down: bool,
    tokens: BTreeSet<String>,
    handed_out: usize,
}

const TOKEN_PATH: &str = "/latest/api/token";
const ROLES_PATH: &str = "/latest/meta-data/ram/security-credentials/";
const TTL: &str = "x-aliyun-ecs-metadata-token-ttl-seconds";
const TOKEN: &str = "x-aliyun-ecs-metadata-token";

/// For a client that falls silent.
const PATIENCE: Duration = Duration::from_secs(5);

// === impl FakeImds ===

impl FakeImds {
    /// Starts one for a machine with this role.
    ///
    /// # Errors
    /// No port is free.
    pub fn start(role: &str, credentials: RoleCredentials) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            role: role.to_owned(),
            state: Mutex::new(State {
                credentials,
                ..State::default()
            }),
            ended: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for socket in listener.incoming() {
                if serving.ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(socket) = socket else { continue };
                let shared = Arc::clone(&serving);
                // A client that hangs up has had enough.
                thread::spawn(move || drop(shared.serve(socket)));
            }
        });
        Ok(Self { address, shared })
    }

    /// For `KMS_IMDS_ENDPOINT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What is handed out from now on.
    pub fn set_credentials(&self, credentials: RoleCredentials) {
        self.shared.state().credentials = credentials;
    }

    /// Whom it serves from now on.
    pub fn set_mode(&self, mode: ImdsMode) {
        self.shared.state().mode = mode;
    }

    /// Whether it answers 503 from now on.
    pub fn set_down(&self, is_down: bool) {
        self.shared.state().is_down = is_down;
    }

    /// How often credentials were handed out.
    pub fn handed_out(&self) -> usize {
        self.shared.state().handed_out
    }
}

impl Drop for FakeImds {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        drop(TcpStream::connect(self.address));
    }
}

// === impl Shared ===

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, mut socket: TcpStream) -> io::Result<()> {
        socket.set_read_timeout(Some(PATIENCE))?;
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && head.len() < 8192 {
            if socket.read(&mut byte)? == 0 {
                return Ok(());
            }
            head.extend_from_slice(&byte);
        }
        let (status, body) = self.answer(&String::from_utf8_lossy(&head));
        write!(
            socket,
            "HTTP/1.1 {status} \r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    }

    fn answer(&self, head: &str) -> (u16, String) {
        let mut lines = head.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (method, path) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        let header = |name: &str| {
            lines.clone().find_map(|line| {
                let (own, value) = line.split_once(':')?;
                own.eq_ignore_ascii_case(name).then(|| value.trim())
            })
        };
        let mut state = self.state();
        if state.is_down {
            return (503, String::new());
        }
        if path == TOKEN_PATH {
            return state.give_token(method, header(TTL));
        }
        if method != "GET" {
            return (405, String::new());
        }
        if !state.lets_in(header(TOKEN)) {
            return (403, String::new());
        }
        match path.strip_prefix(ROLES_PATH) {
            Some("") => (200, self.role.clone()),
            Some(role) if role == self.role => (200, state.hand_out()),
            _ => (404, String::new()),
        }
    }
}

// === impl State ===

impl State {
    fn give_token(&mut self, method: &str, ttl: Option<&str>) -> (u16, String) {
        if self.mode == ImdsMode::OnlyVersion1 {
            return (404, String::new());
        }
        let ttl = ttl.and_then(|ttl| ttl.parse::<u32>().ok());
        if method != "PUT" || !ttl.is_some_and(|ttl| (1..=21_600).contains(&ttl)) {
            return (400, String::new());
        }
        let token = format!("imds-token-{}", self.tokens.len());
        self.tokens.insert(token.clone());
        (200, token)
    }

    fn lets_in(&self, token: Option<&str>) -> bool {
        match (self.mode, token) {
            (ImdsMode::OnlyVersion2, None) => false,
            (ImdsMode::OnlyVersion1, _) | (_, None) => true,
            (_, Some(token)) => self.tokens.contains(token),
        }
    }

    fn hand_out(&mut self) -> String {
        self.handed_out += 1;
        let credentials = &self.credentials;
        json!({
            "Code": "Success",
            "AccessKeyId": credentials.access_key_id,
            "AccessKeySecret": credentials.access_key_secret,
            "SecurityToken": credentials.security_token,
            "Expiration": credentials.expiration,
            "LastUpdated": "2026-01-01T00:00:00Z",
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests;

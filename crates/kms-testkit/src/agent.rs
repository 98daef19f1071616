//! The agent's real binary, on a free port in a folder of its own.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test whose agent cannot be started has failed"
)]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{Exchange, FakeKms, LeakCheck, RawResponse, raw_http};

/// What an agent is started with.
#[derive(Debug)]
pub struct AgentSetup {
    program: PathBuf,
    wrapper: Vec<String>,
    sections: BTreeMap<&'static str, String>,
    env: BTreeMap<String, String>,
    dir: TempDir,
}

/// An agent that runs; killed when dropped.
pub struct RunningAgent {
    child: Child,
    address: SocketAddr,
    dir: TempDir,
    streams: Vec<JoinHandle<()>>,
    output: Arc<Mutex<Vec<u8>>>,
}

/// How an agent ended.
#[derive(Debug)]
pub struct EndedAgent {
    /// Its exit status.
    pub status: ExitStatus,
    /// What it wrote to standard output and error.
    pub output: String,
    /// Its folder: `config.toml`, `token`, `logs/`.
    pub dir: TempDir,
}

/// The token in the agent's file.
pub const TOKEN: &str = "canary-token-5d0c7e93b1f84a26";

/// The AccessKey secret in its environment.
pub const ACCESS_KEY_SECRET: &str = "canary-accesskeysecret-9a41e7c2";

/// The value of the secret `foo`, if a test serves it so.
pub const VALUE: &str = "canary-value-e27b60d4f9138c5a";

const START: Duration = Duration::from_secs(30);

// === impl AgentSetup ===

impl AgentSetup {
    /// The program (`env!("CARGO_BIN_EXE_alibabacloud-kms-agent")`) and where KMS is, as
    /// [`FakeKms::url`] says. Port 0, a token file with [`TOKEN`], an AccessKey with
    /// [`ACCESS_KEY_SECRET`], and nothing else of this process's environment.
    ///
    /// # Panics
    /// If its folder cannot be made.
    pub fn new(program: &str, endpoint: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let token = dir.path().join("token");
        fs::write(&token, TOKEN).expect("a token file");
        make_private(&token);
        let env = [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tTestTestTestTest"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ACCESS_KEY_SECRET),
            ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
            ("KMS_TOKEN", &format!("file://{}", token.display())),
        ];
        Self {
            program: program.into(),
            wrapper: Vec::new(),
            sections: BTreeMap::from([
                ("Server", "HttpPort = 0\n".to_owned()),
                ("Kms", format!("Endpoint = \"{endpoint}\"\n")),
            ]),
            env: env
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            dir,
        }
    }

    /// Adds a line to a section of `config.toml`.
    #[must_use]
    pub fn config(mut self, section: &'static str, line: &str) -> Self {
        let text = self.sections.entry(section).or_default();
        text.push_str(line);
        text.push('\n');
        self
    }

    /// Listens there instead of on a free port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        if let Some(server) = self.sections.get_mut("Server") {
            *server = server.replace("HttpPort = 0", &format!("HttpPort = {port}"));
        }
        self
    }

    /// Sets a variable, or takes one away.
    #[must_use]
    pub fn env(mut self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.env.insert(name.to_owned(), value.to_owned()),
            None => self.env.remove(name),
        };
        self
    }

    /// Runs the agent through another program, such as `unshare -m sh -c '… exec "$@"' sh`.
    #[must_use]
    pub fn through(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// The folder in which it will run.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Starts it and waits until it listens.
    ///
    /// # Panics
    /// If it ends instead, with what it said.
    #[track_caller]
    pub fn start(self) -> RunningAgent {
        match self.try_start() {
            Ok(agent) => agent,
            Err(ended) => panic!("the agent ended ({}): {}", ended.status, ended.output),
        }
    }

    /// Starts it and waits until it listens or ends.
    ///
    /// # Errors
    /// It ended.
    ///
    /// # Panics
    /// If it cannot be run, or does neither in 30 s.
    #[track_caller]
    pub fn try_start(self) -> Result<RunningAgent, EndedAgent> {
        let mut config = String::new();
        for (section, lines) in &self.sections {
            writeln!(config, "[{section}]\n{lines}").expect("a string");
        }
        let path = self.dir.path().join("config.toml");
        fs::write(&path, config).expect("a configuration");
        let mut words = self.wrapper.iter().cloned().chain([
            self.program.display().to_string(),
            "agent".to_owned(),
            "config.toml".to_owned(),
        ]);
        let mut child = Command::new(words.next().expect("a program"))
            .args(words)
            .current_dir(self.dir.path())
            .env_clear()
            // Wrappers look for their programs there.
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            .envs(&self.env)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the agent runs");

        let output = Arc::new(Mutex::new(Vec::new()));
        let (tell, told) = mpsc::channel();
        let stderr = child.stderr.take().expect("piped");
        let stdout = child.stdout.take().expect("piped");
        let streams = vec![
            collect(stderr, Arc::clone(&output), Some(tell)),
            collect(stdout, Arc::clone(&output), None),
        ];
        let mut agent = RunningAgent {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            dir: self.dir,
            streams,
            output,
        };
        match told.recv_timeout(START) {
            Ok(address) => {
                agent.address = address;
                Ok(agent)
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(agent.wait()),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                panic!("the agent does not start: {}", agent.output())
            }
        }
    }
}

// === impl RunningAgent ===

impl RunningAgent {
    /// Where it listens, on 127.0.0.1.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder in which it runs.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Its process.
    ///
    /// # Panics
    /// Never: a process has an id.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// A request as a program sends it, with the token.
    pub fn request(&self, target: &str) -> String {
        format!(
            "GET {target} HTTP/1.1\r\nHost: localhost:{}\r\nX-KMS-Token: {TOKEN}\r\n\r\n",
            self.address.port()
        )
    }

    /// Sends that, and gives the answer.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn get(&self, target: &str) -> RawResponse {
        let mut stream = std::net::TcpStream::connect(self.address).expect("a connection");
        std::io::Write::write_all(&mut stream, self.request(target).as_bytes()).expect("sent");
        raw_http::read_one(&mut stream).expect("an answer")
    }

    /// Sends bytes on a connection of their own; see [`Exchange::run`].
    ///
    /// # Panics
    /// If there are not as many answers.
    #[track_caller]
    pub fn send(&self, bytes: &[u8], expected: usize, until_closed: bool) -> Exchange {
        Exchange::run(self.address, bytes, expected, until_closed).expect("answers")
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// If it is gone.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("it runs");
    }

    /// What it wrote to its standard streams so far.
    pub fn output(&self) -> String {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&output).into_owned()
    }

    /// Its live log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("logs/alibabacloud-kms-agent.log"))
            .unwrap_or_default()
    }

    /// Its resident memory in KiB, from `/proc`.
    pub fn rss_kib(&self) -> Option<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(path).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_ascii_whitespace().nth(1)?.parse().ok()
    }

    /// Orders it to end, and waits.
    pub fn stop(self) -> EndedAgent {
        // It may have ended by itself.
        let _ = kill_process(self.pid(), Signal::TERM);
        self.wait()
    }

    /// Orders it to end; it must do so well, and nothing that it left behind may hold
    /// a canary: its token, its AccessKey secret, [`VALUE`].
    ///
    /// # Panics
    /// If it does not.
    #[track_caller]
    pub fn stop_clean(self) -> EndedAgent {
        let ended = self.stop();
        assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
        ended.assert_clean();
        ended
    }

    fn wait(mut self) -> EndedAgent {
        let status = self.child.wait().expect("a status");
        for stream in self.streams.drain(..) {
            drop(stream.join());
        }
        let output = self.output();
        let dir = std::mem::replace(&mut self.dir, tempfile::tempdir().expect("a folder"));
        EndedAgent {
            status,
            output,
            dir,
        }
    }
}

impl Drop for RunningAgent {
    fn drop(&mut self) {
        // After `wait` there is nobody left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

// === impl EndedAgent ===

impl EndedAgent {
    /// Whether none of the canaries is in its logs or on its standard streams, and none
    /// of them tells of a defect.
    ///
    /// # Panics
    /// If one is, or does.
    #[track_caller]
    pub fn assert_clean(&self) {
        let check = canaries();
        check.assert_clean("standard output", self.output.as_bytes());
        let logs = self.dir.path().join("logs");
        if logs.is_dir() {
            check.assert_clean_folder(&logs);
        }
        let all = format!("{}{}", self.output, self.log());
        assert!(
            !all.contains("panic") && !all.contains("a defect at"),
            "{all}"
        );
    }

    /// Its live log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("logs/alibabacloud-kms-agent.log"))
            .unwrap_or_default()
    }
}

/// A search for the canaries of every agent under test.
pub fn canaries() -> LeakCheck {
    LeakCheck::default()
        .with("the token", TOKEN.as_bytes())
        .with("the AccessKey secret", ACCESS_KEY_SECRET.as_bytes())
        .with("the value", VALUE.as_bytes())
}

/// Reads a stream to its end; tells the address once a line names it.
fn collect(
    stream: impl Read + Send + 'static,
    into: Arc<Mutex<Vec<u8>>>,
    mut tell: Option<mpsc::Sender<SocketAddr>>,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(stream.read_until(b'\n', &mut line), Ok(len) if len > 0) {
            let text = String::from_utf8_lossy(&line);
            let address = text
                .split_once("listening on ")
                .and_then(|(_, rest)| rest.split([' ', ';']).next()?.parse().ok());
            if let Some(address) = address
                && let Some(tell) = tell.take()
            {
                // Nobody waits any more if the start took too long.
                let _ = tell.send(address);
            }
            into.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(&line);
            line.clear();
        }
    })
}

#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o640)).expect("a mode");
}

#[cfg(not(unix))]
fn make_private(_path: &Path) {}

/// A fake KMS that knows the secret `foo` with [`VALUE`].
///
/// # Panics
/// If no port is free.
pub fn kms_with_foo() -> FakeKms {
    let kms = FakeKms::start().expect("a port");
    kms.set("foo", crate::Reply::Text(VALUE.to_owned()));
    kms
}

//! The program in a folder of its own, on free ports.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::{self, JoinHandle},
};

use jiff::Timestamp;
use kms_testkit::{Exchange, RawResponse};
use kms_types::RequestId;
use kms_wire::{
    Params, SignedRequest,
    sign::{SigningKey, Unsigned, sign_acs3},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::{TempDir, tempdir};

/// A server that runs; killed when dropped.
pub(crate) struct Dev {
    child: Child,
    pub(crate) dir: PathBuf,
    pub(crate) env: BTreeMap<String, String>,
    /// What it printed until it was ready.
    pub(crate) summary: String,
    errors: Option<JoinHandle<Vec<u8>>>,
}

impl Dev {
    pub(crate) fn start(dir: &Path) -> Self {
        Self::start_with(dir, &[])
    }

    /// With more arguments.
    pub(crate) fn start_with(dir: &Path, more: &[&str]) -> Self {
        let mut child = command(dir).args(more).spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let errors = thread::spawn(move || {
            let mut bytes = Vec::new();
            errors.read_to_end(&mut bytes).unwrap();
            bytes
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut summary = String::new();
        while !summary.ends_with("\nready\n") {
            let count = out.read_line(&mut summary).unwrap();
            if count == 0 {
                let said = errors.join().unwrap();
                panic!("ended: {summary}{}", String::from_utf8_lossy(&said));
            }
        }
        // Kept open: the program may print, and nobody reads on.
        child.stdout = Some(out.into_inner());
        Self {
            child,
            dir: dir.canonicalize().unwrap(),
            env: sourced(&dir.join("env")),
            summary,
            errors: Some(errors),
        }
    }

    /// SIGTERM, and what it wrote to standard error until it ended well.
    pub(crate) fn stop(mut self) -> Vec<u8> {
        kill_process(self.pid(), Signal::TERM).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.errors.take().unwrap().join().unwrap()
    }

    pub(crate) fn get(&self, target: &str, header: &str) -> RawResponse {
        let agent = self.env["KMS_AGENT"]
            .strip_prefix("http://localhost:")
            .unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], agent.parse().unwrap()));
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost:{agent}\r\n{header}\r\n");
        one(address, request.as_bytes())
    }

    pub(crate) fn read(&self, target: &str) -> RawResponse {
        let token = fs::read_to_string(self.dir.join("kmstoken")).unwrap();
        self.get(target, &format!("X-KMS-Token: {token}\r\n"))
    }

    /// One call of Kms with the AccessKey of DIR/env.
    pub(crate) fn call(&self, action: &str, params: &[(&str, &str)]) -> Value {
        self.send(&self.sign(action, params))
    }

    /// What such a call sends.
    pub(crate) fn sign(&self, action: &str, params: &[(&str, &str)]) -> Vec<u8> {
        let mut business = Params::default();
        for (name, value) in params {
            business.push(*name, *value);
        }
        let key = SigningKey {
            access_key_id: self.env["ALIBABA_CLOUD_ACCESS_KEY_ID"].parse().unwrap(),
            access_key_secret: self.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"].as_str().into(),
            security_token: None,
        };
        let signed = sign_acs3(
            &Unsigned {
                version: "2016-01-20",
                action,
                params: &business,
                host: &self.env["KMS_ENDPOINT"],
                user_agent: "test",
                provider: "",
                now: now(),
                nonce: &RequestId::random().to_string(),
            },
            &key,
        );
        written(&signed)
    }

    /// The answer, unless the program has ended meanwhile.
    pub(crate) fn try_send(&self, request: &[u8]) -> Option<Value> {
        let address = self.env["KMS_ENDPOINT"].parse().unwrap();
        let exchange = Exchange::run(address, request, 1, false).ok()?;
        serde_json::from_slice(&exchange.responses.first()?.body).ok()
    }

    /// SIGKILL.
    pub(crate) fn kill(&self) {
        kill_process(self.pid(), Signal::KILL).unwrap();
    }

    /// SIGHUP.
    pub(crate) fn hang_up(&self) {
        kill_process(self.pid(), Signal::HUP).unwrap();
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap()
    }

    pub(crate) fn send(&self, request: &[u8]) -> Value {
        let answer = one(self.env["KMS_ENDPOINT"].parse().unwrap(), request);
        serde_json::from_slice(&answer.body).unwrap()
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program's clock is the real one"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

fn written(signed: &SignedRequest) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\n", signed.method, signed.target);
    for (name, value) in &signed.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    [head.as_bytes(), b"\r\n", &signed.body].concat()
}

pub(crate) fn command(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-server"));
    command
        .args([
            "dev",
            "--port",
            "0",
            "--tls-port",
            "0",
            "--agent-port",
            "0",
            "--dir",
        ])
        .arg(dir)
        // What a developer has in the shell must not count.
        .env("KMS_TOKEN", "wrong")
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "wrong")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a shell has after `source`.
fn sourced(path: &Path) -> BTreeMap<String, String> {
    let output = Command::new("sh")
        .args(["-c", ". \"$0\" && env -0"])
        .arg(path)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn one(address: SocketAddr, request: &[u8]) -> RawResponse {
    let mut exchange = Exchange::run(address, request, 1, false).unwrap();
    exchange.responses.remove(0)
}

pub(crate) fn refused(command: &mut Command) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(stderr.matches('\n').count(), 1, "one line: {stderr}");
    (status.code(), stderr)
}

pub(crate) fn scratch() -> (TempDir, PathBuf) {
    let parent = tempdir().unwrap();
    // A blank, for paths are quoted where a shell reads them.
    let dir = parent.path().join("my kms");
    (parent, dir)
}

//! A HashiCorp Vault or OpenBao: KV v2 and transit, records in files (or, where it has no such
//! storage any more, in raft), a file as its audit device.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{
    load::Identity,
    stand::{Stand, Subject},
};
use crate::{
    bench::{
        process::{Process, Stopwatch},
        record::progress,
    },
    ports,
};

/// How its records are kept.
#[derive(Clone, Copy, Debug)]
enum Storage {
    File,
    Raft,
}

/// A server that was unsealed, and its API.
struct Api {
    port: u16,
    token: String,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The key that is encrypted with.
const KEY: &str = "bench";

/// Starts one in a folder of its own, unsealed, with all that is measured set up.
pub(super) fn start(program: &Path, folder: &Path, secrets: u32) -> Result<Stand> {
    let version = version(program)?;
    start_on(program, folder, Storage::File, &version, secrets).or_else(|error| {
        progress(&format!("{version} without file storage: {error:#}"));
        start_on(program, folder, Storage::Raft, &version, secrets)
    })
}

fn start_on(
    program: &Path,
    folder: &Path,
    storage: Storage,
    version: &str,
    secrets: u32,
) -> Result<Stand> {
    let folder = folder.join(format!("{storage:?}"));
    let audit = folder.join("audit");
    for made in [&audit, &folder.join("data")] {
        fs::create_dir_all(made).context("making the other server's folder")?;
    }
    let [port, cluster] = ports::free()?;
    let config = folder.join("config.hcl");
    fs::write(&config, configuration(&folder, storage, port, cluster))
        .context("writing the other server's configuration")?;
    let log = fs::File::create(folder.join("log")).context("making a log")?;
    let errors = log.try_clone().context("making a log")?;
    let mut process = Process::start(
        "the other server",
        Command::new(program)
            .arg("server")
            .arg("-config")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors),
    )?;
    let began = Stopwatch::start();
    process.until(began, || TcpStream::connect((Ipv4Addr::LOCALHOST, port)))?;
    let mut api = Api {
        port,
        token: String::new(),
    };
    api.token = api.unseal()?;
    process.until(began, || {
        // Raft takes a moment to agree with itself.
        api.put("/v1/sys/audit/file", &audit_device(&audit))
            .map_err(io::Error::other)
    })?;
    let kv = json!({"type": "kv", "options": {"version": "2"}});
    api.put("/v1/sys/mounts/secret", &kv)?;
    api.put("/v1/sys/mounts/transit", &json!({"type": "transit"}))?;
    api.put(&format!("/v1/transit/keys/{KEY}"), &json!({}))?;
    process.until(began, || {
        // Nor is KV v2 there at once.
        api.put("/v1/secret/data/first", &json!({"data": {"value": "1"}}))
            .map_err(io::Error::other)
    })?;
    let token = folder.join("token");
    fs::write(&token, &api.token).context("writing a token")?;
    Ok(Stand {
        subject: Subject::Peer,
        name: format!("{version} ({storage:?} storage)"),
        process,
        address: format!("127.0.0.1:{port}"),
        identity: Identity::Token(token),
        key: KEY.to_owned(),
        secrets,
        audit,
        audit_mark: r#""type":"response""#,
        answered: 0,
    })
}

fn configuration(folder: &Path, storage: Storage, port: u16, cluster: u16) -> String {
    let data = folder.join("data");
    let storage = match storage {
        Storage::File => format!("storage \"file\" {{ path = \"{}\" }}", data.display()),
        Storage::Raft => format!(
            "storage \"raft\" {{\n path = \"{}\"\n node_id = \"bench\"\n}}",
            data.display()
        ),
    };
    // Vault does not know the last line, and says so in its log; OpenBao makes no audit device
    // over its API without it.
    format!(
        "{storage}\nlistener \"tcp\" {{\n address = \"127.0.0.1:{port}\"\n \
         cluster_address = \"127.0.0.1:{cluster}\"\n tls_disable = true\n}}\n\
         api_addr = \"http://127.0.0.1:{port}\"\ncluster_addr = \"https://127.0.0.1:{cluster}\"\n\
         disable_mlock = true\nunsafe_allow_api_audit_creation = true\n"
    )
}

fn audit_device(folder: &Path) -> Value {
    json!({"type": "file", "options": {"file_path": folder.join("audit.log")}})
}

/// What it calls itself, with its version.
fn version(program: &Path) -> Result<String> {
    let output = Command::new(program)
        .arg("version")
        .output()
        .with_context(|| format!("starting {}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().unwrap_or_default();
    let name = line.split([',', '(']).next().unwrap_or_default().trim();
    if name.is_empty() {
        bail!("{} does not say its version", program.display());
    }
    Ok(name.to_owned())
}

// === impl Api ===

impl Api {
    /// Makes its keys and opens it; the root token.
    fn unseal(&self) -> Result<String> {
        let shares = json!({"secret_shares": 1, "secret_threshold": 1});
        let made = self.put("/v1/sys/init", &shares)?;
        let key = made.pointer("/keys_base64/0").context("no unseal key")?;
        self.put("/v1/sys/unseal", &json!({"key": key}))?;
        let token = made.get("root_token").and_then(Value::as_str);
        Ok(token.context("no root token")?.to_owned())
    }

    /// Asks; an answer that is no success is an error.
    fn put(&self, path: &str, body: &Value) -> Result<Value> {
        let Self { port, token } = self;
        let body = body.to_string();
        let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, *port))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        // HTTP/1.0, so that the answer's end is the connection's.
        write!(
            socket,
            "PUT {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nX-Vault-Token: {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer)?;
        read(&answer).with_context(|| format!("asking for {path}"))
    }
}

/// The body of an answer, if it is a success.
fn read(answer: &[u8]) -> Result<Value> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").context("no HTTP")?;
    let status = head.split(' ').nth(1).context("no status")?;
    if !status.starts_with('2') {
        bail!("{status}: {}", body.trim());
    }
    if body.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(body).context("no JSON")
}

#[cfg(test)]
mod tests;

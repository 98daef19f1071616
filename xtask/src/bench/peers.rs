//! The three programs that are measured, each started with what it needs.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

use super::{
    get::{Answer, Get},
    kms::{CACHED, Kms},
    process::{Process, Stopwatch},
};
use crate::ports;

/// A server under measurement.
pub(super) struct Peer {
    pub(super) process: Process,
    pub(super) port: u16,
}

/// The agent, as it is shipped, with its default configuration but for the places.
pub(super) struct Agent<'a> {
    pub(super) program: &'a Path,
    pub(super) kms: &'a Kms,
    pub(super) token: &'a str,
    /// Its configuration and its log.
    pub(super) folder: PathBuf,
}

impl Agent<'_> {
    /// Starts one, and says how long it took until the first secret came.
    pub(super) fn start(&self) -> Result<(Peer, Duration)> {
        let [port] = ports::free()?;
        fs::create_dir_all(&self.folder).context("making the agent's folder")?;
        let config = self.folder.join("config.toml");
        let text = format!(
            "[Server]\nHttpPort = {port}\n\n[Kms]\nEndpoint = \"http://127.0.0.1:{}\"\n\n\
             [Log]\nLogPath = \"{}\"\n",
            self.kms.port,
            self.log_folder().display()
        );
        fs::write(&config, text).context("writing the agent's configuration")?;
        let began = Stopwatch::start();
        let mut process = Process::start(
            "the agent",
            Command::new(self.program)
                .arg("agent")
                .arg(&config)
                .env_clear()
                .env("KMS_TOKEN", self.token)
                .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "bench")
                .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "bench")
                .stdin(Stdio::null())
                .stderr(fs::File::create(self.folder.join("stderr"))?),
        )?;
        let get = self.get(port, CACHED);
        let (first, took) = process.until(began, || get.as_get().send())?;
        ensure!(
            first.starts_with(b"HTTP/1.1 200"),
            "the agent's first answer is {}",
            String::from_utf8_lossy(&first)
        );
        Ok((Peer { process, port }, took))
    }

    /// One secret.
    pub(super) fn answer(&self, port: u16, name: &str) -> Result<Answer> {
        self.get(port, name).as_get().answer()
    }

    /// How many lines of its log tell of a value that was handed out.
    pub(super) fn retrievals(&self) -> Result<u64> {
        let mut count = 0;
        for file in fs::read_dir(self.log_folder()).context("looking for the agent's log")? {
            let file = fs::File::open(file?.path()).context("reading the agent's log")?;
            for line in BufReader::new(file).lines() {
                count += u64::from(line?.contains("\"msg\":\"secret retrieved\""));
            }
        }
        Ok(count)
    }

    fn log_folder(&self) -> PathBuf {
        self.folder.join("logs")
    }

    fn get(&self, port: u16, name: &str) -> OwnGet<'_> {
        OwnGet {
            port,
            path: path(name),
            token: self.token,
        }
    }
}

struct OwnGet<'a> {
    port: u16,
    path: String,
    token: &'a str,
}

impl OwnGet<'_> {
    fn as_get(&self) -> Get<'_> {
        Get {
            port: self.port,
            path: &self.path,
            token: self.token,
        }
    }
}

/// Where a secret is asked for.
pub(super) fn path(name: &str) -> String {
    format!("/v1/{name}")
}

/// hyper and nothing else, which answers this body.
pub(super) fn bare_hyper(program: &Path, body: &Path) -> Result<Peer> {
    let mut command = Command::new(program);
    command.arg(body).stdout(Stdio::piped());
    let mut process = Process::start("bare_hyper", &mut command)?;
    let mut line = String::new();
    let printed = process.stdout().context("bare_hyper has no output")?;
    BufReader::new(printed).read_line(&mut line)?;
    let port = line.trim().parse().context("bare_hyper names no port")?;
    Ok(Peer { process, port })
}

/// nginx with one line of configuration that answers this body.
pub(super) fn nginx(folder: &Path, body: &str) -> Result<Peer> {
    let [port] = ports::free()?;
    fs::create_dir_all(folder).context("making nginx's folder")?;
    ensure!(!body.contains('$'), "nginx would take $ for a variable");
    let body = body.replace('\\', "\\\\").replace('\'', "\\'");
    let folder_name = folder.display();
    let text = format!(
        "daemon off;\nworker_processes auto;\npid {folder_name}/pid;\n\
         error_log {folder_name}/error.log;\nevents {{ worker_connections 2048; }}\nhttp {{\n\
         access_log off; server_tokens off; keepalive_requests 1000000000; tcp_nodelay on;\n\
         default_type application/json;\n\
         client_body_temp_path {folder_name}/body; proxy_temp_path {folder_name}/proxy;\n\
         fastcgi_temp_path {folder_name}/fastcgi; uwsgi_temp_path {folder_name}/uwsgi;\n\
         scgi_temp_path {folder_name}/scgi;\n\
         server {{ listen 127.0.0.1:{port};\n\
         add_header cache-control no-store; add_header x-content-type-options nosniff;\n\
         add_header x-cache HIT; add_header age 1;\n\
         location / {{ return 200 '{body}'; }} }} }}\n"
    );
    let config = folder.join("nginx.conf");
    fs::write(&config, text).context("writing nginx's configuration")?;
    let mut process = Process::start(
        "nginx",
        Command::new("nginx")
            .arg("-c")
            .arg(&config)
            .arg("-e")
            .arg(folder.join("error.log"))
            .arg("-p")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )?;
    let get = Get {
        port,
        path: "/",
        token: "",
    };
    process.until(Stopwatch::start(), || get.send())?;
    Ok(Peer { process, port })
}

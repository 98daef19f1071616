use std::{
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use kms_testkit::{LOCAL_NAMES, TestCa};
use kms_types::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::Client;
use crate::{
    ports,
    test::{Stage, stage::pause},
    tools::{self, KubernetesPrograms},
};

/// On ports of 127.0.0.1.
pub(crate) struct Cluster {
    api_server: Process,
    etcd: Process,
    folder: TempDir,
    port: u16,
    /// Where etcd answers.
    pub(super) etcd_port: u16,
}

/// Where the processes of a cluster log.
pub(crate) struct Logs<'a> {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// With what the files' names begin.
    pub(crate) of: &'a str,
}

/// Killed when dropped.
struct Process(Child);

/// Who may do all.
pub(crate) const ADMIN: &str = "admin";

/// Whom it does not know.
pub(crate) const STRANGER: &str = "stranger";

/// Four seconds on two free cores.
const PATIENCE: Duration = Duration::from_mins(2);

/// For whom tokens of ServiceAccounts may be: the API server itself, and STS.
const AUDIENCES: &str = "https://kubernetes.default.svc,sts.aliyuncs.com";

/// Who the tokens of ServiceAccounts say that they are of.
const ISSUER: &str = "https://kubernetes.default.svc";

// === impl Cluster ===

impl Cluster {
    /// Starts one and waits until it is ready. These users exist beside the administrator; what they
    /// may do, somebody has to say. What the processes log lies beside the part's own log.
    pub(crate) fn start(stage: &mut Stage<'_>, users: &[&str]) -> Result<Self> {
        Self::start_with(stage, users, &[])
    }

    /// Like [`Cluster::start`], with this policy of what is noted of requests.
    pub(crate) fn start_audited(
        stage: &mut Stage<'_>,
        users: &[&str],
        policy: &str,
    ) -> Result<Self> {
        Self::start_with(stage, users, &[(AUDIT_POLICY, policy)])
    }

    /// Like [`Cluster::start`], with the administrator alone and this EncryptionConfiguration.
    pub(crate) fn start_encrypting(stage: &mut Stage<'_>, configuration: &str) -> Result<Self> {
        Self::start_with(stage, &[], &[(ENCRYPTION, configuration)])
    }

    fn start_with(stage: &mut Stage<'_>, users: &[&str], files: &[(&str, &str)]) -> Result<Self> {
        let project = stage.project;
        let programs = tools::kubernetes_programs(
            &project.root,
            &project.cache,
            project.kubernetes.as_deref(),
        )?;
        let logs = Logs {
            folder: project.target.join("suite"),
            of: stage.name(),
        };
        Self::start_logging(&programs, &logs, users, files)
    }

    /// Starts these programs, which log there, with these files by name, and waits until they are
    /// ready.
    pub(crate) fn start_logging(
        programs: &KubernetesPrograms,
        logs: &Logs<'_>,
        users: &[&str],
        files: &[(&str, &str)],
    ) -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for a cluster")?;
        let ca = TestCa::new();
        write_files(folder.path(), &ca, users)?;
        for (name, text) in files {
            fs::write(folder.path().join(name), text).with_context(|| format!("writing {name}"))?;
        }
        let [port, client, peer] = ports::free().context("finding free ports")?;
        for user in [ADMIN, STRANGER].iter().chain(users) {
            write_kubeconfig(folder.path(), port, user, &token(user))?;
        }
        let log = |name: &str| {
            let path = logs.folder.join(format!("{}-{name}.log", logs.of));
            File::create(&path).with_context(|| format!("making {}", path.display()))
        };
        let etcd = etcd(&programs.etcd, folder.path(), client, peer, log("etcd")?)?;
        let log = log("kube-apiserver")?;
        let api_server = api_server(&programs.api_server, folder.path(), port, client, log)?;
        let mut cluster = Self {
            api_server,
            etcd,
            folder,
            port,
            etcd_port: client,
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// Where a program finds it, as one of its users.
    pub(crate) fn kubeconfig(&self, user: &str) -> PathBuf {
        kubeconfig(self.folder.path(), user)
    }

    /// The same for whom this token is of.
    pub(crate) fn kubeconfig_for(&self, name: &str, token: &str) -> Result<PathBuf> {
        write_kubeconfig(self.folder.path(), self.port, name, token)?;
        Ok(self.kubeconfig(name))
    }

    /// A client of ours, as one of its users.
    pub(crate) fn client(&self, user: &str) -> Result<Client> {
        Client::new(&self.kubeconfig(user))
    }

    /// The port of the API server.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of who signed the API server's.
    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// What was noted of requests, one by one.
    pub(crate) fn audited(&self) -> Result<Vec<Value>> {
        let text = fs::read_to_string(self.folder.path().join(AUDIT_LOG));
        let text = text.context("reading what was noted of requests")?;
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).context("what was noted of a request"))
            .collect()
    }

    /// Kills the API server and starts it anew: what it had in memory is gone.
    pub(crate) fn restart_api_server(&mut self, stage: &mut Stage<'_>) -> Result<()> {
        let project = stage.project;
        let programs = tools::kubernetes_programs(
            &project.root,
            &project.cache,
            project.kubernetes.as_deref(),
        )?;
        let log = project.target.join("suite");
        let log = log.join(format!("{}-kube-apiserver.log", stage.name()));
        let log = File::options().append(true).open(log);
        let log = log.context("opening the log of kube-apiserver")?;
        self.api_server.end();
        self.api_server = api_server(
            &programs.api_server,
            self.folder.path(),
            self.port,
            self.etcd_port,
            log,
        )?;
        self.wait_until_ready()
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let client = self.client(ADMIN)?;
        let end = SystemClock.monotonic() + PATIENCE;
        loop {
            let answer = client.text("/readyz");
            if answer.as_deref().is_ok_and(|text| text == "ok") {
                return Ok(());
            }
            for (name, child) in [
                ("etcd", &mut self.etcd),
                ("kube-apiserver", &mut self.api_server),
            ] {
                if let Some(status) = child.0.try_wait().context("waiting for a cluster")? {
                    bail!("{name} ended with {status}; its log lies beside the part's");
                }
            }
            ensure!(
                SystemClock.monotonic() < end,
                "the API server is not ready: {answer:?}"
            );
            pause(Duration::from_millis(100));
        }
    }
}

// === impl Process ===

impl Process {
    /// Fails only if it has ended.
    fn end(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Beside them, if there is one: how the API server encrypts.
const ENCRYPTION: &str = "encryption.yaml";

/// The same for what it notes of requests.
const AUDIT_POLICY: &str = "audit.yaml";

/// Where it notes that.
const AUDIT_LOG: &str = "audit.log";

/// Keys, certificate and users.
fn write_files(folder: &Path, ca: &TestCa, users: &[&str]) -> Result<()> {
    let cert = ca.issue(&LOCAL_NAMES);
    // Any key pair does for the tokens of ServiceAccounts; a public key may come in a certificate.
    let accounts = ca.issue(&LOCAL_NAMES);
    let mut tokens = format!("{},{ADMIN},{ADMIN},system:masters\n", token(ADMIN));
    for user in users {
        writeln!(tokens, "{},{user},{user}", token(user)).context("a list of users")?;
    }
    for (name, content) in [
        ("ca.pem", ca.pem()),
        ("tls.pem", cert.cert_pem),
        ("tls.key", cert.key_pem),
        ("accounts.pem", accounts.cert_pem),
        ("accounts.key", accounts.key_pem),
        ("tokens.csv", tokens),
    ] {
        fs::write(folder.join(name), content).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}

/// Written once and before anybody reads: a program may read while others are started.
fn write_kubeconfig(folder: &Path, port: u16, user: &str, token: &str) -> Result<()> {
    let path = kubeconfig(folder, user);
    let text = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "suite", "cluster": {
            "server": format!("https://127.0.0.1:{port}"),
            "certificate-authority": folder.join("ca.pem"),
        }}],
        "users": [{"name": user, "user": { "token": token }}],
        "contexts": [{"name": "suite", "context": {"cluster": "suite", "user": user}}],
        "current-context": "suite",
    });
    fs::write(&path, text.to_string()).with_context(|| format!("writing {}", path.display()))
}

fn kubeconfig(folder: &Path, user: &str) -> PathBuf {
    folder.join(format!("{user}.kubeconfig"))
}

/// The cluster lives for minutes, on loopback.
fn token(user: &str) -> String {
    format!("{user}-of-the-suite")
}

fn etcd(program: &Path, folder: &Path, client: u16, peer: u16, log: File) -> Result<Process> {
    let url = |port: u16| format!("http://127.0.0.1:{port}");
    Command::new(program)
        .arg("--data-dir")
        .arg(folder.join("etcd"))
        .args(["--listen-client-urls", &url(client)])
        .args(["--advertise-client-urls", &url(client)])
        .args(["--listen-peer-urls", &url(peer)])
        .args(["--initial-advertise-peer-urls", &url(peer)])
        .args(["--initial-cluster", &format!("default={}", url(peer))])
        .args(["--log-level", "warn"])
        // It need not outlive a power cut.
        .arg("--unsafe-no-fsync")
        .env_clear()
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("sharing a log")?)
        .stderr(log)
        .spawn()
        .map(Process)
        .context("starting etcd")
}

fn api_server(program: &Path, folder: &Path, port: u16, etcd: u16, log: File) -> Result<Process> {
    let file = |option: &str, name: &str| format!("--{option}={}", folder.join(name).display());
    let encrypts = folder.join(ENCRYPTION).is_file();
    let audited = [
        file("audit-policy-file", AUDIT_POLICY),
        file("audit-log-path", AUDIT_LOG),
    ];
    let audits = folder.join(AUDIT_POLICY).is_file();
    Command::new(program)
        .args(encrypts.then(|| file("encryption-provider-config", ENCRYPTION)))
        .args(audited.iter().filter(|_| audits))
        .args([
            format!("--secure-port={port}"),
            format!("--etcd-servers=http://127.0.0.1:{etcd}"),
            format!("--api-audiences={AUDIENCES}"),
            format!("--service-account-issuer={ISSUER}"),
            file("tls-cert-file", "tls.pem"),
            file("tls-private-key-file", "tls.key"),
            file("service-account-key-file", "accounts.pem"),
            file("service-account-signing-key-file", "accounts.key"),
            file("token-auth-file", "tokens.csv"),
        ])
        .args([
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--authorization-mode=RBAC",
            "--disable-admission-plugins=ServiceAccount",
        ])
        .env_clear()
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("sharing a log")?)
        .stderr(log)
        .spawn()
        .map(Process)
        .context("starting kube-apiserver")
}

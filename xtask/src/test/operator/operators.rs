//! The operators that cases are run with: each a process of its own, with the namespaces of its cases.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use kms_testkit::LeakCheck;
use rustix::process::{Pid, Signal, kill_process};

use super::{rights, scene::Scene};
use crate::test::{Stage, life};

/// An operator that cases name.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// What it is told beside what all are.
    flags: &'static [&'static str],
    /// Which namespaces are its own.
    scope: Scope,
}

/// Which namespaces are an operator's own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Scope {
    /// Those of its cases.
    Watching,
    /// All but those of other operators' cases.
    Excluding,
    /// All, when those of the others are done.
    All,
    /// Nobody's: what the API server does by itself.
    None,
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "nobody",
        flags: &[],
        scope: Scope::None,
    },
    Kind {
        name: "0.5",
        flags: &["--compat=0.5"],
        scope: Scope::Watching,
    },
    Kind {
        name: "0.6",
        flags: &[],
        scope: Scope::Watching,
    },
    Kind {
        name: "as-the-original",
        flags: &[
            "--store-whole-document-if-nothing-matches",
            "--replace-rule-in-values",
        ],
        scope: Scope::Watching,
    },
    Kind {
        name: "careful",
        flags: &["--adopt-foreign-secrets=false", "--deletion-policy=Retain"],
        scope: Scope::Watching,
    },
    Kind {
        name: "cross-namespace",
        flags: &[
            "--enable-cross-namespace-secret-store",
            "--enable-cross-namespace-auth-ref",
        ],
        scope: Scope::Watching,
    },
    Kind {
        name: "cleaning",
        flags: &["--cleanup-secret-on-failure"],
        scope: Scope::Watching,
    },
    Kind {
        name: "unpolled",
        flags: &["--disable-polling"],
        scope: Scope::Watching,
    },
    Kind {
        name: "instances",
        flags: &["--allowed-endpoint-suffix=localhost"],
        scope: Scope::Watching,
    },
    Kind {
        name: "excluding",
        flags: &[],
        scope: Scope::Excluding,
    },
    Kind {
        name: "all",
        flags: &[],
        scope: Scope::All,
    },
];

/// Short, for the suite waits for some.
const INTERVAL: &str = "--polling-interval=1s";

/// One of the processes that share a lease.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    pub(super) pod: String,
    /// Where the lease is.
    pub(super) namespace: String,
}

/// A process, killed when dropped.
pub(super) struct Operator {
    name: String,
    child: Child,
    log: PathBuf,
}

// === impl Kind ===

impl Kind {
    pub(super) fn scope(&self) -> Scope {
        self.scope
    }

    /// Starts it: with these namespaces of its own, and these of others.
    pub(super) fn start(
        &self,
        stage: &mut Stage<'_>,
        scene: &Scene,
        own: &[String],
        others: &[String],
    ) -> Result<Option<Operator>> {
        let scope = match self.scope {
            Scope::Watching => vec![format!("--watch-namespaces={}", own.join(","))],
            Scope::Excluding => vec![format!("--exclude-namespaces={}", others.join(","))],
            Scope::All => Vec::new(),
            Scope::None => return Ok(None),
        };
        let flags = self.flags.iter().map(|flag| (*flag).to_owned());
        let flags: Vec<String> = flags.chain(scope).collect();
        let program = stage.project.program(stage, "ack-secret-manager")?;
        let replica = Replica::only(self.name);
        Operator::start(&program, scene, &replica, &flags).map(Some)
    }
}

// === impl Replica ===

impl Replica {
    /// The only one of its operator.
    pub(super) fn only(name: &str) -> Self {
        Self {
            pod: name.to_owned(),
            namespace: lease_namespace(name),
        }
    }
}

// === impl Operator ===

impl Operator {
    /// Starts one beside the cluster.
    pub(super) fn start(
        program: &Path,
        scene: &Scene,
        replica: &Replica,
        flags: &[String],
    ) -> Result<Self> {
        let limit = flags.iter().find(|flag| flag.contains("-namespaces="));
        let limit = limit.map(String::as_str).unwrap_or_default();
        scene
            .rights
            .give(&scene.client, &replica.namespace, limit)?;
        let log = scene.logs.join(format!("operator-{}.log", replica.pod));
        let file = File::options().create(true).append(true).open(&log);
        let file = file.with_context(|| format!("making {}", log.display()))?;
        let child = Command::new(program)
            .args(["--region=cn-hangzhou", INTERVAL, "--refresh-spread=0"])
            .args(["--metrics-addr=0", "--health-addr=0"])
            // So many cases at once are many secrets.
            .arg("--max-concurrent-kms-secret-pulls=1000")
            .arg("--max-concurrent-oos-secret-pulls=1000")
            .arg(format!("--kms-endpoint={}", scene.gate.address()))
            .args(flags)
            .env_clear()
            .env("HOME", scene.folder.path())
            .env("KUBECONFIG", scene.cluster.kubeconfig(rights::user(flags)))
            .env("SSL_CERT_FILE", scene.gate.ca())
            .env("KMS_OOS_ENDPOINT", scene.gate.address().to_string())
            .env(
                "ACCESS_KEY_ID",
                scene.server.env("ALIBABA_CLOUD_ACCESS_KEY_ID")?,
            )
            .env(
                "SECRET_ACCESS_KEY",
                scene.server.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?,
            )
            .env("POD_NAME", &replica.pod)
            .env("POD_NAMESPACE", &replica.namespace)
            .stdin(Stdio::null())
            .stdout(file.try_clone().context("sharing a log")?)
            .stderr(file)
            .spawn()
            .context("starting ack-secret-manager")?;
        Ok(Self {
            name: replica.pod.clone(),
            child,
            log,
        })
    }

    /// Kills it, as a crash would.
    pub(super) fn kill(&mut self) -> Result<()> {
        self.child.kill().context("killing an operator")?;
        self.child.wait().context("waiting for an operator")?;
        Ok(())
    }

    /// Orders it to end; it must do so well.
    pub(super) fn end(mut self) -> Result<()> {
        life::end_well(&mut self.child).with_context(|| self.name.clone())
    }

    /// Sends it a signal.
    pub(super) fn signal(&self, signal: Signal) -> Result<()> {
        kill_process(Pid::from_child(&self.child), signal).context("a signal to an operator")
    }

    /// Orders it to end; it must do so well, and have logged nothing that is secret.
    pub(super) fn end_clean(mut self, stage: &mut Stage<'_>, canaries: &LeakCheck) {
        let ended = life::end_well(&mut self.child).and_then(|()| {
            let text = std::fs::read(&self.log).context("reading a log")?;
            let found = canaries.find(&text);
            ensure!(found.is_empty(), "its log holds {}", found.join(", "));
            ensure!(!text.is_empty(), "it logged nothing");
            Ok(())
        });
        stage.check(
            &format!("{}-ends-well-and-logs-no-secret", self.name),
            ended,
        );
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        // After `end_clean` there is nobody left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Where an operator has its lease.
pub(super) fn lease_namespace(name: &str) -> String {
    format!("operator-{}", name.replace('.', "-"))
}

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::{Figures, Requests, kms::Kms};
use crate::{
    bench::{
        process::{Process, Stopwatch, pause},
        record::progress,
    },
    test::kubernetes::{ADMIN, Client, Cluster, Kind},
};

/// A cluster with ExternalSecrets, a KMS, and the operator between them.
pub(super) struct Work<'a> {
    program: &'a Path,
    kubeconfig: PathBuf,
    client: Client,
    kms: Kms,
    objects: u32,
    remotes: u32,
}

/// Where the ExternalSecrets are.
const NAMESPACE: &str = "load";

/// Where other people's Secrets are.
const STRANGERS: &str = "strangers";

/// The shortest that is worth a figure: with an interval of 120 s a bench takes an hour.
pub(super) const INTERVAL: Duration = Duration::from_secs(10);
const INTERVALS: u32 = 3;

/// So many make objects at once.
const MAKERS: u32 = 8;

/// Longer than any of this takes.
const PATIENCE: Duration = Duration::from_mins(5);

// === impl Work ===

impl<'a> Work<'a> {
    /// Puts definitions and namespaces into the cluster.
    pub(super) fn begin(
        root: &Path,
        program: &'a Path,
        cluster: &Cluster,
        objects: u32,
        remotes: u32,
    ) -> Result<Self> {
        let client = cluster.client(ADMIN)?;
        let folder = root.join("crates/ack-secret-manager/crds");
        for file in fs::read_dir(&folder).context("looking for definitions")? {
            let text = fs::read_to_string(file?.path()).context("reading a definition")?;
            let definition: Value = serde_saphyr::from_str(&text).context("a definition")?;
            client.apply("", &definition)?;
        }
        for name in [NAMESPACE, STRANGERS] {
            let namespace =
                json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
            client.apply("", &namespace)?;
        }
        Ok(Self {
            program,
            kubeconfig: cluster.kubeconfig(ADMIN),
            client,
            kms: Kms::start()?,
            objects,
            remotes,
        })
    }

    /// Measures all, with other people's Secrets in the end where a number of them is given.
    pub(super) fn measure(&self, strangers: Option<u32>) -> Result<Figures> {
        let idle = {
            let operator = self.operator()?;
            pause(INTERVAL);
            operator.resident()?
        };
        progress("making ExternalSecrets");
        self.make(self.objects, NAMESPACE, &|number| self.object(number))?;
        progress("syncing them");
        let began = Stopwatch::start();
        let operator = self.operator()?;
        until("the first sync", || {
            Ok(self.secrets()?.len() >= usize::try_from(self.objects)?)
        })?;
        let first_sync = began.elapsed();
        let first_calls = self.kms.reads();
        // Statuses are still being written.
        pause(INTERVAL * 2);
        let resident = operator.resident()?;

        progress("looking at a cluster at rest");
        let before = (
            self.kms.reads(),
            Requests::count(&self.client)?,
            operator.processor_time()?,
        );
        pause(INTERVAL * INTERVALS);
        let reads = u32::try_from(self.kms.reads() - before.0)?;
        let requests = Requests::count(&self.client)?.since(before.1, INTERVALS);
        let micros = (operator.processor_time()? - before.2) / u64::from(INTERVALS);

        progress("changing a remote secret");
        let change = self.change()?;
        let beside_strangers = strangers
            .map(|number| {
                progress("making other people's Secrets");
                self.make(number, STRANGERS, &stranger)?;
                pause(INTERVAL * 2);
                operator.resident()
            })
            .transpose()?;
        Ok(Figures {
            objects: self.objects,
            remotes: self.remotes,
            idle,
            first_sync,
            first_calls,
            resident,
            beside_strangers,
            calls: f64::from(reads) / f64::from(INTERVALS),
            requests,
            micros,
            change,
        })
    }

    fn operator(&self) -> Result<Process> {
        let mut command = Command::new(self.program);
        command
            .arg("--region=cn-hangzhou")
            .arg(format!("--kms-endpoint={}", self.kms.url()))
            .arg(format!("--polling-interval={}s", INTERVAL.as_secs()))
            .args(["--metrics-addr=0", "--health-addr=0", "--log-level=warn"])
            .env_clear()
            .env("KUBECONFIG", &self.kubeconfig)
            .env("ACCESS_KEY_ID", "LTAI5tBench")
            .env("SECRET_ACCESS_KEY", "bench")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        Process::start("ack-secret-manager", &mut command)
    }

    /// Until all dependants of a remote secret have what it says now, from when that was told.
    fn change(&self) -> Result<Duration> {
        const OTHER: &str = "changed";
        let name = remote(0);
        self.kms.change(&name, OTHER);
        let dependants = self.objects.div_ceil(self.remotes);
        until("a change", || {
            let secrets = self.secrets()?;
            // Base64 of the other value.
            let changed = secrets.iter().filter(|secret| {
                let value = secret.pointer("/data/password");
                value.and_then(Value::as_str) == Some("Y2hhbmdlZA==")
            });
            Ok(changed.count() >= usize::try_from(dependants)?)
        })?;
        self.kms.told().context("nobody was told of the change")
    }

    fn secrets(&self) -> Result<Vec<Value>> {
        let secrets = self.client.list(&Kind::named("Secret"), NAMESPACE)?;
        Ok(secrets.into_iter().map(|secret| secret.data).collect())
    }

    /// Makes so many objects, several at once.
    fn make(
        &self,
        number: u32,
        namespace: &str,
        object: &(dyn Fn(u32) -> Value + Sync),
    ) -> Result<()> {
        thread::scope(|scope| {
            let makers: Vec<_> = (0..MAKERS)
                .map(|maker| {
                    let client = self.client.clone();
                    scope.spawn(move || {
                        let mut mine = (maker..number).step_by(usize::try_from(MAKERS)?);
                        mine.try_for_each(|number| {
                            client.apply(namespace, &object(number)).map(drop)
                        })
                    })
                })
                .collect();
            makers.into_iter().try_for_each(|maker| {
                maker
                    .join()
                    .map_err(|_panic| anyhow!("a thread panicked"))?
            })
        })
    }

    fn object(&self, number: u32) -> Value {
        json!({
            "apiVersion": "alibabacloud.com/v1alpha1",
            "kind": "ExternalSecret",
            "metadata": {"name": format!("object-{number}")},
            "spec": {"data": [{"key": remote(number % self.remotes), "name": "password"}]},
        })
    }
}

/// The name of a remote secret.
fn remote(number: u32) -> String {
    format!("bench/remote-{number}")
}

fn until(what: &str, is_so: impl Fn() -> Result<bool>) -> Result<()> {
    let began = Stopwatch::start();
    while !is_so()? {
        ensure!(began.elapsed() < PATIENCE, "{what} takes too long");
        pause(Duration::from_millis(20));
    }
    Ok(())
}

/// A Secret of 40 kB that is none of the operator's business.
fn stranger(number: u32) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": format!("stranger-{number}")},
        "stringData": {"file": "s".repeat(40_000)},
    })
}

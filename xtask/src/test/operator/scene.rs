use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use kms_testkit::LeakCheck;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    case::Put,
    gate::Gate,
    rights::{EVERYWHERE, NAMESPACED, Rights},
};
use crate::test::{
    Server, Stage, clients,
    kubernetes::{ADMIN, Client, Cluster, Kind},
};

/// What stands around operators.
pub(super) struct Scene {
    pub(super) cluster: Cluster,
    /// The administrator's.
    pub(super) client: Client,
    /// In front of KMS.
    pub(super) gate: Gate,
    pub(super) server: Server,
    pub(super) rights: Rights,
    /// `kms-server`, for `ctl`.
    ctl: PathBuf,
    /// An AccessKey of another user with the same rights, and its secret.
    other_key: [String; 2],
    pub(super) folder: TempDir,
    /// Where logs of processes go, beside the part's own.
    pub(super) logs: PathBuf,
}

const PATIENCE: Duration = Duration::from_secs(30);

/// Who asks for Secrets, and for which: without what they hold.
const AUDIT: &str = r#"
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    verbs: [get, list, watch]
    resources: [{group: "", resources: [secrets]}]
  - level: None
"#;

/// What a user may do who reads secrets.
const READ: &str = "PolicyName=read-secrets";

// === impl Scene ===

impl Scene {
    /// With the kinds of the operator.
    pub(super) fn set(stage: &mut Stage<'_>) -> Result<Self> {
        let cluster = Cluster::start_audited(stage, &[EVERYWHERE, NAMESPACED], AUDIT)?;
        let client = cluster.client(ADMIN)?;
        let server = Server::start(stage)?;
        let folder = tempfile::tempdir().context("making a folder for operators")?;
        let upstream = server.env("KMS_ENDPOINT")?.parse();
        let gate = Gate::start(upstream.context("KMS_ENDPOINT")?, folder.path())?;
        kinds(stage, &client)?;
        let logs = stage.project.target.join("suite");
        forget_logs(&logs)?;
        let mut scene = Self {
            cluster,
            client,
            gate,
            ctl: stage.project.program(stage, "kms-server")?,
            other_key: Default::default(),
            server,
            rights: Rights::new(stage)?,
            folder,
            logs,
        };
        let document = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:GetSecretValue","Resource":"*"}]}"#;
        scene.ctl(
            &["call", "ram.CreatePolicy", READ, "PolicyDocument=@-"],
            document,
        )?;
        scene.other_key = scene.user("other")?;
        Ok(scene)
    }

    /// A RAM user who may read all secrets: the AccessKey.
    pub(super) fn user(&self, name: &str) -> Result<[String; 2]> {
        self.ctl(&["call", "ram.CreateUser", &format!("UserName={name}")], "")?;
        let user = format!("UserName={name}");
        let policy = "PolicyName=AliyunKMSSecretUserAccess";
        let attach = [
            "call",
            "ram.AttachPolicyToUser",
            "PolicyType=System",
            policy,
            &user,
        ];
        self.ctl(&attach, "")?;
        let made = self.ctl(&["call", "ram.CreateAccessKey", &user], "")?;
        let made: Value = serde_json::from_str(&made).context("an AccessKey")?;
        let part = |name: &str| {
            let part = made.pointer(&format!("/AccessKey/{name}"));
            let part = part.and_then(Value::as_str);
            part.map(str::to_owned)
                .with_context(|| format!("no {name}"))
        };
        Ok([part("AccessKeyId")?, part("AccessKeySecret")?])
    }

    /// What stands for names in cases.
    pub(super) fn words(&self) -> Result<Vec<(&'static str, String)>> {
        let env = |name| self.server.env(name).map(str::to_owned);
        let file = |name| {
            let path = env(name)?;
            fs::read_to_string(&path).with_context(|| format!("reading {path}"))
        };
        let [other_id, other_secret] = self.other_key.clone();
        Ok(vec![
            ("$ACCESS_KEY_ID", env("ALIBABA_CLOUD_ACCESS_KEY_ID")?),
            (
                "$ACCESS_KEY_SECRET",
                env("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?,
            ),
            ("$OTHER_KEY_ID", other_id),
            ("$OTHER_KEY_SECRET", other_secret),
            ("$INSTANCE_ID", env("KMS_INSTANCE_ID")?),
            ("$INSTANCE", env("KMS_INSTANCE_ENDPOINT")?),
            ("$CA", BASE64_STANDARD.encode(file("KMS_CA_FILE")?)),
            (
                "$CLIENT_KEY",
                BASE64_STANDARD.encode(file("KMS_CLIENT_KEY_FILE")?),
            ),
            (
                "$CLIENT_PASSWORD",
                BASE64_STANDARD.encode(file("KMS_CLIENT_KEY_PASSWORD_FILE")?),
            ),
        ])
    }

    /// Stores a value in KMS, as the version of this number.
    pub(super) fn put(&self, secret: &str, value: &Put, version: usize) -> Result<()> {
        let mut instance = None;
        let (text, kind) = match value {
            Put::Text(text) => (text, "text"),
            Put::Kept { instance: id, text } => {
                instance = (version == 1).then(|| format!("DKMSInstanceId={id}"));
                (text, "text")
            }
            Put::Binary { binary } => {
                BASE64_STANDARD.decode(binary).context("a binary value")?;
                (binary, "binary")
            }
        };
        let action = if version == 1 {
            "CreateSecret"
        } else {
            "PutSecretValue"
        };
        let parameters = [
            format!("SecretName={secret}"),
            format!("VersionId=v{version}"),
            format!("SecretDataType={kind}"),
        ];
        let parameters = parameters.iter().chain(&instance).map(String::as_str);
        let words = ["call", action].into_iter().chain(parameters);
        let words: Vec<&str> = words.chain(["SecretData=@-"]).collect();
        match self.ctl(&words, text) {
            // On a machine so busy that an answer is not waited for, the call is made again: by then
            // it has done what it should.
            Err(error) if format!("{error:#}").contains("Rejected.ResourceExist") => Ok(()),
            other => other.map(drop),
        }
    }

    /// A step of the administrator of KMS; what it printed.
    fn ctl(&self, words: &[&str], input: &str) -> Result<String> {
        self.server.ctl(&self.ctl, words, input)
    }

    /// What no log of an operator may hold, and no status.
    pub(super) fn canaries(&self) -> Result<LeakCheck> {
        let mut canaries = LeakCheck::default().with("a value", b"hunter2-and-a-canary");
        for (name, word) in self.words()? {
            if name.ends_with("SECRET") {
                canaries = canaries.with("the secret of an AccessKey", word.as_bytes());
            }
        }
        let path = self.server.env("KMS_CLIENT_KEY_PASSWORD_FILE")?;
        let password = fs::read(path).context("reading a password")?;
        Ok(canaries.with("the password of a ClientKey", password.trim_ascii()))
    }

    /// Disables a user's AccessKey, or enables it again.
    pub(super) fn enable(&self, user: &str, key: &str, yes: bool) -> Result<()> {
        let status = if yes { "Active" } else { "Inactive" };
        let parameters = [
            format!("UserName={user}"),
            format!("UserAccessKeyId={key}"),
            format!("Status={status}"),
        ];
        let parameters = parameters.iter().map(String::as_str);
        let words = ["call", "ram.UpdateAccessKey"]
            .into_iter()
            .chain(parameters);
        self.ctl(&words.collect::<Vec<_>>(), "").map(drop)
    }

    /// Ends the server; no log of it may hold what is secret here.
    pub(super) fn end(self, stage: &mut Stage<'_>) {
        let clean = self.server.stop_clean(clients::canaries());
        stage.check("ends-well-and-logs-no-secret", clean);
    }
}

/// Of operators of an earlier run.
fn forget_logs(folder: &Path) -> Result<()> {
    let entries = fs::read_dir(folder).context("reading the folder of logs")?;
    for entry in entries {
        let path = entry.context("reading the folder of logs")?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_cluster = name.contains("etcd") || name.contains("kube-apiserver");
        if name.starts_with("operator-") && !is_cluster {
            fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(())
}

/// Makes the API server know the operator's kinds.
fn kinds(stage: &Stage<'_>, client: &Client) -> Result<()> {
    const KINDS: [&str; 4] = [
        "clusterexternalsecrets",
        "clustersecretstores",
        "externalsecrets",
        "secretstores",
    ];
    let folder = stage.project.root.join("crates/ack-secret-manager/crds");
    for name in KINDS {
        let path = folder.join(name).with_extension("yaml");
        let text = fs::read_to_string(&path);
        let text = text.with_context(|| format!("reading {}", path.display()))?;
        client.apply("", &serde_saphyr::from_str(&text).context("a kind")?)?;
    }
    let kind = Kind::named("CustomResourceDefinition");
    for name in KINDS {
        let name = format!("{name}.alibabacloud.com");
        client.until(&kind, "", &name, PATIENCE, |object| {
            let conditions = object.and_then(|object| object.data.pointer("/status/conditions"));
            let mut conditions = conditions.and_then(Value::as_array).into_iter().flatten();
            let served = json!({"type": "Established", "status": "True"});
            let served = conditions.any(|one| {
                one.get("type") == served.get("type") && one.get("status") == served.get("status")
            });
            ensure!(served, "it is not served");
            Ok(())
        })?;
    }
    Ok(())
}

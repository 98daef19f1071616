use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

use anyhow::{Context as _, Result};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use kms_testkit::LeakCheck;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{database, gateway, keys::ClientKey};
use crate::{
    test::{
        Server, Stage,
        chart::helm::{Helm, NAMESPACE, RELEASE},
        deployment::Sandbox,
        kubernetes::{ADMIN, Client, Cluster},
    },
    tools,
};

/// A cluster with the release, KMS with an instance, and the operator.
pub(super) struct Scene {
    pub(super) cluster: Cluster,
    pub(super) client: Client,
    pub(super) server: Server,
    /// `kms-server`, for `ctl`.
    ctl: PathBuf,
    /// Whose hosts file knows the instance.
    sandbox: Sandbox,
    pub(super) folder: TempDir,
    /// suite/seed-004.
    texts: PathBuf,
    /// What the chart's Deployment tells the operator.
    arguments: Vec<String>,
}

/// Secrets by their names, keys and texts.
pub(super) type Secrets = BTreeMap<String, BTreeMap<String, String>>;

pub(super) const SHOP: &str = "shop";

/// The secret of KMS that has a user's AccessKey, and the user.
pub(super) const RAM: &str = "acs/ram/user/seed-app";
const USER: &str = "seed-app";

/// As suite/seed-004 has it.
const NEXT_PASSWORD: &str = "Hunter3-of-the-database";

// === impl Scene ===

impl Scene {
    /// Installs the chart, and makes a secret of each type in the instance.
    pub(super) fn set(stage: &mut Stage<'_>) -> Result<Self> {
        let project = stage.project;
        let cluster = Cluster::start(stage, &[])?;
        let client = cluster.client(ADMIN)?;
        let namespace =
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SHOP}});
        client.apply("", &namespace)?;
        let server = Server::start_with_webhook(stage, database::open(NEXT_PASSWORD)?)?;
        let helm = tools::helm_program(&project.root, &project.cache)?;
        let helm = Helm::new(helm, &project.root)?;
        let admin = cluster.kubeconfig(ADMIN);
        let values = project.root.join("suite/chart/seed-004/values.yaml");
        // The fourth of the seed's values is for people who have more time.
        let sooner = "command.pollingInterval=1s".to_owned();
        helm.install(stage, &admin, &values, &[sooner])?;
        let deployment = helm.installed(stage, &admin, "manifest", "Deployment")?;
        let arguments = deployment.pointer("/spec/template/spec/containers/0/args");
        let arguments = arguments.context("the Deployment has no arguments")?;
        let scene = Self {
            arguments: serde_json::from_value(arguments.clone()).context("arguments")?,
            ctl: project.program(stage, "kms-server")?,
            sandbox: Sandbox::open_on_the_machines_network(stage)?,
            folder: tempfile::tempdir().context("making a folder")?,
            texts: project.root.join("suite/seed-004"),
            cluster,
            client,
            server,
        };
        scene.name_the_instance(stage)?;
        scene.store_secrets()?;
        Ok(scene)
    }

    /// A step of the administrator of KMS; what it printed.
    pub(super) fn ctl(&self, words: &[&str], input: &str) -> Result<String> {
        self.server.ctl(&self.ctl, words, input)
    }

    /// An answer of KMS or RAM.
    pub(super) fn call(&self, words: &[&str], input: &str) -> Result<Value> {
        let told = self.ctl(&[&["call"], words].concat(), input)?;
        serde_json::from_str(&told).with_context(|| format!("the answer of {words:?}"))
    }

    /// Starts the operator as the chart's Deployment does, with the chart's rights.
    pub(super) fn operator(&self, stage: &mut Stage<'_>) -> Result<(Child, PathBuf)> {
        let log = stage.project.target.join("suite");
        let log = log.join("seed-004-operator.log");
        let file = File::create(&log).with_context(|| format!("making {}", log.display()))?;
        let program = stage.project.program(stage, RELEASE)?;
        let token = self.client.token(NAMESPACE, RELEASE)?;
        let child = self
            .sandbox
            .direct(program)
            .args(&self.arguments)
            .env_clear()
            .env("KUBECONFIG", self.cluster.kubeconfig_for(RELEASE, &token)?)
            .env("POD_NAME", "ack-secret-manager-0")
            .env("POD_NAMESPACE", NAMESPACE)
            .stdin(Stdio::null())
            .stdout(file.try_clone().context("sharing a log")?)
            .stderr(file)
            .spawn()
            .context("starting ack-secret-manager")?;
        Ok((child, log))
    }

    /// Makes the objects of suite/seed-004.
    pub(super) fn apply(&self) -> Result<()> {
        let text = self.filled("objects.yaml")?;
        for document in text.split("\n---\n") {
            let object: Value = serde_saphyr::from_str(document).context("objects.yaml")?;
            self.client.apply(SHOP, &object)?;
        }
        Ok(())
    }

    /// What a file says that there is to be.
    pub(super) fn expected(&self, file: &str) -> Result<Secrets> {
        let text = self.filled(file)?;
        serde_saphyr::from_str(&text).with_context(|| file.to_owned())
    }

    /// What the file of refusals says of one.
    pub(super) fn refusal(&self, name: &str) -> Result<Value> {
        let all: Value =
            serde_saphyr::from_str(&self.filled("refusals.yaml")?).context("refusals.yaml")?;
        all.get(name)
            .cloned()
            .with_context(|| format!("refusals.yaml has no {name}"))
    }

    /// What the value of a user's AccessKey is in KMS.
    pub(super) fn access_key(&self) -> Result<[String; 2]> {
        let answer = self.call(&["GetSecretValue", &format!("SecretName={RAM}")], "")?;
        let data = answer.get("SecretData").and_then(Value::as_str);
        let data: Value = serde_json::from_str(data.context("no SecretData")?)?;
        let part = |name: &str| {
            let part = data.get(name).and_then(Value::as_str);
            part.map(str::to_owned)
                .with_context(|| format!("no {name}"))
        };
        Ok([part("AccessKeyId")?, part("AccessKeySecret")?])
    }

    /// The ids of the AccessKeys that the user has at RAM.
    pub(super) fn keys_at_ram(&self) -> Result<Vec<String>> {
        let answer = self.call(&["ram.ListAccessKeys", &format!("UserName={USER}")], "")?;
        let keys = answer.pointer("/AccessKeys/AccessKey");
        let keys = keys.and_then(Value::as_array).context("no AccessKeys")?;
        let ids = keys
            .iter()
            .filter_map(|key| key.get("AccessKeyId")?.as_str());
        Ok(ids.map(str::to_owned).collect())
    }

    /// What no log and no status may hold.
    pub(super) fn canaries(&self, keys: &[&ClientKey]) -> Result<LeakCheck> {
        let mut canaries = LeakCheck::default().with("a password", NEXT_PASSWORD.as_bytes());
        for value in [
            "hunter2-of-seed-004",
            "hunter3-of-seed-004",
            "Hunter2-of-the-database",
        ] {
            canaries = canaries.with("a value", value.as_bytes());
        }
        canaries = canaries.with("an AccessKey", self.access_key()?[1].as_bytes());
        Ok(keys.iter().fold(canaries, |found, key| {
            found.with("a ClientKey's password", &key.password)
        }))
    }

    fn filled(&self, file: &str) -> Result<String> {
        let mut text = fs::read_to_string(self.texts.join(file))
            .with_context(|| format!("reading suite/seed-004/{file}"))?;
        let [content, password] = ClientKey::of_dev(self)?.encoded();
        let ca = fs::read(self.server.env("KMS_CA_FILE")?).context("reading a CA")?;
        let [id, secret] = self.access_key()?;
        for (name, word) in [
            ("$CLIENT_KEY", content),
            ("$CLIENT_PASSWORD", password),
            (
                "$INSTANCE_ID",
                self.server.env("KMS_INSTANCE_ID")?.to_owned(),
            ),
            ("$CA", BASE64_STANDARD.encode(ca)),
            ("$RAM_ID", id),
            ("$RAM_SECRET", secret),
        ] {
            text = text.replace(name, &word);
        }
        Ok(text)
    }

    /// In the sandbox, the instance's host is an address that leads to its gateway.
    fn name_the_instance(&self, stage: &mut Stage<'_>) -> Result<()> {
        let gateway = self.server.env("KMS_INSTANCE_ENDPOINT")?;
        let (_, port) = gateway.rsplit_once(':').context("a port")?;
        let port: u16 = port.parse().context("the port of a gateway")?;
        let address = gateway::open(([127, 0, 0, 1], port).into())?;
        let hosts = self.folder.path().join("hosts");
        let id = self.server.env("KMS_INSTANCE_ID")?;
        let text = format!("127.0.0.1 localhost\n{address} {id}.cryptoservice.kms.aliyuncs.com\n");
        fs::write(&hosts, text).context("writing hosts")?;
        let mut mount = self.sandbox.command("mount");
        stage.succeed(mount.arg("--bind").arg(&hosts).arg(Path::new("/etc/hosts")))?;
        Ok(())
    }

    /// A generic secret, an RDS secret and a RAM secret, all in the instance.
    fn store_secrets(&self) -> Result<()> {
        let instance = format!("DKMSInstanceId={}", self.server.env("KMS_INSTANCE_ID")?);
        let create = |words: &[&str], value: &Value| {
            let all = [&["CreateSecret", &instance, "SecretData=@-"], words].concat();
            self.call(&all, &value.to_string())
        };
        let generic = r#"{"user":"shop","password":"hunter2-of-seed-004"}"#;
        self.call(
            &[
                "CreateSecret",
                &instance,
                "SecretData=@-",
                "SecretName=seed/generic",
                "VersionId=v1",
            ],
            generic,
        )?;
        create(
            &[
                "SecretName=seed/rds",
                "SecretType=Rds",
                "VersionId=v1",
                r#"ExtendedConfig={"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
            ],
            &json!({"Accounts": [
                {"AccountName": "app", "AccountPassword": "Hunter2-of-the-database"},
            ]}),
        )?;
        let user = format!("UserName={USER}");
        self.call(&["ram.CreateUser", &user], "")?;
        let made = self.call(&["ram.CreateAccessKey", &user], "")?;
        let made = |name: &str| made.pointer(&format!("/AccessKey/{name}")).cloned();
        create(
            &[
                "SecretName=$Auto",
                "SecretType=RAMCredentials",
                "VersionId=v1",
                &format!(
                    r#"ExtendedConfig={{"SecretSubType":"RamUserAccessKey","UserName":"{USER}"}}"#
                ),
            ],
            &json!({"AccessKeys": [{
                "AccessKeyId": made("AccessKeyId"),
                "AccessKeySecret": made("AccessKeySecret"),
            }]}),
        )?;
        Ok(())
    }
}

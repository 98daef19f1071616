//! `ack-secret-manager webhook`, which an API server asks about each pod that is made.

use std::{fs, net::TcpStream, process::Command, time::Duration};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use kms_testkit::{LOCAL_NAMES, TestCa};
use kms_types::{Clock as _, SystemClock};
use serde_json::json;
use tempfile::TempDir;

use super::{NAMESPACE, PREFIX};
use crate::{
    ports,
    test::{
        Stage,
        deployment::Beside,
        kubernetes::{ADMIN, Client, Cluster},
        stage::pause,
    },
};

/// How long the API server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// One that runs, with a certificate of the suite.
pub(super) struct Webhook {
    _process: Beside,
    _folder: TempDir,
}

// === impl Webhook ===

impl Webhook {
    /// Starts it with these flags, and has the API server ask it from now on.
    pub(super) fn start(
        stage: &mut Stage<'_>,
        cluster: &Cluster,
        client: &Client,
        settings: &[String],
        name: &str,
    ) -> Result<Self> {
        let program = stage.project.program(stage, "ack-secret-manager")?;
        let folder = tempfile::tempdir().context("making a folder")?;
        let ca = TestCa::new();
        let cert = ca.issue(&LOCAL_NAMES);
        let [certificate, key] = ["tls.pem", "tls.key"].map(|name| folder.path().join(name));
        for (path, text) in [(&certificate, cert.cert_pem), (&key, cert.key_pem)] {
            fs::write(path, text).context("writing a certificate")?;
        }
        let [port] = ports::free()?;
        let mut command = Command::new(program);
        command
            .arg("webhook")
            .arg(format!("--listen=127.0.0.1:{port}"))
            .arg("--tls-cert-file")
            .arg(&certificate)
            .arg("--tls-key-file")
            .arg(&key)
            .arg("--kubeconfig")
            .arg(cluster.kubeconfig(ADMIN))
            .args(settings)
            .env_clear();
        let log = stage.project.target.join("suite");
        let log = log.join(format!("{}-webhook-{name}.log", stage.name()));
        let mut process = Beside::start(&mut command, &log)?;
        process.wait_until("listening", |_| {
            Ok(TcpStream::connect(("127.0.0.1", port)).is_ok())
        })?;
        let configuration = json!({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "MutatingWebhookConfiguration",
            "metadata": { "name": "inject" },
            "webhooks": [{
                "name": "inject.ack-secret-manager.alibabacloud.com",
                "admissionReviewVersions": ["v1"],
                "sideEffects": "None",
                "failurePolicy": "Fail",
                "clientConfig": {
                    "url": format!("https://127.0.0.1:{port}/inject"),
                    "caBundle": BASE64_STANDARD.encode(ca.pem()),
                },
                "rules": [{
                    "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
                    "resources": ["pods"],
                }],
            }],
        });
        client.apply("", &configuration)?;
        asked(client)?;
        Ok(Self {
            _process: process,
            _folder: folder,
        })
    }
}

/// The API server learns of configurations a moment later: a pod that the webhook refuses says when.
fn asked(client: &Client) -> Result<()> {
    let end = SystemClock.monotonic() + PATIENCE;
    for attempt in 0.. {
        let probe = json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                // One that was taken is no longer asked about.
                "name": format!("is-it-asked-{}-{attempt}", std::process::id()),
                "annotations": { format!("{PREFIX}/inject"): "neither" },
            },
            "spec": { "containers": [{ "name": "app", "image": "app" }] },
        });
        let said = match client.apply(NAMESPACE, &probe) {
            Ok(_) => "taken".to_owned(),
            Err(error) => format!("{error:#}"),
        };
        if said.contains("write \"true\" or \"false\"") {
            break;
        }
        ensure!(
            SystemClock.monotonic() < end,
            "the webhook is not asked: {said}"
        );
        pause(Duration::from_millis(50));
    }
    Ok(())
}

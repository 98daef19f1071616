//! kube-apiserver, etcd, `ack-secret-manager kms-plugin` and kms-server: what lies in etcd is encrypted
//! under a key of KMS, and is read whatever becomes of the key, of the plugin and of KMS.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::{
    Stage, clients,
    kubernetes::{ADMIN, Cluster, Kind},
};

mod plugin;
mod scene;

use plugin::Plugin;
use scene::Scene;

/// Stands in etcd in front of each Secret: the provider's kind and its name in the configuration.
const PREFIX: &[u8] = b"k8s:enc:kms:v2:alibabacloud-kms:";

/// The value of all Secrets of this part.
const VALUE: &str = "hunter2-of-the-kms-plugin";

/// How kube-apiserver is told of the plugin.
const CONFIGURATION: &str = "deploy/kubernetes-encryption/encryption-configuration.yaml";

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let mut scene = Scene::set(stage)?;
    let (first, second) = (scene.create_key(stage)?, scene.create_key(stage)?);
    scene.name(stage, "CreateAlias", &first)?;
    let checked = checks(stage, &scene, &first);
    stage.check("a-check-says-which-key-it-is", checked);

    let mut plugin = Plugin::start(stage, &scene)?;
    let original = plugin.key_until(|key| key.starts_with(&first))?;
    let mut cluster = Cluster::start_encrypting(stage, &configuration(stage, &scene)?)?;
    let made = write(&cluster, "first").and_then(|()| is_under(&cluster, "first", &original));
    stage.check("what-lies-in-etcd-is-ciphertext", made);
    stage.check("and-is-read", read(&cluster, "first"));
    let others = cluster.stored("namespaces/default")?;
    let plain = !others.starts_with(PREFIX);
    let plain = plain.then_some(()).context("a Namespace is encrypted");
    stage.check("what-is-not-configured-is-not", plain);
    let pod = plugin::pod(stage).and_then(|pod| cluster.client(ADMIN)?.apply("kube-system", &pod));
    stage.check(plugin::POD, pod.map(drop));

    scene.call(stage, "CreateKeyVersion", &[("KeyId", &first)])?;
    let rotated = plugin.key_until(|key| key.starts_with(&first) && key != original)?;
    let ended = plugin.end_clean(&scene);
    stage.check("ends-well-and-logs-no-secret", ended);
    plugin = Plugin::start(stage, &scene)?;
    cluster.restart_api_server(stage)?;
    stage.check(
        "of-the-key-before-its-rotation-is-read",
        read(&cluster, "first"),
    );
    let made = write(&cluster, "second").and_then(|()| is_under(&cluster, "second", &rotated));
    stage.check("after-a-rotation-the-new-version-encrypts", made);
    let again = is_under(&cluster, "first", &original)
        .and_then(|()| write(&cluster, "first"))
        .and_then(|()| is_under(&cluster, "first", &rotated));
    stage.check("who-is-written-again-is-encrypted-again", again);

    scene.name(stage, "UpdateAlias", &second)?;
    let other = plugin.key_until(|key| key.starts_with(&second))?;
    cluster.restart_api_server(stage)?;
    stage.check("of-another-key-is-read", read(&cluster, "first"));
    let made = write(&cluster, "third").and_then(|()| is_under(&cluster, "third", &other));
    stage.check("another-key-behind-the-alias-encrypts", made);

    scene.server.kill()?;
    let told = plugin.unhealthy();
    stage.check("that-kms-is-away-is-told", told);
    for name in ["first", "second", "third"] {
        let done = read(&cluster, name);
        stage.check(&format!("{name}-is-read-without-kms"), done);
    }
    let made = write(&cluster, "fourth").and_then(|()| is_under(&cluster, "fourth", &other));
    stage.check("and-written", made);

    scene.server.restart()?;
    plugin.healthy()?;
    cluster.restart_api_server(stage)?;
    for name in ["first", "second", "third", "fourth"] {
        let done = read(&cluster, name);
        stage.check(&format!("{name}-is-read-after-all"), done);
    }
    let ended = plugin.end_clean(&scene);
    stage.check("ends-well-after-an-outage", ended);
    let canaries = clients::canaries().with("the value of a Secret", VALUE.as_bytes());
    let clean = scene.server.stop_clean(canaries);
    stage.check("kms-server-ends-well-and-logs-no-secret", clean);
    Ok(())
}

/// `kms-plugin --check`.
fn checks(stage: &mut Stage<'_>, scene: &Scene, key: &str) -> Result<()> {
    let mut command = Plugin::command(stage, scene, 0)?;
    let said = stage.succeed(command.arg("--check"))?;
    let expected = format!("KMS encrypts and decrypts under alias/kubernetes: {key}/");
    ensure!(said.contains(&expected), "it says {said}");
    Ok(())
}

/// The one that is shipped, with the socket of this part.
fn configuration(stage: &Stage<'_>, scene: &Scene) -> Result<String> {
    let path = stage.project.root.join(CONFIGURATION);
    let text = fs::read_to_string(path).with_context(|| format!("reading {CONFIGURATION}"))?;
    let shipped = "/run/kms-plugin/kms.sock";
    ensure!(
        text.contains(shipped),
        "{CONFIGURATION} names another socket"
    );
    Ok(text.replace(shipped, &scene.socket().display().to_string()))
}

fn write(cluster: &Cluster, name: &str) -> Result<()> {
    let secret = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name},
        "stringData": {"password": VALUE},
    });
    cluster.client(ADMIN)?.apply("default", &secret).map(drop)
}

/// By the API server.
fn read(cluster: &Cluster, name: &str) -> Result<()> {
    let client = cluster.client(ADMIN)?;
    let secret = client.get(&Kind::named("Secret"), "default", name)?;
    let secret = secret.with_context(|| format!("there is no {name}"))?;
    // `hunter2-of-the-kms-plugin`
    let value = secret.data.pointer("/data/password");
    let expected = "aHVudGVyMi1vZi10aGUta21zLXBsdWdpbg==";
    ensure!(
        value == Some(&json!(expected)),
        "{name} is not what was written"
    );
    Ok(())
}

/// Whether a Secret lies in etcd encrypted, under this version of a key.
fn is_under(cluster: &Cluster, name: &str, key: &str) -> Result<()> {
    let stored = cluster.stored(&format!("secrets/default/{name}"))?;
    ensure!(stored.starts_with(PREFIX), "{name} is not encrypted");
    let has = |piece: &str| {
        let piece = piece.as_bytes();
        stored.windows(piece.len()).any(|window| window == piece)
    };
    ensure!(!has(VALUE), "{name} holds its value");
    ensure!(!has("password"), "{name} holds the names of its fields");
    ensure!(has(key), "{name} is not under {key}");
    Ok(())
}

//! `ack-secret-manager webhook` beside a real API server, with the chart's configurations and rights: what
//! is refused and what is not, whom the API server believes, and what happens while nobody answers.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use super::{Stage, kubernetes::Kind};

mod manifests;
mod objects;
mod program;
mod scene;

use program::Program;
use scene::Scene;

/// It looks whenever something changes.
const PATIENCE: Duration = Duration::from_secs(30);

const SECRET: &str = "Secret";

const VALIDATING: &str = "ValidatingWebhookConfiguration";

const MUTATING: &str = "MutatingWebhookConfiguration";

/// What the chart calls all of them.
const NAME: &str = "ack-secret-manager-webhook";

/// Where it runs in a cluster.
const HOME: &str = "kube-system";

const SHOP: &str = "shop";

pub(super) fn run(stage: &mut Stage<'_>) -> Result<()> {
    let scene = Scene::set(stage)?;
    // Nobody answers yet, so it is taken.
    scene.apply(&objects::held("on-its-way", &objects::broken()))?;
    scene
        .client
        .delete(&external_secret(), SHOP, "on-its-way")?;
    stage.check("before-its-start-objects-are-taken", Ok(()));

    let mut first = scene.start(stage, "first")?;
    first.ready()?;
    stage.check("a-certificate-is-made", is_made(&scene));
    let upgraded = upgraded(stage, &scene);
    stage.check("an-upgrade-leaves-it", upgraded);
    scene.lead_to(&first)?;
    let said = refused(&scene, "broken", &objects::broken());
    stage.check("what-cannot-work-is-refused", said);
    let taken = scene.apply(&objects::named("fine", &objects::fine()));
    stage.check("what-can-work-is-taken", taken);
    manifests::check(stage, &scene)?;
    let gone = let_go(&scene);
    stage.check("what-is-broken-can-go", gone);
    stage.check("who-asks-gets-an-agent", injected(&scene, "asks"));
    stage.check("who-asks-wrongly-is-told", misspelt(&scene));
    stage.check("who-does-not-ask-gets-none", untouched(&scene, "plain"));

    for kind in [VALIDATING, MUTATING] {
        let again = reset(&scene, kind);
        stage.check(&format!("a-reset-{kind}-is-put-right"), again);
    }
    let before = version(&scene)?;
    let mut second = scene.start(stage, "second")?;
    second.ready()?;
    let same = version(&scene)? == before;
    let same = same.then_some(()).context("the Secret was written again");
    stage.check("another-replica-shares-the-certificate", same);
    let ended = first.end_clean();
    stage.check("ends-well-and-logs-no-secret", ended);
    scene.lead_to(&second)?;
    let said = refused(&scene, "broken", &objects::broken());
    stage.check("and-is-believed", said);
    stage.check("it-injects-too", injected(&scene, "asks-again"));

    second.kill()?;
    let taken = scene.apply(&objects::named("unchecked", &objects::broken()));
    stage.check("while-it-is-down-objects-are-taken", taken);
    let gone = scene.client.delete(&external_secret(), SHOP, "unchecked");
    stage.check("and-deleted", gone);
    stage.check("who-asks-does-not-start-without-it", unanswered(&scene));
    stage.check("who-does-not-ask-starts", untouched(&scene, "plain-again"));

    let mut third = scene.start(stage, "third")?;
    third.ready()?;
    let spoiled = spoil(&scene);
    stage.check("a-secret-that-was-emptied-is-filled-again", spoiled);
    scene.lead_to(&third)?;
    let said = refused(&scene, "broken", &objects::broken());
    stage.check("and-is-believed-all-the-while", said);
    let ended = third.end_clean();
    stage.check("ends-well-after-all", ended);
    Ok(())
}

fn external_secret() -> Kind {
    Kind::named("ExternalSecret")
}

/// The Secret holds one, and both configurations say whom to believe.
fn is_made(scene: &Scene) -> Result<()> {
    let secret = scene.client.get(&Kind::named(SECRET), HOME, NAME)?;
    let secret = secret.context("there is no Secret")?;
    for field in ["ca.crt", "tls.crt", "tls.key"] {
        let value = secret.data.pointer(&format!("/data/{field}"));
        ensure!(value.is_some(), "the Secret has no {field}");
    }
    let authorities = secret.data.pointer("/data/ca.crt");
    for kind in [VALIDATING, MUTATING] {
        let bundle = bundle(scene, kind)?;
        ensure!(
            bundle.as_ref() == authorities,
            "the {kind} does not believe the Secret's authorities"
        );
    }
    Ok(())
}

/// helm writes the chart's objects anew, which know of no certificate.
fn upgraded(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    let before = version(scene)?;
    scene.install(
        stage,
        &["admission.timeoutSeconds=4", "injector.timeoutSeconds=4"],
    )?;
    ensure!(version(scene)? == before, "the Secret was written again");
    for kind in [VALIDATING, MUTATING] {
        let kind = Kind::named(kind);
        scene.client.until(&kind, "", NAME, PATIENCE, |found| {
            let found = found.context("it is gone")?;
            let time = found.data.pointer("/webhooks/0/timeoutSeconds");
            ensure!(time == Some(&json!(4)), "it was not upgraded");
            let bundle = found.data.pointer("/webhooks/0/clientConfig/caBundle");
            ensure!(bundle.is_some(), "it believes nobody");
            Ok(())
        })?;
    }
    is_made(scene)
}

/// `caBundle` of a configuration.
fn bundle(scene: &Scene, kind: &str) -> Result<Option<Value>> {
    let found = scene.client.get(&Kind::named(kind), "", NAME)?;
    let found = found.with_context(|| format!("there is no {kind}"))?;
    let bundle = found.data.pointer("/webhooks/0/clientConfig/caBundle");
    Ok(bundle.cloned())
}

fn version(scene: &Scene) -> Result<Option<String>> {
    let secret = scene.client.get(&Kind::named(SECRET), HOME, NAME)?;
    Ok(secret
        .context("there is no Secret")?
        .metadata
        .resource_version)
}

/// Refused by us, and not for another reason.
fn refused(scene: &Scene, name: &str, spec: &Value) -> Result<()> {
    match scene.apply(&objects::named(name, spec)) {
        Ok(()) => bail!("{name} was taken"),
        Err(error) => {
            says(
                &error,
                "admission webhook \"validate.ack-secret-manager.alibabacloud.com\" denied the request",
            )?;
            says(&error, "spec.dataProcess[0].replaceRule[0].source")
        }
    }
}

fn says(error: &anyhow::Error, expected: &str) -> Result<()> {
    let said = format!("{error:#}");
    ensure!(said.contains(expected), "it says {said}");
    Ok(())
}

/// An object that is being deleted loses its finalizer, though its spec would be refused.
fn let_go(scene: &Scene) -> Result<()> {
    let (kind, name) = (external_secret(), "on-its-way");
    let object = scene.client.get(&kind, SHOP, name)?;
    let object = object.context("it is gone already")?;
    ensure!(
        object.metadata.deletion_timestamp.is_some(),
        "nobody asked it to go"
    );
    let change = json!({"metadata": {"finalizers": []}});
    scene.client.merge(&kind, SHOP, name, &change)?;
    let left = scene.client.get(&kind, SHOP, name)?;
    ensure!(left.is_none(), "it is still there");
    Ok(())
}

/// The pod's init containers, by name.
fn init_containers(scene: &Scene, name: &str) -> Result<Vec<String>> {
    let pod = scene.client.get(&Kind::named("Pod"), SHOP, name)?;
    let pod = pod.with_context(|| format!("there is no {name}"))?;
    let containers = pod.data.pointer("/spec/initContainers");
    let containers = containers.and_then(Value::as_array).into_iter().flatten();
    let name = |container: &Value| container.get("name")?.as_str().map(str::to_owned);
    Ok(containers.filter_map(name).collect())
}

fn injected(scene: &Scene, name: &str) -> Result<()> {
    scene.apply(&objects::pod(name, &objects::asks()))?;
    let found = init_containers(scene, name)?;
    ensure!(found == ["kms-agent"], "it has {found:?}");
    Ok(())
}

fn untouched(scene: &Scene, name: &str) -> Result<()> {
    scene.apply(&objects::pod(name, &json!({"example.com/a": "b"})))?;
    let found = init_containers(scene, name)?;
    ensure!(found.is_empty(), "it has {found:?}");
    Ok(())
}

fn misspelt(scene: &Scene) -> Result<()> {
    let asks = json!({"kms-agent.alibabacloud.com/injekt": "true"});
    match scene.apply(&objects::pod("misspelt", &asks)) {
        Ok(()) => bail!("it was taken"),
        Err(error) => says(
            &error,
            "admission webhook \"inject.ack-secret-manager.alibabacloud.com\" denied the request",
        ),
    }
}

/// Nobody is there to add the agent.
fn unanswered(scene: &Scene) -> Result<()> {
    match scene.apply(&objects::pod("left-alone", &objects::asks())) {
        Ok(()) => bail!("it was taken"),
        Err(error) => says(
            &error,
            "failed calling webhook \"inject.ack-secret-manager.alibabacloud.com\"",
        ),
    }
}

/// Takes whom to believe away, as somebody does who applies the file of before.
fn reset(scene: &Scene, kind: &str) -> Result<()> {
    let before = bundle(scene, kind)?.context("nobody is believed")?;
    scene.change_webhook(kind, |client_config| {
        client_config.remove("caBundle");
    })?;
    scene
        .client
        .until(&Kind::named(kind), "", NAME, PATIENCE, |found| {
            let found = found.context("it is gone")?;
            let now = found.data.pointer("/webhooks/0/clientConfig/caBundle");
            ensure!(now == Some(&before), "it is not put right");
            Ok(())
        })
}

/// Empties the Secret, as somebody does who fears for the key: another certificate comes, and whoever
/// serves the old one is believed meanwhile.
fn spoil(scene: &Scene) -> Result<()> {
    let (kind, before) = (Kind::named(SECRET), bundle(scene, VALIDATING)?);
    let change = json!({"data": {"tls.crt": null, "tls.key": null}});
    scene.client.merge(&kind, HOME, NAME, &change)?;
    scene.client.until(&kind, HOME, NAME, PATIENCE, |found| {
        let found = found.context("it is gone")?;
        let key = found.data.pointer("/data/tls.key");
        ensure!(key.is_some(), "it is still empty");
        Ok(())
    })?;
    let kind = Kind::named(VALIDATING);
    scene.client.until(&kind, "", NAME, PATIENCE, |found| {
        let found = found.context("it is gone")?;
        let now = found.data.pointer("/webhooks/0/clientConfig/caBundle");
        ensure!(now != before.as_ref(), "it does not believe the new one");
        Ok(())
    })
}

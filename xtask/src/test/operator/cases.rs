//! Runs the cases of suite/operator/cases, all at once: each in a namespace of its own, for each
//! operator that it names.

use std::{collections::BTreeMap, thread, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;

use super::{
    case::{Case, Step, read_all},
    operators::{KINDS, Scope, lease_namespace},
    scene::Scene,
};
use crate::test::{Stage, clients, kubernetes::Kind};

/// A case with one of its operators.
struct Run {
    /// As it is counted.
    name: String,
    operator: String,
    namespace: String,
    case: Case,
}

/// How long a machine with two cores may take, where all cases want something at once.
const PATIENCE: Duration = Duration::from_secs(45);

pub(super) fn run(stage: &mut Stage<'_>, scene: &Scene) -> Result<()> {
    let folder = stage.project.root.join("suite/operator/cases");
    let runs = plan(read_all(&folder)?)?;
    let mut started = Vec::new();
    for scopes in [
        &[Scope::None, Scope::Watching, Scope::Excluding][..],
        &[Scope::All],
    ] {
        let mut chosen = Vec::new();
        for kind in KINDS.iter().filter(|kind| scopes.contains(&kind.scope())) {
            let (own, others): (Vec<&Run>, Vec<&Run>) =
                runs.iter().partition(|run| run.operator == kind.name);
            if own.is_empty() {
                continue;
            }
            for run in &own {
                run.make_namespaces(scene)?;
            }
            make_namespace(scene, &lease_namespace(kind.name), &BTreeMap::new())?;
            let names = |runs: &[&Run]| runs.iter().map(|run| run.namespace.clone()).collect();
            let (watched, excluded): (Vec<String>, Vec<String>) = (names(&own), names(&others));
            started.extend(kind.start(stage, scene, &watched, &excluded)?);
            chosen.extend(own);
        }
        let results = thread::scope(|scope| {
            let threads: Vec<_> = chosen
                .iter()
                .map(|run| (run, scope.spawn(|| run.perform(scene))))
                .collect();
            let ended = threads.into_iter();
            ended
                .map(|(run, thread)| (*run, thread.join()))
                .collect::<Vec<_>>()
        });
        for (run, result) in results {
            match result {
                Ok(result) => stage.check(&run.name, result),
                Err(_panic) => stage.failed(&run.name, "it panicked"),
            }
        }
    }
    for operator in started {
        operator.end_clean(stage, &clients::canaries());
    }
    Ok(())
}

/// Each case for each of its operators.
fn plan(files: Vec<(String, String)>) -> Result<Vec<Run>> {
    let mut runs = Vec::new();
    for (file, text) in files {
        for operator in Case::read(&file, &text, "x")?.with {
            ensure!(
                KINDS.iter().any(|kind| kind.name == operator),
                "{file} is for an operator {operator:?}, which there is not"
            );
            let namespace = format!("c{file}-{}", operator.replace('.', ""));
            runs.push(Run {
                name: format!("{file}-{operator}"),
                case: Case::read(&file, &text, &namespace)?,
                operator,
                namespace,
            });
        }
    }
    Ok(runs)
}

fn make_namespace(scene: &Scene, name: &str, labels: &BTreeMap<String, String>) -> Result<()> {
    let object = json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels},
    });
    scene.client.apply("", &object)?;
    Ok(())
}

// === impl Run ===

impl Run {
    fn make_namespaces(&self, scene: &Scene) -> Result<()> {
        make_namespace(scene, &self.namespace, &BTreeMap::new())?;
        for (name, labels) in &self.case.namespaces {
            make_namespace(scene, &self.other(name), labels)?;
        }
        Ok(())
    }

    fn other(&self, name: &str) -> String {
        format!("{}-{name}", self.namespace)
    }

    fn perform(&self, scene: &Scene) -> Result<()> {
        let mut versions = BTreeMap::new();
        for (index, step) in self.case.steps.iter().enumerate() {
            if step.only.as_ref().is_none_or(|only| *only == self.operator) {
                let number = index + 1;
                self.step(scene, step, &mut versions)
                    .with_context(|| format!("step {number}"))?;
            }
        }
        Ok(())
    }

    fn step(
        &self,
        scene: &Scene,
        step: &Step,
        versions: &mut BTreeMap<String, usize>,
    ) -> Result<()> {
        let client = &scene.client;
        for (name, value) in &step.put {
            let version = versions.entry(name.clone()).or_insert(0);
            *version += 1;
            scene.put(name, value, *version)?;
        }
        for (name, value) in &step.put_parameter {
            scene.gate.parameter(name, value);
        }
        for (beginning, fault) in &step.fail {
            scene.gate.fail(beginning, fault.clone());
        }
        if let Some(refused) = &step.refused {
            match client.apply(&self.namespace, &refused.object) {
                Ok(_) => bail!("the API server takes {}", refused.object),
                Err(error) => {
                    let says = format!("{error:#}");
                    ensure!(says.contains(&refused.says), "it says {says}");
                }
            }
        }
        for object in &step.apply {
            client.apply(&self.namespace, object)?;
        }
        for merge in &step.merge {
            let kind = Kind::named(&merge.kind);
            client.merge(&kind, &self.namespace, &merge.name, &merge.change)?;
        }
        for named in &step.delete {
            client.delete(&Kind::named(&named.kind), &self.namespace, &named.name)?;
        }
        for (secret, times) in &step.reads {
            scene.gate.until_called(secret, *times, PATIENCE)?;
        }
        for expected in &step.expect {
            let kind = Kind::named(&expected.kind);
            let namespace = expected.namespace.as_deref();
            let namespace = namespace.map_or(self.namespace.clone(), |name| self.other(name));
            client.until(&kind, &namespace, &expected.name, PATIENCE, |object| {
                expected.met_by(object)
            })?;
        }
        for (secret, wanted) in &step.called {
            let calls = scene.gate.calls(secret);
            let met = calls.iter().any(|call| call.parameters_are(wanted));
            ensure!(met, "no call for {secret} with {wanted:?}, but {calls:?}");
        }
        if let Some(steady) = &step.steady {
            let kind = Kind::named("Secret");
            let version = || {
                let secret = client.get(&kind, &self.namespace, &steady.name)?;
                let secret = secret.context("it is not there")?;
                Ok::<_, anyhow::Error>(secret.metadata.resource_version)
            };
            let before = version()?;
            scene
                .gate
                .until_called(&steady.while_reading, steady.times, PATIENCE)?;
            let after = version()?;
            ensure!(before == after, "it was written: {before:?}, {after:?}");
        }
        Ok(())
    }
}

//! Random puts and label moves, beside a model of what the rules say about labels.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*, test_runner::TestRunner};

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Put {
        version: u8,
        stages: Option<Vec<u8>>,
    },
    Move {
        stage: u8,
        to: u8,
    },
    Remove {
        stage: u8,
        from: u8,
    },
}

const LABELS: [&str; 10] = [
    "ACSCurrent",
    "ACSPrevious",
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "g",
    "h",
];

fn step() -> impl Strategy<Value = Step> {
    let stages = proptest::option::of(proptest::sample::subsequence(
        (0..10).collect::<Vec<u8>>(),
        1..4,
    ));
    prop_oneof![
        3 => (0..30_u8, stages).prop_map(|(version, stages)| Step::Put { version, stages }),
        2 => (0..10_u8, 0..30_u8).prop_map(|(stage, to)| Step::Move { stage, to }),
        1 => (2..10_u8, 0..30_u8).prop_map(|(stage, from)| Step::Remove { stage, from }),
    ]
}

/// Versions in the order made, and where each label is.
#[derive(Clone, Debug, Default)]
struct Model {
    versions: Vec<String>,
    labels: BTreeMap<&'static str, String>,
}

impl Model {
    fn apply(&mut self, step: &Step) {
        let mut next = self.clone();
        if next.try_apply(step).is_some() && next.labels.len() <= 8 {
            next.drop_surplus();
            *self = next;
        }
    }

    fn try_apply(&mut self, step: &Step) -> Option<()> {
        match step {
            Step::Put { version, stages } => {
                let id = id(*version);
                if self.versions.contains(&id) {
                    return None;
                }
                let stages: BTreeSet<&str> = match stages {
                    None => BTreeSet::from(["ACSCurrent"]),
                    Some(stages) => stages.iter().map(|at| LABELS[usize::from(*at)]).collect(),
                };
                if stages.contains("ACSCurrent") && !stages.contains("ACSPrevious") {
                    let before = self.labels.get("ACSCurrent").cloned()?;
                    self.labels.insert("ACSPrevious", before);
                }
                for label in LABELS.iter().filter(|label| stages.contains(**label)) {
                    self.labels.insert(label, id.clone());
                }
                self.versions.push(id);
            }
            Step::Move { stage, to } => {
                let label = LABELS[usize::from(*stage)];
                let to = self
                    .versions
                    .iter()
                    .find(|known| **known == id(*to))?
                    .clone();
                let before = self.labels.insert(label, to.clone());
                if let Some(before) = before
                    && label == "ACSCurrent"
                    && before != to
                {
                    self.labels.insert("ACSPrevious", before);
                }
            }
            Step::Remove { stage, from } => {
                let label = LABELS[usize::from(*stage)];
                if *self.labels.get(label)? != id(*from) {
                    return None;
                }
                self.labels.remove(label);
            }
        }
        Some(())
    }

    fn drop_surplus(&mut self) {
        while self.versions.len() > 10 {
            let labels = &self.labels;
            let unlabelled = |id: &String| !labels.values().any(|bearer| bearer == id);
            let oldest = self.versions.iter().position(unlabelled).unwrap();
            self.versions.remove(oldest);
        }
    }

    /// As ListSecretVersionIds tells it.
    fn listed(&self) -> Vec<(String, Vec<String>)> {
        self.versions
            .iter()
            .rev()
            .map(|id| {
                let borne = self.labels.iter().filter(|(_, bearer)| *bearer == id);
                (
                    id.clone(),
                    borne.map(|(label, _)| (*label).to_owned()).collect(),
                )
            })
            .collect()
    }
}

fn id(number: u8) -> String {
    format!("v{number}")
}

async fn apply(stand: &Stand, step: &Step) {
    // Whether it was refused shows in what is listed afterwards.
    let _answer = match step {
        Step::Put { version, stages } => {
            let id = id(*version);
            let stages = stages.as_ref().map(|stages| {
                let labels: Vec<&str> = stages.iter().map(|at| LABELS[usize::from(*at)]).collect();
                serde_json::to_string(&labels).unwrap()
            });
            let mut params = vec![
                ("SecretName", "app/db"),
                ("VersionId", id.as_str()),
                ("SecretData", id.as_str()),
            ];
            params.extend(stages.as_deref().map(|stages| ("VersionStages", stages)));
            stand.call("PutSecretValue", &params).await
        }
        Step::Move { stage, to } => {
            let params = [
                ("SecretName", "app/db"),
                ("VersionStage", LABELS[usize::from(*stage)]),
                ("MoveToVersion", &id(*to)),
            ];
            stand.call("UpdateSecretVersionStage", &params).await
        }
        Step::Remove { stage, from } => {
            let params = [
                ("SecretName", "app/db"),
                ("VersionStage", LABELS[usize::from(*stage)]),
                ("RemoveFromVersion", &id(*from)),
            ];
            stand.call("UpdateSecretVersionStage", &params).await
        }
    };
}

#[test]
fn labels_are_where_the_model_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&vec(step(), 1..40), |steps| {
            runtime.block_on(async {
                let stand = Stand::new().await;
                stand.create("app/db", "v1").await;
                let mut model = Model {
                    versions: vec!["v1".to_owned()],
                    labels: BTreeMap::from([("ACSCurrent", "v1".to_owned())]),
                };
                for step in &steps {
                    apply(&stand, step).await;
                    model.apply(step);
                    prop_assert_eq!(labels(&stand, "app/db").await, model.listed());
                }
                for id in &model.versions {
                    let params = [("SecretName", "app/db"), ("VersionId", id.as_str())];
                    let read = stand.call("GetSecretValue", &params).await.unwrap();
                    prop_assert_eq!(read["SecretData"].as_str(), Some(id.as_str()));
                }
                Ok(())
            })
        })
        .unwrap();
}

//! The quota and who is let in, against a model that is told the same (I23, I25).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const ACCOUNTS: usize = 5;
const LIMIT: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Associate(usize),
    Disassociate(usize),
    /// An account into one of two folders or the root.
    Move(usize, usize),
}

/// What is shared with: accounts, then two folders, then the directory.
const TARGETS: usize = ACCOUNTS + 3;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..TARGETS).prop_map(Step::Associate),
        2 => (0..TARGETS).prop_map(Step::Disassociate),
        3 => ((0..ACCOUNTS), (0..3_usize)).prop_map(|(who, to)| Step::Move(who, to)),
    ];
    prop::collection::vec(step, 1..25)
}

/// Folder 1 lies in folder 0; 2 is the root.
#[derive(Clone, Default)]
struct Model {
    places: BTreeMap<usize, usize>,
    /// Each target that is in the share, and whether it shares.
    targets: BTreeMap<usize, bool>,
}

impl Model {
    fn principals(&self) -> BTreeSet<usize> {
        let in_target = |who: &usize, target: &usize| match target.checked_sub(ACCOUNTS) {
            None => who == target,
            Some(0) => self.places[who] <= 1,
            Some(1) => self.places[who] == 1,
            Some(_) => true,
        };
        let live: Vec<_> = self.targets.iter().filter(|(_, live)| **live).collect();
        (0..ACCOUNTS)
            .filter(|who| live.iter().any(|(target, _)| in_target(who, target)))
            .collect()
    }

    /// Whether the step is done, for one that can be refused.
    fn step(&mut self, step: &Step) -> bool {
        let before = self.clone();
        match step {
            Step::Associate(target) => {
                if !self.targets.contains_key(target) {
                    self.targets.insert(*target, true);
                    if self.principals().len() > LIMIT {
                        self.targets.insert(*target, false);
                    }
                }
                true
            }
            Step::Disassociate(target) => self.targets.remove(target).is_some(),
            Step::Move(who, to) => {
                self.places.insert(*who, *to);
                if self.principals().len() > LIMIT {
                    *self = before;
                    return false;
                }
                true
            }
        }
    }
}

async fn run(steps: Vec<Step>) {
    let stand = Stand::new().await;
    let directory = stand.directory().await;
    let outer = stand.folder("outer", None).await;
    let inner = stand.folder("inner", Some(&outer)).await;
    let root = stand.call("GetResourceDirectory", &[]).await.unwrap();
    let root = root["ResourceDirectory"]["RootFolderId"].as_str().unwrap();
    let places = [outer.as_str(), inner.as_str(), root];
    let accounts: Vec<String> = (0..ACCOUNTS)
        .map(|n| format!("500000000000000{n}"))
        .collect();
    for account in &accounts {
        stand.member(account, None).await;
    }
    let mut targets: Vec<&str> = accounts.iter().map(String::as_str).collect();
    targets.extend([outer.as_str(), inner.as_str(), directory.as_str()]);
    limited(&stand, KST, u32::try_from(LIMIT).unwrap()).await;
    let made = [
        ("ResourceShareName", "share"),
        ("Resources.1.ResourceId", KST),
        ("Resources.1.ResourceType", "KMSInstance"),
    ];
    let made = stand.call("CreateResourceShare", &made).await.unwrap();
    let share = made["ResourceShare"]["ResourceShareId"].as_str().unwrap();
    let mut model = Model {
        places: (0..ACCOUNTS).map(|who| (who, 2)).collect(),
        ..Model::default()
    };
    let (owner, shared) = (
        &account(),
        &Shared {
            kind: SharedKind::KmsInstance,
            id: KST.to_owned(),
        },
    );
    for step in steps {
        let (action, params) = match &step {
            Step::Associate(target) => (
                "AssociateResourceShare",
                [("ResourceShareId", share), ("Targets.1", targets[*target])],
            ),
            Step::Disassociate(target) => (
                "DisassociateResourceShare",
                [("ResourceShareId", share), ("Targets.1", targets[*target])],
            ),
            Step::Move(who, to) => (
                "MoveAccount",
                [
                    ("AccountId", accounts[*who].as_str()),
                    ("DestinationFolderId", places[*to]),
                ],
            ),
        };
        let done = stand.call(action, &params).await;
        assert_eq!(done.is_ok(), model.step(&step), "{step:?}: {done:?}");
        let found = stand.service.tx(Mode::Read, |mut tx| {
            Box::pin(async move { principals(&mut *tx, owner, shared).await })
        });
        let found: BTreeSet<String> = found
            .await
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        let expected: BTreeSet<String> = model
            .principals()
            .iter()
            .map(|who| accounts[*who].clone())
            .collect();
        assert_eq!(found, expected, "{step:?}");
        assert!(found.len() <= LIMIT, "{step:?}");
        for (target, live) in &model.targets {
            let status = status(&stand, share, targets[*target]).await;
            let expected = if *live { "Associated" } else { "Failed" };
            assert_eq!(status, expected, "{step:?} {target}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_share_does_what_the_model_says(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(run(steps));
    }
}

use std::{collections::BTreeMap, fs, path::Path};

use proptest::prelude::*;
use serde::Deserialize;

use super::{Action, Product, Request};
use crate::Params;

/// A file of `tests/request`: see the README there.
#[derive(Deserialize)]
struct Cases {
    reads: Vec<Reads>,
    refuses: Vec<Refuses>,
}

#[derive(Deserialize)]
struct Reads {
    params: BTreeMap<String, Text>,
    written: BTreeMap<String, Text>,
}

#[derive(Deserialize)]
struct Refuses {
    params: BTreeMap<String, Text>,
    error: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Repeat { repeat: (String, usize) },
}

impl Text {
    fn expand(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Repeat { repeat } => repeat.0.repeat(repeat.1),
        }
    }
}

fn params(pairs: &BTreeMap<String, Text>) -> Params {
    let mut params = Params::default();
    for (name, value) in pairs {
        params.push(name.as_str(), value.expand());
    }
    params
}

/// What the client's side writes for a request.
fn written(request: &Request) -> BTreeMap<String, String> {
    let params = request.to_params();
    params
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn golden() {
    for action in Action::ALL {
        let name = action.type_name();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/request/{name}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name} has no cases"));
        let cases: Cases =
            serde_json::from_str(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(!cases.reads.is_empty(), "{name}");
        for case in &cases.reads {
            reads(*action, case);
        }
        for case in &cases.refuses {
            refuses(*action, case);
        }
    }
}

fn reads(action: Action, case: &Reads) {
    let given = params(&case.params);
    let request = Request::parse(action, &given).unwrap_or_else(|why| panic!("{given:?}: {why}"));
    assert_eq!(request.action(), action);
    let wanted: BTreeMap<String, String> = case
        .written
        .iter()
        .map(|(name, value)| (name.clone(), value.expand()))
        .collect();
    assert_eq!(written(&request), wanted, "{action:?}");
    // What we write, we read back as the same.
    let again = Request::parse(action, &params(&case.written)).unwrap();
    assert_eq!(written(&again), wanted, "{action:?}");
}

fn refuses(action: Action, case: &Refuses) {
    let given = params(&case.params);
    let error = match Request::parse(action, &given) {
        Err(error) => error,
        Ok(request) => panic!("{action:?} {given:?} was read: {request:?}"),
    };
    let (code, parameter) = case.error.split_once(' ').unwrap();
    assert_eq!(error.code.as_str(), code, "{action:?} {given:?}: {error}");
    let quoted = format!("\"{parameter}\"");
    assert!(
        error.message.contains(&quoted),
        "{action:?} {given:?}: {error}"
    );
    let shown = given.iter().fold(error.message.clone(), |text, (name, _)| {
        text.replace(name, "")
    });
    for (name, value) in given.iter() {
        assert!(
            value.len() < 4 || !shown.contains(value),
            "{action:?} shows {name}: {error}"
        );
    }
}

#[test]
fn actions_are_found_by_version_and_name() {
    for action in Action::ALL {
        assert_eq!(
            Action::parse(action.product().version(), action.as_str()),
            Ok(*action)
        );
    }
    let code = |version, action| Action::parse(version, action).unwrap_err().code.as_str();
    assert_eq!(code("2016-01-21", "GetSecretValue"), "InvalidVersion");
    assert_eq!(
        code("2016-01-20", "getSecretValue"),
        "InvalidAction.NotFound"
    );
    assert_eq!(
        code("2016-01-20", "GetCallerIdentity"),
        "InvalidAction.NotFound"
    );
    assert_eq!(code("", ""), "InvalidVersion");
    // Two products, one name.
    assert_eq!(
        Action::parse("2016-01-20", "CreatePolicy"),
        Ok(Action::CreatePolicy)
    );
    assert_eq!(
        Action::parse("2015-05-01", "CreatePolicy"),
        Ok(Action::RamCreatePolicy)
    );
    assert_eq!(
        code("2015-05-01", "RamCreatePolicy"),
        "InvalidAction.NotFound"
    );
    assert_eq!(Product::ALL.len(), 15);
    // What ResourceManager had before ResourceDirectoryMaster is found under both versions.
    assert_eq!(
        Action::parse("2020-03-31", "MoveAccount"),
        Ok(Action::MoveAccount)
    );
    assert_eq!(
        Action::parse("2020-03-31", "InitResourceDirectory"),
        Ok(Action::InitResourceDirectory)
    );
    assert_eq!(
        code("2022-04-19", "InitResourceDirectory"),
        "InvalidAction.NotFound"
    );
}

proptest! {
    #[test]
    fn parsing_never_panics(
        at in 0..Action::ALL.len(),
        pairs in prop::collection::btree_map(
            "UserName|NewEmail|PolicyType|MaxItems|CascadingDelete|SecretName|SecretData|SecretDataType|VersionId|VersionStages|Tags|Filters|PageSize|ExtendedConfig(\\.CustomData(\\..)?)?|SecretType|KeyId|KeyVersionId|AliasName|Plaintext|CiphertextBlob|EncryptionContext|EnableAutomaticRotation|RotationInterval|NumberOfBytes",
            "\\PC{0,12}|binary|\\[\"?\\{?\\}?\"?\\]|[0-9]{0,12}|RAMCredentials|\\$Auto|alias/[a-z/]{0,4}|[0-9]{1,20}[dhms]|true|AAE=|2ab1a983-7072-4bbc-a582-584b5bd8f0e1|\\{\"CustomData\":\\{?\\}?",
            0..6,
        ),
    ) {
        let mut params = Params::default();
        for (name, value) in pairs {
            params.push(name, value);
        }
        if let Ok(request) = Request::parse(Action::ALL[at], &params) {
            // What was read once can be written and read again.
            let mut again = Params::default();
            for (name, value) in written(&request) {
                again.push(name, value);
            }
            let reread = Request::parse(Action::ALL[at], &again).unwrap();
            prop_assert_eq!(written(&reread), written(&request));
        }
    }
}

//! The bounds, case by case: `tests/compliance/cases.json` of this crate, written by hand.

use std::{fs, path::Path};

use jiff::{SignedDuration, Timestamp};
use kms_store::RotationState;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{super::annotation::Annotation, *};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    rule: String,
    #[serde(default)]
    input: Map<String, Value>,
    #[serde(default)]
    keys: Vec<Given>,
    secret: Option<(bool, String)>,
    compliance: String,
    annotation: Annotation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    id: String,
    /// Seconds before now.
    made: i64,
    used: Option<i64>,
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    leaving: bool,
}

fn at(seconds: i64) -> Timestamp {
    let now: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    now - SignedDuration::from_secs(seconds)
}

fn resource(case: &Case) -> Resource {
    let is = match &case.secret {
        Some((can_rotate, state)) => Is::Secret {
            can_rotate: *can_rotate,
            state: state.parse::<RotationState>().unwrap(),
        },
        None => Is::User {
            keys: case.keys.iter().map(key).collect(),
        },
    };
    Resource {
        id: "1".to_owned(),
        name: "app".to_owned(),
        arn: String::new(),
        region: "global".to_owned(),
        tags: Vec::new(),
        group: String::new(),
        is_elsewhere: false,
        is,
    }
}

fn key(given: &Given) -> Key {
    Key {
        id: given.id.parse().unwrap(),
        is_active: !given.disabled,
        created: at(given.made),
        last_used: given.used.map(at),
        is_leaving: given.leaving,
    }
}

#[test]
fn cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compliance/cases.json");
    let cases: Vec<Case> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(cases.len() > 30);
    for case in &cases {
        let name = &case.name;
        let kind =
            Kind::parse(&case.rule, &case.input).unwrap_or_else(|why| panic!("{name}: {why}"));
        let verdict = evaluate(kind, &resource(case), at(0));
        assert_eq!(verdict.compliance.as_str(), case.compliance, "{name}");
        assert_eq!(verdict.annotation, case.annotation, "{name}");
    }
}

//! Cases whose results Go gave: the suite shows that it does (`go-texts`).

use std::{collections::BTreeMap, fs, path::Path};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;

use super::{Data, Value, one};
use crate::plan::template::functions;

/// As suite/go/templates writes it.
#[derive(Debug, Deserialize)]
struct Golden {
    data: BTreeMap<String, String>,
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    template: String,
    #[serde(default)]
    gives: String,
    bytes: Option<String>,
    #[serde(default)]
    fails: bool,
}

fn files() -> Vec<(String, Golden)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("a file of cases");
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, serde_json::from_str(&text).expect("cases"))
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}

#[test]
fn every_case_gives_what_go_gives() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, golden) in files() {
        let data: Data = golden
            .data
            .into_iter()
            .map(|(key, value)| (key, Value::new(value.into_bytes())))
            .collect();
        for (at, case) in golden.cases.into_iter().enumerate() {
            count += 1;
            let expected = match (&case.bytes, case.fails) {
                (_, true) => None,
                (Some(bytes), _) => Some(BASE64_STANDARD.decode(bytes).expect("base64")),
                (None, _) => Some(case.gives.into_bytes()),
            };
            let found = one(&case.template, &data);
            if found.as_ref().ok() != expected.as_ref() {
                let found = found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                let expected = expected.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                let template = &case.template;
                wrong.push(format!(
                    "{name} {at}: {template}\n  found {found:?}\n  Go    {expected:?}"
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= 200, "{count} cases");
}

/// Functions of chance and of the present have tests of properties.
#[test]
fn every_function_has_a_case() {
    const OWN_TESTS: &[&str] = &[
        "ago",
        "bcrypt",
        "htpasswd",
        "now",
        "randAlpha",
        "randAlphaNum",
        "randAscii",
        "randBytes",
        "randInt",
        "randNumeric",
        "shuffle",
        "uuidv4",
    ];
    let templates: Vec<String> = files()
        .into_iter()
        .flat_map(|(_, golden)| golden.cases)
        .filter(|case| !case.fails)
        .map(|case| case.template)
        .collect();
    let is_used = |name: &str| {
        templates.iter().any(|template| {
            let words = template.split(|found: char| !found.is_alphanumeric() && found != '_');
            words.into_iter().any(|word| word == name)
        })
    };
    // Fails always.
    let exempt = |name: &str| OWN_TESTS.contains(&name) || matches!(name, "fail" | "call");
    let missing: Vec<_> = functions::names()
        .into_iter()
        .filter(|name| !exempt(name) && !is_used(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

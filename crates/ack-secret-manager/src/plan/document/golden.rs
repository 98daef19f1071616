//! The golden files in tests/documents. What they say comes from Go: suite/go/documents writes it,
//! and the suite asks it again.

use std::{collections::BTreeMap, fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::super::{Compat, Data, Value};
use crate::api::{JmesPath, ReplaceRule};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::plan) struct Case {
    pub(in crate::plan) name: String,
    op: String,
    document: Option<String>,
    base64: Option<String>,
    #[serde(default)]
    same: bool,
    #[serde(default)]
    pub(in crate::plan) paths: Vec<JmesPath>,
    #[serde(default)]
    pub(in crate::plan) rules: Vec<ReplaceRule>,
    #[serde(default)]
    keys: BTreeMap<String, String>,
    #[serde(default)]
    pub(in crate::plan) values_too: bool,
    #[serde(rename = "0.5")]
    old: Answer,
    #[serde(rename = "0.6")]
    new: Answer,
}

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub(in crate::plan) struct Answer {
    pub(in crate::plan) keys: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub(in crate::plan) missed: Vec<String>,
    #[serde(default)]
    pub(in crate::plan) fails: bool,
}

/// Where ours is not Go's, and may stay so: file, case, and why.
const OURS: &[(&str, &str, &str)] = &[
    (
        "yaml",
        "keys-null",
        "saphyr-parser takes a block's key that is not there",
    ),
    (
        "yaml",
        "tab-before",
        "saphyr-parser takes a tab before the first key",
    ),
    (
        "yaml",
        "tab-json",
        "saphyr-parser takes a tab before a mapping in braces",
    ),
    (
        "yaml",
        "tab-dash-nested",
        "saphyr-parser takes a tab behind a dash",
    ),
    (
        "yaml",
        "tab-empty-line",
        "saphyr-parser takes an empty line of tabs",
    ),
    (
        "jmes",
        "tab-first",
        "saphyr-parser takes a tab before a mapping in braces",
    ),
    (
        "yaml",
        "secret-like",
        "saphyr-parser takes a | for text within braces",
    ),
    ("yaml", "nel", "saphyr-parser takes U+0085 for no line end"),
    (
        "yaml",
        "mark-inside",
        "saphyr-parser takes no U+FEFF within a text",
    ),
    (
        "replace",
        "038-1",
        r"the crate regex has no \B of ASCII for text",
    ),
];

/// Runs all cases of an operation in both versions, and tells of all that are not as in Go.
pub(in crate::plan) fn compare(op: &str, run: impl Fn(&Case, &Value, Compat) -> Answer) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/documents"));
    let mut different = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let cases: Vec<Case> = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let mut document = Vec::new();
        for case in cases.iter().filter(|case| case.op == op) {
            if !case.same {
                document = case.document();
            }
            let document = Value::new(document.clone());
            for (compat, wanted) in [(Compat::V05, &case.old), (Compat::V06, &case.new)] {
                let found = run(case, &document, compat);
                count += 1;
                let file = path.file_stem().unwrap().to_string_lossy().into_owned();
                let name = &case.name;
                let ours = OURS
                    .iter()
                    .any(|(known, one, _)| *known == file && one == name);
                if ours {
                    continue;
                }
                if found != *wanted {
                    let paths = case.paths.first().map(|one| one.path.as_str());
                    different.push(format!(
                        "{file}/{name} in {compat} {paths:?}\n  found {found:?}\n  Go    {wanted:?}"
                    ));
                }
            }
        }
    }
    assert!(count > 20, "there are only {count} cases");
    assert!(
        different.is_empty(),
        "{} of {count} are not as in Go:\n{}",
        different.len(),
        different.join("\n")
    );
}

/// Keys and values as the golden files have them.
pub(in crate::plan) fn shown(data: &Data) -> BTreeMap<String, String> {
    data.iter()
        .map(|(key, value)| {
            let shown = match String::from_utf8(value.expose().clone()) {
                Ok(text) => text,
                Err(_) => format!("base64:{}", STANDARD.encode(value.expose())),
            };
            (key.clone(), shown)
        })
        .collect()
}

impl Case {
    fn document(&self) -> Vec<u8> {
        match &self.base64 {
            Some(base64) => STANDARD.decode(base64).unwrap(),
            None => self.document.clone().unwrap_or_default().into_bytes(),
        }
    }

    pub(in crate::plan) fn data(&self) -> Data {
        self.keys
            .iter()
            .map(|(key, value)| (key.clone(), Value::new(value.clone().into_bytes())))
            .collect()
    }
}

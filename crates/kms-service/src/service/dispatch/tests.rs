//! docs/coverage.md says of each action that the official SDK offers whether it is served.
//! That is found out by calling it; and the page is what is found out.

use std::{collections::BTreeMap, fs, path::Path};

use kms_types::ErrorCode;
use kms_wire::{Action, Params, Product, Request};
use serde::Deserialize;

use crate::{
    service::refusal::{reason, refused},
    stand::Stand,
};

/// The SDK's actions; `suite/python/actions.py` compares them with the installed package.
const ACTIONS: &str = include_str!("../../../../../suite/python/kms_actions.txt");
const PAGE: &str = include_str!("../../../../../docs/coverage.md");
const ABOVE: &str = include_str!("above.txt");
const BELOW: &str = include_str!("below.txt");

#[derive(Deserialize)]
struct Cases {
    reads: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    params: BTreeMap<String, Text>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Repeat { repeat: (String, usize) },
}

/// A call of the action that can be read.
fn call(action: Action) -> Request {
    let name = action.type_name();
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../kms-wire/tests/request/{name}.json"));
    let cases: Cases = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut params = Params::default();
    for (name, value) in &cases.reads[0].params {
        match value {
            Text::Plain(text) => params.push(name.as_str(), text.as_str()),
            Text::Repeat { repeat } => params.push(name.as_str(), repeat.0.repeat(repeat.1)),
        }
    }
    Request::parse(action, &params).unwrap()
}

/// Whether anything but the refusal answers.
async fn is_served(stand: &Stand, action: Action) -> bool {
    let refusal = refused(action);
    match stand.service.call(&stand.caller, call(action)).await {
        Ok(_) => true,
        Err(error) => {
            error.code != ErrorCode::UnsupportedOperation || error.message != refusal.message
        }
    }
}

#[tokio::test]
async fn the_coverage_page_says_what_is_served() {
    let stand = Stand::new().await;
    let (comments, names): (Vec<&str>, Vec<&str>) =
        ACTIONS.lines().partition(|line| line.starts_with('#'));
    let version = comments.last().unwrap().trim_start_matches("# ");
    let mut rows = Vec::new();
    let mut works = 0;
    for name in &names {
        let action = Action::parse(Product::Kms.version(), name)
            .unwrap_or_else(|_| panic!("kms-wire does not know {name}"));
        let says = if is_served(&stand, action).await {
            assert_eq!(reason(action), None, "{name} is served");
            works += 1;
            "works"
        } else {
            reason(action).unwrap_or_else(|| panic!("nobody says why {name} is not served"))
        };
        rows.push(format!("| {name} | {says} |\n"));
    }
    let page = ABOVE
        .replace("{version}", version)
        .replace("{works}", &works.to_string())
        .replace("{all}", &names.len().to_string())
        + &rows.concat()
        + BELOW;
    if page != PAGE {
        let new = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/coverage.md");
        fs::write(&new, page).unwrap();
        panic!("docs/coverage.md is not what is served; target/coverage.md is");
    }
}

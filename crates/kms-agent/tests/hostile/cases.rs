//! Runs the files of `cases/`.

use std::{fs, path::Path};

use kms_testkit::{
    RawResponse,
    agent::{AgentSetup, RunningAgent, VALUE, canaries},
};

use crate::{
    PROGRAM, kms, normal,
    script::{Case, Script},
    warm,
};

/// All cases of one file, against one agent of its own.
pub(crate) fn run(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/hostile/cases")
        .join(format!("{name}.txt"));
    let script = Script::parse(&fs::read_to_string(path).unwrap());
    assert!(!script.cases.is_empty());
    let kms = kms();
    let mut setup = AgentSetup::new(PROGRAM, &kms.url());
    for (section, line) in &script.config {
        setup = setup.config(section_name(section), line);
    }
    let (mut agent, _) = warm(setup, &kms);
    let mut wrong = Vec::new();
    for case in &script.cases {
        let before = kms.calls().len();
        if let Err(what) = check(&agent, case) {
            wrong.push(format!("{}: {what}", case.title));
        }
        let calls = kms.calls().len() - before;
        if calls != case.calls {
            wrong.push(format!("{}: {calls} calls of KMS", case.title));
        }
        assert!(agent.is_alive(), "{}", case.title);
        normal(&agent);
    }
    agent.stop_clean();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

fn check(agent: &RunningAgent, case: &Case) -> Result<(), String> {
    let bytes = case.bytes(agent.address().port());
    let exchange =
        kms_testkit::Exchange::run(agent.address(), &bytes, case.statuses.len(), case.close)
            .map_err(|error| error.to_string())?;
    if exchange.statuses() != case.statuses {
        let rest = String::from_utf8_lossy(&exchange.rest);
        return Err(format!("answered {:?} {rest}", exchange.statuses()));
    }
    if !exchange.rest.is_empty() {
        return Err("an answer is not complete".to_owned());
    }
    exchange.responses.iter().try_for_each(|response| {
        headers(response)?;
        body(response)
    })
}

/// What each answer has, but those that hyper gives by itself to what is no HTTP: they
/// are empty.
fn headers(response: &RawResponse) -> Result<(), String> {
    let has = |name: &str, value: &str| response.header(name) == Some(value);
    let safe = has("cache-control", "no-store")
        && has("x-content-type-options", "nosniff")
        && response.header("content-type").is_some();
    if !safe && !response.body.is_empty() {
        return Err("an answer may be stored or sniffed".to_owned());
    }
    if response.header("content-length").is_none() {
        return Err("no content length".to_owned());
    }
    let strange = response.headers.iter().find(|(name, _)| {
        name == "server"
            || name == "content-encoding"
            || name == "transfer-encoding"
            || name == "location"
            || name.starts_with("access-control-")
    });
    strange.map_or(Ok(()), |(name, _)| Err(format!("there is a header {name}")))
}

/// A value only with 200; the token and the request never come back.
fn body(response: &RawResponse) -> Result<(), String> {
    let text = response.text();
    if response.status == 200 {
        if !text.contains(VALUE) && text != "healthy" && text != "ready" && !text.is_empty() {
            return Err(format!("200 without the value: {text}"));
        }
        return Ok(());
    }
    let found = canaries().find(&response.body);
    if !found.is_empty() {
        return Err(format!("the answer holds {}", found.join(", ")));
    }
    if text.to_ascii_lowercase().contains("evil") {
        return Err(format!("the request comes back: {text}"));
    }
    let is_json = || serde_json::from_str::<serde_json::Value>(&text).is_ok();
    if text.is_empty() || response.header("content-type") == Some("text/plain") || is_json() {
        return Ok(());
    }
    Err(format!("no JSON: {text}"))
}

fn section_name(name: &str) -> &'static str {
    ["Server", "Kms", "Cache", "Log"]
        .into_iter()
        .find(|known| *known == name)
        .expect("a section")
}

//! What templates give: as Go does, but for what is left out, bounded or made steady on purpose.

use jiff::Timestamp;

use super::{Seed, SourceKind, Sources, TemplateError, Templated, render, wanted};
use crate::{
    api::{
        MergePolicy, ObjectLabels, Template, TemplateAs, TemplateFrom, TemplateItem,
        TemplateSource, TemplateTarget,
    },
    plan::{Data, Value},
};

mod bounds;
mod golden;
mod page;
mod parts;
mod refused;
mod steady;

const CANARY: &str = "canary-4be1f0c27d8a9356";

fn seed() -> Seed {
    Seed([7; 32])
}

fn now() -> Timestamp {
    "2026-11-29T20:15:30Z".parse().expect("a time")
}

fn data<const N: usize>(entries: [(&str, &str); N]) -> Data {
    let entries = entries.into_iter();
    entries
        .map(|(key, value)| (key.to_owned(), Value::new(value.into())))
        .collect()
}

/// A template with these keys.
fn template<const N: usize>(entries: [(&str, &str); N]) -> Template {
    let entries = entries.into_iter();
    Template {
        data: entries
            .map(|(key, source)| (key.to_owned(), source.to_owned()))
            .collect(),
        ..Template::default()
    }
}

fn rendered(template: &Template, data: &Data) -> Result<Templated, TemplateError> {
    render(template, data, &Sources::default(), &seed(), now())
}

/// What one template gives.
fn one(source: &str, data: &Data) -> Result<Vec<u8>, String> {
    let templated = rendered(&template([("out", source)]), data);
    let mut templated = templated.map_err(|error| error.to_string())?;
    match templated.data.remove("out") {
        Some(value) => Ok(value.expose().clone()),
        None => Err(templated.warnings.join("\n")),
    }
}

fn text(source: &str) -> String {
    let bytes = one(source, &Data::new()).expect("a text");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Why a template fails; the canary is among its data.
fn failure(source: &str) -> String {
    let data = data([("secret", CANARY), ("x", "1")]);
    let what = one(source, &data)
        .map(|bytes| bytes.len())
        .expect_err("a failure");
    assert!(!what.contains(CANARY), "{source}: {what}");
    what
}

/// Keys of a Secret and their texts.
fn texts(data: &Data) -> Vec<(&str, String)> {
    let text = |value: &Value| String::from_utf8(value.expose().clone()).expect("UTF-8");
    data.iter()
        .map(|(key, value)| (key.as_str(), text(value)))
        .collect()
}

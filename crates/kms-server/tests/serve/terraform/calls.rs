//! Calls as they are written down, one below the other:
//!
//! ```text
//! POST 2016-01-20 CreateKey
//! form DKMSInstanceId=<instance>
//! 200 {"KeyMetadata": {"KeyId": "<key>", "KeyState": "Enabled"}}
//! ```
//!
//! `query` is a parameter in the query, `form` one in the form. `<name>` is whatever came at that
//! place first, and the same from then on. The answer has all that is written, and may have
//! more; `"!absent"` is what it may not have. Lines that begin with `#` say what is shown.

use std::collections::BTreeMap;

use serde_json::Value;

/// One call and what is to come of it.
pub(super) struct Call {
    /// In the file, from 1.
    pub(super) line: usize,
    pub(super) method: String,
    pub(super) version: String,
    pub(super) action: String,
    pub(super) parameters: Vec<(Part, String, String)>,
    pub(super) status: u16,
    answer: Value,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Part {
    Query,
    Form,
}

const ABSENT: &str = "!absent";

/// The calls of a file.
pub(super) fn read(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut parameters = Vec::new();
    let mut head = None;
    for (number, line) in text.lines().enumerate() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "" | "#" => {}
            "GET" | "POST" => {
                let (version, action) = rest.split_once(' ').unwrap();
                head = Some((number + 1, word, version, action));
            }
            "query" | "form" => {
                let (name, value) = rest.split_once('=').unwrap();
                let part = if word == "form" {
                    Part::Form
                } else {
                    Part::Query
                };
                // A line break inside a value.
                let value = value.replace("\\n", "\n");
                parameters.push((part, name.to_owned(), value));
            }
            status => {
                let (line, method, version, action) = head.take().unwrap();
                calls.push(Call {
                    line,
                    method: method.to_owned(),
                    version: version.to_owned(),
                    action: action.to_owned(),
                    parameters: std::mem::take(&mut parameters),
                    status: status.parse().unwrap(),
                    answer: serde_json::from_str(rest).unwrap(),
                });
            }
        }
    }
    assert!(head.is_none(), "the last call has no answer");
    calls
}

/// The value with what its names stand for.
pub(super) fn filled(value: &str, names: &BTreeMap<String, String>) -> String {
    let mut value = value.to_owned();
    for (name, known) in names {
        value = value.replace(&format!("<{name}>"), known);
    }
    value
}

// === impl Call ===

impl Call {
    /// Whether the answer is what is written; names that are new are learnt from it.
    pub(super) fn expects(
        &self,
        body: &Value,
        names: &mut BTreeMap<String, String>,
    ) -> Result<(), String> {
        same(&self.answer, body, names, "")
    }
}

fn same(
    expected: &Value,
    found: &Value,
    names: &mut BTreeMap<String, String>,
    at: &str,
) -> Result<(), String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().try_for_each(|(field, value)| {
                let at = format!("{at}/{field}");
                match (value.as_str(), found.get(field)) {
                    (Some(ABSENT), None) => Ok(()),
                    (Some(ABSENT), Some(_)) => Err(format!("{at} is there")),
                    (_, Some(found)) => same(value, found, names, &at),
                    (_, None) => Err(format!("{at} is not there")),
                }
            })
        }
        (Value::Array(expected), Value::Array(found)) => {
            if expected.len() != found.len() {
                return Err(format!("{at} has {} elements", found.len()));
            }
            let mut both = expected.iter().zip(found).enumerate();
            both.try_for_each(|(index, (expected, found))| {
                same(expected, found, names, &format!("{at}/{index}"))
            })
        }
        (Value::String(name), found) if is_new(name, names) => {
            let text = found
                .as_str()
                .map_or_else(|| found.to_string(), str::to_owned);
            if text.is_empty() {
                return Err(format!("{at} is empty"));
            }
            names.insert(name[1..name.len() - 1].to_owned(), text);
            Ok(())
        }
        (Value::String(expected), Value::String(found)) => {
            let expected = filled(expected, names);
            if expected == *found {
                return Ok(());
            }
            Err(format!("{at} is not {expected:?}"))
        }
        // A number that has a name.
        (Value::String(name), Value::Number(number))
            if name.starts_with('<') && filled(name, names) == number.to_string() =>
        {
            Ok(())
        }
        (expected, found) if expected == found => Ok(()),
        (expected, _) => Err(format!("{at} is not {expected}")),
    }
}

fn is_new(text: &str, names: &BTreeMap<String, String>) -> bool {
    text.strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .is_some_and(|name| !names.contains_key(name))
}

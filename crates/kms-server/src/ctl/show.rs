//! Answers as text.

use jiff::Timestamp;
use kms_types::Secret;
use serde_json::Value;
use zeroize::Zeroize as _;

use super::{CtlError, table::List};

mod table;

pub(super) use table::rows;

/// Text of a list's rows: a table with heads.
pub(super) fn list(answer: &Value, list: &List) -> String {
    rows(&cells(answer, list))
}

/// The same with one more column: how many whole days are left until the time in a field, or that
/// it is past.
pub(super) fn ending(answer: &Value, list: &List, end: &str, now: Timestamp) -> String {
    let left = items(answer, list).map(|item| days_left(at(item, end), now));
    let column: Vec<String> = std::iter::once("DAYS LEFT".to_owned())
        .chain(left)
        .collect();
    let mut all = cells(answer, list);
    for (row, cell) in all.iter_mut().zip(column) {
        row.push(cell);
    }
    rows(&all)
}

fn cells(answer: &Value, list: &List) -> Vec<Vec<String>> {
    let heads = list.columns.iter().map(|(head, _)| (*head).to_owned());
    let lines = items(answer, list).map(|item| {
        list.columns
            .iter()
            .map(|(_, field)| cell(at(item, field)))
            .collect::<Vec<_>>()
    });
    std::iter::once(heads.collect()).chain(lines).collect()
}

/// The last moment itself is good (RFC 5280 §4.1.2.5). Nothing for what is no time.
fn days_left(end: &Value, now: Timestamp) -> String {
    let end = end.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    match end {
        None => String::new(),
        Some(end) if end < now => "expired".to_owned(),
        Some(end) => (end.duration_since(now).as_hours() / 24).to_string(),
    }
}

/// The first column alone.
pub(super) fn names(answer: &Value, list: &List) -> String {
    let Some((_, field)) = list.columns.first() else {
        return String::new();
    };
    let mut text = String::new();
    for item in items(answer, list) {
        text.push_str(&cell(at(item, field)));
        text.push('\n');
    }
    text
}

/// A line for each field at this place; nothing where there is nothing to say.
pub(super) fn record(answer: &Value, place: &str) -> String {
    let mut lines = Vec::new();
    if let Some(record) = answer.pointer(place) {
        flatten("", record, &mut lines);
    }
    rows(&lines)
}

/// Takes a secret field out of an answer.
pub(super) fn take(answer: &mut Value, place: &str) -> Result<Secret<String>, CtlError> {
    match answer.pointer_mut(place).map(Value::take) {
        Some(Value::String(text)) => Ok(Secret::new(text)),
        _ => Err(CtlError::Answer(format!(
            "the answer has no {}",
            place.trim_start_matches('/').replace('/', ".")
        ))),
    }
}

/// Wipes what is left of an answer that held a secret.
pub(super) fn wipe(answer: &mut Value) {
    match answer {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

/// One field of a secret that is a JSON object, as the agent's `get --field` tells it: text
/// as it is, anything else as JSON.
pub(super) fn field(value: &Secret<String>, name: &str) -> Result<Secret<String>, CtlError> {
    // EXPOSE: into another secret.
    let mut object: Value = serde_json::from_str(value.expose())
        .map_err(|_quotes_the_value| CtlError::usage("the secret is no JSON object"))?;
    let found = match object.get_mut(name).map(Value::take) {
        Some(Value::String(text)) => Ok(Secret::new(text)),
        Some(other) => Ok(Secret::new(other.to_string())),
        None => Err(CtlError::usage("the secret has no such field")),
    };
    wipe(&mut object);
    found
}

/// Quoted if a shell needs it.
pub(super) fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:+=@%,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn items<'a>(answer: &'a Value, list: &List) -> impl Iterator<Item = &'a Value> {
    let items = answer.pointer(list.at).and_then(Value::as_array);
    items.into_iter().flatten()
}

fn at<'a>(item: &'a Value, field: &str) -> &'a Value {
    item.pointer(field).unwrap_or(&Value::Null)
}

/// Everything below, a line for each leaf; without the request's id, which is for errors.
fn flatten(name: &str, value: &Value, lines: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(fields) => {
            for (inner, value) in fields {
                if name.is_empty() && inner == "RequestId" {
                    continue;
                }
                // {"Tags":{"Tag":[…]}} is the cloud's way to write a list.
                let is_wrapper = fields.len() == 1 && value.is_array() && !name.is_empty();
                let joined = match (name, is_wrapper) {
                    ("", _) => inner.clone(),
                    (name, true) => name.to_owned(),
                    (name, false) => format!("{name}.{inner}"),
                };
                flatten(&joined, value, lines);
            }
        }
        value => lines.push(vec![name.to_owned(), cell(value)]),
    }
}

/// In one line, and harmless to a terminal.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => match (fields.get("TagKey"), fields.get("TagValue")) {
            (Some(key), Some(value)) => format!("{}={}", cell(key), cell(value)),
            _ => fields
                .iter()
                .map(|(name, value)| format!("{name}={}", cell(value)))
                .collect::<Vec<_>>()
                .join(" "),
        },
        other => other.to_string(),
    };
    text.chars()
        .map(|c| if is_harmful(c) { ' ' } else { c })
        .collect()
}

/// Controls, and what turns the direction of a line round (Unicode's Bidi_Control).
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;

//! Lists, whole: page after page until the service says that it is the last.

use kms_client::Client;
use kms_types::Secret;
use kms_wire::Params;
use serde_json::{Map, Value};

use super::{
    CtlError,
    table::{List, Pages, Verb},
};

/// As many as the products give at once (reference kms-api §2, §8).
const PAGE: usize = 100;

/// A service that never ends its list is not listened to for ever.
const MOST_PAGES: usize = 10_000;

/// The answer with all rows of the list in it.
pub(super) async fn all(
    client: &Client,
    verb: &Verb,
    list: &List,
    params: &Params,
) -> Result<Value, CtlError> {
    let mut rows = Vec::new();
    let mut next = Next::First;
    for _page in 0..MOST_PAGES {
        let asked = next.ask(list.pages, params);
        let mut answer = parse(&call(client, verb, asked).await?)?;
        let here = take_rows(&mut answer, list.at);
        let count = here.len();
        rows.extend(here);
        next = match Next::after(list.pages, &answer, rows.len(), count, &next) {
            Some(next) => next,
            None => return Ok(whole(answer, list.at, rows)),
        };
    }
    Err(CtlError::Answer("the list does not end".to_owned()))
}

/// One call of a verb.
pub(super) async fn call(
    client: &Client,
    verb: &Verb,
    params: Params,
) -> Result<Secret<Vec<u8>>, CtlError> {
    client
        .call_by_name(verb.product, verb.action, params)
        .await
        .map_err(|reason| CtlError::call(verb.action, reason))
}

/// The answer as JSON.
pub(super) fn parse(body: &Secret<Vec<u8>>) -> Result<Value, CtlError> {
    // EXPOSE: answers that are shown; what is secret in them is taken out by itself.
    serde_json::from_slice(body.expose())
        .map_err(|_quotes_the_value| CtlError::Answer("the answer is no JSON".to_owned()))
}

/// Where a list goes on.
#[derive(Debug, Eq, PartialEq)]
enum Next {
    First,
    Page(usize),
    Text(String),
}

// === impl Next ===

impl Next {
    fn ask(&self, pages: Pages, params: &Params) -> Params {
        let mut params = params.clone();
        match (pages, self) {
            (Pages::One, _) => {}
            (Pages::Numbered, next) => {
                let number = if let Self::Page(number) = next {
                    *number
                } else {
                    1
                };
                params.push("PageNumber", number.to_string());
                params.push("PageSize", PAGE.to_string());
            }
            (Pages::Marked, next) => {
                params.push("MaxItems", PAGE.to_string());
                if let Self::Text(marker) = next {
                    params.push("Marker", marker.as_str());
                }
            }
            (Pages::Token, next) => {
                if let Self::Text(token) = next {
                    params.push("NextToken", token.as_str());
                }
            }
        }
        params
    }

    /// After this answer, which had `count` rows that made it `total` in all.
    fn after(
        pages: Pages,
        answer: &Value,
        total: usize,
        count: usize,
        before: &Self,
    ) -> Option<Self> {
        let text = |name: &str| {
            let text = answer.get(name)?.as_str()?;
            (!text.is_empty()).then(|| Self::Text(text.to_owned()))
        };
        let next = match pages {
            Pages::One => None,
            Pages::Numbered => {
                let promised = answer.get("TotalCount").and_then(Value::as_u64)?;
                let promised = usize::try_from(promised).unwrap_or(usize::MAX);
                let number = if let Self::Page(number) = before {
                    *number
                } else {
                    1
                };
                // Rows that went while we asked are missing for good.
                (count > 0 && total < promised).then_some(Self::Page(number + 1))
            }
            Pages::Marked => answer
                .get("IsTruncated")
                .and_then(Value::as_bool)
                .unwrap_or_default()
                .then(|| text("Marker"))
                .flatten(),
            Pages::Token => text("NextToken"),
        };
        next.filter(|next| next != before)
    }
}

fn take_rows(answer: &mut Value, at: &str) -> Vec<Value> {
    match answer.pointer_mut(at).map(Value::take) {
        Some(Value::Array(rows)) => rows,
        _ => Vec::new(),
    }
}

/// The last answer, with all rows and without what is about pages.
fn whole(mut answer: Value, at: &str, rows: Vec<Value>) -> Value {
    if let Some(object) = answer.as_object_mut() {
        for name in [
            "PageNumber",
            "PageSize",
            "Marker",
            "IsTruncated",
            "NextToken",
        ] {
            object.remove(name);
        }
    }
    put(&mut answer, at, Value::Array(rows));
    answer
}

/// Puts a value at a place, and makes the objects on the way.
fn put(answer: &mut Value, at: &str, value: Value) {
    let mut here = answer;
    for name in at.split('/').skip(1) {
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        // An object as of the line above.
        let Some(object) = here.as_object_mut() else {
            return;
        };
        here = object.entry(name).or_insert(Value::Null);
    }
    *here = value;
}

#[cfg(test)]
mod tests;

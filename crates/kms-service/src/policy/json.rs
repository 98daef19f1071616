use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::error::{ParsePolicyError, quoted};

/// JSON as it stands: names in their order, none twice in one object. serde_json's own
/// tree would let the last of two win, and the author has seen the first.
#[derive(Debug)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// As digits.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node<'j> {
    json: &'j Json,
    at: String,
}

/// An object whose members are taken out one after the other; what is left at the end is
/// unknown.
#[derive(Debug)]
pub(super) struct Members<'j> {
    at: String,
    left: Vec<(&'j str, &'j Json)>,
}

/// Reads JSON. Nested more than 127 deep is refused (serde_json's limit, which keeps the
/// stack).
pub(super) fn parse(text: &str) -> Result<Json, ParsePolicyError> {
    serde_json::from_str(text).map_err(|error| ParsePolicyError::Json(error.to_string()))
}

// === impl Node ===

impl<'j> Node<'j> {
    pub(super) fn root(json: &'j Json) -> Self {
        Self {
            json,
            at: String::new(),
        }
    }

    /// An error here; `what` follows upon the place.
    pub(super) fn flaw(&self, what: impl Into<String>) -> ParsePolicyError {
        flaw(&self.at, what)
    }

    pub(super) fn text(&self) -> Result<&'j str, ParsePolicyError> {
        match self.json {
            Json::Text(text) => Ok(text),
            _ => Err(self.flaw("is not a string")),
        }
    }

    /// A string, number or boolean, as text.
    pub(super) fn scalar(&self) -> Result<&'j str, ParsePolicyError> {
        match self.json {
            Json::Text(text) | Json::Number(text) => Ok(text),
            Json::Bool(true) => Ok("true"),
            Json::Bool(false) => Ok("false"),
            _ => Err(self.flaw("is not a string, number or boolean")),
        }
    }

    /// The members of a list, or the value itself: RAM takes both for "one".
    pub(super) fn one_or_more(&self) -> Result<Vec<Node<'j>>, ParsePolicyError> {
        match self.json {
            Json::List(list) if list.is_empty() => Err(self.flaw("is empty")),
            Json::List(list) => Ok(list
                .iter()
                .enumerate()
                .map(|(index, json)| Node {
                    json,
                    at: format!("{}[{index}]", self.at),
                })
                .collect()),
            _ => Ok(vec![self.clone()]),
        }
    }

    pub(super) fn object(&self) -> Result<Members<'j>, ParsePolicyError> {
        match self.json {
            Json::Object(members) => Ok(Members {
                at: self.at.clone(),
                left: members
                    .iter()
                    .map(|(name, json)| (name.as_str(), json))
                    .collect(),
            }),
            _ => Err(self.flaw("is not an object")),
        }
    }
}

// === impl Members ===

impl<'j> Members<'j> {
    pub(super) fn take(&mut self, name: &str) -> Option<Node<'j>> {
        let index = self.left.iter().position(|(own, _)| *own == name)?;
        let (name, json) = self.left.remove(index);
        Some(self.node(name, json))
    }

    pub(super) fn required(&mut self, name: &str) -> Result<Node<'j>, ParsePolicyError> {
        self.take(name)
            .ok_or_else(|| self.flaw(format!("has no {name}")))
    }

    /// All that is left, by name.
    pub(super) fn rest(self) -> impl Iterator<Item = (&'j str, Node<'j>)> {
        let Self { at, left } = self;
        left.into_iter()
            .map(move |(name, json)| (name, node(&at, name, json)))
    }

    /// Refuses what was not taken.
    pub(super) fn end(self) -> Result<(), ParsePolicyError> {
        match self.left.first() {
            None => Ok(()),
            Some((name, _)) => Err(self.flaw(format!("has an unknown element {}", quoted(name)))),
        }
    }

    pub(super) fn flaw(&self, what: impl Into<String>) -> ParsePolicyError {
        flaw(&self.at, what)
    }

    fn node(&self, name: &str, json: &'j Json) -> Node<'j> {
        node(&self.at, name, json)
    }
}

// === impl Json ===

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = list.next_element()? {
            all.push(value);
        }
        Ok(Json::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut all: Vec<(String, Json)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if all.iter().any(|(other, _)| *other == name) {
                return Err(A::Error::custom(format!("{} stands twice", quoted(&name))));
            }
            all.push((name, map.next_value()?));
        }
        Ok(Json::Object(all))
    }
}

fn node<'j>(at: &str, name: &str, json: &'j Json) -> Node<'j> {
    let name: String = name.chars().take(64).flat_map(char::escape_debug).collect();
    let at = match at {
        "" => name,
        at => format!("{at}.{name}"),
    };
    Node { json, at }
}

fn flaw(at: &str, what: impl Into<String>) -> ParsePolicyError {
    ParsePolicyError::Grammar {
        at: if at.is_empty() { "it" } else { at }.to_owned(),
        what: what.into(),
    }
}

#[cfg(test)]
mod tests;

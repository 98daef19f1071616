//! An object that is taken apart: whoever knows a field takes it, and what is left is told.

use serde_json::{Map, Value};

use super::Remark;

/// The fields of an object, or of a part of it, that nobody took yet.
pub(super) struct Fields<'a> {
    map: Map<String, Value>,
    at: String,
    object: String,
    remarks: &'a mut Vec<Remark>,
}

// === impl Fields ===

impl<'a> Fields<'a> {
    /// A whole object; what is none has nothing to take.
    pub(super) fn of_object(object: Value, remarks: &'a mut Vec<Remark>) -> Option<Self> {
        let Value::Object(map) = object else {
            return None;
        };
        let text = |at: &str| {
            let value = map.get(at).or_else(|| map.get("metadata")?.get(at));
            value.and_then(Value::as_str).unwrap_or_default()
        };
        let object = match text("namespace") {
            "" => format!("{} {}", text("kind"), text("name")),
            namespace => format!("{} {namespace}/{}", text("kind"), text("name")),
        };
        Some(Self {
            map,
            at: String::new(),
            object,
            remarks,
        })
    }

    /// What kind it is.
    pub(super) fn kind(&self) -> String {
        let kind = self.map.get("kind").and_then(Value::as_str);
        kind.unwrap_or_default().to_owned()
    }

    /// Takes a field, whatever it is.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|value| !value.is_null())
    }

    /// Takes a text that says something.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            other => {
                self.put_back(name, other);
                None
            }
        }
    }

    /// Takes a list.
    pub(super) fn list(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.put_back(name, other);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Takes a list of texts.
    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        let items = self.list(name).into_iter();
        items
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    }

    /// Takes a map of texts.
    pub(super) fn map(&mut self, name: &str) -> std::collections::BTreeMap<String, String> {
        let Some(Value::Object(map)) = self.take(name) else {
            return std::collections::BTreeMap::new();
        };
        map.into_iter()
            .map(|(key, value)| match value {
                Value::String(text) => (key, text),
                other => (key, other.to_string()),
            })
            .collect()
    }

    /// Takes a part, does something with its fields, and tells what is left of it.
    pub(super) fn within<T>(
        &mut self,
        name: &str,
        work: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let value = self.take(name)?;
        self.inside(name, value, work)
    }

    /// The same for each item of a list.
    pub(super) fn each<T>(
        &mut self,
        name: &str,
        mut work: impl FnMut(&mut Fields<'_>) -> Option<T>,
    ) -> Vec<T> {
        let items = self.list(name).into_iter().enumerate();
        items
            .filter_map(|(index, item)| {
                self.inside(&format!("{name}[{index}]"), item, &mut work)?
            })
            .collect()
    }

    fn inside<T>(
        &mut self,
        name: &str,
        value: Value,
        work: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let Value::Object(map) = value else {
            self.put_back(name, value);
            return None;
        };
        let mut inner = Fields {
            map,
            at: self.path(name),
            object: self.object.clone(),
            remarks: &mut *self.remarks,
        };
        let made = work(&mut inner);
        inner.finish();
        Some(made)
    }

    /// Takes fields that mean nothing to us, or the same as nothing.
    pub(super) fn drop_silently(&mut self, names: &[&str]) {
        for name in names {
            self.map.remove(*name);
        }
    }

    /// Takes a field that says what holds anyhow; another value is told, with what to do instead.
    pub(super) fn only(&mut self, name: &str, usual: &[&str], otherwise: &str) {
        if let Some(value) = self.text(name)
            && !usual.contains(&value.as_str())
        {
            self.remark(true, &self.path(name), format!("{value}: {otherwise}"));
        }
    }

    /// Tells that these fields are not carried over.
    pub(super) fn lose(&mut self, text: &str) {
        self.remark(true, &self.at.clone(), text.to_owned());
    }

    /// Tells that a field is not carried over.
    pub(super) fn lose_field(&mut self, name: &str, text: &str) {
        self.remark(true, &self.path(name), text.to_owned());
    }

    /// Tells something to look at; once of an object, for many entries may say the same.
    pub(super) fn note(&mut self, name: &str, text: &str) {
        let said = |remark: &Remark| remark.object == self.object && remark.text == text;
        if !self.remarks.iter().any(said) {
            self.remark(false, &self.path(name), text.to_owned());
        }
    }

    /// Forgets what is left: it was told as a whole.
    pub(super) fn discard(&mut self) {
        self.map.clear();
    }

    /// Tells what is left.
    pub(super) fn finish(&mut self) {
        for (name, value) in std::mem::take(&mut self.map) {
            let says_nothing = match &value {
                Value::Null | Value::Bool(false) => true,
                Value::Array(items) => items.is_empty(),
                Value::Object(fields) => fields.is_empty(),
                Value::String(text) => text.is_empty(),
                _ => false,
            };
            if !says_nothing {
                self.lose_field(&name, "has no counterpart");
            }
        }
    }

    fn put_back(&mut self, name: &str, value: Value) {
        self.map.insert(name.to_owned(), value);
    }

    fn path(&self, name: &str) -> String {
        match (self.at.as_str(), name) {
            (at, "") => at.to_owned(),
            ("", name) => name.to_owned(),
            (at, name) => format!("{at}.{name}"),
        }
    }

    fn remark(&mut self, lost: bool, at: &str, text: String) {
        self.remarks.push(Remark {
            lost,
            object: self.object.clone(),
            at: at.to_owned(),
            text,
        });
    }
}

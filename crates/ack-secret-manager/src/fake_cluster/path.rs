use std::collections::BTreeMap;

/// What a request is about.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// Kind, namespace and name.
    pub(super) plural: String,
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
    query: BTreeMap<String, String>,
}

/// Of an object.
pub(super) type Key = (String, Option<String>, String);

// === impl Path ===

impl Path {
    /// Of a path with or without its query.
    pub(super) fn parse(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
        let rest = match words.as_slice() {
            ["api", _, rest @ ..] | ["apis", _, _, rest @ ..] => rest,
            other => other,
        };
        let (namespace, rest) = match rest {
            ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (Some(*namespace), rest),
            rest => (None, rest),
        };
        let word = |at: usize| rest.get(at).map(|word| (*word).to_owned());
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let decoded = |text: &str| {
            let text = percent_encoding::percent_decode_str(text);
            text.decode_utf8().unwrap().into_owned()
        };
        Self {
            plural: word(0).unwrap(),
            namespace: namespace.map(str::to_owned),
            name: word(1),
            query: pairs
                .map(|(name, value)| (name.to_owned(), decoded(value)))
                .collect(),
        }
    }

    pub(super) fn key(&self) -> Key {
        let name = self.name.clone().unwrap();
        (self.plural.clone(), self.namespace.clone(), name)
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        self.query(name) == Some("true")
    }
}

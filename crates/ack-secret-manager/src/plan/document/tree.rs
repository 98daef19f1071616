use std::{borrow::Cow, cmp::Ordering, collections::BTreeMap, fmt};

use zeroize::Zeroizing;

use super::Timestamp;

/// A value of Go's type `interface{}`, as the two parsers make them.
#[derive(Clone, Debug)]
pub(in crate::plan) enum Tree {
    /// `nil`.
    Null,
    /// `bool`.
    Bool(bool),
    /// `int`, of YAML only.
    Int(i64),
    /// `uint64`, of YAML only, for what `int` does not hold.
    Uint(u64),
    /// `float64`; JSON knows no other number.
    Float(f64),
    /// `string`.
    Text(Text),
    /// `time.Time`, of YAML only.
    Time(Timestamp),
    /// `[]interface{}`.
    List(Vec<Tree>),
    /// `map[string]interface{}`.
    Map(BTreeMap<Text, Tree>),
    /// `map[interface{}]interface{}`, of YAML only: a mapping with a key that is no string. Neither
    /// JMESPath nor JSON can handle it.
    AnyMap(Vec<(Tree, Tree)>),
}

/// A string of Go's: any bytes, mostly UTF-8. Wiped when it is dropped.
#[derive(Clone, Eq, PartialEq)]
pub(in crate::plan) struct Text(Zeroizing<Vec<u8>>);

// === impl Tree ===

impl Tree {
    /// A string.
    pub(in crate::plan) fn text(text: impl Into<Vec<u8>>) -> Self {
        Self::Text(Text::new(text))
    }

    /// How many values it is made of, itself among them.
    pub(in crate::plan) fn size(&self) -> usize {
        let below = match self {
            Self::List(list) => list.iter().map(Self::size).sum(),
            Self::Map(map) => map.values().map(Self::size).sum(),
            Self::AnyMap(pairs) => pairs.iter().map(|(k, v)| k.size() + v.size()).sum(),
            _ => 0,
        };
        below + 1
    }

    /// Whether Go's map takes them for the same key.
    #[expect(clippy::float_cmp, reason = "Go's == is this one")]
    pub(super) fn same_key(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Uint(a), Self::Uint(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Time(a), Self::Time(b)) => a == b,
            _ => false,
        }
    }
}

/// As `reflect.DeepEqual` compares: an `int` is no `float64`.
pub(in crate::plan) fn deep_equal(a: &Tree, b: &Tree) -> bool {
    match (a, b) {
        (Tree::List(a), Tree::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| deep_equal(a, b))
        }
        (Tree::Map(a), Tree::Map(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|((k, v), (l, w))| k == l && deep_equal(v, w))
        }
        (Tree::AnyMap(a), Tree::AnyMap(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(k, v)| b.iter().any(|(l, w)| k.same_key(l) && deep_equal(v, w)))
        }
        _ => a.same_key(b),
    }
}

// === impl Text ===

impl Text {
    pub(in crate::plan) fn new(text: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(in crate::plan) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As text; what is not UTF-8 shows as U+FFFD, as in Go's JSON.
    pub(in crate::plan) fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl Ord for Text {
    /// By bytes, as Go compares strings.
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

//! Values as a template of Go sees them. gotmpl has some too, but its strings are UTF-8 where Go's
//! are bytes (`b64dec` of a keystore gives no text), its dicts cannot be changed (Sprig's `set`
//! does), and its integers have one type.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use bstr::ByteSlice as _;
use jiff::ZonedDateTime;

use super::{budget::Budget, fault::Fault, version::Version};

/// Go's `string`: bytes, mostly UTF-8.
pub(super) type Text = Rc<[u8]>;

/// A value, of the type that Go would give it.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// `nil`, and what a missing key gives.
    Nil,
    Bool(bool),
    Int(i64, Width),
    Float(f64),
    Text(Text),
    List(List),
    Map(Map),
    Time(Rc<ZonedDateTime>),
    Version(Rc<Version>),
}

/// Go's types of integers, as far as functions give them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Width {
    Int,
    Int64,
    Uint8,
    Uint64,
}

/// A slice. Nothing changes one that is there.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) items: Rc<[Value]>,
    pub(super) of: Of,
}

/// A map with string keys; all who hold it see what `set` does.
#[derive(Clone, Debug)]
pub(super) struct Map {
    entries: Rc<RefCell<BTreeMap<Text, Value>>>,
    pub(super) of: Of,
}

/// The type of elements.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Of {
    Any,
    Text,
    Int,
    /// `[]interface {}`: what `chunk` gives is a slice of them.
    Lists,
}

/// How deep values may be nested.
pub(super) const MAX_NESTING: usize = 100;

// === impl Value ===

impl Value {
    pub(super) fn text(text: impl AsRef<[u8]>) -> Self {
        Self::Text(Rc::from(text.as_ref()))
    }

    pub(super) fn int(number: i64) -> Self {
        Self::Int(number, Width::Int)
    }

    pub(super) fn int64(number: i64) -> Self {
        Self::Int(number, Width::Int64)
    }

    /// `len` and the like; nothing here is longer than an `i64` counts.
    pub(super) fn count(number: usize) -> Self {
        Self::int(i64::try_from(number).unwrap_or(i64::MAX))
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::List(List::new(items, Of::Any))
    }

    pub(super) fn texts<T: AsRef<[u8]>>(items: impl IntoIterator<Item = T>) -> Self {
        let items = items.into_iter().map(Self::text).collect();
        Self::List(List::new(items, Of::Text))
    }

    pub(super) fn map(entries: BTreeMap<Text, Self>) -> Self {
        Self::Map(Map::new(entries, Of::Any))
    }

    /// What `if` asks, and Sprig's `empty` denies. Structs are never empty.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(number, _) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(list) => !list.items.is_empty(),
            Self::Map(map) => map.len() != 0,
            Self::Time(_) | Self::Version(_) => true,
        }
    }

    /// What `%T` prints.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_, Width::Int) => "int",
            Self::Int(_, Width::Int64) => "int64",
            Self::Int(_, Width::Uint8) => "uint8",
            Self::Int(_, Width::Uint64) => "uint64",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::List(list) => match list.of {
                Of::Any => "[]interface {}",
                Of::Text => "[]string",
                Of::Int => "[]int",
                Of::Lists => "[][]interface {}",
            },
            Self::Map(map) => match map.of {
                Of::Text => "map[string]string",
                Of::Any | Of::Int | Of::Lists => "map[string]interface {}",
            },
            Self::Time(_) => "time.Time",
            Self::Version(_) => "*semver.Version",
        }
    }

    /// What reflection calls its kind.
    pub(super) fn kind_name(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::List(_) => "slice",
            Self::Map(_) => "map",
            Self::Time(_) => "struct",
            Self::Version(_) => "ptr",
            Self::Bool(_) | Self::Int(..) | Self::Float(_) | Self::Text(_) => self.type_name(),
        }
    }

    /// `reflect.DeepEqual`: an `int` is no `int64`.
    pub(super) fn deep_equal(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a, of), Self::Int(b, also)) => a == b && of == also,
            #[expect(clippy::float_cmp, reason = "Go compares them so")]
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => {
                let pairs = || a.items.iter().zip(b.items.iter());
                a.of == b.of
                    && a.items.len() == b.items.len()
                    && pairs().all(|(a, b)| a.deep_equal(b))
            }
            (Self::Map(a), Self::Map(b)) => {
                a.of == b.of && a.len() == b.len() && {
                    let (a, b) = (a.entries.borrow(), b.entries.borrow());
                    a.iter()
                        .zip(b.iter())
                        .all(|(a, b)| a.0 == b.0 && a.1.deep_equal(b.1))
                }
            }
            (Self::Time(a), Self::Time(b)) => a == b,
            (Self::Version(a), Self::Version(b)) => a == b,
            _ => false,
        }
    }

    /// How many values are in it, itself among them: what a function that visits all pays.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len() / 16 + 1,
            Self::List(list) => list.items.iter().map(Self::weight).sum::<usize>() + 1,
            Self::Map(map) => {
                map.entries
                    .borrow()
                    .values()
                    .map(Self::weight)
                    .sum::<usize>()
                    + 1
            }
            _ => 1,
        }
    }

    /// The same with dicts of its own.
    pub(super) fn deep_copy(&self) -> Self {
        match self {
            Self::List(list) => Self::List(List {
                items: list.items.iter().map(Self::deep_copy).collect(),
                of: list.of,
            }),
            Self::Map(map) => {
                let entries = map.entries.borrow();
                let copies = entries
                    .iter()
                    .map(|(key, value)| (Rc::clone(key), value.deep_copy()));
                Self::Map(Map::new(copies.collect(), map.of))
            }
            other => other.clone(),
        }
    }

    /// How deep it is; a text has none.
    fn nesting(&self) -> usize {
        match self {
            Self::List(list) => list.items.iter().map(Self::nesting).max().unwrap_or(0) + 1,
            Self::Map(map) => {
                let entries = map.entries.borrow();
                entries.values().map(Self::nesting).max().unwrap_or(0) + 1
            }
            _ => 0,
        }
    }

    /// Refuses what is nested too deep to be walked by recursion.
    pub(super) fn shallow(self) -> Result<Self, Fault> {
        if self.nesting() > MAX_NESTING {
            return Err(Fault::new("lists and dicts are nested too deep"));
        }
        Ok(self)
    }

    fn holds(&self, map: &Map) -> bool {
        match self {
            Self::List(list) => list.items.iter().any(|item| item.holds(map)),
            Self::Map(own) => {
                Rc::ptr_eq(&own.entries, &map.entries)
                    || own.entries.borrow().values().any(|value| value.holds(map))
            }
            _ => false,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

// === impl List ===

impl List {
    pub(super) fn new(items: Vec<Value>, of: Of) -> Self {
        Self {
            items: items.into(),
            of,
        }
    }
}

// === impl Map ===

impl Map {
    pub(super) fn new(entries: BTreeMap<Text, Value>, of: Of) -> Self {
        Self {
            entries: Rc::new(RefCell::new(entries)),
            of,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<Value> {
        self.entries.borrow().get(key).cloned()
    }

    /// Its entries at this moment, sorted by key.
    pub(super) fn entries(&self) -> Vec<(Text, Value)> {
        let entries = self.entries.borrow();
        entries
            .iter()
            .map(|(key, value)| (Rc::clone(key), value.clone()))
            .collect()
    }

    /// Puts a value under a key.
    ///
    /// # Errors
    ///
    /// The value holds this dict: it would never be freed, and whoever walks it would never end.
    pub(super) fn set(&self, key: &[u8], value: Value, budget: &Budget) -> Result<(), Fault> {
        budget.step(u64::try_from(value.weight()).unwrap_or(u64::MAX))?;
        if value.holds(self) {
            return Err(Fault::new(
                "a dict cannot hold itself; put a deepCopy there",
            ));
        }
        budget.deepen(value.nesting())?;
        self.entries
            .borrow_mut()
            .insert(Rc::from(key), value.shallow()?);
        Ok(())
    }

    pub(super) fn remove(&self, key: &[u8]) {
        self.entries.borrow_mut().remove(key);
    }
}

/// Text for people: what is no UTF-8 is replaced.
pub(super) fn lossy(text: &[u8]) -> String {
    text.to_str_lossy().into_owned()
}

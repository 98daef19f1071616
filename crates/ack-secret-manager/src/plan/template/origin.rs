use std::fmt;

use super::{program::NotTemplate, sources::SourceKind};

/// Whose template it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'a> {
    /// Of a key of `data`.
    Data(&'a str),
    Label(&'a str),
    Annotation(&'a str),
    Literal,
    Item {
        kind: SourceKind,
        name: &'a str,
        key: &'a str,
    },
    /// A line of what a template gave. Its key came out of the template and may be a value.
    Line(&'a Origin<'a>),
}

// === impl Origin ===

impl Origin<'_> {
    /// What its chance depends on.
    pub(super) fn id(&self) -> String {
        match self {
            Self::Data(key) => format!("data/{key}"),
            Self::Label(key) => format!("label/{key}"),
            Self::Annotation(key) => format!("annotation/{key}"),
            Self::Literal => "literal".to_owned(),
            Self::Item { kind, name, key } => format!("{kind}/{name}/{key}"),
            Self::Line(of) => of.id(),
        }
    }

    /// What to say of a text that is no template. The parser quotes it, and a Secret's text is not
    /// for the status.
    pub(super) fn complaint(&self, error: &NotTemplate) -> String {
        let place = error.place.map(|(line, column)| match column {
            0 => format!("line {line}"),
            _ => format!("line {line}, column {column}"),
        });
        let is_secret = matches!(
            self,
            Self::Item {
                kind: SourceKind::Secret,
                ..
            }
        );
        match (place, is_secret) {
            (Some(place), true) => place,
            (None, true) => "look at it there".to_owned(),
            (Some(place), false) => format!("{place}: {}", error.what),
            (None, false) => error.what.clone(),
        }
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(key) => write!(f, "data {key:?}"),
            Self::Label(key) => write!(f, "label {key:?}"),
            Self::Annotation(key) => write!(f, "annotation {key:?}"),
            Self::Literal => f.write_str("literal"),
            Self::Item { kind, name, key } => write!(f, "{kind} {name:?}, key {key:?}"),
            Self::Line(of) => write!(f, "a line that {of} gave"),
        }
    }
}
